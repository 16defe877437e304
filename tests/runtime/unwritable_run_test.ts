import assert from "node:assert/strict";
import type { FaultRule } from "../../src/adapters/brokers/paper/faults.ts";
import { CarillonError } from "../../src/domain/error.ts";
import { replay } from "../../src/runtime/engine.ts";
import { clockSession } from "../support/clock_session.ts";
import { diskFull, FaultyJournal } from "../support/faulty_journal.ts";
import {
  CLOSE_ALL,
  held,
  openPaperRun,
  type PaperRun,
} from "../support/paper_run.ts";

const END = "desk/2026-11-23/end";

/** Every holding is closed, by as much as was opened, and no order asked for more. */
function assertClosedOnce({ paper }: PaperRun): void {
  const { exposures, duplicates } = paper.audit();
  assert.deepEqual(duplicates, []);
  assert.equal(exposures.length, 2);
  for (const { key, openedQty, closedQty } of exposures) {
    assert.equal(closedQty, openedQty, key);
  }
}

function journalNotices(run: PaperRun): readonly string[] {
  return run.notices.map(({ type }) => type)
    .filter((type) => type.startsWith("journal."));
}

Deno.test("a disk that is full across an edge does not keep positions open, and the record is made up for", async () => {
  const journal = new FaultyJournal();
  await using run = await openPaperRun({
    journal,
    account: { positions: [held("EURUSD"), held("GBPUSD")] },
  });
  await run.playUntil("2026-11-23T16:29:30Z");
  journal.fault = diskFull();
  await run.playUntil("2026-11-23T16:35:00Z");
  assert.equal(run.edge(END).outcome, "flat_verified");
  assert.deepEqual(journalNotices(run), ["journal.unwritable"]);
  assertClosedOnce(run);
  const events = () => [...journal.read()].map(({ event }) => event.type);
  assert.ok(!events().includes("edge.due"));
  journal.fault = null;
  await run.playUntil("2026-11-23T16:36:00Z");
  assert.deepEqual(journalNotices(run), [
    "journal.unwritable",
    "journal.restored",
  ]);
  assert.ok(events().includes("edge.due"));
  assert.deepEqual(replay(journal.read()), run.runtime.state);
});

Deno.test("a run whose disk stays full ends with an error, after everything due was closed", async () => {
  const journal = new FaultyJournal();
  await using run = await openPaperRun({
    journal,
    account: { positions: [held("EURUSD"), held("GBPUSD")] },
  });
  await run.playUntil("2026-11-23T16:29:30Z");
  journal.fault = diskFull();
  await run.playUntil("2026-11-23T16:35:00Z");
  assert.throws(
    () => run.runtime.addSession(clockSession({ ...CLOSE_ALL, name: "new" })),
    { code: "journal/unwritable", message: /Cannot add session "new"/ },
  );
  await assert.rejects(run.stop(), (error) => {
    assert.ok(error instanceof CarillonError);
    assert.equal(error.code, "journal/unwritable");
    assert.match(error.message, /entries of the run on record/);
    assert.ok(error.message.includes(`${END} (flat_verified)`));
    return true;
  });
  assert.equal(run.notices.at(-1)?.type, "run.stopped");
  assertClosedOnce(run);
});

/** What the broker does with the first run's orders; its answers may never come. */
const HALF_WAY: readonly {
  readonly name: string;
  readonly fault: FaultRule;
}[] = [
  { name: "was answered", fault: { on: "positions", do: { kind: "lost" } } },
  {
    name: "was carried out and never answered",
    fault: { on: "submit", do: { kind: "no_answer" } },
  },
  { name: "never arrived", fault: { on: "submit", do: { kind: "lost" } } },
  {
    name: "was filled in part, with the rest still working",
    fault: {
      on: "submit",
      do: { kind: "partial", percent: 40, rest: "working" },
    },
  },
];

for (const { name, fault } of HALF_WAY) {
  Deno.test(`a run killed with nothing of its close on record closes nothing twice after a restart, where its order ${name}`, async () => {
    const journal = new FaultyJournal();
    await using first = await openPaperRun({
      journal,
      account: { positions: [held("EURUSD"), held("GBPUSD")] },
    });
    await first.playUntil("2026-11-23T16:29:30Z");
    const onRecord = [...journal.read()].length;
    journal.fault = diskFull();
    first.paper.setFaults([{ ...fault, after: fault.on === "submit" ? 0 : 1 }]);
    await first.playUntil("2026-11-23T16:30:00.300Z");
    assert.ok(first.notices.some(({ type }) => type === "order.sent"));
    first.runtime.abandon();
    assert.equal([...journal.read()].length, onRecord);
    journal.fault = null;
    first.paper.setFaults([]);
    await using second = await openPaperRun({ journal, after: first });
    await second.playUntil("2026-11-23T16:40:00Z");
    assert.equal(second.edge(END).outcome, "flat_verified");
    assertClosedOnce(second);
  });

  Deno.test(`a run killed with nothing on record of a close before its time closes nothing twice after a restart, where its order ${name}`, async () => {
    const journal = new FaultyJournal();
    await using first = await openPaperRun({
      journal,
      from: "2026-11-23T16:00:00Z",
      account: { positions: [held("EURUSD"), held("GBPUSD")] },
    });
    await first.playUntil("2026-11-23T16:01:00Z");
    const onRecord = [...journal.read()].length;
    journal.fault = diskFull();
    first.paper.setFaults([{ ...fault, after: fault.on === "submit" ? 0 : 1 }]);
    // The record knows the edge as one that is still ahead: the worst that can be lost.
    first.runtime.advance(END).catch(() => {});
    await first.clock.run(first.clock.now() + 300);
    assert.ok(first.notices.some(({ type }) => type === "order.sent"));
    first.runtime.abandon();
    assert.equal([...journal.read()].length, onRecord);
    journal.fault = null;
    first.paper.setFaults([]);
    await using second = await openPaperRun({ journal, after: first });
    await second.playUntil("2026-11-23T16:40:00Z");
    assert.equal(second.edge(END).outcome, "flat_verified");
    assertClosedOnce(second);
  });
}
