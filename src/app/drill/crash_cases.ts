/**
 * The program dies: at every station of the path of an edge, while it waits, and while it recovers.
 *
 * @module
 */

import { MINUTE_MS, SECOND_MS } from "../../domain/time.ts";
import {
  type CasePlan,
  closingStations,
  crashing,
  type DrillCase,
  edgeKeys,
  type Ground,
  notApplicable,
  playEach,
  striking,
} from "./drill_case.ts";
import type { CrashPoint } from "./play_plan.ts";
import { type Station, stationsOfEdges } from "./station.ts";
import { RESTART_MS } from "./world.ts";

/** Dies once at each station that the choice keeps. */
function crashAt(
  moments: readonly CrashPoint["moment"][],
  choose: (station: Station) => boolean,
  otherwise: string,
): (ground: Ground) => CasePlan {
  return (ground) => {
    const points = closingStations(ground).filter(choose)
      .flatMap((station) => moments.map((moment) => pointAt(station, moment)));
    return points.length === 0
      ? notApplicable(otherwise)
      : playEach(points, (point) => crashing(ground.day, point));
  };
}

function pointAt(
  { kind, n }: Station,
  moment: CrashPoint["moment"],
): CrashPoint {
  return { kind, n, moment };
}

/** Where most is at stake: orders are on record and none is sent, or the first was and nobody heard. */
function worstPoints(ground: Ground): readonly CrashPoint[] {
  const stations = closingStations(ground);
  const index = stations.findIndex((station) =>
    station.kind === "call" && station.call === "submit"
  );
  const submit = stations[index];
  if (submit === undefined) return [];
  const written = stations.slice(0, index)
    .findLast(({ kind }) => kind === "append");
  return [
    ...written === undefined ? [] : [pointAt(written, "after")],
    pointAt(submit, "after"),
  ];
}

/** Every pair of a first crash and one in the life after it. */
async function recoveryPoints(
  ground: Ground,
): Promise<readonly (readonly [CrashPoint, CrashPoint])[]> {
  const pairs: (readonly [CrashPoint, CrashPoint])[] = [];
  for (const first of worstPoints(ground)) {
    const { lives } = await ground.rehearse(crashing(ground.day, first));
    const second = lives[1] ?? [];
    for (const station of untilSettled(second, ground)) {
      for (const moment of ["before", "after"] as const) {
        pairs.push([first, pointAt(station, moment)]);
      }
    }
  }
  return pairs;
}

/** A life from its first breath until the edge that it inherited has ended. */
function untilSettled(
  life: readonly Station[],
  { day }: Ground,
): readonly Station[] {
  const keys = edgeKeys(day);
  const end = life.findIndex((station) =>
    station.kind === "append" && station.settled.some((key) => keys.has(key))
  );
  return end < 0 ? stationsOfEdges(life, keys) : life.slice(0, end + 1);
}

const NO_ORDER = "nothing is sent to close on this day";

/** Crashes. */
export const CRASH_CASES: readonly DrillCase[] = [
  {
    name: "crash_before_record",
    title: "crash before a record",
    does:
      "The program dies before it has written what it decided, at each write of each edge.",
    plan: crashAt(["before"], ({ kind }) => kind === "append", NO_ORDER),
  },
  {
    name: "crash_after_record",
    title: "crash before acting",
    does:
      "The program dies when it has written what it decided and done nothing of it, at each write of each edge.",
    plan: crashAt(["after"], ({ kind }) => kind === "append", NO_ORDER),
  },
  {
    name: "crash_before_look",
    title: "crash before a look",
    does:
      "The program dies as it is about to read the broker's lists, or to ask for an order.",
    plan: crashAt(
      ["before"],
      (station) =>
        station.kind === "call" &&
        (station.call === "read" || station.call === "find"),
      "no list is read on this day",
    ),
  },
  {
    name: "crash_before_send",
    title: "crash before sending",
    does:
      "The program dies when it has looked and is about to send a closing order, at each order.",
    plan: crashAt(
      ["before"],
      (station) => station.kind === "call" && station.call === "submit",
      NO_ORDER,
    ),
  },
  {
    name: "crash_before_answer",
    title: "crash before the answer",
    does:
      "The broker carries out what it was asked for, and the program dies before it hears so, at each call.",
    plan: crashAt(
      ["after"],
      ({ kind }) => kind === "call",
      "no broker is asked on this day",
    ),
  },
  {
    name: "crash_at_cancel",
    title: "crash at a cancellation",
    does:
      "The program dies before, during and after the cancellation of a working order.",
    plan: crashAt(
      ["before", "after"],
      (station) =>
        station.kind === "call"
          ? station.call === "cancel"
          : station.takesCancel,
      "no close of the day cancels working orders",
    ),
  },
  {
    name: "crash_at_settle",
    title: "crash as the edge ends",
    does: "The program dies before and after it has written how an edge ended.",
    plan: crashAt(
      ["before", "after"],
      (station) => station.kind === "append" && station.settled.length > 0,
      "no edge ends on this day",
    ),
  },
  {
    name: "crash_waiting",
    title: "crash while waiting",
    does:
      "The program dies a minute before each edge, and is back in five seconds.",
    plan: ({ day }) =>
      playEach([day], () =>
        striking(day, { kind: "none" }, (fromAt) => [
          { at: fromAt - MINUTE_MS / 2, kind: "kill", downMs: RESTART_MS },
        ])),
  },
  {
    name: "down_over_edge",
    title: "down over the edge",
    does:
      "The program dies half a minute before each edge, and is started again after it.",
    plan: ({ day }) => {
      const { holdMs } = day;
      const excuse = { kind: "late", ms: holdMs, restarts: true } as const;
      return playEach([day], () =>
        striking(day, excuse, (fromAt, toAt) => [{
          at: fromAt - 30 * SECOND_MS,
          kind: "kill",
          downMs: toAt - fromAt + 30 * SECOND_MS + holdMs,
        }]));
    },
  },
  {
    name: "crash_in_recovery",
    title: "crash in recovery",
    does:
      "The program dies in the middle of a close, and again at each station of the recovery.",
    plan: async (ground) => {
      const pairs = await recoveryPoints(ground);
      return pairs.length === 0
        ? notApplicable(NO_ORDER)
        : playEach(pairs, (pair) => crashing(ground.day, ...pair));
    },
  },
  {
    name: "crash_in_recovery_twice",
    title: "crash in recovery, twice",
    does:
      "The program dies in the middle of a close, and then at the same station of two recoveries.",
    plan: async (ground) => {
      const pairs = await recoveryPoints(ground);
      return pairs.length === 0 ? notApplicable(NO_ORDER) : playEach(
        pairs,
        ([first, again]) => crashing(ground.day, first, again, again),
      );
    },
  },
];
