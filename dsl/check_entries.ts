/**
 * Whether the times of a session's entries and blackouts can ever hold.
 *
 * @module
 */

import type { ClockTime, TimeValue } from "../src/domain/definition.ts";
import type { Weekday } from "../src/domain/time.ts";
import type { IssueLog } from "./issue_log.ts";
import type { Lowered } from "./lower_session.ts";
import { regularWindow } from "./regular_window.ts";
import { isWeekly, type SampleWeeks, weekdaysOf } from "./sample_weeks.ts";

/** How far into a session a time lies, beside the session's length. */
interface Depth {
  readonly intoMs: number;
  readonly lengthMs: number;
}

/** Reports windows for entries and blackouts that lie outside of their session. */
export function checkEntries(
  lowered: Lowered,
  weeks: SampleWeeks,
  log: IssueLog,
): void {
  const depths = depthsIn(lowered, weeks);
  if (depths === null) return;
  checkWindow(lowered, depths, log);
  checkBlackouts(lowered, depths, log);
}

/** By time; one for each week that zones tell apart. */
type Depths = (time: TimeValue | null | undefined) => readonly Depth[] | null;

function depthsIn({ session }: Lowered, weeks: SampleWeeks): Depths | null {
  const window = regularWindow(session);
  if (window === null || isWeekly(window)) return null;
  const day: Weekday = weekdaysOf(session.days)[0] ?? 1;
  return (time) => {
    if (!isPlainClock(time)) return null;
    return weeks.numbers.map((week) => {
      const stretch = weeks.stretch(window, day, week);
      return {
        intoMs: weeks.into(stretch, time, day, week),
        lengthMs: stretch.to - stretch.from,
      };
    });
  };
}

/** A time with a weekday is meant for that day alone; one of a market moves with its hours. */
function isPlainClock(time: TimeValue | null | undefined): time is ClockTime {
  return time?.kind === "clock" && time.weekday === null;
}

function checkWindow(
  { session, values }: Lowered,
  depths: Depths,
  log: IssueLog,
): void {
  const keys = values.entries?.value?.keys;
  const from = depths(session.entries?.from);
  const until = depths(session.entries?.until);
  const expected = "a time from the session's start to its end";
  const isOutside = ({ intoMs, lengthMs }: Depth) => intoMs > lengthMs;
  const isOver = ({ intoMs, lengthMs }: Depth) => intoMs >= lengthMs;
  if (keys?.from !== undefined && from?.every(isOver)) {
    log.at(keys.from.node, "entries/outside-window", { expected });
  }
  if (keys?.until !== undefined && until?.every(isOutside)) {
    log.at(keys.until.node, "entries/outside-window", { expected });
  }
}

function checkBlackouts(
  { session, values }: Lowered,
  depths: Depths,
  log: IssueLog,
): void {
  const written = values.blackouts?.value ?? [];
  for (const [index, blackout] of session.blackouts.entries()) {
    const keys = written[index]?.value.keys;
    const from = depths(blackout.from);
    const to = depths(blackout.to);
    if (keys?.from === undefined || from === null) continue;
    const beginsInside = from.some(({ intoMs, lengthMs }) => intoMs < lengthMs);
    // One that ends before it begins holds at the opening already.
    const holdsAtOpening = to === null ||
      to.some(({ intoMs }, week) => intoMs < (from[week]?.intoMs ?? 0));
    const closes = blackout.actions.length > 0;
    if (beginsInside || (holdsAtOpening && !closes)) continue;
    log.at(keys.from.node, "blackout/outside-window", {
      expected: closes
        ? "a time from the session's start to before its end, where it is to close something"
        : "a blackout that shares some time with its session",
    });
  }
}
