/**
 * Whether a session that keeps to a market's calendar can ever open, and close in time.
 *
 * Asks the resolver itself about a few ordinary weeks: what is skipped on each of their days for
 * want of hours is skipped for ever.
 *
 * @module
 */

import {
  isCloseAction,
  type MarketTime,
  type Session,
  type TimeValue,
} from "../src/domain/definition.ts";
import { addDays, dayOf } from "../src/domain/date.ts";
import {
  marketDaysWithin,
  marketOf,
  regularDayOf,
} from "../src/domain/market.ts";
import { isBeyond } from "../src/domain/market_window.ts";
import type { Occurrence, Skip } from "../src/domain/occurrence.ts";
import { placeOn } from "../src/domain/place.ts";
import type { IssueLog } from "./issue_log.ts";
import type { Lowered } from "./lower_session.ts";
import type { Node } from "./node.ts";
import type { Located } from "./shape.ts";
import { timeText } from "./time_text.ts";

/** Mondays of weeks without a holiday on most markets, in winter and in summer. */
const MONDAYS = ["2026-01-26", "2026-06-08"] as const;

/** Reports times beyond the market's day, sessions that never open, and closes at the very close. */
export function checkMarketHours(lowered: Lowered, log: IssueLog): void {
  const { session, values, spec } = lowered;
  const { window } = session;
  const isBound = session.calendar.length > 0 ||
    window?.start.kind === "market" || window?.end.kind === "market";
  const before = log.errorCount;
  for (const [time, node] of marketTimes(lowered)) {
    checkOffset(session, time, node, log);
  }
  if (!isBound || log.errorCount > before) return;
  const { occurrence, skip } = placeSamples(session);
  if (occurrence !== null) {
    checkMarketClose(lowered, occurrence, log);
    checkBreakClose(lowered, occurrence, log);
    return;
  }
  if (skip?.reason === "offset_outside_day") {
    log.at(values.end?.node ?? spec.node, "session/offset-outside-day", {
      expected: "an end after the start on a regular day",
    });
  } else if (skip?.reason === "outside_hours") {
    log.at(values.start?.node ?? spec.node, "session/outside-hours", {
      received: skip.message,
      expected: "a window in the market's hours",
      hint: session.calendar.length === 1
        ? "before the open and after the close is hours: ignore"
        : null,
    });
  } else if (skip === null && isByWeekdays(session)) {
    log.at(values.days?.node ?? spec.node, "session/outside-hours", {
      received: "its market does not trade on these days",
      expected: "days on which the market trades",
    });
  }
}

function isByWeekdays({ days }: Session): boolean {
  return days.every(({ kind }) => kind === "weekday");
}

interface Sample {
  readonly occurrence: Occurrence | null;
  readonly skip: Skip | null;
}

/** The first that the session does in the sample weeks, whatever dates it is limited to. */
function placeSamples(session: Session): Sample {
  const anyDate = {
    ...session,
    dates: [],
    exceptDates: [],
    days: isByWeekdays(session) ? session.days : [],
  };
  let skip: Skip | null = null;
  for (const monday of MONDAYS) {
    for (let step = 0; step < 7; step++) {
      const placement = placeOn(anyDate, addDays(monday, step));
      if (placement?.kind === "occurrence") {
        return { occurrence: placement.occurrence, skip };
      }
      skip ??= placement?.skip ?? null;
    }
  }
  return { occurrence: null, skip };
}

type Written = readonly [time: MarketTime, node: Node];

/** The session's edges and moments that are relative to a market's open or close. */
function marketTimes({ session, values }: Lowered): readonly Written[] {
  const moments = values.moments?.value ?? [];
  const all: readonly (readonly [
    TimeValue | undefined,
    Located<unknown> | undefined,
  ])[] = [
    [session.window?.start, values.start],
    [session.window?.end, values.end],
    ...session.moments.map((moment, index) =>
      [moment.at, moments[index]?.value.keys.at] as const
    ),
  ];
  return all.flatMap(([time, written]) =>
    time?.kind === "market" && written ? [[time, written.node] as const] : []
  );
}

function checkOffset(
  session: Session,
  time: MarketTime,
  node: Node,
  log: IssueLog,
): void {
  const market = marketOf(
    time.calendar === null ? session.calendar : [time.calendar],
  );
  if (market === null) return;
  const day = regularDayOf(market, dayOf(MONDAYS[0]));
  if (day.openAt >= day.closeAt || !isBeyond(time, day)) return;
  log.at(node, "session/offset-outside-day", {
    received: `"${timeText(time)}"`,
    expected: "an offset shorter than the market's regular day",
  });
}

/** A close by the clock may come to lie at the very close, where nobody is left to trade with. */
function checkMarketClose(
  { session, values }: Lowered,
  { closesAt }: Occurrence,
  log: IssueLog,
): void {
  const market = marketOf(session.calendar);
  const { window, leadMs, hours } = session;
  if (market === null || leadMs > 0 || hours === "ignore") return;
  if (window?.end.kind !== "clock" || !session.onEnd.some(isCloseAction)) {
    return;
  }
  const goesOn = marketDaysWithin(market, closesAt, closesAt + 1).length > 0;
  const isAtClose = marketDaysWithin(market, closesAt - 1, closesAt)
    .some(({ closeAt }) => closeAt === closesAt);
  if (goesOn || !isAtClose || values.end === undefined) return;
  log.at(values.end.node, "session/close-at-close", {
    expected: 'a "lead", or a time before the close such as "close-5m"',
    hint: "at the very close there is nobody left to trade with",
  });
}

/** A session that is split closes at the very break, where nobody is left to trade with either. */
function checkBreakClose(
  { session, values }: Lowered,
  { pauses }: Occurrence,
  log: IssueLog,
): void {
  const { leadMs, hours } = session;
  if (pauses.length === 0 || leadMs > 0 || hours === "ignore") return;
  if (!session.onEnd.some(isCloseAction) || values.breaks === undefined) return;
  log.at(values.breaks.node, "session/close-at-close", {
    expected: 'a "lead" beside "breaks: split"',
    hint: "when the break begins there is nobody left to trade with",
  });
}
