/**
 * The life of one shard as a table: for each state what each input leads to.
 *
 * Pure: time and chance come with the input, and what is asked of the world goes out as data. A
 * cell that is absent is a move that cannot be; it is told, and changes nothing.
 *
 * @module
 */

import { type DurationMs, SECOND_MS } from "../domain/time.ts";
import { invalidMs, NO_TRIES } from "./backoff.ts";
import { CLOSE, closeRule, isCut } from "./close_codes.ts";
import { loseConnection, type Loss } from "./lose_connection.ts";
import type {
  Beat,
  InputOf,
  InputType,
  ShardContext,
  ShardInput,
  ShardMove,
  ShardOutput,
  ShardPhase,
  ShardSession,
  ShardState,
  StateOf,
} from "./shard_life.ts";

/** How long a connection may take to its hello. @units milliseconds */
export const HELLO_MS_MAX: DurationMs = 20 * SECOND_MS;
/** How long an identify may go without its answer. @units milliseconds */
export const READY_MS_MAX: DurationMs = 15 * SECOND_MS;
/** How long a resume may go without anything being told. @units milliseconds */
export const RESUMED_MS_MAX: DurationMs = 30 * SECOND_MS;
/**
 * Shards that wait for the same reset come back within this time, each at another instant.
 *
 * @units milliseconds
 */
export const RESET_JITTER_MS: DurationMs = 5 * SECOND_MS;
/** How long a session lasts before what went wrong earlier is forgotten. @units milliseconds */
export const STEADY_MS: DurationMs = 30 * SECOND_MS;

type Cell<S extends ShardState, I extends ShardInput> = (
  state: S,
  input: I,
  context: ShardContext,
) => ShardMove;

type Row<S extends ShardState> = {
  readonly [T in InputType]?: Cell<S, InputOf<T>>;
};

type Linked = StateOf<"queued" | "identifying" | "resuming" | "ready">;
type Connected = StateOf<"connecting"> | Linked;

/** Every state can be told to stop. */
const STOPPABLE: Row<ShardState> = {
  stop: (state, input) => stop(state, input),
};

/** States that have, or are about to have, a connection. */
const CONNECTED: Row<Connected> = {
  ...STOPPABLE,
  closed: (state, input, context) => takeClose(state, input, context),
  reconnect: (state, _, context) =>
    leave(state, "the server asked for it", context),
  unreadable: (state, { why }, context) =>
    leave(state, `a frame is unreadable: ${why}`, context),
  invalid: (state, { resumable }, context) =>
    takeInvalid(state, resumable, context),
  strange: (state, { op }) => [state, [
    tell({ type: "anomaly", message: `The opcode ${op} is not known` }),
  ]],
};

/** States that have been greeted: their heart beats. */
const LINKED: Row<Linked> = {
  ...CONNECTED,
  ack: (state, _, { at }) => [acknowledged(state, at), []],
  "beat.asked": (state) => [state, [heartbeat(state, true)]],
};

/** Where each input leads. */
export const SHARD_MOVES: { readonly [K in ShardPhase]: Row<StateOf<K>> } = {
  idle: {
    ...STOPPABLE,
    start: ({ session }) => connect(session, NO_TRIES),
    condemned: (_, input) => condemn(input),
  },
  waiting: {
    ...STOPPABLE,
    due: ({ session, tries }) => connect(session, tries),
    condemned: (_, input) => condemn(input),
  },
  connecting: {
    ...CONNECTED,
    hello: (state, input, context) => greet(state, input, context),
    due: (state, _, context) =>
      leave(state, `no hello within ${HELLO_MS_MAX} ms`, context),
    denied: (state, input, context) => park(state, input, context),
    condemned: (_, input) => condemn(input),
  },
  queued: {
    ...LINKED,
    // The other wait is that for the hello, which has come.
    due: (state, { timer }, context) =>
      timer === "beat" ? beatOn(state, context) : [state, []],
    granted: (state) => identify(state),
    denied: (state, input, context) => park(state, input, context),
    condemned: (_, input) => condemn(input),
  },
  identifying: {
    ...LINKED,
    ready: (state, input) => begin(state, input),
    due: (state, { timer }, context) =>
      timer === "beat" ? beatOn(state, context) : leave(
        state,
        `no answer to the identify within ${READY_MS_MAX} ms`,
        context,
      ),
  },
  resuming: {
    ...LINKED,
    dispatch: (state, input) => takeMissed(state, input),
    resumed: (state, input) => goOn(state, input),
    due: (state, { timer }, context) =>
      timer === "beat" ? beatOn(state, context) : lookAtReplay(state, context),
    full: (state) => hold(state),
  },
  ready: {
    ...LINKED,
    dispatch: (state, input) => takeNews(state, input),
    due: (state, { timer }, context) =>
      timer === "beat" ? beatOn(state, context) : [
        { ...state, tries: NO_TRIES },
        [{ type: "steady" }],
      ],
    full: (state) => hold(state),
  },
  parked: {
    ...STOPPABLE,
    due: ({ tries }) => connect(null, tries),
    condemned: (_, input) => condemn(input),
  },
  held: {
    ...STOPPABLE,
    drained: ({ session, tries }) => connect(session, tries),
  },
  dead: STOPPABLE,
  stopped: {},
};

/** What one input led to. */
export type ShardStep =
  | {
    readonly ok: true;
    readonly state: ShardState;
    readonly outputs: readonly ShardOutput[];
  }
  /** Not a legal move; nothing changed. */
  | { readonly ok: false; readonly from: ShardPhase; readonly by: InputType };

/**
 * Takes one input in.
 *
 * @shape (ShardState, ShardInput, ShardContext) -> the next state and what is asked for, in order
 */
export function stepShard(
  state: ShardState,
  input: ShardInput,
  context: ShardContext,
): ShardStep {
  // The row belongs to the state's own kind and the cell to the input's own type, which the
  // compiler cannot follow through two look-ups.
  const row = SHARD_MOVES[state.kind] as Row<ShardState>;
  const cell = row[input.type] as Cell<ShardState, ShardInput> | undefined;
  if (cell === undefined) {
    return { ok: false, from: state.kind, by: input.type };
  }
  const [next, outputs] = cell(state, input, context);
  return { ok: true, state: next, outputs };
}

/** The session that a state could resume; `null` for none. */
export function sessionOf(state: ShardState): ShardSession | null {
  return "session" in state ? state.session : null;
}

function connect(
  session: ShardSession | null,
  tries: StateOf<"connecting">["tries"],
): ShardMove {
  return [
    { kind: "connecting", session, tries },
    [{ type: "connect", session }],
  ];
}

function greet(
  { session, tries }: StateOf<"connecting">,
  { intervalMs }: InputOf<"hello">,
  { chance }: ShardContext,
): ShardMove {
  const beat: Beat = { intervalMs, unansweredSince: null, latencyMs: null };
  const reached = { ...tries, unreached: 0 };
  // Shards that are greeted together must not beat together.
  const first: ShardOutput = wait("beat", Math.floor(intervalMs * chance));
  if (session === null) {
    return [{ kind: "queued", beat, tries: reached }, [
      first,
      { type: "turn" },
    ]];
  }
  return [
    {
      kind: "resuming",
      session,
      beat,
      tries: { ...reached, resumes: tries.resumes + 1 },
      replayed: 0,
      replayedAtLook: 0,
    },
    [first, { type: "resume", session }, wait("phase", RESUMED_MS_MAX)],
  ];
}

function identify({ beat, tries }: StateOf<"queued">): ShardMove {
  return [
    {
      kind: "identifying",
      beat,
      tries: { ...tries, identifies: tries.identifies + 1 },
    },
    [{ type: "identify" }, wait("phase", READY_MS_MAX)],
  ];
}

function begin(
  { beat, tries }: StateOf<"identifying">,
  { seq, sessionId, resumeUrl, data }: InputOf<"ready">,
): ShardMove {
  const session = { id: sessionId, resumeUrl, seq };
  return [
    { kind: "ready", session, beat, tries: { ...tries, resumes: 0 } },
    [
      { type: "answered" },
      tell({ type: "ready", sessionId, data }),
      wait("phase", STEADY_MS),
    ],
  ];
}

function takeMissed(
  state: StateOf<"resuming">,
  input: InputOf<"dispatch">,
): ShardMove {
  const [session, outputs] = takeSeq(state.session, input);
  const replayed = state.replayed + (outputs.length > 0 ? 1 : 0);
  return [{ ...state, session, replayed }, outputs];
}

function goOn(
  { session, beat, tries, replayed }: StateOf<"resuming">,
  { seq }: InputOf<"resumed">,
): ShardMove {
  const [next, gap] = seq === null ? [session, []] : countTo(session, seq);
  return [
    { kind: "ready", session: next, beat, tries: { ...tries, resumes: 0 } },
    [
      ...gap,
      tell({ type: "resumed", replayed }),
      wait("phase", STEADY_MS),
    ],
  ];
}

function takeNews(
  state: StateOf<"ready">,
  input: InputOf<"dispatch">,
): ShardMove {
  const [session, outputs] = takeSeq(state.session, input);
  return [session === state.session ? state : { ...state, session }, outputs];
}

/** News in its place: told once, with a gap before it where numbers did not come. */
function takeSeq(
  session: ShardSession,
  { seq, name, data }: InputOf<"dispatch">,
): readonly [ShardSession, readonly ShardOutput[]] {
  const news = tell({ type: "dispatch", seq, name, data });
  if (seq === null) return [session, [news]];
  if (seq <= session.seq) return [session, []];
  const [next, gap] = countTo(session, seq);
  return [next, [...gap, news]];
}

/** Counts on to a number; those between did not come. */
function countTo(
  session: ShardSession,
  seq: number,
): readonly [ShardSession, readonly ShardOutput[]] {
  if (seq <= session.seq) return [session, []];
  const next = { ...session, seq };
  const fromSeq = session.seq + 1;
  return seq === fromSeq
    ? [next, []]
    : [next, [tell({ type: "gap", fromSeq, toSeq: seq - 1 })]];
}

/** A server that tells nothing more does not come to the end of what was missed. */
function lookAtReplay(
  state: StateOf<"resuming">,
  context: ShardContext,
): ShardMove {
  if (state.replayed > state.replayedAtLook) {
    return [
      { ...state, replayedAtLook: state.replayed },
      [wait("phase", RESUMED_MS_MAX)],
    ];
  }
  return leave(
    state,
    `no answer to the resume within ${RESUMED_MS_MAX} ms`,
    context,
  );
}

function beatOn<S extends Linked>(
  state: S,
  context: ShardContext,
): ShardMove {
  const { beat } = state;
  if (beat.unansweredSince !== null) {
    const silentMs = Math.round(context.at - beat.unansweredSince);
    return leave(state, `no answer to a heartbeat in ${silentMs} ms`, context);
  }
  return [
    { ...state, beat: { ...beat, unansweredSince: context.at } },
    [heartbeat(state, false), wait("beat", beat.intervalMs)],
  ];
}

function acknowledged(state: Linked, at: DurationMs): ShardState {
  const { beat } = state;
  if (beat.unansweredSince === null) return state;
  const latencyMs = at - beat.unansweredSince;
  return { ...state, beat: { ...beat, unansweredSince: null, latencyMs } };
}

function heartbeat(state: Linked, asked: boolean): ShardOutput {
  return { type: "heartbeat", seq: sessionOf(state)?.seq ?? null, asked };
}

/** We end the connection so that the server keeps the session. */
function leave(
  state: Connected,
  reason: string,
  context: ShardContext,
): ShardMove {
  return loseConnection({
    ...lossOf(state),
    rule: "resume",
    code: null,
    reason,
    closeWith: CLOSE.forNow,
  }, context);
}

function takeClose(
  state: Connected,
  { code, reason }: InputOf<"closed">,
  context: ShardContext,
): ShardMove {
  const rule = closeRule(code);
  const loss = lossOf(state);
  const strange = loss.tries.strange + (rule === "strange" ? 1 : 0);
  return loseConnection({
    ...loss,
    tries: { ...loss.tries, strange },
    rule,
    code,
    reason: isCut(code)
      ? "the connection was lost"
      : `closed with ${code}${reason === "" ? "" : `: ${reason}`}`,
    closeWith: null,
  }, context);
}

function takeInvalid(
  state: Connected,
  resumable: boolean,
  context: ShardContext,
): ShardMove {
  return loseConnection({
    ...lossOf(state),
    rule: resumable ? "resume" : "identify",
    code: null,
    reason: "the server called the session invalid",
    closeWith: resumable ? CLOSE.forNow : CLOSE.forGood,
    waitMsMin: invalidMs(context.chance),
  }, context);
}

function lossOf(state: Connected): Pick<Loss, "session" | "tries"> {
  const { tries } = state;
  const unreached = tries.unreached + (state.kind === "connecting" ? 1 : 0);
  return { session: sessionOf(state), tries: { ...tries, unreached } };
}

function park(
  { tries }: StateOf<"connecting" | "queued">,
  { why, afterMs: leastMs }: InputOf<"denied">,
  { chance }: ShardContext,
): ShardMove {
  const afterMs = Math.ceil(leastMs + chance * RESET_JITTER_MS);
  return [{ kind: "parked", why, tries }, [
    { type: "release", code: CLOSE.forGood },
    tell({ type: "parked", why, afterMs }),
    wait("wait", afterMs),
  ]];
}

function condemn({ code, reason }: InputOf<"condemned">): ShardMove {
  return [{ kind: "dead", code, reason }, [
    { type: "release", code: CLOSE.forGood },
    tell({ type: "failed", code, reason }),
  ]];
}

function hold(
  { session, tries }: StateOf<"resuming" | "ready">,
): ShardMove {
  // Resumes that were broken off for want of room are no fault of the server's.
  return [{ kind: "held", session, tries: { ...tries, resumes: 0 } }, [
    { type: "release", code: CLOSE.forNow },
    tell({ type: "held" }),
  ]];
}

function stop(
  state: ShardState,
  { keepSession }: InputOf<"stop">,
): ShardMove {
  const session = keepSession ? sessionOf(state) : null;
  const code = session === null ? CLOSE.forGood : CLOSE.forNow;
  return [{ kind: "stopped", session }, [{ type: "release", code }]];
}

function wait(timer: StateWait["timer"], ms: DurationMs): StateWait {
  return { type: "wait", timer, ms };
}

type StateWait = Extract<ShardOutput, { readonly type: "wait" }>;

function tell(
  event: Extract<ShardOutput, { readonly type: "tell" }>["event"],
): ShardOutput {
  return { type: "tell", event };
}
