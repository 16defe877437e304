import assert from "node:assert/strict";
import fc from "fast-check";
import type { Action } from "../../src/domain/definition.ts";
import { auditJournal } from "../../src/domain/audit.ts";
import { MINUTE_MS } from "../../src/domain/time.ts";
import type { EpochMs } from "../../src/domain/time.ts";
import { replay } from "../../src/runtime/engine.ts";
import { MemoryJournal } from "../../src/runtime/memory_journal.ts";
import type { Entry } from "../../src/runtime/ports.ts";
import { instant } from "../support/clock_session.ts";
import { faultRule, oneSided, paperPosition } from "../support/any_fault.ts";
import {
  CLOSE_ALL,
  openPaperRun,
  type PaperRun,
} from "../support/paper_run.ts";

/** How many schedules are tried, and from where: `deno test ... -- --schedules=50000 --seed=7`. */
const SCHEDULES = argument("schedules", 2_000);
const SEED = argument("seed", 20261125);

function argument(name: string, fallback: number): number {
  const given = Deno.args.find((word) => word.startsWith(`--${name}=`));
  return given === undefined ? fallback : Number(given.slice(name.length + 3));
}

const DUE_AT = instant("2026-11-23T16:30:00Z");

/** Where a run is killed. */
const crash = fc.record({
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

const schedule = fc.record({
  mode: fc.constantFrom("netting" as const, "hedging" as const),
  positions: fc.array(paperPosition, { maxLength: 4 }),
  faults: fc.array(faultRule, { maxLength: 3 }),
  latencyMs: fc.constantFrom(0, 40, 900),
  first: closing,
  second: fc.option(closing),
  crashes: fc.array(crash, { minLength: 1, maxLength: 4 }),
});
type Schedule = typeof schedule extends fc.Arbitrary<infer S> ? S : never;

/** A record that outlives the runs, and kills the one that writes it where it is told to. */
class CrashingJournal extends MemoryJournal {
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

function setupOf(it: Schedule) {
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

async function playUntil(run: PaperRun, at: EpochMs): Promise<void> {
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

async function play(it: Schedule, journal: CrashingJournal) {
  const setup = setupOf(it);
  const first = await openPaperRun({ ...setup, faults: it.faults, journal });
  const runs = [first];
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

Deno.test(`no schedule of crashes and faults closes anything twice, loses an edge, or is told flat when it is not (${SCHEDULES} schedules)`, async () => {
  const seen = new Map<string, number>();
  const count = (what: string) => seen.set(what, (seen.get(what) ?? 0) + 1);
  await fc.assert(
    fc.asyncProperty(schedule, async (it) => {
      const journal = new CrashingJournal();
      const { first, runs, last } = await play(it, journal);
      try {
        assert.deepEqual(
          first.paper.audit().duplicates,
          [],
          "the broker counts what is closed twice",
        );
        assert.deepEqual(replay(journal.read()), last.runtime.state);
        const ends = [...journal.read()].flatMap(({ effects }) =>
          effects.flatMap((effect) =>
            effect.type === "tell" && effect.notice.type === "edge.settled"
              ? [effect.notice]
              : []
          )
        );
        assert.deepEqual(
          ends.map(({ edge }) => edge).toSorted(),
          setupOf(it).sessions.map(({ name }) => `${name}/2026-11-23/end`)
            .toSorted(),
          "every edge ends once, over all runs",
        );
        for (const { outcome } of ends) {
          count(outcome);
          if (outcome !== "flat_verified") continue;
          assert.equal(first.paper.state.positions.size, 0, "flat is flat");
        }
        const report = auditJournal(journal.read(), {
          fromAt: null,
          toAt: null,
          isRunning: false,
          before: null,
        });
        const wrong = report.findings.filter(({ kind }) =>
          kind.startsWith("edge_")
        );
        assert.deepEqual(wrong, []);
        for (const run of runs) {
          for (const { type } of run.notices) count(type);
        }
      } finally {
        for (const run of runs.toReversed()) await run[Symbol.asyncDispose]();
      }
    }),
    { numRuns: SCHEDULES, seed: SEED },
  );
  for (
    const what of [
      "flat_verified",
      "closed_verified",
      "partially_closed",
      "unknown",
      "edge.resumed",
      "edge.fired",
      "order.sent",
    ]
  ) {
    assert.ok((seen.get(what) ?? 0) > 5, `${what}: ${seen.get(what) ?? 0}`);
  }
});
