import assert from "node:assert/strict";
import { auditJournal } from "../../src/domain/audit.ts";
import type { Session } from "../../src/domain/definition.ts";
import { COMPARED_MS } from "../../src/domain/file_difference.ts";
import type { FileReloaded } from "../../src/domain/notice.ts";
import { restartNeeds } from "../../src/domain/reload.ts";
import { replay } from "../../src/runtime/engine.ts";
import {
  clockSession,
  clockWindow,
  closeMoment,
  instant,
  isoText,
} from "../support/clock_session.ts";
import {
  CLOSE_ALL,
  held,
  openPaperRun,
  paperDefinition,
  type PaperRun,
  type PaperRunSetup,
} from "../support/paper_run.ts";

const END = "desk/2026-11-23/end";

function endsAt(end: string, more: Partial<Session> = {}): Partial<Session> {
  return { ...CLOSE_ALL, window: clockWindow("08:00", end, "UTC"), ...more };
}

/** A run in the middle of its session. */
async function runAt(
  iso: string,
  setup: PaperRunSetup = {},
): Promise<PaperRun> {
  const run = await openPaperRun({
    from: "2026-11-23T07:00:00Z",
    account: { positions: [held("EURUSD")] },
    ...setup,
  });
  await run.playUntil(iso);
  return run;
}

async function edit(
  { runtime, clock }: PaperRun,
  sessions: readonly Partial<Session>[],
): Promise<FileReloaded> {
  const definition = runtime.state.run?.definition;
  assert.ok(definition);
  return await clock.runFor(
    runtime.reload({ ...definition, sessions: sessions.map(clockSession) }),
  );
}

/** What became of the edges, and that the record is whole. */
function told({ settled, journal, runtime, paper }: PaperRun) {
  assert.deepEqual(replay(journal.read()), runtime.state);
  const report = auditJournal(journal.read(), {
    fromAt: null,
    toAt: null,
    isRunning: true,
    before: null,
  });
  assert.deepEqual(report.findings, []);
  assert.deepEqual(paper.audit().duplicates, []);
  return settled().filter(({ reason, outcome }) =>
    reason !== null || outcome !== "done"
  ).map(({ edge, dueAt, outcome, reason }) =>
    [edge, isoText(dueAt).slice(11, 16), outcome, reason ?? ""].join(" ").trim()
  );
}

Deno.test("Runtime.reload() fires a moved edge at its new time, and not at the old one", async () => {
  await using run = await runAt("2026-11-23T12:00:00Z");
  const { sessions, edges, untilAt } = await edit(run, [endsAt("17:00")]);
  assert.deepEqual(sessions, { added: [], removed: [], changed: ["desk"] });
  assert.equal(untilAt, instant("2026-11-23T12:00:00Z") + COMPARED_MS);
  assert.deepEqual([edges.added, edges.removed], [[], []]);
  assert.equal(edges.changed.length, 7, "one for each day");
  assert.deepEqual(edges.changed[0], {
    edge: END,
    dueAt: instant("2026-11-23T17:00:00Z"),
    actions: ["close_all"],
    wasDueAt: instant("2026-11-23T16:30:00Z"),
    wasActions: ["close_all"],
  });
  await run.playUntil("2026-11-23T16:59:00Z");
  assert.deepEqual(told(run), []);
  await run.playUntil("2026-11-23T17:05:00Z");
  assert.deepEqual(told(run), [`${END} 17:00 flat_verified`]);
});

Deno.test("Runtime.reload() fires a moved edge earlier where it is moved to an earlier time", async () => {
  await using run = await runAt("2026-11-23T12:00:00Z");
  await edit(run, [endsAt("12:01")]);
  await run.playUntil("2026-11-23T18:00:00Z");
  assert.deepEqual(told(run), [`${END} 12:01 flat_verified`]);
});

Deno.test("Runtime.reload() fires no edge whose new time has passed, and says so once", async () => {
  await using run = await runAt("2026-11-23T12:00:00Z");
  const { edges } = await edit(run, [endsAt("10:00")]);
  assert.equal(edges.removed[0]?.edge, END, "it will not run");
  assert.deepEqual(told(run), [`${END} 10:00 skipped edited`]);
  await edit(run, [endsAt("10:00", { profit: "gross" })]);
  await run.playUntil("2026-11-23T18:00:00Z");
  assert.deepEqual(told(run), [`${END} 10:00 skipped edited`]);
  assert.equal(run.paper.state.positions.size, 1);
  await run.playUntil("2026-11-24T10:05:00Z");
  assert.equal(run.edge("desk/2026-11-24/end").outcome, "flat_verified");
});

Deno.test("Runtime.reload() leaves out a new moment of today that has passed", async () => {
  await using run = await runAt("2026-11-23T12:00:00Z");
  await edit(run, [
    endsAt("16:30", { moments: [closeMoment("brunch", "11:00", "UTC")] }),
  ]);
  assert.deepEqual(told(run), [
    "desk/2026-11-23/brunch 11:00 skipped edited",
  ]);
});

Deno.test("Runtime.reload() leaves a session alone that is the same, and arms and tells nothing anew", async () => {
  await using run = await runAt("2026-11-23T12:00:00Z");
  const waiting = () => JSON.stringify(run.runtime.state.sessions);
  const before = waiting();
  const count = run.notices.length;
  const { sessions, edges } = await edit(run, [CLOSE_ALL]);
  assert.deepEqual(sessions, { added: [], removed: [], changed: [] });
  assert.deepEqual(edges, { added: [], removed: [], changed: [] });
  assert.equal(run.notices.length, count + 1);
  assert.equal(waiting(), before);
});

Deno.test("Runtime.reload() lets a close that is under way end by its old plan, edited or removed", async () => {
  for (const sessions of [[], [endsAt("16:30", { onEnd: [] })]]) {
    await using run = await runAt("2026-11-23T16:30:00Z", {
      account: {
        positions: [held("EURUSD"), held("GBPUSD")],
        latencyMs: 2_500,
      },
    });
    await edit(run, sessions);
    assert.deepEqual(Object.keys(run.runtime.state.jobs), [END]);
    await run.playUntil("2026-11-23T16:32:00Z");
    assert.deepEqual(told(run), [`${END} 16:30 flat_verified`]);
    assert.equal(run.edge(END).closed, 2);
  }
});

Deno.test("Runtime.reload() fires what is due at this instant by the old file", async () => {
  await using run = await runAt("2026-11-23T12:00:00Z");
  // Time passes, and the loop has not looked yet.
  const { clock, runtime } = run;
  const now = clock.now.bind(clock);
  clock.now = () => instant("2026-11-23T16:30:00Z");
  const definition = runtime.state.run?.definition;
  assert.ok(definition);
  const reloaded = runtime.reload({ ...definition, sessions: [] });
  clock.now = now;
  await clock.runFor(reloaded);
  await run.playUntil("2026-11-23T16:32:00Z");
  assert.deepEqual(told(run), [`${END} 16:30 flat_verified`]);
});

Deno.test("an edge that is moved behind its own close comes due once more, after it", async () => {
  await using run = await runAt("2026-11-23T16:30:00Z", {
    faults: [{ on: "positions", times: 6, do: { kind: "no_answer" } }],
    sessions: [endsAt("16:30", { deadlineMs: 600_000 })],
  });
  await edit(run, [endsAt("16:31", { deadlineMs: 600_000 })]);
  await run.playUntil("2026-11-23T16:50:00Z");
  assert.deepEqual(told(run), [
    `${END} 16:30 flat_verified`,
    `${END} 16:31 flat_verified`,
  ]);
  const fired = run.notices.filter(({ type }) => type === "edge.fired");
  assert.equal(fired.length, 3, "a start and two ends");
});

Deno.test("Runtime.reload() lets a session join as at a start, and come back without firing twice", async () => {
  const lunch = {
    ...CLOSE_ALL,
    name: "lunch",
    window: clockWindow("11:00", "13:00", "UTC"),
    onStart: ["close_loss"] as const,
  };
  await using run = await runAt("2026-11-23T12:00:00Z");
  const { edges } = await edit(run, [CLOSE_ALL, lunch]);
  assert.equal(edges.added[0]?.edge, "lunch/2026-11-23/end");
  const joined = "lunch/2026-11-23/start 11:00 skipped joined_late";
  assert.deepEqual(told(run), [joined]);
  await edit(run, [CLOSE_ALL]);
  await edit(run, [CLOSE_ALL, lunch]);
  await run.playUntil("2026-11-23T13:01:00Z");
  assert.deepEqual(told(run), [
    joined,
    "lunch/2026-11-23/end 13:00 flat_verified",
  ]);
  await edit(run, [CLOSE_ALL]);
  await run.playUntil("2026-11-24T12:30:00Z");
  assert.equal(told(run).length, 3, "lunch is gone");
});

Deno.test("Runtime.reload() does not close again by a lead that has come already", async () => {
  const early = endsAt("16:30", { leadMs: 30 * 60_000 });
  await using run = await runAt("2026-11-23T16:10:00Z", { sessions: [early] });
  await edit(run, [{ ...early, leadMs: 5 * 60_000 }]);
  await edit(run, []);
  await edit(run, [early]);
  await run.playUntil("2026-11-23T17:00:00Z");
  assert.deepEqual(told(run), [`${END} 16:00 flat_verified`]);
});

Deno.test("Runtime.reload() keeps a pause and a skip", async () => {
  await using run = await runAt("2026-11-23T12:00:00Z");
  const { runtime, clock } = run;
  await clock.runFor(
    runtime.control({ type: "edge.skip_requested", edge: END, wish: "skip" }),
  );
  await edit(run, [endsAt("17:00")]);
  await run.playUntil("2026-11-23T17:05:00Z");
  assert.deepEqual(told(run), [`${END} 17:00 skipped user`]);
});

Deno.test("a run that begins after an edit goes on from the edited file", async () => {
  await using first = await runAt("2026-11-23T12:00:00Z");
  await edit(first, [endsAt("17:00")]);
  first.runtime.abandon();
  await using second = await openPaperRun({
    sessions: [endsAt("17:00")],
    account: { positions: [held("EURUSD")] },
    after: first,
  });
  await second.playUntil("2026-11-23T17:05:00Z");
  assert.equal(second.edge(END).outcome, "flat_verified");
  const recovered = second.notices.find(({ type }) => type === "run.recovered");
  assert.ok(recovered?.type === "run.recovered" && !recovered.edited);
});

Deno.test("Runtime.reload() is refused while a run ends", async () => {
  await using run = await runAt("2026-11-23T16:30:00Z", {
    account: { positions: [held("EURUSD")], latencyMs: 2_500 },
  });
  const stopped = run.runtime.stop("leave", "user");
  await assert.rejects(edit(run, []), { code: "runtime/stopped" });
  await run.clock.runFor(stopped);
});

Deno.test("a session of an account that the run has not opened is told and left", async () => {
  await using run = await runAt("2026-11-23T12:00:00Z");
  await edit(run, [{ ...CLOSE_ALL, account: "other" }]);
  await run.playUntil("2026-11-23T17:05:00Z");
  const odd = run.notices.filter(({ type }) => type === "anomaly");
  assert.equal(odd.length, 1);
});

Deno.test("restartNeeds() names what an open account, a journal and an alarm cannot follow", () => {
  const definition = paperDefinition([]);
  const [account] = definition.accounts;
  assert.ok(account?.kind === "paper");
  assert.deepEqual(
    restartNeeds(definition, {
      ...definition,
      onStop: "close",
      timezone: "Asia/Tokyo",
    }),
    [],
  );
  assert.deepEqual(
    restartNeeds(definition, {
      ...definition,
      accounts: [{ ...account, seed: 8 }, { ...account, name: "second" }],
      journal: "other.db",
      heartbeat: { url: "https://ping.example.com", everyMs: 60_000 },
    }),
    [
      'it adds account "second"',
      'it changes account "main"',
      "it moves the journal",
      "it changes the heartbeat",
    ],
  );
  assert.deepEqual(
    restartNeeds(definition, {
      ...definition,
      accounts: [{ ...account, name: "second" }],
      notify: [{
        webhook: "https://hooks.example.com",
        form: "json",
        events: ["flat"],
      }],
    }),
    [
      'it adds account "second"',
      'it removes account "main"',
      "it changes who is notified",
    ],
  );
});
