import assert from "node:assert/strict";
import fc from "fast-check";
import type { FaultRule } from "../../src/adapters/brokers/paper/faults.ts";
import type {
  Action,
  Hook,
  Session,
  StopPolicy,
} from "../../src/domain/definition.ts";
import { decimal } from "../../src/domain/decimal.ts";
import { CarillonError } from "../../src/domain/error.ts";
import { step } from "../../src/domain/step.ts";
import { emptyState } from "../../src/domain/state.ts";
import { decodeState, encodeState } from "../../src/domain/state_codec.ts";
import { MINUTE_MS } from "../../src/domain/time.ts";
import { MemoryJournal } from "../../src/runtime/memory_journal.ts";
import type { HookRunner, Journal } from "../../src/runtime/ports.ts";
import {
  clockSession,
  clockWindow,
  closeMoment,
  instant,
  isoText,
} from "../support/clock_session.ts";
import { held, openPaperRun, type PaperRun } from "../support/paper_run.ts";

/** How many runs are tried. */
const RUNS = 500;

const FROM_AT = instant("2026-11-23T10:00:00Z");
const LONG_MS = 150 * MINUTE_MS;

const HOOK: Hook = {
  source: { kind: "function", handle: "f" },
  permissions: { net: [], read: [], write: [], env: [], import: [] },
  isolation: "auto",
  timeoutMs: MINUTE_MS,
  onFailure: "continue",
  overlap: "skip",
  params: "{}",
};

// Few distinct minutes, so that edges of several sessions fall together.
const minute = fc.integer({ min: 0, max: 12 }).map((n) => n * 10);
const action = fc.constantFrom<Action>(
  "close_all",
  "close_win",
  "close_loss",
  "custom_start",
  "custom_end",
);
const actions = fc.array(action, { maxLength: 3 });

function timeText(minutes: number): string {
  const at = isoText(FROM_AT + minutes * MINUTE_MS);
  return at.slice(11, 16);
}

const session: fc.Arbitrary<Partial<Session>> = fc.record({
  start: minute,
  length: fc.integer({ min: 1, max: 9 }).map((n) => n * 10),
  onStart: actions,
  onEnd: actions,
  moment: fc.option(minute),
  leadMs: fc.constantFrom(0, 0, 90_000),
  cancelOrders: fc.boolean(),
}).map(({ start, length, moment, ...more }) => ({
  ...more,
  window: clockWindow(timeText(start), timeText(start + length), "UTC"),
  moments: moment === null
    ? []
    : [closeMoment("moment", timeText(moment), "UTC")],
  customStart: HOOK,
  customEnd: HOOK,
}));

const fault: fc.Arbitrary<FaultRule> = fc.record({
  on: fc.constantFrom("close", "find", "positions", "any"),
  after: fc.integer({ min: 0, max: 5 }),
  times: fc.oneof(fc.integer({ min: 1, max: 4 }), fc.constant(null)),
  do: fc.constantFrom<FaultRule["do"]>(
    { kind: "status", status: 500, carry_out: true },
    { kind: "status", status: 429, retry_after_ms: 4_000 },
    { kind: "no_answer" },
    { kind: "partial", percent: 30 },
    { kind: "working", fill_after_ms: 20_000 },
    { kind: "lie_filled" },
    { kind: "market_closed" },
    { kind: "stale_positions", reads: 2, as_of_now: true },
  ),
});

const hookEnd = fc.constantFrom("returns", "throws", "hangs", "takes a minute");

/** What somebody does in the middle of a run. */
const deed = fc.record({
  at: fc.integer({ min: 0, max: LONG_MS }),
  what: fc.oneof(
    fc.record({ kind: fc.constant("close" as const) }),
    fc.record({ kind: fc.constant("act" as const), actions }),
    fc.record({ kind: fc.constant("add" as const), session }),
    fc.record({ kind: fc.constant("remove" as const) }),
    fc.record({
      kind: fc.constant("reload" as const),
      sessions: fc.array(session, { minLength: 1, maxLength: 4 }),
    }),
  ),
});

const play = fc.record({
  sessions: fc.array(session, { minLength: 1, maxLength: 4 }),
  faults: fc.array(fault, { maxLength: 3 }),
  hookEnds: fc.array(hookEnd, { minLength: 1, maxLength: 4 }),
  mode: fc.constantFrom("netting" as const, "hedging" as const),
  quantities: fc.array(fc.integer({ min: 1, max: 3_000 }), { maxLength: 3 }),
  latencyMs: fc.constantFrom(0, 30, 2_500),
  deeds: fc.array(deed, { maxLength: 3 }),
  endAt: fc.integer({ min: 0, max: LONG_MS }),
  end: fc.constantFrom<StopPolicy | "abandon">(
    "leave",
    "cancel_orders",
    "close",
    "abandon",
  ),
});
type Play = typeof play extends fc.Arbitrary<infer P> ? P : never;

const SYMBOLS = ["EURUSD", "GBPUSD", "USDJPY"] as const;

/** Hooks that end one after the other as told; one that hangs hangs until the run is over. */
function hooksOf(
  ends: Play["hookEnds"],
  now: () => PaperRun | null,
): HookRunner {
  let calls = 0;
  return {
    async run(_, signal) {
      const end = ends[calls++ % ends.length];
      if (end === "throws") throw new Error("thrown");
      if (end === "hangs") {
        // What a runner does of its own accord: it gives up after the hook's time.
        const clock = now()?.clock;
        await clock?.sleepUntil(clock.now() + MINUTE_MS, signal);
        throw new CarillonError("hook/timed-out", "hung");
      }
      const clock = now()?.clock;
      if (end === "takes a minute") {
        await clock?.sleepUntil(clock.now() + MINUTE_MS / 2, signal);
      }
    },
  };
}

async function openPlay(it: Play, journal: Journal, from: number) {
  let run: PaperRun | null = null;
  run = await openPaperRun({
    account: {
      mode: it.mode,
      latencyMs: it.latencyMs,
      positions: it.quantities.map((qty, index) =>
        held(SYMBOLS[index] ?? "EURUSD", String(qty), {
          side: index % 2 === 0 ? "long" : "short",
          price: index === 1 ? decimal("9") : null,
        })
      ),
    },
    sessions: it.sessions.map((one, index) => ({ ...one, name: `s${index}` })),
    faults: it.faults,
    from: isoText(from),
    hooks: hooksOf(it.hookEnds, () => run),
    journal,
  });
  return run;
}

function doDeed(run: PaperRun, { what }: Play["deeds"][number]): void {
  const ignore = () => {};
  const { runtime } = run;
  if (what.kind === "close") {
    runtime.close({
      session: null,
      account: "main",
      action: "close_all",
      positions: null,
      ordersOnly: false,
    }).catch(ignore);
  } else if (what.kind === "act") {
    runtime.act("s0", what.actions).catch(ignore);
  } else if (what.kind === "remove") {
    runtime.removeSession("s0");
  } else if (what.kind === "reload") {
    const definition = runtime.state.run?.definition;
    if (definition === undefined) return;
    const sessions = what.sessions.map((one, index) =>
      clockSession({ ...one, name: `s${index}` })
    );
    runtime.reload({ ...definition, sessions }).catch(ignore);
  } else {
    const definition = runtime.state.run?.definition.sessions[0];
    if (definition === undefined) return;
    runtime.addSession({ ...definition, ...what.session, name: "added" });
  }
}

/**
 * Folds the core over a record and holds every step to what is on record; once as it is, and once
 * with every third state written down and read back, as a start from a checkpoint does.
 */
function replayExactly(journal: Journal) {
  let state = emptyState();
  let kept = emptyState();
  let seq = 0;
  for (const entry of journal.read()) {
    const [next, effects] = step(state, entry.event);
    assert.deepEqual(effects, entry.effects);
    assert.equal(entry.seq, ++seq);
    const [other, same] = step(kept, entry.event);
    assert.deepEqual(same, entry.effects, "from a checkpoint");
    state = next;
    kept = seq % 3 === 0 ? decodeState(encodeState(other)) : other;
  }
  assert.deepEqual(
    JSON.parse(encodeState(kept)),
    JSON.parse(encodeState(state)),
  );
  return state;
}

Deno.test(`folding the core over a journal gives the live state, whatever happened in the run (${RUNS} runs)`, async () => {
  const seen = new Map<string, number>();
  const count = (what: string) => seen.set(what, (seen.get(what) ?? 0) + 1);
  await fc.assert(
    fc.asyncProperty(play, async (it) => {
      const journal = new MemoryJournal();
      await using run = await openPlay(it, journal, FROM_AT);
      await run.playUntil(isoText(Math.max(FROM_AT, run.clock.now())));
      const deeds = it.deeds.filter(({ at }) => at < it.endAt)
        .toSorted((a, b) => a.at - b.at);
      for (const one of deeds) {
        await run.clock.run(Math.max(FROM_AT + one.at, run.clock.now()));
        doDeed(run, one);
        count(one.what.kind);
      }
      await run.clock.run(Math.max(FROM_AT + it.endAt, run.clock.now()));
      if (it.end === "abandon") run.runtime.abandon();
      else await run.stop(it.end);
      count(it.end);
      assert.deepEqual(replayExactly(journal), run.runtime.state);
      const fired = run.notices.filter(({ type }) => type === "edge.fired");
      const { jobs } = run.runtime.state;
      const begun = Object.values(jobs).filter(({ heldBy }) =>
        heldBy.length === 0
      );
      // What was never begun: left out on joining, or asked of a session that is gone.
      const ended = run.settled().filter(({ reason }) =>
        reason !== "joined_late" && reason !== "unknown_session" &&
        reason !== "outside_hours" && reason !== "edited"
      );
      assert.equal(
        fired.length,
        ended.length + begun.length,
        "everything that began has ended once or is under way",
      );
      for (const { outcome } of ended) count(outcome);
      if (it.end !== "abandon") assert.deepEqual(jobs, {});
      if (begun.length > 0) count("under way");

      // A second run on the same record goes on counting: what was cut off at an edge is taken up
      // and ends once, what was asked for by hand is told.
      const { seq } = run.runtime.state;
      const [cut, asked] = [false, true].map((byHand) =>
        Object.values(jobs).filter(({ plan }) =>
          (plan.edge === null) === byHand
        )
      );
      await using again = await openPlay(it, journal, run.clock.now());
      again.runtime.start();
      assert.equal(
        again.settled().filter(({ reason, request }) =>
          reason === "interrupted" && request !== null
        ).length,
        asked?.length,
      );
      await again.clock.run(again.clock.now() + 30 * MINUTE_MS);
      for (const { plan } of cut ?? []) {
        const ends = again.settled().filter(({ edge }) => edge === plan.key);
        assert.equal(ends.length, 1, `${plan.key} ends once`);
      }
      again.runtime.abandon();
      assert.ok(again.runtime.state.seq > seq);
      assert.deepEqual(replayExactly(journal), again.runtime.state);
    }),
    { numRuns: RUNS, seed: 20261124 },
  );
  for (
    const what of [
      "close",
      "act",
      "add",
      "remove",
      "reload",
      "leave",
      "cancel_orders",
      "abandon",
      "flat_verified",
      "closed_verified",
      "done",
      "failed",
      "unknown",
      "under way",
    ]
  ) {
    assert.ok((seen.get(what) ?? 0) > 2, `${what}: ${seen.get(what) ?? 0}`);
  }
});
