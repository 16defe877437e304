/**
 * How long before a market's own close an order must have been sent, and which edges come too late.
 *
 * @module
 */

import { wallAt } from "./civil.ts";
import type { Calendar } from "./calendars/calendar.ts";
import { nextClose, tradingDayAt } from "./calendars/trading_day.ts";
import { isCloseAction } from "./definition.ts";
import type { Account, Session } from "./definition.ts";
import type { Edge, Hazard } from "./occurrence.ts";
import { DAY_MS, HOUR_MS, MINUTE_MS, SECOND_MS } from "./time.ts";
import type { DurationMs, EpochMs } from "./time.ts";
import { zoneText } from "./zone_text.ts";

/** One rule of a broker or a market. */
export interface CutOff {
  /** Which accounts it holds for; `null` for all. */
  readonly kind: Account["kind"] | null;
  /** An option of the account that must have this value; `null` where it always holds. */
  readonly option: readonly [key: string, value: string] | null;
  readonly beforeMs: DurationMs;
  readonly what: string;
}

/**
 * The rules that are known; of several that hold the longest counts.
 *
 * A close is: read the positions, send, hear the fill, read again. It takes seconds at the best, and
 * a second attempt needs its own.
 *
 * @source Alpaca's order types: market-on-close orders are refused from ten minutes before the close
 */
export const CUT_OFFS: readonly CutOff[] = [
  {
    kind: null,
    option: null,
    beforeMs: 30 * SECOND_MS,
    what: "closing with proof",
  },
  {
    kind: "metaapi",
    option: null,
    beforeMs: MINUTE_MS,
    what: "closing with proof through a terminal",
  },
  {
    kind: "alpaca",
    option: ["time_in_force", "cls"],
    beforeMs: 10 * MINUTE_MS,
    what: "a market-on-close order",
  },
];

/** The rule that asks for most time on an account; of an unknown one, what holds for all. */
export function cutOffOf(account: Account | undefined): CutOff {
  const options = account !== undefined && "options" in account
    ? account.options
    : {};
  return CUT_OFFS.filter(({ kind, option }) =>
    (kind === null || kind === account?.kind) &&
    (option === null || options[option[0]] === option[1])
  ).reduce((most, each) => each.beforeMs > most.beforeMs ? each : most);
}

/** What is to be said of a closing edge that comes too late for one of its session's markets. */
export function cutOffHazards(
  edge: Edge,
  session: Session,
  calendars: readonly Calendar[],
  cutOff: CutOff,
): readonly Hazard[] {
  if (!edge.actions.some(isCloseAction)) return [];
  return calendars.flatMap((calendar) => {
    const message = tooLate(edge, session, calendar, cutOff);
    return message === null ? [] : [{ code: "cut-off", message } as const];
  });
}

function tooLate(
  { name, dueAt }: Edge,
  { ifClosed, breaks }: Session,
  calendar: Calendar,
  { beforeMs, what }: CutOff,
): string | null {
  // A close at the very close counts as too late for that one, not as early for the next.
  const closeAt = nextClose(calendar, dueAt - 1);
  if (closeAt === null) return null;
  const due = `${name}: due at ${clock(dueAt, calendar)}`;
  const day = tradingDayAt(calendar, dueAt);
  const breakAt = breaks === "split" ? day?.breakStartAt ?? null : null;
  const isBreak = breakAt !== null && dueAt <= breakAt;
  const leftMs = (isBreak ? breakAt : closeAt) - dueAt;
  if (leftMs < beforeMs) {
    const { code } = calendar;
    const left = leftMs === 0
      ? `at the very ${isBreak ? "break" : "close"} of ${code}`
      : `${length(leftMs)} before ${code} ${isBreak ? "breaks" : "closes"}`;
    return `${due}, ${left}; ${what} takes ${length(beforeMs)}`;
  }
  if (day !== null || ifClosed.kind !== "report") return null;
  return `${due}, when ${calendar.code} is closed: nothing can be closed then`;
}

function clock(at: EpochMs, { timezone }: Calendar): string {
  const timeMs = wallAt(at, timezone) % DAY_MS;
  const two = (value: number) => String(Math.floor(value)).padStart(2, "0");
  const seconds = timeMs % MINUTE_MS / SECOND_MS;
  return `${two(timeMs / HOUR_MS)}:${two(timeMs % HOUR_MS / MINUTE_MS)}${
    seconds === 0 ? "" : `:${two(seconds)}`
  } ${zoneText(timezone)}`;
}

function length(ms: DurationMs): string {
  return ms % MINUTE_MS === 0
    ? `${ms / MINUTE_MS}m`
    : `${Math.ceil(ms / SECOND_MS)}s`;
}
