/**
 * What a case of the drill is, and what it is planned on.
 *
 * @module
 */

import type { Scope } from "../../domain/definition.ts";
import { SECOND_MS } from "../../domain/time.ts";
import type { DurationMs, EpochMs } from "../../domain/time.ts";
import type { DrillDay } from "./drill_day.ts";
import type { DrillFile } from "./drill_file.ts";
import type { PlayRecord } from "./play.ts";
import {
  type CrashPoint,
  type Deed,
  type Excuse,
  peaceful,
  type PlayPlan,
} from "./play_plan.ts";
import { type Station, stationsOfEdges } from "./station.ts";
import { reaches } from "./truth.ts";
import { RESTART_MS } from "./world.ts";

/** What cases are planned on: the file, its day, and the day as it goes when nothing goes wrong. */
export interface Ground {
  readonly file: DrillFile;
  readonly day: DrillDay;
  readonly rehearsal: PlayRecord;
  /** The day after the next night on which the clock of a session's zone changes. */
  readonly dstDay: DrillDay | null;
  /** The next day on which a market of the file closes early. */
  readonly halfDay: DrillDay | null;
  /** Plays a day in order to learn its stations. */
  readonly rehearse: (plan: PlayPlan) => Promise<PlayRecord>;
}

/** What a case comes to on this file. */
export type CasePlan =
  | {
    readonly kind: "plays";
    readonly plays: readonly PlayPlan[];
    /** How many there would be; more than `plays` where some were left out. */
    readonly of: number;
  }
  | { readonly kind: "not_applicable"; readonly reason: string };

/** One thing that goes wrong. */
export interface DrillCase {
  /** For `--only`, and for programs. */
  readonly name: string;
  /** For the table. */
  readonly title: string;
  /** What is done, in a sentence. */
  readonly does: string;
  readonly plan: (ground: Ground) => CasePlan | Promise<CasePlan>;
}

/** The most days that one case plays; more are thinned out evenly, and that is said. */
export const PLAYS_MAX = 120;

/** One play for each, thinned out evenly where they are many. */
export function playEach<T>(
  things: readonly T[],
  toPlay: (thing: T) => PlayPlan,
): CasePlan {
  const step = Math.max(1, things.length / PLAYS_MAX);
  const count = Math.min(things.length, PLAYS_MAX);
  const chosen = Array.from(
    { length: count },
    (_, index) => things[Math.floor(index * step)],
  );
  return {
    kind: "plays",
    plays: chosen.flatMap((thing) => thing === undefined ? [] : toPlay(thing)),
    of: things.length,
  };
}

/** A case that this file has no place for. */
export function notApplicable(reason: string): CasePlan {
  return { kind: "not_applicable", reason };
}

/** A day with crashes, each followed by a start some seconds later. */
export function crashing(
  day: DrillDay,
  ...crashes: readonly CrashPoint[]
): PlayPlan {
  const ms = crashes.length * RESTART_MS;
  const excuse: Excuse = { kind: "late", ms, restarts: true };
  return { ...peaceful(day), crashes, excuse };
}

/** A day on which something is done about every edge. @units `fromAt`, `toAt`: EpochMs of the first and the last edge of a strike */
export function striking(
  day: DrillDay,
  excuse: Excuse,
  deeds: (fromAt: EpochMs, toAt: EpochMs) => readonly Deed[],
): PlayPlan {
  return {
    ...peaceful(day),
    deeds: day.strikes.flatMap(({ fromAt, toAt }) => deeds(fromAt, toAt)),
    excuse,
  };
}

/** The stations of the day's closes, as the rehearsal passed them. */
export function closingStations(
  { day, rehearsal }: Ground,
): readonly Station[] {
  return stationsOfEdges(rehearsal.lives[0] ?? [], edgeKeys(day));
}

/** The keys of the edges of a day that do something. */
export function edgeKeys(day: DrillDay): ReadonlySet<string> {
  return new Set(day.edges.map(({ edge }) => edge.key));
}

/** The closes with the least time: what lasts longer than a third of it may be too much. @units milliseconds */
export function patienceMs({ edges }: DrillDay): DurationMs {
  const times = edges.filter(({ closes }) => closes)
    .map(({ edge, session }) =>
      Math.min(
        session.deadlineMs,
        (edge.marketClosesAt ?? Infinity) - edge.dueAt,
      )
    );
  return Math.max(SECOND_MS, Math.floor(Math.min(...times, HALF_MINUTE) / 3));
}

const HALF_MINUTE: DurationMs = 90 * SECOND_MS;

/** Why nothing about closing can be tried on a day; `null` where it can. */
export function nothingToClose({ day }: Ground): CasePlan | null {
  return day.edges.some(({ closes }) => closes)
    ? null
    : notApplicable("no edge of the day closes anything");
}

/** A symbol that a scope reaches, of what is held at the start. */
export function symbolIn(
  { file }: Ground,
  account: string,
  scope: Scope,
): string | null {
  const held = file.accounts.find((each) => each.account.name === account)
    ?.account.positions ?? [];
  return held.find((position) => reaches(scope, position))?.symbol ?? null;
}
