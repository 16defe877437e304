import assert from "node:assert/strict";
import {
  type GatewayInput,
  type GatewayOutput,
  type GatewayState,
  NEW_CONNECTION,
  stepGateway,
} from "../../../../src/adapters/brokers/paper/gateway/gateway_session.ts";
import { GATEWAY_DEFAULTS } from "../../../../src/adapters/brokers/paper/gateway/limits.ts";
import { headOf } from "../../../../src/adapters/brokers/paper/gateway/news.ts";
import type {
  GatewayRules,
  Session,
} from "../../../../src/adapters/brokers/paper/gateway/session.ts";

const RULES: GatewayRules = {
  limits: { ...GATEWAY_DEFAULTS, shardsMin: 2, intents: 7 },
  token: "secret",
  resumeUrl: "ws://paper/gateway/resume",
  accountId: "paper-main",
};

const IDENTIFY = { token: "Bot secret", shard: [1, 2], intents: 3 };
const STARTED: GatewayInput = {
  type: "started",
  verdict: "taken",
  sessionId: "one",
  accountSeq: 41,
};
const NEWS = {
  symbol: "EURUSD",
  intent: 1,
  head: headOf("ORDER_UPDATE", { order: 1 }),
};

function said(op: unknown, d?: unknown): GatewayInput {
  return { type: "received", data: JSON.stringify({ op, d }) };
}

/** Plays inputs one after another, a millisecond apart; gives where it stands and the last answer. */
function play(
  inputs: readonly GatewayInput[],
  from: GatewayState = NEW_CONNECTION,
): readonly [GatewayState, readonly GatewayOutput[]] {
  let state = from;
  let outputs: readonly GatewayOutput[] = [];
  for (const [at, input] of inputs.entries()) {
    [state, outputs] = stepGateway(RULES, state, input, at);
  }
  return [state, outputs];
}

/** The code that a connection is closed with, if it is, and what becomes of the session. */
function endOf(outputs: readonly GatewayOutput[]): readonly unknown[] {
  return outputs.flatMap((output): readonly unknown[] =>
    output.type === "close"
      ? [output.code]
      : output.type === "leave" || output.type === "forget"
      ? [output.type]
      : []
  );
}

function framesOf(outputs: readonly GatewayOutput[]): readonly unknown[] {
  return outputs.flatMap((output) =>
    output.type === "send" ? [JSON.parse(output.frame)] : []
  );
}

const [READY] = play([said(2, IDENTIFY), STARTED]);

/** What a client does, and the code it gets before and after it has a session; `null` for none. */
const CODES: readonly (readonly [
  string,
  GatewayInput,
  number | null,
  number | null,
])[] = [
  ["a heartbeat", said(1, null), null, null],
  ["a heartbeat without d", said(1), null, null],
  ["a heartbeat of a wrong form", said(1, "five"), 4002, 4002],
  ["identify", said(2, IDENTIFY), null, 4005],
  ["resume", said(6, { token: "secret", session_id: "x", seq: 1 }), null, 4005],
  [
    "resume without a seq",
    said(6, { token: "secret", session_id: "x" }),
    null,
    4005,
  ],
  [
    "resume without a session",
    said(6, { token: "secret", seq: 1 }),
    4002,
    4002,
  ],
  ["presence", said(3, {}), 4003, null],
  ["voice", said(4, {}), 4003, null],
  ["members", said(8, {}), 4003, null],
  ["soundboard", said(31, {}), 4003, null],
  ["channel info", said(43, {}), 4003, null],
  ["an op of brokers", said(10, {}), 4001, 4001],
  ["an op that is none", said(99), 4001, 4001],
  ["an op that is no number", said("1"), 4002, 4002],
  ["no op", { type: "received", data: "{}" }, 4002, 4002],
  ["no object", { type: "received", data: "[]" }, 4002, 4002],
  ["no JSON", { type: "received", data: "{" }, 4002, 4002],
  ["no text", { type: "received", data: new Uint8Array(2) }, 4002, 4002],
  ["4096 bytes", { type: "received", data: sized(4_096) }, null, null],
  ["4097 bytes", { type: "received", data: sized(4_097) }, 4002, 4002],
  [
    "4097 bytes in fewer characters",
    { type: "received", data: sized(4_097, "é") },
    4002,
    4002,
  ],
  ["a wrong token", said(2, { ...IDENTIFY, token: "secre" }), 4004, 4005],
  ["no token", said(2, { shard: [1, 2] }), 4002, 4002],
  [
    "a shard beyond its count",
    said(2, { ...IDENTIFY, shard: [2, 2] }),
    4010,
    4005,
  ],
  ["a shard below none", said(2, { ...IDENTIFY, shard: [-1, 2] }), 4010, 4005],
  ["a shard of no count", said(2, { ...IDENTIFY, shard: [0] }), 4010, 4005],
  ["too many shards", said(2, { ...IDENTIFY, shard: [0, 16_385] }), 4010, 4005],
  [
    "a shard that is no number",
    said(2, { ...IDENTIFY, shard: ["0", 2] }),
    4002,
    4002,
  ],
  ["too few shards", said(2, { ...IDENTIFY, shard: [0, 1] }), 4011, 4005],
  ["too few shards, unsaid", said(2, { token: "secret" }), 4011, 4005],
  ["intents that are none", said(2, { ...IDENTIFY, intents: 16 }), 4013, 4005],
  [
    "intents that are no number",
    said(2, { ...IDENTIFY, intents: "all" }),
    4013,
    4005,
  ],
  [
    "intents that are not allowed",
    said(2, { ...IDENTIFY, intents: 8 }),
    4014,
    4005,
  ],
  ["silence", { type: "silent" }, 4009, 4009],
  ["a session that went on elsewhere", { type: "taken" }, 4000, 4000],
];

function sized(bytes: number, filler = "x"): string {
  const encoder = new TextEncoder();
  const around = encoder.encode('{"op":1,"x":""}').length;
  const one = encoder.encode(filler).length;
  const text = filler.repeat(Math.floor((bytes - around) / one));
  const frame = `{"op":1,"x":"${text}"}`;
  return frame + " ".repeat(bytes - encoder.encode(frame).length);
}

Deno.test("stepGateway() closes with the code that is documented", () => {
  for (const [what, input, before, after] of CODES) {
    const codeOf = (from: GatewayState) =>
      endOf(play([input], from)[1]).find((one) => typeof one === "number");
    assert.equal(codeOf(NEW_CONNECTION) ?? null, before, `${what}, before`);
    assert.equal(codeOf(READY) ?? null, after, `${what}, after`);
  }
});

Deno.test("stepGateway() leaves a session that can be resumed, and forgets one that cannot", () => {
  const kept = (code: number) =>
    endOf(play([{ type: "close", code, reason: "" }], READY)[1]);
  for (const code of [1000, 1001, 1011, 3000, 4000, 4001, 4002, 4008, 4009]) {
    assert.deepEqual(kept(code), ["leave", code]);
  }
  for (const code of [4004, 4007, 4010, 4011, 4012, 4013, 4014]) {
    assert.deepEqual(kept(code), ["forget", code]);
  }
  const ended = (code: number) =>
    endOf(play([{ type: "ended", code }], READY)[1]);
  for (const code of [0, 1005, 1006, 3000, 3024, 4000, 4200]) {
    assert.deepEqual(ended(code), ["leave"]);
  }
  for (const code of [1000, 1001]) assert.deepEqual(ended(code), ["forget"]);
});

Deno.test("stepGateway() greets, and turns away what it does not speak", () => {
  const opened = (version: string | null, encoding: string | null) =>
    play([{ type: "opened", version, encoding }])[1];
  for (const version of [null, "10"]) {
    assert.deepEqual(framesOf(opened(version, "json")), [
      { op: 10, d: { heartbeat_interval: 41_250 }, s: null, t: null },
    ]);
  }
  assert.deepEqual(endOf(opened("9", null)), [4012]);
  assert.deepEqual(endOf(opened("10", "etf")), [4012]);
});

Deno.test("stepGateway() asks before a session starts, and says what came of it", () => {
  const [asking, asked] = play([said(2, IDENTIFY)]);
  assert.deepEqual(asked, [{ type: "start", shard: [1, 2] }]);
  const answered = (verdict: "taken" | "too_soon" | "exhausted") =>
    play([{ ...STARTED, verdict }], asking);
  const [ready, told] = answered("taken");
  assert.deepEqual(framesOf(told), [{
    op: 0,
    t: "READY",
    s: 1,
    d: {
      v: 10,
      user: { id: "paper-main", username: "paper-main", bot: true },
      guilds: [],
      session_id: "one",
      resume_gateway_url: "ws://paper/gateway/resume",
      shard: [1, 2],
      application: { id: "paper-main", flags: 0 },
      account_id: "paper-main",
      seq: 41,
    },
  }]);
  assert.equal(ready.stage, "ready");
  const [again, refused] = answered("too_soon");
  assert.deepEqual(framesOf(refused), [{ op: 9, d: false, s: null, t: null }]);
  assert.equal(play([said(2, IDENTIFY)], again)[0].stage, "starting");
  assert.deepEqual(endOf(answered("exhausted")[1]), [4004]);
});

Deno.test("stepGateway() tells a session what it wants to hear, numbered without a gap", () => {
  const [state, outputs] = play([
    { type: "told", news: NEWS },
    { type: "told", news: { ...NEWS, intent: 4 } },
    { type: "told", news: NEWS },
  ], READY);
  assert.deepEqual(framesOf(outputs), [
    { op: 0, t: "ORDER_UPDATE", s: 3, d: { order: 1 } },
  ]);
  assert.equal(sessionOf(state).seq, 3);
  assert.deepEqual(play([{ type: "told", news: NEWS }])[1], []);
});

Deno.test("stepGateway() tells again what was missed, then that it goes on", () => {
  const told: GatewayInput = { type: "told", news: NEWS };
  const session = sessionOf(play([told, told, told], READY)[0]);
  const resumed = (seq: number, found: Session | null = session) =>
    play([
      said(6, { token: "secret", session_id: "one", seq }),
      { type: "found", session: found },
    ]);
  const [state, outputs] = resumed(2);
  const seen = framesOf(outputs).map((
    frame,
  ) => [Object(frame).t, Object(frame).s]);
  assert.deepEqual(seen, [["ORDER_UPDATE", 3], ["ORDER_UPDATE", 4], [
    "RESUMED",
    5,
  ]]);
  assert.equal(sessionOf(state).id, "one");
  assert.deepEqual(framesOf(resumed(4)[1]).length, 1);
  assert.deepEqual(endOf(resumed(5)[1]), ["forget", 4007]);
  assert.deepEqual(framesOf(resumed(2, null)[1]), [
    { op: 9, d: false, s: null, t: null },
  ]);
  // On the same connection it may identify at once.
  assert.equal(resumed(2, null)[0].stage, "greeting");
});

Deno.test("stepGateway() says that a session is invalid, and takes it back on the same connection", () => {
  const [greeting, outputs] = play(
    [{ type: "invalidate", resumable: true }],
    READY,
  );
  assert.deepEqual(endOf(outputs), ["leave"]);
  assert.deepEqual(framesOf(outputs), [{ op: 9, d: true, s: null, t: null }]);
  const session = sessionOf(READY);
  const [again] = play([
    said(6, { token: "secret", session_id: "one", seq: 1 }),
    { type: "found", session },
  ], greeting);
  assert.equal(sessionOf(again).seq, 2);
  const gone = play([{ type: "invalidate", resumable: false }], READY)[1];
  assert.deepEqual(endOf(gone), ["forget"]);
});

Deno.test("stepGateway() counts every frame of a connection over the last minute", () => {
  const beats = (state: GatewayState, count: number, at: number) => {
    let codes: readonly unknown[] = [];
    for (let sent = 0; sent < count; sent++) {
      const [next, outputs] = stepGateway(RULES, state, said(1, null), at);
      state = next;
      codes = [...codes, ...endOf(outputs)];
    }
    return [state, codes] as const;
  };
  const [full, none] = beats(READY, 119, 0);
  assert.deepEqual(none, []);
  // Identify was the first of 120.
  assert.deepEqual(beats(full, 1, 59_999)[1], ["leave", 4008]);
  assert.deepEqual(beats(full, 120, 60_000)[1], []);
  assert.deepEqual(beats(full, 121, 60_000)[1], ["leave", 4008]);
  // A window that begins anew each minute would let 240 through around its edge.
  const [half] = beats(READY, 59, 50_000);
  assert.deepEqual(beats(half, 62, 70_000)[1], ["leave", 4008]);
});

Deno.test("stepGateway() does nothing more once it is closed", () => {
  const [closed] = play([{ type: "ended", code: 1006 }], READY);
  for (const [, input] of CODES) {
    assert.deepEqual(play([input], closed), [closed, []]);
  }
});

function sessionOf(state: GatewayState): Session {
  return state.stage === "ready"
    ? state.session
    : assert.fail(`no session while ${state.stage}`);
}
