/**
 * Schedules of crashes and faults around one edge, and how they are played.
 *
 * @module
 */

import fc from "fast-check";
import type { Action } from "../../src/domain/definition.ts";
import type { EdgeSettled } from "../../src/domain/notice.ts";
import { MINUTE_MS } from "../../src/domain/time.ts";
import type { EpochMs } from "../../src/domain/time.ts";
import { MemoryJournal } from "../../src/runtime/memory_journal.ts";
import type { Entry } from "../../src/runtime/ports.ts";
import { faultRule, oneSided, paperPosition } from "./any_fault.ts";
import { instant } from "./clock_session.ts";
import {
  CLOSE_ALL,
  openPaperRun,
  type PaperRun,
  type PaperRunSetup,
} from "./paper_run.ts";

/** The runs of a schedule that was played. */
export interface PlayedSchedule {
  readonly first: PaperRun;
  readonly runs: readonly PaperRun[];
  readonly last: PaperRun;
}

/** When the edges of all schedules are due. */
export const DUE_AT = instant("2026-11-23T16:30:00Z");

/** Where a run is killed. */
export const crash = fc.record({
  station: fc.oneof(
    // In flight: whatever was on its way to the broker arrives, its answer does not.
    fc.record({
      kind: fc.constant("at" as const),
      ms: fc.oneof(
        fc.integer({ min: 0, max: 4_000 }),
        fc.integer({ min: 0, max: 90_000 }),
      ),
    }),
    // Between record and perform, or just before the record.
    fc.record({
      kind: fc.constant("append" as const),
      number: fc.integer({ min: 1, max: 14 }),
      written: fc.boolean(),
    }),
  ),
  downMs: fc.oneof(
    fc.constant(0),
    fc.integer({ min: 0, max: 5_000 }),
    fc.integer({ min: 0, max: 3 * MINUTE_MS }),
  ),
});
type Crash = typeof crash extends fc.Arbitrary<infer C> ? C : never;

const closing = fc.constantFrom<Action>("close_all", "close_win", "close_loss");

/** What a schedule is made of. */
export const schedule = fc.record({
  mode: fc.constantFrom("netting" as const, "hedging" as const),
  positions: fc.array(paperPosition, { maxLength: 4 }),
  faults: fc.array(faultRule, { maxLength: 3 }),
  latencyMs: fc.constantFrom(0, 40, 900),
  first: closing,
  second: fc.option(closing),
  crashes: fc.array(crash, { minLength: 1, maxLength: 4 }),
});
/** One schedule of faults and crashes. */
export type Schedule = typeof schedule extends fc.Arbitrary<infer S> ? S
  : never;

/** A record that outlives the runs, and kills the one that writes it where it is told to. */
export class CrashingJournal extends MemoryJournal {
  /** Kills the run. */
  kill: (() => void) | null = null;
  /** The write at which it does; `null` for never. */
  killAt: { readonly number: number; readonly written: boolean } | null = null;
  #writes = 0;

  /** Begins to count anew. */
  rearm(killAt: CrashingJournal["killAt"]): void {
    this.killAt = killAt;
    this.#writes = 0;
  }

  override append(entries: readonly Entry[]): void {
    this.#writes += 1;
    if (this.#writes !== this.killAt?.number) return super.append(entries);
    if (this.killAt.written) super.append(entries);
    this.kill?.();
  }
}

/** The run that a schedule asks for. */
export function setupOf(
  it: Schedule,
): Required<Pick<PaperRunSetup, "account" | "sessions">> {
  return {
    account: {
      mode: it.mode,
      positions: oneSided(it.mode, it.positions),
      latencyMs: it.latencyMs,
    },
    sessions: [
      { ...CLOSE_ALL, onEnd: [it.first] },
      ...it.second === null
        ? []
        : [{ ...CLOSE_ALL, name: "second", onEnd: [it.second] }],
    ],
  };
}

/** Plays a run up to an instant, or not at all where that is past. */
export async function playUntil(run: PaperRun, at: EpochMs): Promise<void> {
  const to = Math.max(at, run.clock.now());
  await run.playUntil(Temporal.Instant.fromEpochMilliseconds(to).toString());
}

/** Plays a run up to its crash, and the time that nothing runs. */
async function playToCrash(
  run: PaperRun,
  journal: CrashingJournal,
  { station, downMs }: Crash,
): Promise<void> {
  journal.kill = () => run.runtime.abandon();
  // A run that dies before its very first record has owed nothing.
  const isFirst = [...journal.read()].length === 0;
  journal.rearm(
    station.kind === "append"
      ? { ...station, number: station.number + (isFirst ? 1 : 0) }
      : null,
  );
  await playUntil(run, station.kind === "at" ? DUE_AT + station.ms : DUE_AT);
  if (station.kind === "append") {
    await run.clock.run(run.clock.now() + 10_000);
  }
  run.runtime.abandon();
  journal.rearm(null);
  await run.clock.run(run.clock.now() + downMs);
}

/** Plays a schedule to its end; `begun` is called with the first run, before its edges are due. */
export async function play(
  it: Schedule,
  journal: CrashingJournal,
  more: Pick<PaperRunSetup, "book"> = {},
  begun: (run: PaperRun) => Promise<void> = () => Promise.resolve(),
): Promise<PlayedSchedule> {
  const setup = { ...setupOf(it), ...more };
  const first = await openPaperRun({ ...setup, faults: it.faults, journal });
  const runs = [first];
  await begun(first);
  for (const one of it.crashes) {
    await playToCrash(runs.at(-1) ?? first, journal, one);
    // A run that cannot open its account says so and does not begin; whoever minds it tries again.
    first.paper.setFaults([]);
    runs.push(
      await openPaperRun({
        ...setup,
        after: first,
        faults: it.faults,
        journal,
      }),
    );
  }
  const last = runs.at(-1) ?? first;
  await playUntil(last, last.clock.now() + 15 * MINUTE_MS);
  return { first, runs, last };
}

/** How the edges ended, over all runs of a journal. */
export function endsOf(journal: MemoryJournal): readonly EdgeSettled[] {
  return [...journal.read()].flatMap(({ effects }) =>
    effects.flatMap((effect) =>
      effect.type === "tell" && effect.notice.type === "edge.settled"
        ? [effect.notice]
        : []
    )
  );
}
