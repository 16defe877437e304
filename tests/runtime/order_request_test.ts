import assert from "node:assert/strict";
import { decimal } from "../../src/domain/decimal.ts";
import type { Session } from "../../src/domain/definition.ts";
import { replay } from "../../src/runtime/engine.ts";
import type { OrderRequest } from "../../src/runtime/runtime.ts";
import { clock } from "../support/clock_session.ts";
import {
  CLOSE_ALL,
  held,
  openPaperRun,
  type PaperRun,
} from "../support/paper_run.ts";
import {
  answerWord,
  holdings,
  orderRequest,
  place,
} from "../support/place_order.ts";

const MORNING = "2026-11-23T10:00:00Z";

const DESK: Partial<Session> = { ...CLOSE_ALL, onEnd: [] };

Deno.test("place() sends an order in the session's name, and settles with the broker's answer", async () => {
  await using run = await openPaperRun({ sessions: [DESK], from: MORNING });
  await run.playUntil(MORNING);
  const answer = await place(run);
  assert.equal(answer.type, "order.answered");
  assert.equal(answerWord(answer), "accepted");
  assert.equal(answer.type === "order.answered" && answer.status, "filled");
  assert.deepEqual(holdings(run), ["EURUSD +1000"]);
  const [held] = run.paper.state.positions.values();
  assert.equal(held?.tag, "desk");
  assert.deepEqual(replay(run.journal.read()), run.runtime.state);
});

Deno.test("place() gives an order the tag that its session's scope asks for", async () => {
  const scope = {
    written: true,
    symbols: null,
    except: [],
    tag: "swing",
    session: null,
  };
  await using run = await openPaperRun({
    sessions: [{ ...CLOSE_ALL, scope }],
    from: MORNING,
  });
  await run.playUntil(MORNING);
  await place(run);
  assert.equal([...run.paper.state.positions.values()][0]?.tag, "swing");
  await run.playUntil("2026-11-23T16:31:00Z");
  assert.deepEqual(holdings(run), [], "its own close reaches what it opened");
});

Deno.test("place() makes ids that a replay makes again, and a repeat never", async () => {
  await using run = await openPaperRun({ sessions: [DESK], from: MORNING });
  await run.playUntil(MORNING);
  const first = await place(run);
  const second = await place(run);
  const ids = [first, second].map((answer) =>
    answer.type === "order.answered" ? answer.clientOrderId : ""
  );
  assert.match(ids[0] ?? "", /^o[0-9a-z]{24}$/);
  assert.notEqual(ids[0], ids[1]);
  assert.deepEqual(holdings(run), ["EURUSD +2000"]);
});

interface Refusal {
  readonly why: string;
  readonly reason: string;
  readonly says: RegExp;
  readonly session?: Partial<Session>;
  readonly request?: Partial<OrderRequest>;
  readonly at?: string;
  readonly dryRun?: boolean;
}

const REFUSALS: readonly Refusal[] = [
  {
    why: "for an account that the run does not have",
    reason: "unknown_account",
    says: /no account "other"/,
    request: { account: "other" },
  },
  {
    why: "for a session that the run does not have",
    reason: "unknown_session",
    says: /no session "other"/,
    request: { session: "other" },
  },
  {
    why: "for a quantity of nothing",
    reason: "quantity",
    says: /not above 0/,
    request: { qty: decimal("0") },
  },
  {
    why: "for a limit price of nothing",
    reason: "price",
    says: /not above 0/,
    request: { limitPrice: decimal("0") },
  },
  {
    why: "in a dry run",
    reason: "dry_run",
    says: /nothing is sent/,
    dryRun: true,
  },
  {
    why: "for a symbol outside the session's scope",
    reason: "out_of_scope",
    says: /"VTI" is outside the scope of session "desk"/,
    session: {
      scope: {
        written: true,
        symbols: null,
        except: ["VTI"],
        tag: null,
        session: null,
      },
    },
    request: { symbol: "VTI" },
  },
  {
    why: "while the session is closed",
    reason: "session_closed",
    says: /"desk" is closed; it opens at 2026-11-24 08:00 UTC/,
    at: "2026-11-23T16:30:00Z",
  },
  {
    why: "outside the window for entries",
    reason: "outside_entries",
    says: /lets no entries in from 2026-11-23 08:00 UTC to 2026-11-23 11:00/,
    session: { entries: { from: clock("11:00"), until: null } },
  },
  {
    why: "in the last minutes",
    reason: "no_new_entries",
    says: /during its last 10m/,
    session: { noNewEntriesMs: 600_000 },
    at: "2026-11-23T16:20:00Z",
  },
  {
    why: "in a blackout",
    reason: "blackout",
    says: /has a blackout from 2026-11-23 09:55/,
    session: {
      blackouts: [{
        from: clock("09:55"),
        to: clock("10:05"),
        refuseEntries: true,
        actions: [],
      }],
    },
  },
  {
    why: "once a close is due, before its instant",
    reason: "close_due",
    says: /desk\/2026-11-23\/end is due/,
    session: { onEnd: ["close_all"], leadMs: 120_000 },
    at: "2026-11-23T16:28:00Z",
  },
];

for (const { why, reason, says, session, request, at, dryRun } of REFUSALS) {
  Deno.test(`place() refuses an order ${why}`, async () => {
    await using run = await openPaperRun({
      sessions: [{ ...DESK, ...session }],
      from: MORNING,
      dryRun: dryRun ?? false,
    });
    await run.playUntil(at ?? MORNING);
    const answer = await place(run, request);
    assert.equal(answerWord(answer), reason);
    assert.match(answer.message ?? "", says);
    assert.deepEqual(holdings(run), []);
    assert.deepEqual(replay(run.journal.read()), run.runtime.state);
  });
}

Deno.test("place() refuses an entry while a close reaches its symbol, and lets it in after", async () => {
  await using run = await openPaperRun({
    account: { positions: [held("EURUSD")] },
    sessions: [
      {
        ...DESK,
        moments: [{ name: "noon", at: clock("12:00"), actions: ["close_all"] }],
      },
    ],
    from: MORNING,
    faults: [{ on: "close", do: { kind: "working", fill_after_ms: 20_000 } }],
  });
  await run.playUntil("2026-11-23T12:00:10Z");
  const meanwhile = await place(run);
  assert.equal(answerWord(meanwhile), "close_under_way");
  assert.match(
    meanwhile.message ?? "",
    /"desk\/2026-11-23\/noon" is closing EURUSD/,
  );
  await run.playUntil("2026-11-23T12:01:00Z");
  assert.equal(run.edge("desk/2026-11-23/noon").outcome, "flat_verified");
  assert.equal(answerWord(await place(run)), "accepted");
  assert.deepEqual(holdings(run), ["EURUSD +1000"]);
});

Deno.test("place() refuses an entry of a run that is stopping", async () => {
  await using run = await openPaperRun({
    account: { positions: [held("EURUSD")] },
    sessions: [
      {
        ...DESK,
        moments: [{ name: "noon", at: clock("12:00"), actions: ["close_all"] }],
      },
    ],
    from: MORNING,
    faults: [{ on: "close", do: { kind: "working", fill_after_ms: 20_000 } }],
  });
  await run.playUntil("2026-11-23T12:00:10Z");
  const stopped = run.runtime.stop("leave", "user");
  assert.equal(answerWord(await place(run, { symbol: "GBPUSD" })), "stopping");
  await run.clock.runFor(stopped);
});

Deno.test("place() refuses an entry of a session that the user has paused, and lets a position be reduced", async () => {
  await using run = await openPaperRun({
    account: { positions: [held("EURUSD")] },
    sessions: [DESK],
    from: MORNING,
  });
  await run.playUntil(MORNING);
  await run.runtime.control({ type: "pause.requested", session: "desk" });
  assert.equal(answerWord(await place(run)), "paused");
  assert.equal(answerWord(await place(run, { session: null })), "accepted");
  const reduced = await place(run, { side: "sell", closes: "EURUSD" });
  assert.equal(answerWord(reduced), "accepted");
  await run.runtime.control({ type: "pause.requested", session: null });
  assert.equal(answerWord(await place(run, { session: null })), "paused");
});

Deno.test("stop() waits for the answer to an order that is on its way", async () => {
  await using run = await openPaperRun({
    sessions: [DESK],
    from: MORNING,
    faults: [{ on: "submit", after: 1, do: { kind: "delay", ms: 3_000 } }],
  });
  await run.playUntil(MORNING);
  await place(run);
  const answer = run.runtime.place(orderRequest({ symbol: "GBPUSD" }));
  await run.clock.runFor(run.runtime.stop("close", "user"));
  assert.equal(answerWord(await answer), "accepted");
  assert.deepEqual(holdings(run), [], "and closes what both opened");
});

Deno.test("place() is told what the broker refused, and why", async () => {
  await using run = await openPaperRun({
    sessions: [DESK],
    from: MORNING,
    faults: [{ on: "submit", do: { kind: "reject", reason: "order/margin" } }],
  });
  await run.playUntil(MORNING);
  const answer = await place(run);
  assert.equal(answerWord(answer), "refused");
  assert.equal(answer.reason, "order/margin");
});

Deno.test("place() asks what became of an order whose answer was lost, and sends it no second time", async () => {
  await using run = await openPaperRun({
    sessions: [DESK],
    from: MORNING,
    faults: [{ on: "submit", do: { kind: "lost" } }],
  });
  await run.playUntil(MORNING);
  assert.equal(answerWord(await place(run)), "unknown");
  await run.playUntil("2026-11-23T10:05:00Z");
  assert.deepEqual(statuses(run), ["unknown", "unsent"]);
  assert.equal(run.paper.state.orderCount, 0);
});

Deno.test("place() hears by the stream of an order whose answer never comes", async () => {
  await using run = await openPaperRun({
    sessions: [DESK],
    from: MORNING,
    faults: [{ on: "submit", do: { kind: "no_answer" } }],
  });
  await run.playUntil(MORNING);
  assert.equal(answerWord(await place(run)), "accepted");
  await run.playUntil("2026-11-23T10:05:00Z");
  assert.deepEqual(statuses(run), ["filled"]);
  assert.deepEqual(holdings(run), ["EURUSD +1000"]);
});

function statuses(run: PaperRun): readonly string[] {
  return run.notices.filter((notice) => notice.type === "order.changed")
    .map(({ status }) => status);
}

Deno.test("place() sends nothing where the lists before the first order cannot be read", async () => {
  await using run = await openPaperRun({
    sessions: [DESK],
    from: MORNING,
    faults: [{ on: "positions", do: { kind: "status", status: 500 } }],
  });
  await run.playUntil(MORNING);
  assert.equal(answerWord(await place(run)), "unreadable");
  assert.deepEqual(holdings(run), []);
});

Deno.test("place() lets a position be reduced at any time, but by no more than is there", async () => {
  await using run = await openPaperRun({
    account: { positions: [held("EURUSD")] },
    sessions: [{ ...DESK, noNewEntriesMs: 600_000 }],
    from: "2026-11-23T16:25:00Z",
  });
  await run.playUntil("2026-11-23T16:25:00Z");
  const reduce = { side: "sell", closes: "EURUSD" } as const;
  const part = await place(run, { ...reduce, qty: decimal("400") });
  assert.equal(answerWord(part), "accepted");
  const more = await place(run, { ...reduce, qty: decimal("700") });
  assert.equal(answerWord(more), "exceeds_position");
  assert.match(more.message ?? "", /"700" asked, "600" of position "EURUSD"/);
  const wrong = await place(run, { closes: "EURUSD" });
  assert.equal(answerWord(wrong), "unknown_position");
  assert.deepEqual(holdings(run), ["EURUSD +600"]);
  assert.deepEqual(run.paper.audit().duplicates, []);
});

Deno.test("place() reduces nothing that a close under way has already sent for", async () => {
  await using run = await openPaperRun({
    account: { positions: [held("EURUSD")] },
    sessions: [
      {
        ...DESK,
        moments: [{ name: "noon", at: clock("12:00"), actions: ["close_all"] }],
      },
    ],
    from: MORNING,
    faults: [{ on: "close", do: { kind: "working", fill_after_ms: 20_000 } }],
  });
  await run.playUntil("2026-11-23T12:00:10Z");
  const answer = await place(run, { side: "sell", closes: "EURUSD" });
  assert.equal(answerWord(answer), "exceeds_position");
  await run.playUntil("2026-11-23T12:01:00Z");
  assert.equal(run.edge("desk/2026-11-23/noon").outcome, "flat_verified");
  assert.deepEqual(run.paper.audit().duplicates, []);
});

Deno.test("a close waits for an entry that is on its way, and closes what it opens", async () => {
  await using run = await openPaperRun({
    sessions: [{ ...CLOSE_ALL }],
    from: "2026-11-23T16:29:59Z",
    faults: [{ on: "submit", after: 1, do: { kind: "delay", ms: 5_000 } }],
  });
  await run.playUntil("2026-11-23T16:29:59Z");
  await place(run, { symbol: "GBPUSD" });
  const answer = run.runtime.place(orderRequest());
  await run.playUntil("2026-11-23T16:31:30Z");
  assert.equal(answerWord(await answer), "accepted");
  const end = run.edge("desk/2026-11-23/end");
  assert.equal(end.outcome, "flat_verified");
  assert.equal(end.closed, 2);
  assert.deepEqual(holdings(run), []);
});

Deno.test("a close cancels a working entry, and is not flat before that has an end", async () => {
  await using run = await openPaperRun({
    sessions: [{ ...CLOSE_ALL }],
    from: "2026-11-23T16:29:00Z",
  });
  await run.playUntil("2026-11-23T16:29:00Z");
  const answer = await place(run, { limitPrice: decimal("0.01") });
  assert.equal(answer.type === "order.answered" && answer.status, "working");
  await run.playUntil("2026-11-23T16:31:30Z");
  assert.equal(run.edge("desk/2026-11-23/end").outcome, "flat_verified");
  assert.deepEqual(run.paper.state.working, []);
  assert.deepEqual(run.runtime.state.accounts["main"]?.orders, {});
});

Deno.test("a close says unknown where an order is said to be filled and never shows, once", async () => {
  await using run = await openPaperRun({
    sessions: [{ ...CLOSE_ALL }],
    from: "2026-11-23T16:29:00Z",
    faults: [{ on: "submit", times: 1, do: { kind: "lie_filled" } }],
  });
  await run.playUntil("2026-11-23T16:29:00Z");
  assert.equal(answerWord(await place(run)), "accepted");
  await run.playUntil("2026-11-24T16:32:00Z");
  const end = run.edge("desk/2026-11-23/end");
  assert.deepEqual([end.outcome, end.reason], ["unknown", "unseen"]);
  assert.equal(run.edge("desk/2026-11-24/end").outcome, "flat_verified");
});

Deno.test("an order that rests is asked about more and more rarely, since the stream tells", async () => {
  await using run = await openPaperRun({ sessions: [DESK], from: MORNING });
  await run.playUntil(MORNING);
  await place(run, { limitPrice: decimal("0.01") });
  const before = [...run.journal.read()].length;
  await run.playUntil("2026-11-24T10:00:00Z");
  const asked = [...run.journal.read()].slice(before)
    .filter(({ event }) => event.type === "order.reported");
  assert.ok(asked.length > 0 && asked.length < 120, `${asked.length} a day`);
});
