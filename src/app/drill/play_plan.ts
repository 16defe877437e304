/**
 * What is done to one play of a day: plain data, so that a case is a list and not a program.
 *
 * @module
 */

import type { PaperFaultRule } from "../../adapters/brokers/paper/faults.ts";
import type { DurationMs, EpochMs } from "../../domain/time.ts";
import type { DrillDay } from "./drill_day.ts";

/** One step on the path of an edge at which a program can die. */
export interface StationPlace {
  /** Writing to the journal, or a call of a broker. */
  readonly kind: "append" | "call";
  /** Which of its kind in the life of the program, from 1. */
  readonly n: number;
}

/** A step, and whether the program dies before or after it took effect. */
export interface CrashPoint extends StationPlace {
  readonly moment: "before" | "after";
}

/** Something that is done to the world at an instant of it. */
export type Deed =
  & {
    /** @units EpochMs */
    readonly at: EpochMs;
  }
  & (
    /** What the brokers get wrong from now on; replaces what was before. */
    | { readonly kind: "faults"; readonly rules: readonly PaperFaultRule[] }
    /** The program dies, and is started again after this long. */
    | { readonly kind: "kill"; readonly downMs: DurationMs }
    /** The machine sleeps until then. */
    | { readonly kind: "suspend"; readonly untilAt: EpochMs }
    /** The machine's clock is set to be so much ahead. */
    | { readonly kind: "set_clock"; readonly aheadMs: DurationMs }
    /** Whether the journal takes entries. */
    | { readonly kind: "journal"; readonly writable: boolean }
  );

/** What cannot be helped, whoever does it. */
export type Excuse =
  /** Nothing: everything due must come true. */
  | { readonly kind: "none" }
  /** What is due comes so much later; `restarts` where its deadline begins anew by then. */
  | {
    readonly kind: "late";
    readonly ms: DurationMs;
    readonly restarts: boolean;
  }
  /** Closing is not possible: it must be told in time. */
  | { readonly kind: "stuck" };

/** What lies between the program and the broker. */
export type Road =
  | "plain"
  /** Every order and every piece of news travels twice. */
  | "doubled"
  /** No news travels: what is not answered is not heard of. */
  | "silent";

/** One play of a day. */
export interface PlayPlan {
  readonly day: DrillDay;
  /** In order of time. */
  readonly deeds: readonly Deed[];
  /** One for each life of the program, the first first; the last life has none. */
  readonly crashes: readonly CrashPoint[];
  readonly road: Road;
  readonly excuse: Excuse;
}

/** A day to which nothing is done. */
export function peaceful(day: DrillDay): PlayPlan {
  return {
    day,
    deeds: [],
    crashes: [],
    road: "plain",
    excuse: { kind: "none" },
  };
}
