/**
 * The machine goes wrong: its clock, its sleep, its disk; and the days on which time itself is odd.
 *
 * @module
 */

import { HOUR_MS, SECOND_MS } from "../../domain/time.ts";
import type { DurationMs } from "../../domain/time.ts";
import {
  closingStations,
  crashing,
  type DrillCase,
  notApplicable,
  playEach,
  striking,
} from "./drill_case.ts";
import { peaceful } from "./play_plan.ts";
import { RESTART_MS } from "./world.ts";

/** Something is done this long before, or after, an edge. @units milliseconds */
const CLOSE_BY_MS: DurationMs = 30 * SECOND_MS;

const NO_ORDER = "nothing is sent to close on this day";

/** Machines and days. */
export const MACHINE_CASES: readonly DrillCase[] = [
  {
    name: "clock_forward",
    title: "clock an hour ahead",
    does:
      "Half a minute before each edge the machine's clock is set an hour ahead, over the edge, and set right some minutes later.",
    plan: ({ day }) =>
      playEach([day], () =>
        striking(
          day,
          { kind: "late", ms: HOUR_MS, restarts: true },
          (fromAt, toAt) => [
            { at: fromAt - CLOSE_BY_MS, kind: "set_clock", aheadMs: HOUR_MS },
            { at: toAt + day.holdMs, kind: "set_clock", aheadMs: 0 },
          ],
        )),
  },
  {
    name: "clock_back",
    title: "clock an hour back",
    does:
      "The machine's clock is set an hour back just before each edge, or just after it, and set right a little later, so that the edge's time comes late or twice.",
    plan: ({ day }) =>
      playEach([-CLOSE_BY_MS, CLOSE_BY_MS], (offMs) =>
        striking(
          day,
          { kind: "late", ms: day.holdMs + CLOSE_BY_MS, restarts: true },
          (fromAt, toAt) => [
            {
              at: (offMs < 0 ? fromAt : toAt) + offMs,
              kind: "set_clock",
              aheadMs: -HOUR_MS,
            },
            { at: toAt + day.holdMs, kind: "set_clock", aheadMs: 0 },
          ],
        )),
  },
  {
    name: "suspend",
    title: "asleep over the edge",
    does:
      "The machine falls asleep half a minute before each edge, and wakes up after it.",
    plan: ({ day }) =>
      playEach([day], () =>
        striking(
          day,
          { kind: "late", ms: day.holdMs, restarts: true },
          (fromAt, toAt) => [{
            at: fromAt - CLOSE_BY_MS,
            kind: "suspend",
            untilAt: toAt + day.holdMs,
          }],
        )),
  },
  {
    name: "dst_night",
    title: "night of a clock change",
    does:
      "Nothing is done, but the clock of a session's zone changes in the night before.",
    plan: ({ dstDay }) =>
      dstDay === null
        ? notApplicable("no zone of its sessions changes its clock in a year")
        : playEach([dstDay], peaceful),
  },
  {
    name: "half_day",
    title: "half day",
    does: "Nothing is done, but a market of the file closes early.",
    plan: ({ halfDay }) =>
      halfDay === null
        ? notApplicable(
          "no market of the file has a half day in a year",
        )
        : playEach([halfDay], peaceful),
  },
  {
    name: "disk_full",
    title: "disk full at the edge",
    does:
      "The journal cannot be written from half a minute before each edge until after it.",
    plan: ({ day }) =>
      playEach([day], () =>
        striking(day, { kind: "none" }, (fromAt, toAt) => [
          { at: fromAt - CLOSE_BY_MS, kind: "journal", writable: false },
          { at: toAt + day.holdMs, kind: "journal", writable: true },
        ])),
  },
  {
    name: "disk_full_for_good",
    title: "disk full for good",
    does:
      "The journal cannot be written any more from half a minute before the first edge: what is told has to do without a record.",
    plan: ({ day }) =>
      playEach(day.strikes.slice(0, 1), ({ fromAt }) => ({
        ...peaceful(day),
        deeds: [{ at: fromAt - CLOSE_BY_MS, kind: "journal", writable: false }],
      })),
  },
  {
    name: "disk_full_crash",
    title: "disk full, then a crash",
    does:
      "The journal cannot be written over each edge, and the program dies after closing, with nothing of it on record.",
    plan: (ground) => {
      const { day } = ground;
      const isSent = closingStations(ground).some((station) =>
        station.kind === "call" && station.call === "submit"
      );
      if (!isSent) return notApplicable(NO_ORDER);
      const { excuse } = crashing(day);
      return playEach([day], () =>
        striking(
          day,
          {
            ...excuse,
            kind: "late",
            ms: CLOSE_BY_MS + RESTART_MS,
            restarts: true,
          },
          (fromAt, toAt) => [
            { at: fromAt - CLOSE_BY_MS, kind: "journal", writable: false },
            { at: toAt + CLOSE_BY_MS, kind: "kill", downMs: RESTART_MS },
            {
              at: toAt + CLOSE_BY_MS + SECOND_MS,
              kind: "journal",
              writable: true,
            },
          ],
        ));
    },
  },
];
