import assert from "node:assert/strict";
import fc from "fast-check";
import { auditJournal } from "../../src/domain/audit.ts";
import { replay } from "../../src/runtime/engine.ts";
import {
  CrashingJournal,
  endsOf,
  play,
  schedule,
  setupOf,
} from "../support/crash_schedule.ts";

/** How many schedules are tried, and from where: `deno test ... -- --schedules=50000 --seed=7`. */
const SCHEDULES = argument("schedules", 2_000);
const SEED = argument("seed", 20261125);

function argument(name: string, fallback: number): number {
  const given = Deno.args.find((word) => word.startsWith(`--${name}=`));
  return given === undefined ? fallback : Number(given.slice(name.length + 3));
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
        const ends = endsOf(journal);
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
