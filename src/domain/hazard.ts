/**
 * Says in plain sentences what an occurrence holds that a trader wants to know beforehand.
 *
 * @module
 */

import { DST_DEFAULT, placeWall, wallAt } from "./civil.ts";
import { dateOf } from "./date.ts";
import type { EpochDay } from "./date.ts";
import type { Hazard } from "./occurrence.ts";
import { DAY_MS, HOUR_MS, MINUTE_MS, SECOND_MS } from "./time.ts";
import type { DurationMs } from "./time.ts";
import type { PlacedTime, PlacedWindow } from "./window.ts";
import { offsetAt } from "./zone.ts";

/** What the clock did to an edge's time: nothing, or one hazard. */
export function edgeHazards(
  name: string,
  placed: PlacedTime,
): readonly Hazard[] {
  const { timezone, timeMs } = placed.time;
  const where = `${timezone} on ${dateOf(writtenDay(placed))}`;
  const clock = clockText(timeMs);
  switch (placed.dst) {
    case "none":
      return [];
    case "gap":
      return [{
        code: "dst-gap",
        message: `${name}: ${clock} does not exist in ${where}, it runs at ${
          shownAt(placed)
        } instead`,
      }];
    case "overlap":
      return [{
        code: "dst-overlap",
        message: `${name}: ${clock} comes twice in ${where}, it runs at the ${
          isFirst(placed) ? "first" : "second"
        } (${offsetText(offsetAt(placed.at, timezone))})`,
      }];
  }
}

/** A moment that the clock took out of the window and that runs at the window's edge instead. */
export function movedHazard(name: string, placed: PlacedTime): Hazard {
  return {
    code: "dst-gap",
    message:
      `${name}: the clock skips a stretch of the window in ${placed.time.timezone}, ${
        shownIn(placed)
      } runs at ${shownAt(placed)} so as to stay inside`,
  };
}

/** Whether the window is longer or shorter than its clock times say. */
export function lengthHazards(window: PlacedWindow): readonly Hazard[] {
  const { start, end } = window;
  // Two zones have no usual length: it differs with the season of either.
  if (start.time.timezone !== end.time.timezone) return [];
  const usualMs = end.wallMs - start.wallMs;
  const lengthMs = end.at - start.at;
  if (lengthMs === usualMs) return [];
  const by = lengthText(Math.abs(lengthMs - usualMs));
  return [{
    code: "dst-change",
    message: `the clock changes in ${start.time.timezone}: open for ${
      lengthText(lengthMs)
    }, ${by} ${lengthMs > usualMs ? "longer" : "shorter"} than usual`,
  }];
}

/** A moment that the window does not hold. */
export function outsideHazard(
  name: string,
  placed: PlacedTime,
  window: PlacedWindow,
): Hazard {
  return {
    code: "moment-outside",
    message: `${name}: ${shownIn(placed)} lies outside the window from ${
      shownIn(window.start)
    } to ${shownIn(window.end)}, it does not run`,
  };
}

/** Why a trade date has no occurrence although its filter lets it through. */
export function emptyWindowMessage(window: PlacedWindow): string {
  const { start, end } = window;
  return `The clock skips over the window: ${shownIn(start)} comes to ${
    shownAt(start)
  } and ${shownIn(end)} to ${shownAt(end)}, so nothing opens`;
}

/** Why a date that a zone went without has no occurrence of its own. */
export function missingDateMessage(start: PlacedTime): string {
  return `${start.time.timezone} went without ${
    dateOf(writtenDay(start))
  }: its window is the next date's, so nothing opens twice`;
}

function isFirst(placed: PlacedTime): boolean {
  const { time: { timezone }, wallMs } = placed;
  return placed.at === placeWall(wallMs, timezone, DST_DEFAULT).at;
}

/** The date the time was written for: 24:00 belongs to the date before. */
function writtenDay(placed: PlacedTime): EpochDay {
  return Math.floor((placed.wallMs - placed.time.timeMs) / DAY_MS);
}

/** The date and the time that were asked for, in their zone. */
export function shownIn(placed: PlacedTime): string {
  const { timeMs, timezone } = placed.time;
  return `${dateOf(writtenDay(placed))} ${clockText(timeMs)} ${timezone}`;
}

/** What the wall shows when it runs; with the date where that is another one. */
function shownAt(placed: PlacedTime): string {
  const wallMs = wallAt(placed.at, placed.time.timezone);
  const day = Math.floor(wallMs / DAY_MS);
  const sameDay = day === writtenDay(placed);
  const clock = clockText(wallMs - day * DAY_MS);
  return sameDay ? clock : `${dateOf(day)} ${clock}`;
}

/** `08:00`, `08:00:30` or `08:00:30.250`. @units `timeMs`: milliseconds since local midnight */
export function clockText(timeMs: DurationMs): string {
  const [hours, minutes, seconds, ms] = split(timeMs);
  const tail = ms > 0
    ? `:${pad(seconds)}.${String(ms).padStart(3, "0")}`
    : seconds > 0
    ? `:${pad(seconds)}`
    : "";
  return `${pad(hours)}:${pad(minutes)}${tail}`;
}

function offsetText(offsetMs: DurationMs): string {
  const [hours, minutes] = split(Math.abs(offsetMs));
  return `UTC${offsetMs < 0 ? "-" : "+"}${pad(hours)}:${pad(minutes)}`;
}

/** `7h`, `30m` or `7h 30m`. */
function lengthText(lengthMs: DurationMs): string {
  const [hours, minutes, seconds, ms] = split(lengthMs);
  const parts = [
    hours > 0 ? `${hours}h` : "",
    minutes > 0 ? `${minutes}m` : "",
    seconds > 0 ? `${seconds}s` : "",
    ms > 0 ? `${ms}ms` : "",
  ];
  return parts.filter((part) => part !== "").join(" ") || "0s";
}

function split(ms: DurationMs): readonly [number, number, number, number] {
  return [
    Math.floor(ms / HOUR_MS),
    Math.floor(ms % HOUR_MS / MINUTE_MS),
    Math.floor(ms % MINUTE_MS / SECOND_MS),
    ms % SECOND_MS,
  ];
}

function pad(value: number): string {
  return String(value).padStart(2, "0");
}
