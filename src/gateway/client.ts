/**
 * A fleet of shards, started within the gateway's limits and kept alive.
 *
 * @module
 */

import { CarillonError, invariant } from "../domain/error.ts";
import type { GatewayBotInfo } from "../domain/gateway_bot_info.ts";
import { type DurationMs, SECOND_MS } from "../domain/time.ts";
import { concernsAll } from "./close_codes.ts";
import { Delivery } from "./delivery.ts";
import { FRAME_BYTES_MAX, type Identity, OWN_OPCODES } from "./frames.ts";
import type { GatewayEvent } from "./gateway_event.ts";
import {
  BUFFER_MAX,
  CLIENT_NAME,
  type GatewayMessage,
  type GatewayOptions,
} from "./gateway_options.ts";
import { IdentifyGate } from "./identify_gate.ts";
import { MemoryStartStore } from "./memory_start_store.ts";
import { isAborted, pauseFor } from "./pause.ts";
import { readInformation } from "./read_information.ts";
import { type Fleet, Shard, type ShardStatus } from "./shard.ts";
import type { ShardSession } from "./shard_life.ts";
import { StartBreaker } from "./start_breaker.ts";
import {
  StartBudget,
  type StartDenial,
  type StartPurpose,
} from "./start_budget.ts";
import { refuseShortStart } from "./start_check.ts";

/** How long a closing handshake is waited for. @units milliseconds */
const GOODBYE_MS: DurationMs = SECOND_MS;
/** The close code by which a gateway refuses a token. @units close code */
const TOKEN_REFUSED = 4004;
/** How long a gateway that cannot be asked is let be. @units milliseconds */
const UNREACHABLE_MS: DurationMs = 30 * SECOND_MS;
/**
 * Asks the gateway what it allows, and starts the shards.
 *
 * Resolves before they are up: what happens to each is told by the client's events.
 *
 * @throws {CarillonError} "gateway/unauthorized", "gateway/unreachable", "gateway/undecodable"
 * @throws {CarillonError} "gateway/no-starts" if fewer sessions remain than shards are needed;
 * nothing was connected then
 * @throws {RangeError} if a shard's id is not below the count
 */
export async function openGateway(
  options: GatewayOptions,
): Promise<GatewayClient> {
  const { transport, clock, random } = options;
  const signal = options.signal ?? new AbortController().signal;
  const info = await readInformation({ transport, clock, random, signal });
  const shardCount = options.shardCount ?? info.shardCount;
  const shardIds = options.shardIds ?? [...Array(shardCount).keys()];
  refuseStrangeIds(shardIds, shardCount);
  const budget = new StartBudget(
    options.store ?? new MemoryStartStore(),
    options.reserve ?? shardIds.length,
  );
  const record = budget.learn(info.sessionStartLimit);
  const sessions = options.sessions ?? new Map<number, ShardSession>();
  const needed = shardIds.filter((id) => !sessions.has(id)).length;
  if (options.startAnyway !== true) refuseShortStart(record, needed);
  return new GatewayClient(options, info, budget, { shardIds, shardCount });
}

function refuseStrangeIds(
  shardIds: readonly number[],
  shardCount: number,
): void {
  const strange = shardIds.find((id, index) =>
    !Number.isInteger(id) || id < 0 || id >= shardCount ||
    shardIds.indexOf(id) !== index
  );
  if (strange === undefined) return;
  throw new RangeError(
    `Cannot run shard ${strange}: ids must differ, and be whole numbers from 0 up and below the count of ${shardCount}`,
  );
}

/** The shards that run here, and everything they tell. */
export class GatewayClient
  implements AsyncIterable<GatewayEvent>, AsyncDisposable {
  readonly #options: GatewayOptions;
  readonly #budget: StartBudget;
  readonly #breaker = new StartBreaker();
  readonly #gate: IdentifyGate;
  readonly #delivery: Delivery<GatewayEvent>;
  readonly #shards: ReadonlyMap<number, Shard>;
  readonly #ended = new AbortController();
  readonly #closing = new Set<Promise<void>>();
  readonly #started = new Set<number>();
  /** How many closes need each shard. */
  readonly #needed = new Map<number, number>();
  readonly #starting: Promise<void>;
  #info: GatewayBotInfo;
  #refreshing: Promise<StartDenial | null> | null = null;
  #verdict: Fleet["verdict"] = null;

  /**
   * Starts the shards; `openGateway()` has looked whether they may be.
   *
   * @internal
   */
  constructor(
    options: GatewayOptions,
    info: GatewayBotInfo,
    budget: StartBudget,
    shape: {
      readonly shardIds: readonly number[];
      readonly shardCount: number;
    },
  ) {
    this.#options = options;
    this.#info = info;
    this.#budget = budget;
    this.#gate = new IdentifyGate({
      clock: options.clock,
      budget,
      breaker: this.#breaker,
      maxConcurrency: info.sessionStartLimit.maxConcurrency,
      refresh: () => this.#refresh(),
      signal: this.#ended.signal,
    });
    this.#delivery = new Delivery(
      options.bufferMax ?? BUFFER_MAX,
      () => this.#resumeHeld(),
    );
    const fleet = this.#fleetOf(shape.shardCount);
    this.#shards = new Map(
      shape.shardIds.map((id) => {
        const session = options.sessions?.get(id) ?? null;
        return [id, new Shard(id, fleet, session)];
      }),
    );
    this.#starting = this.#start();
  }

  /** What the gateway said last. */
  get info(): GatewayBotInfo {
    return this.#info;
  }

  /** How each shard is doing, in the order given. */
  get shards(): readonly ShardStatus[] {
    return [...this.#shards.values()].map(({ status }) => status);
  }

  /**
   * Sends a message when its shard is ready and the shard's limit leaves room.
   *
   * @units `shard`: its id
   * @throws {CarillonError} "gateway/too-large" if the gateway would not take it
   * @throws {CarillonError} "gateway/closed" if the shard is over, or too many messages wait
   * @throws {RangeError} if there is no such shard here, or the opcode is the connection's own
   * @throws the signal's reason once it is aborted, if the message has not left
   */
  async send(
    shard: number,
    message: GatewayMessage,
    signal?: AbortSignal,
  ): Promise<void> {
    if (OWN_OPCODES.has(message.op) || !Number.isInteger(message.op)) {
      throw new RangeError(
        `Cannot send opcode ${message.op}: it belongs to the connection itself`,
      );
    }
    const frame = { op: message.op, d: message.d };
    const bytes = new TextEncoder().encode(JSON.stringify(frame)).length;
    if (bytes > FRAME_BYTES_MAX) {
      throw new CarillonError(
        "gateway/too-large",
        `Cannot send ${bytes} bytes by shard ${shard}: a gateway takes at most ${FRAME_BYTES_MAX}`,
        { details: { bytes, bytesMax: FRAME_BYTES_MAX } },
      );
    }
    await this.#shardOf(shard).send(frame, signal);
  }

  /**
   * Says that a close needs these shards, until what it gives is disposed of: they may use the
   * reserve, go first, and do not wait out a back-off.
   *
   * @throws {RangeError} if there is no such shard here
   */
  needForClose(shards: Iterable<number>): Disposable {
    const ids = [...shards];
    const needed = ids.map((id) => this.#shardOf(id));
    for (const id of ids) this.#count(id, 1);
    for (const shard of needed) shard.hurry();
    const release = new DisposableStack();
    release.defer(() => ids.forEach((id) => this.#count(id, -1)));
    return release;
  }

  /**
   * Everything that happens, in order; ends when all shards are over.
   *
   * Whoever reads too slowly loses nothing: shards let go of their connections and resume later, for
   * as long as the gateway keeps their sessions.
   */
  [Symbol.asyncIterator](): AsyncIterableIterator<GatewayEvent, undefined> {
    return this.#delivery[Symbol.asyncIterator]();
  }

  /**
   * Leaves, and keeps the sessions at the gateway; gives what a later run can resume.
   *
   * What waits can still be read here, and is not told again there.
   *
   * @units the keys of the result: shards' ids
   */
  async suspend(): Promise<ReadonlyMap<number, ShardSession>> {
    await this.#stop(true);
    const sessions = new Map<number, ShardSession>();
    for (const { shard, session } of this.shards) {
      if (session !== null) sessions.set(shard, session);
    }
    return sessions;
  }

  /** Leaves for good; resolves once nothing is left. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.#stop(false);
  }

  async #stop(keepSession: boolean): Promise<void> {
    this.#ended.abort();
    for (const shard of this.#shards.values()) {
      if (shard.status.state === "stopped") continue;
      shard.take({ type: "stop", keepSession });
    }
    this.#delivery.end();
    await this.#starting;
    await this.#refreshing;
    await this.#sayGoodbye();
  }

  /** Without waiting for ever for a peer that does not answer. */
  async #sayGoodbye(): Promise<void> {
    const done = new AbortController();
    const { clock } = this.#options;
    const patience = pauseFor(clock, GOODBYE_MS, done.signal).catch((error) => {
      if (!isAborted(error, done.signal)) throw error;
    });
    await Promise.race([Promise.all(this.#closing), patience]);
    done.abort();
    await patience;
  }

  /**
   * Starts each bucket's shards one after the other, so that nobody holds a connection for long
   * before it may identify; those that resume need no turn.
   */
  async #start(): Promise<void> {
    const { maxConcurrency } = this.#info.sessionStartLimit;
    const all = [...this.#shards.values()];
    const resuming = all.filter(({ status }) => status.session !== null);
    const buckets = Map.groupBy(
      all.filter(({ status }) => status.session === null),
      ({ id }) => id % maxConcurrency,
    );
    for (const shard of resuming) shard.take({ type: "start" });
    await Promise.all(
      [...buckets.values()].map((bucket) => this.#startInTurn(bucket)),
    );
  }

  async #startInTurn(bucket: readonly Shard[]): Promise<void> {
    for (const shard of bucket) {
      if (this.#ended.signal.aborted) return;
      shard.take({ type: "start" });
      await shard.begun;
    }
  }

  #fleetOf(shardCount: number): Fleet {
    const { clock, random, transport, token } = this.#options;
    const identity: Identity = {
      token,
      intents: this.#options.intents ?? null,
      clientName: this.#options.clientName ?? CLIENT_NAME,
    };
    const url = () => this.#info.url;
    const hasRoom = () => this.#delivery.hasRoom;
    const verdict = () => this.#verdict;
    return {
      clock,
      random,
      transport,
      identity,
      shardCount,
      gate: this.#gate,
      get url() {
        return url();
      },
      get hasRoom() {
        return hasRoom();
      },
      get verdict() {
        return verdict();
      },
      tell: (event) => this.#tell(event),
      purposeOf: (shard) => this.#purposeOf(shard),
      started: (shard) => void this.#started.add(shard),
      steady: (shard) => this.#breaker.steady(shard),
      closing: (work) => this.#keep(work),
    };
  }

  #tell(event: GatewayEvent): void {
    this.#delivery.push(event);
    if (event.type !== "failed") return;
    if (concernsAll(event.code) && this.#verdict === null) this.#condemn(event);
    const isOver = [...this.#shards.values()].every(({ status }) =>
      status.state === "dead" || status.state === "stopped"
    );
    if (isOver) this.#delivery.end();
  }

  /** What was refused to one is refused to all that still need a session; the others go on. */
  #condemn({ code, reason }: { code: number; reason: string }): void {
    this.#verdict = { code, reason };
    for (const shard of this.#shards.values()) shard.condemn(this.#verdict);
  }

  #purposeOf(shard: number): StartPurpose {
    if (this.#needed.has(shard)) return "close";
    return this.#started.has(shard) ? "again" : "start";
  }

  #count(shard: number, by: 1 | -1): void {
    const count = (this.#needed.get(shard) ?? 0) + by;
    if (count === 0) this.#needed.delete(shard);
    else this.#needed.set(shard, count);
  }

  #resumeHeld(): void {
    for (const shard of this.#shards.values()) {
      if (shard.status.state === "held") shard.take({ type: "drained" });
    }
  }

  #keep(work: Promise<void>): void {
    this.#closing.add(work);
    work.finally(() => this.#closing.delete(work));
  }

  #shardOf(id: number): Shard {
    const shard = this.#shards.get(id);
    if (shard !== undefined) return shard;
    throw new RangeError(`Cannot use shard ${id}: it does not run here`);
  }

  /** Asks what the gateway allows once for everybody who wants to know at the same time. */
  #refresh(): Promise<StartDenial | null> {
    this.#refreshing ??= this.#askAnew().finally(() => {
      this.#refreshing = null;
    });
    return this.#refreshing;
  }

  async #askAnew(): Promise<StartDenial | null> {
    const { transport, clock, random } = this.#options;
    const { signal } = this.#ended;
    try {
      this.#info = await readInformation({ transport, clock, random, signal });
    } catch (error) {
      invariant(
        error instanceof CarillonError || isAborted(error, signal),
        `a gateway that cannot be asked is an error of the world: ${error}`,
      );
      if (error instanceof CarillonError) this.#takeRefusal(error);
      return { why: "unreachable", afterMs: UNREACHABLE_MS };
    }
    const limit = this.#info.sessionStartLimit;
    this.#budget.learn(limit);
    this.#gate.setConcurrency(limit.maxConcurrency);
    return null;
  }

  /** A token that is not taken over HTTP would not be taken in an identify. */
  #takeRefusal({ code, message: reason }: CarillonError): void {
    if (code !== "gateway/unauthorized" || this.#verdict !== null) return;
    this.#condemn({ code: TOKEN_REFUSED, reason });
  }
}
