/**
 * What a single session may not say, once everything it says is known.
 *
 * @module
 */

import {
  type Account,
  isCloseAction,
  type Session,
  type TimeValue,
} from "../src/domain/definition.ts";
import { checkEntries } from "./check_entries.ts";
import { checkMoments } from "./check_moments.ts";
import { checkMarketHours } from "./check_market.ts";
import { checkTradeDates } from "./check_trade_dates.ts";
import type { Lowered, Surroundings } from "./lower_session.ts";
import type { Node } from "./node.ts";
import { regularWindow } from "./regular_window.ts";
import { type SampleWeeks, weekdaysOf } from "./sample_weeks.ts";
import { keyWord, type Located } from "./shape.ts";
import { durationText } from "./time_text.ts";

/** Reports what contradicts itself, its account or its calendar. */
export function checkSession(
  lowered: Lowered,
  weeks: SampleWeeks,
  around: Surroundings,
): void {
  const { log } = around.context;
  const before = log.errorCount;
  for (const [time, node] of timesOf(lowered)) {
    checkMarketTime(lowered.session, time, node, around);
  }
  checkDayRules(lowered, around);
  checkIfClosed(lowered, around);
  // Where a calendar is missing, nothing more can be said about the market's hours.
  if (log.errorCount === before) checkMarketHours(lowered, log);
  if (log.errorCount === before) checkTradeDates(lowered, around.context);
  checkMoments(lowered, weeks, log);
  checkEntries(lowered, weeks, log);
  checkCloseAtClose(lowered, around);
  checkLead(lowered, weeks, around);
  const account = around.accounts?.find(({ name }) =>
    name === lowered.session.account
  );
  if (account !== undefined) checkLive(lowered, account, around);
}

type Placed = readonly [time: TimeValue, node: Node];

/** Every time the session names, with where it is written. */
function timesOf({ session, values }: Lowered): readonly Placed[] {
  const moments = values.moments?.value ?? [];
  const blackouts = values.blackouts?.value ?? [];
  const entries = values.entries?.value?.keys;
  const all: readonly (readonly [
    TimeValue | null | undefined,
    Located<unknown> | undefined,
  ])[] = [
    [session.window?.start, values.start],
    [session.window?.end, values.end],
    ...session.moments.map((moment, index) =>
      [moment.at, moments[index]?.value.keys.at] as const
    ),
    [session.entries?.from, entries?.from],
    [session.entries?.until, entries?.until],
    ...session.blackouts.flatMap((blackout, index) => {
      const keys = blackouts[index]?.value.keys;
      return [[blackout.from, keys?.from], [blackout.to, keys?.to]] as const;
    }),
  ];
  return all.flatMap(([time, written]) =>
    time && written ? [[time, written.node] as const] : []
  );
}

function checkMarketTime(
  session: Session,
  time: TimeValue,
  node: Node,
  around: Surroundings,
): void {
  if (time.kind !== "market" || time.calendar !== null) return;
  if (session.calendar.length > 0) return;
  around.context.log.at(node, "calendar/needed", {
    expected: 'a "calendar" for the session, or its code before the time',
    hint: `for instance XNYS:${time.side}`,
  });
}

function checkDayRules(
  { session, spec, values }: Lowered,
  around: Surroundings,
): void {
  const needsCalendar = session.days.some(({ kind }) =>
    kind === "before_closure"
  );
  if (!needsCalendar || session.calendar.length > 0) return;
  around.context.log.at(values.days?.node ?? spec.node, "calendar/needed", {
    received: '"before_closure"',
    expected: 'a "calendar" for the session',
  });
}

function checkIfClosed(
  { session, values }: Lowered,
  { context }: Surroundings,
): void {
  if (session.ifClosed.kind === "report" || session.calendar.length > 0) return;
  if (values.ifClosed === undefined) return;
  context.log.at(values.ifClosed.node, "calendar/needed", {
    expected: 'a "calendar" for the session',
    hint: "without one nobody knows when the market opens next",
  });
}

function checkCloseAtClose(
  { session, values }: Lowered,
  { context }: Surroundings,
): void {
  if (session.leadMs > 0) return;
  const end = session.window?.end;
  const moments = values.moments?.value ?? [];
  const edges: readonly (readonly [
    TimeValue | undefined,
    boolean,
    Located<unknown> | undefined,
  ])[] = [
    [end, session.onEnd.some(isCloseAction), values.end],
    ...session.moments.map((moment, index) =>
      [
        moment.at,
        moment.actions.length > 0,
        moments[index]?.value.keys.at,
      ] as const
    ),
    ...session.blackouts.map((blackout, index) =>
      [
        blackout.from,
        blackout.actions.length > 0,
        values.blackouts?.value[index]?.value.keys.from,
      ] as const
    ),
  ];
  for (const [time, closes, written] of edges) {
    if (!closes || written === undefined || time?.kind !== "market") continue;
    if (time.side !== "close" || time.offsetMs < 0) continue;
    context.log.at(written.node, "session/close-at-close", {
      expected: 'a "lead", or a time before the close such as "close-5m"',
      hint: "at the very close there is nobody left to trade with",
    });
  }
}

function checkLead(
  { session, values }: Lowered,
  weeks: SampleWeeks,
  { context }: Surroundings,
): void {
  const window = regularWindow(session);
  if (window === null || values.lead === undefined) return;
  if (!session.onEnd.some(isCloseAction)) return;
  const day = weekdaysOf(session.days)[0] ?? 1;
  const lengths = weeks.numbers.map((week) => {
    const { from, to } = weeks.stretch(window, day, week);
    return to - from;
  });
  const shortest = Math.min(...lengths);
  if (session.leadMs < shortest) return;
  context.log.at(values.lead.node, "session/lead-too-long", {
    expected: `less than ${durationText(shortest)}, the session's length`,
    hint: "the close would be due before the session opens",
  });
}

function checkLive(
  { session, spec }: Lowered,
  account: Account,
  { context }: Surroundings,
): void {
  if (account.kind === "paper" || account.live !== true) return;
  const place = spec.node;
  if (!session.named) {
    context.log.at(place, "account/live-needs-name", {
      expected: `the key "${keyWord("name", context.door)}"`,
      received: null,
      hint: "it is the durable identity of everything the session does",
    });
  }
  if (!session.scope.written) {
    context.log.at(place, "account/live-needs-scope", {
      expected: 'the key "scope"',
      received: null,
      hint: 'everything in the account is scope: "account"',
    });
  }
}
