import assert from "node:assert/strict";
import fc from "fast-check";
import { NO_TRIES } from "../../src/gateway/backoff.ts";
import type {
  InputType,
  ShardInput,
  ShardOutput,
  ShardPhase,
  ShardState,
} from "../../src/gateway/shard_life.ts";
import { SHARD_MOVES, stepShard } from "../../src/gateway/shard_state.ts";

const session = { id: "a", resumeUrl: "ws://gateway.test/resume", seq: 5 };
const beat = { intervalMs: 40_000, unansweredSince: null, latencyMs: null };
const tries = NO_TRIES;
const context = { at: 1_000, chance: 0.5 };

const states: { readonly [K in ShardPhase]: ShardState } = {
  idle: { kind: "idle", session: null },
  waiting: { kind: "waiting", session, tries },
  connecting: { kind: "connecting", session: null, tries },
  queued: { kind: "queued", beat, tries },
  identifying: { kind: "identifying", beat, tries },
  resuming: {
    kind: "resuming",
    session,
    beat,
    tries,
    replayed: 0,
    replayedAtLook: 0,
  },
  ready: { kind: "ready", session, beat, tries },
  parked: { kind: "parked", why: "spent", tries },
  held: { kind: "held", session, tries },
  dead: { kind: "dead", code: 4004, reason: "no" },
  stopped: { kind: "stopped", session: null },
};

const inputs: { readonly [T in InputType]: ShardInput } = {
  start: { type: "start" },
  hello: { type: "hello", intervalMs: 40_000 },
  ack: { type: "ack" },
  "beat.asked": { type: "beat.asked" },
  reconnect: { type: "reconnect" },
  invalid: { type: "invalid", resumable: false },
  ready: {
    type: "ready",
    seq: 1,
    sessionId: "b",
    resumeUrl: null,
    data: null,
  },
  resumed: { type: "resumed", seq: 6 },
  dispatch: { type: "dispatch", seq: 6, name: "QUOTE", data: null },
  strange: { type: "strange", op: 77 },
  unreadable: { type: "unreadable", why: "no JSON" },
  closed: { type: "closed", code: 1006, reason: "" },
  due: { type: "due", timer: "phase" },
  granted: { type: "granted" },
  denied: { type: "denied", why: "spent", afterMs: 5 },
  condemned: { type: "condemned", code: 4004, reason: "no" },
  full: { type: "full" },
  drained: { type: "drained" },
  stop: { type: "stop", keepSession: true },
};

/** What each input leads to, by state; absent means that it cannot be. */
const GRID: {
  readonly [K in ShardPhase]: { readonly [T in InputType]?: ShardPhase };
} = {
  idle: { start: "connecting", condemned: "dead", stop: "stopped" },
  waiting: { due: "connecting", condemned: "dead", stop: "stopped" },
  connecting: {
    hello: "queued",
    due: "waiting",
    denied: "parked",
    condemned: "dead",
    ...connected("connecting"),
  },
  queued: {
    due: "queued",
    granted: "identifying",
    denied: "parked",
    condemned: "dead",
    ...linked("queued"),
  },
  identifying: { ready: "ready", due: "waiting", ...linked("identifying") },
  resuming: {
    dispatch: "resuming",
    resumed: "ready",
    due: "waiting",
    full: "held",
    ...linked("resuming"),
  },
  ready: { dispatch: "ready", due: "ready", full: "held", ...linked("ready") },
  parked: { due: "connecting", condemned: "dead", stop: "stopped" },
  held: { drained: "connecting", stop: "stopped" },
  dead: { stop: "stopped" },
  stopped: {},
};

function connected(kind: ShardPhase): { [T in InputType]?: ShardPhase } {
  return {
    closed: "waiting",
    reconnect: "waiting",
    unreadable: "waiting",
    invalid: "waiting",
    strange: kind,
    stop: "stopped",
  };
}

function linked(kind: ShardPhase): { [T in InputType]?: ShardPhase } {
  return { ...connected(kind), ack: kind, "beat.asked": kind };
}

Deno.test("stepShard() leads from each state by each input where the grid says, and nowhere else", () => {
  let cells = 0;
  for (const state of Object.values(states)) {
    for (const input of Object.values(inputs)) {
      const step = stepShard(state, input, context);
      const expected = GRID[state.kind][input.type];
      const where = `${state.kind} by ${input.type}`;
      cells += 1;
      if (step.ok) assert.equal(step.state.kind, expected, where);
      else {
        assert.equal(expected, undefined, where);
        assert.deepEqual(step, {
          ok: false,
          from: state.kind,
          by: input.type,
        });
      }
    }
  }
  assert.equal(cells, 11 * 19);
  assert.deepEqual(Object.keys(SHARD_MOVES).sort(), Object.keys(GRID).sort());
});

/** A connection as the outputs make it, to be held to what may be done with one. */
class Watched {
  connection: "none" | "open" = "none";
  phase: "none" | "turn" | "identified" = "none";

  take(output: ShardOutput): void {
    switch (output.type) {
      case "connect":
        assert.equal(this.connection, "none", "one connection at a time");
        this.connection = "open";
        this.phase = "none";
        return;
      case "release":
        this.connection = "none";
        this.phase = "none";
        return;
      case "turn":
        assert.deepEqual([this.connection, this.phase], ["open", "none"]);
        this.phase = "turn";
        return;
      case "identify":
        assert.deepEqual([this.connection, this.phase], ["open", "turn"]);
        this.phase = "identified";
        return;
      case "heartbeat":
      case "resume":
      case "answered":
      case "steady":
        assert.equal(this.connection, "open", `${output.type} by a connection`);
        return;
      case "wait":
        assert.ok(output.ms >= 0 && output.ms <= 86_400_000, `${output.ms} ms`);
        assert.equal(this.connection === "none", output.timer === "wait");
        return;
      case "tell":
        return;
    }
  }
}

const anyInput: fc.Arbitrary<ShardInput> = fc.oneof(
  fc.constantFrom(...Object.values(inputs)).filter(({ type }) =>
    type !== "stop" && type !== "condemned"
  ),
  fc.nat(12).map((seq): ShardInput => ({
    type: "dispatch",
    seq,
    name: "QUOTE",
    data: null,
  })),
  fc.constantFrom<ShardInput>(
    { type: "due", timer: "beat" },
    { type: "due", timer: "wait" },
    { type: "invalid", resumable: true },
  ),
  fc.constantFrom(0, 1000, 4000, 4007, 4008, 4009, 4900).map((
    code,
  ): ShardInput => ({ type: "closed", code, reason: "" })),
);

Deno.test("stepShard() never identifies twice by one connection, beats without one, or leaves one behind", () => {
  fc.assert(
    fc.property(
      fc.array(fc.tuple(anyInput, fc.nat(9_999)), { maxLength: 200 }),
      (moves) => {
        const watched = new Watched();
        let state: ShardState = { kind: "idle", session: null };
        let told = 0;
        const all = [inputs.start, ...moves.map(([input]) => input)];
        for (const [index, input] of all.entries()) {
          const chance = (moves[index]?.[1] ?? 0) / 10_000;
          const step = stepShard(state, input, { at: index * 1_000, chance });
          if (!step.ok) continue;
          for (const output of step.outputs) {
            watched.take(output);
            if (output.type !== "tell") continue;
            const { event } = output;
            if (event.type === "ready") told = 1;
            if (event.type !== "dispatch" || event.seq === null) continue;
            assert.ok(event.seq > told, "each number once, in order");
            told = event.seq;
          }
          state = step.state;
        }
        const end = stepShard(state, inputs.stop, context);
        if (end.ok) end.outputs.forEach((output) => watched.take(output));
        assert.equal(watched.connection, "none");
      },
    ),
    { numRuns: 500 },
  );
});

Deno.test("stepShard() changes nothing that it was given", () => {
  const freeze = (value: unknown): void => {
    if (typeof value !== "object" || value === null) return;
    Object.freeze(value);
    Object.values(value).forEach(freeze);
  };
  for (const state of Object.values(states)) {
    freeze(state);
    for (const input of Object.values(inputs)) stepShard(state, input, context);
  }
});
