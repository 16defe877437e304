/**
 * The life of one shard as a table: for each state what each input leads to.
 *
 * Pure: time and chance come with the input, and what is asked of the world goes out as data. A
 * cell that is absent is a move that cannot be; it is told, and changes nothing.
 *
 * @module
 */

import { NO_TRIES } from "./backoff.ts";
import {
  condemn,
  hold,
  leave,
  park,
  stop,
  takeClose,
  takeInvalid,
} from "./shard_ending.ts";
import { begin, connect, goOn, greet, identify } from "./shard_handshake.ts";
import {
  acknowledged,
  beatOn,
  heartbeat,
  lookAtReplay,
} from "./shard_heart.ts";
import {
  type ConnectedState,
  HELLO_MS_MAX,
  type InputOf,
  type InputType,
  type LinkedState,
  READY_MS_MAX,
  type ShardContext,
  type ShardInput,
  type ShardMove,
  type ShardOutput,
  type ShardPhase,
  type ShardState,
  type StateOf,
} from "./shard_life.ts";
import { takeMissed, takeNews } from "./shard_news.ts";
import { tell } from "./shard_output.ts";

type Cell<S extends ShardState, I extends ShardInput> = (
  state: S,
  input: I,
  context: ShardContext,
) => ShardMove;

type Row<S extends ShardState> = {
  readonly [T in InputType]?: Cell<S, InputOf<T>>;
};

/** Every state can be told to stop. */
const STOPPABLE: Row<ShardState> = {
  stop: (state, input) => stop(state, input),
};

/** States that have, or are about to have, a connection. */
const CONNECTED: Row<ConnectedState> = {
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
const LINKED: Row<LinkedState> = {
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
