import assert from "node:assert/strict";
import { SqliteJournal } from "../../src/adapters/journal/sqlite_journal.ts";
import { openJournalForReading } from "../../src/adapters/journal/journal_reader.ts";
import { verifyJournal } from "../../src/adapters/journal/verify_journal.ts";
import { VirtualClock } from "../../src/adapters/clock/virtual_clock.ts";
import { auditRecord } from "../../src/app/record/record_audit.ts";
import { encodeState, STATE_FORMAT } from "../../src/domain/state_codec.ts";
import { DAY_MS } from "../../src/domain/time.ts";
import { Engine, type NewEvent } from "../../src/runtime/engine.ts";
import { MemoryJournal } from "../../src/runtime/memory_journal.ts";
import type { Checkpoint, Journal } from "../../src/runtime/ports.ts";
import { replay, restore } from "../../src/runtime/restore.ts";
import { CHECKPOINT_EVERY, RETENTION_MS } from "../../src/runtime/upkeep.ts";
import { clockSession, instant } from "../support/clock_session.ts";
import { plainDefinition, plainInfo } from "../support/core_run.ts";
import { CLOSE_ALL, held, openPaperRun } from "../support/paper_run.ts";
import { scratchJournal, tamper } from "../support/scratch_journal.ts";

const FROM_AT = instant("2026-11-23T12:00:00Z");

const LOADED: readonly NewEvent[] = [
  {
    type: "file.loaded",
    runId: "run",
    hash: "",
    definition: plainDefinition([clockSession(CLOSE_ALL)]),
    dryRun: false,
    fromAt: FROM_AT,
    armed: true,
  },
  { type: "account.opened", account: "main", info: plainInfo() },
];

const CLOSE: NewEvent = {
  type: "close.requested",
  request: "a",
  session: null,
  account: "main",
  action: "close_all",
  positions: null,
  ordersOnly: false,
};

/** Lead to nothing at all. */
function idle(count: number): readonly NewEvent[] {
  return Array.from(
    { length: count },
    () => ({ type: "timer.due", timer: "x", dueAt: 0 }) as const,
  );
}

/** A record in memory that is kept short as one on disk is. */
class LastingJournal extends MemoryJournal {
  override readonly path = "desk.db";
  /** How often something was dropped, or tried to. */
  drops = 0;

  override dropBefore(before: number): boolean {
    this.drops += 1;
    return super.dropBefore(before);
  }
}

function openEngine(journal: Journal, clock = new VirtualClock(FROM_AT)) {
  const failures: unknown[] = [];
  const engine = new Engine({
    clock,
    journal,
    perform: () => {},
    onFailure: (error) => failures.push(error),
  });
  return { engine, failures, clock };
}

Deno.test("Engine keeps its state when enough was written and nothing is under way", () => {
  const journal = new LastingJournal();
  const { engine } = openEngine(journal);
  engine.post(...LOADED);
  engine.post(...idle(CHECKPOINT_EVERY - 3));
  assert.deepEqual(journal.checkpoints(), []);
  engine.post(CLOSE);
  engine.post(...idle(10));
  assert.deepEqual(journal.checkpoints(), [], "a close is under way");
  engine.post({
    type: "positions.read",
    account: "main",
    request: 1,
    snapshot: { seq: 1, positions: [], orders: [], fills: [] },
  });
  const [kept] = journal.checkpoints();
  assert.deepEqual(kept, {
    seq: CHECKPOINT_EVERY + 11,
    recordedAt: FROM_AT,
    stateFormat: STATE_FORMAT,
    state: encodeState(engine.state),
  });
});

Deno.test("Engine goes on from a kept state as from the whole record", () => {
  const journal = new LastingJournal();
  const first = openEngine(journal);
  first.engine.post(...LOADED, ...idle(CHECKPOINT_EVERY));
  first.engine.post(CLOSE);
  assert.equal(journal.checkpoints().length, 1);
  const { state, fromSeq } = restore(journal);
  assert.equal(fromSeq, CHECKPOINT_EVERY + 2);
  assert.deepEqual(state, first.engine.state);
  assert.deepEqual(state, replay(journal.read()));
  const second = openEngine(journal);
  second.engine.post(...LOADED);
  assert.equal(second.engine.state.seq, CHECKPOINT_EVERY + 5);
});

Deno.test("Engine keeps its state at once when it had to read too much", () => {
  const journal = new LastingJournal();
  const at = FROM_AT;
  const events = [...LOADED, CLOSE, ...idle(CHECKPOINT_EVERY)];
  journal.append(events.map((event, index) => ({
    seq: index + 1,
    recordedAt: at,
    event: { ...event, at } as Parameters<
      Journal["append"]
    >[0][number]["event"],
    effects: [],
  })));
  const { engine } = openEngine(journal);
  assert.equal(journal.checkpoints()[0]?.seq, events.length);
  assert.equal(Object.keys(engine.state.jobs).length, 1);
});

Deno.test("Engine drops what is old enough, and only then", async () => {
  const journal = new LastingJournal();
  const { engine, clock } = openEngine(journal);
  engine.post(...LOADED, ...idle(CHECKPOINT_EVERY));
  await clock.run(FROM_AT + DAY_MS);
  engine.post(...idle(CHECKPOINT_EVERY));
  engine.post(...idle(CHECKPOINT_EVERY));
  const first = () => [...journal.read()][0]?.seq;
  assert.equal(first(), 1);
  await clock.run(FROM_AT + RETENTION_MS + 1);
  engine.post(...idle(CHECKPOINT_EVERY));
  assert.equal(first(), CHECKPOINT_EVERY + 3, "what is a day younger stays");
  assert.deepEqual(restore(journal).state, engine.state);
  const { drops } = journal;
  engine.post(...idle(1));
  assert.equal(journal.drops, drops, "not again on the same day");
});

Deno.test("Engine leaves a record in memory as it is", () => {
  const journal = new MemoryJournal();
  openEngine(journal).engine.post(...LOADED, ...idle(CHECKPOINT_EVERY + 1));
  assert.deepEqual(journal.checkpoints(), []);
});

Deno.test("restore() passes over states of another form, and says so where they alone are left", () => {
  const journal = new LastingJournal();
  const { engine } = openEngine(journal);
  engine.post(...LOADED, ...idle(CHECKPOINT_EVERY));
  const foreign = (seq: number): Checkpoint => ({
    seq,
    recordedAt: FROM_AT,
    stateFormat: STATE_FORMAT + 1,
    state: "?",
  });
  journal.keep(foreign(engine.state.seq));
  assert.deepEqual(restore(journal).state, engine.state);
  assert.equal(restore(journal).fromSeq, 0);
  engine.post(...idle(1));
  journal.keep(foreign(engine.state.seq));
  while (journal.dropBefore(8.64e15));
  assert.throws(() => restore(journal), {
    code: "journal/unreadable",
    message: /entries before 5003 were dropped/,
  });
});

Deno.test("a start on disk takes the older state where the newest is damaged, and verify names it", async () => {
  await using at = await scratchJournal();
  let live: string;
  {
    using journal = new SqliteJournal(at.path);
    const { engine, failures } = openEngine(journal);
    engine.post(...LOADED, ...idle(CHECKPOINT_EVERY));
    engine.post(...idle(CHECKPOINT_EVERY));
    engine.post(CLOSE);
    assert.deepEqual(failures, []);
    live = encodeState(engine.state);
  }
  tamper(
    at.path,
    `UPDATE checkpoints SET state = replace(state, '"seq":', '"seq": ')
      WHERE seq = ${2 * CHECKPOINT_EVERY + 2}`,
  );
  using journal = new SqliteJournal(at.path);
  const { state, fromSeq } = restore(journal);
  assert.equal(fromSeq, CHECKPOINT_EVERY + 2);
  assert.equal(encodeState(state), live);
  const report = verifyJournal(at.path);
  assert.ok(report.kind === "read");
  assert.equal(report.sound, false);
  assert.deepEqual(report.brokenCheckpoints, [2 * CHECKPOINT_EVERY + 2]);
  const { isClean, flaws } = auditRecord(at.path, { fromAt: null, toAt: null });
  assert.equal(isClean, false);
  assert.deepEqual(flaws.map(({ kind, seq }) => [kind, seq]), [
    ["state_changed", 2 * CHECKPOINT_EVERY + 2],
  ]);
});

Deno.test("a journal on disk gives the space of dropped entries back, and is sound afterwards", async () => {
  await using at = await scratchJournal();
  using journal = new SqliteJournal(at.path);
  const { engine, clock, failures } = openEngine(journal);
  engine.post(...LOADED, ...idle(4 * CHECKPOINT_EVERY));
  engine.post(...idle(CHECKPOINT_EVERY));
  await clock.run(FROM_AT + RETENTION_MS + 1);
  const before = Deno.statSync(at.path).size;
  for (let batch = 0; batch < 20; batch++) engine.post(...idle(1));
  assert.deepEqual(failures, []);
  {
    using reader = openJournalForReading(at.path);
    assert.equal(reader.droppedThrough, 4 * CHECKPOINT_EVERY + 2);
  }
  journal[Symbol.dispose]();
  const after = Deno.statSync(at.path).size;
  assert.ok(after < before / 2, `${before} bytes before, ${after} after`);
  const report = verifyJournal(at.path);
  assert.ok(report.kind === "read" && report.sound);
  assert.equal(report.first?.seq, 4 * CHECKPOINT_EVERY + 3);
});

Deno.test("a journal of another file is refused, and left as it is", async () => {
  const journal = new MemoryJournal();
  {
    await using run = await openPaperRun({
      journal,
      account: { name: "one", positions: [held("EURUSD")] },
      sessions: [{ ...CLOSE_ALL, name: "london", account: "one" }],
    });
    await run.playUntil("2026-11-23T16:31:00Z");
  }
  const { length } = [...journal.read()];
  await assert.rejects(
    openPaperRun({
      journal,
      account: { name: "two" },
      sessions: [{ ...CLOSE_ALL, name: "tokyo", account: "two" }],
    }),
    { code: "journal/other-file", message: /no session and no account/ },
  );
  assert.equal([...journal.read()].length, length);
  await using again = await openPaperRun({
    journal,
    account: { name: "two" },
    sessions: [{ ...CLOSE_ALL, name: "london", account: "two" }],
  });
  again.runtime.start();
});

for (const dryRun of [true, false]) {
  const [first, second] = dryRun ? ["live", "dry"] : ["dry", "live"];
  Deno.test(`a journal of ${first} runs is refused to a ${second} run, and left as it is`, async () => {
    const journal = new MemoryJournal();
    const account = { positions: [held("EURUSD")] };
    {
      await using run = await openPaperRun({
        journal,
        account,
        dryRun: !dryRun,
      });
      await run.playUntil("2026-11-23T16:29:30Z");
    }
    const { length } = [...journal.read()];
    await assert.rejects(openPaperRun({ journal, account, dryRun }), {
      code: "journal/dry-run",
      message: new RegExp(`for a ${second} run: ${first} runs wrote it`),
    });
    assert.equal([...journal.read()].length, length);
    await using again = await openPaperRun({
      journal,
      account,
      dryRun: !dryRun,
    });
    again.runtime.start();
  });
}
