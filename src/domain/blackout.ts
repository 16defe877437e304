/**
 * Blackouts that close something: further edges of their session, named by where they begin.
 *
 * @module
 */

import type { Moment, Session, TimeValue } from "./definition.ts";
import { clockText } from "./hazard.ts";
import { calendarName } from "./market_calendar.ts";
import { DAY_MS, HOUR_MS, MINUTE_MS, SECOND_MS } from "./time.ts";
import type { DurationMs } from "./time.ts";

const PREFIX = "blackout-";

const WEEKDAY_NAMES = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];

/**
 * A session's further edges: its moments as written, then the beginning of every blackout that
 * closes, as in `blackout-13:25`.
 *
 * The name is made of the time as written and not of a place in the list, so that a blackout that is
 * added leaves the others what they are.
 */
export function momentsOf({ moments, blackouts }: Session): readonly Moment[] {
  const closing = blackouts.filter(({ actions }) => actions.length > 0);
  if (closing.length === 0) return moments;
  const taken = new Set<string>();
  return [
    ...moments,
    ...closing.map(({ from, actions }): Moment => {
      const name = freeName(`${PREFIX}${writtenTime(from)}`, taken);
      return { name, at: from, actions };
    }),
  ];
}

/** Whether a name is kept for the edges of blackouts. */
export function isBlackoutEdgeName(name: string): boolean {
  return name.startsWith(PREFIX);
}

function freeName(plain: string, taken: Set<string>): string {
  let name = plain;
  for (let count = 2; taken.has(name); count++) name = `${plain}-${count}`;
  taken.add(name);
  return name;
}

/** A time as a file would write it, without its zone and in one word. */
function writtenTime(time: TimeValue): string {
  if (time.kind === "clock") {
    const { weekday, timeMs } = time;
    const day = weekday === null ? "" : `${WEEKDAY_NAMES[weekday - 1]}-`;
    return `${day}${clockText(timeMs)}`;
  }
  const { calendar, side, offsetMs } = time;
  const market = calendar === null ? "" : `${calendarName(calendar)}:`;
  if (offsetMs === 0) return `${market}${side}`;
  const sign = offsetMs < 0 ? "-" : "+";
  return `${market}${side}${sign}${lengthText(Math.abs(offsetMs))}`;
}

/** A length in its largest units, as in `1h30m`. @units `ms`: milliseconds */
export function lengthText(ms: DurationMs): string {
  const units: readonly (readonly [number, string])[] = [
    [Math.floor(ms / DAY_MS), "d"],
    [Math.floor(ms / HOUR_MS) % 24, "h"],
    [Math.floor(ms / MINUTE_MS) % 60, "m"],
    [Math.floor(ms / SECOND_MS) % 60, "s"],
    [ms % SECOND_MS, "ms"],
  ];
  return units.filter(([count]) => count > 0)
    .map(([count, unit]) => `${count}${unit}`).join("");
}
