/**
 * One shard: the world around the table of its life.
 *
 * @module
 */

import { CarillonError } from "../domain/error.ts";
import type { Clock, Random } from "../runtime/ports.ts";
import { Connection, type ConnectionInput } from "./connection.ts";
import {
  type ClientFrame,
  connectionUrl,
  heartbeatFrame,
  identifyFrame,
  type Identity,
  resumeFrame,
} from "./frames.ts";
import type { GatewayEvent } from "./gateway_event.ts";
import type { IdentifyGate } from "./identify_gate.ts";
import { Outbox } from "./outbox.ts";
import type { GatewayTransport } from "./ports.ts";
import {
  HELLO_MS_MAX,
  sessionOf,
  type ShardInput,
  type ShardOutput,
  type ShardPhase,
  type ShardSession,
  type ShardState,
  type ShardTelling,
} from "./shard_life.ts";
import { stepShard } from "./shard_state.ts";
import type { StartPurpose } from "./start_budget.ts";
import { Waits } from "./waits.ts";

/** What a shard shares with the others of its fleet. */
export interface Fleet {
  readonly clock: Clock;
  readonly random: Random;
  readonly transport: GatewayTransport;
  readonly gate: IdentifyGate;
  readonly identity: Identity;
  /** How many shards the fleet has, wherever they run. */
  readonly shardCount: number;
  /** The gateway's own address. */
  readonly url: string;
  /** Whether another event can be taken in. */
  readonly hasRoom: boolean;
  /** Why no shard may identify any more; `null` where they may. */
  readonly verdict: { readonly code: number; readonly reason: string } | null;
  tell(event: GatewayEvent): void;
  purposeOf(shard: number): StartPurpose;
  /** A shard's identify is about to leave. */
  started(shard: number): void;
  /** A shard's session has lasted. */
  steady(shard: number): void;
  /** A connection is being let go of; resolves once nothing of it is left. */
  closing(work: Promise<void>): void;
}

/** How a shard is doing. */
export interface ShardStatus {
  /** Its id, from 0. @units a shard's id */
  readonly shard: number;
  /** Where it is in its life. */
  readonly state: ShardPhase;
  /** The session that it has or could resume; `null` for none. */
  readonly session: ShardSession | null;
  /** How long the last heartbeat's answer took; `null` before the first. @units milliseconds */
  readonly latencyMs: number | null;
}

/** Carries out what the table asks for, and tells it what happens. */
export class Shard {
  readonly id: number;
  readonly #fleet: Fleet;
  readonly #waits: Waits;
  readonly #outbox = new Outbox();
  readonly #inbox: ShardInput[] = [];
  readonly #begun = Promise.withResolvers<void>();
  #state: ShardState;
  #connection: Connection | null = null;
  #leaveQueue: () => void = () => {};
  /** Counts the connections asked for, so that a late answer is not taken for a new one. */
  #asked = 0;
  #activity: "resting" | "stepping" = "resting";

  /** Stands idle, perhaps with a session to resume. */
  constructor(id: number, fleet: Fleet, session: ShardSession | null) {
    this.id = id;
    this.#fleet = fleet;
    this.#waits = new Waits(fleet.clock);
    this.#state = { kind: "idle", session };
  }

  /** How it is doing. */
  get status(): ShardStatus {
    const state = this.#state;
    return {
      shard: this.id,
      state: state.kind,
      session: sessionOf(state),
      latencyMs: "beat" in state ? state.beat.latencyMs : null,
    };
  }

  /** Resolves once its first identify or resume has left, or it came to nothing. */
  get begun(): Promise<void> {
    return this.#begun.promise;
  }

  /** Takes an input in, after those that are being taken in. */
  take(input: ShardInput): void {
    this.#inbox.push(input);
    if (this.#activity === "stepping") return;
    this.#activity = "stepping";
    try {
      for (;;) {
        const next = this.#inbox.shift();
        if (next === undefined) break;
        this.#step(next);
      }
    } finally {
      this.#activity = "resting";
    }
    this.#flush();
  }

  /** Sends a user's frame when the shard is ready and its limit allows. */
  send(frame: ClientFrame, signal?: AbortSignal): Promise<void> {
    const { kind } = this.#state;
    if (kind === "dead" || kind === "stopped") {
      return Promise.reject(overError(this.id, this.#state));
    }
    const sent = this.#outbox.put(frame, signal);
    this.#flush();
    return sent;
  }

  /** Ends a wait that only spares the budget: a close needs this shard now. */
  hurry(): void {
    const { kind } = this.#state;
    if (kind !== "parked" && kind !== "waiting") return;
    this.#waits.drop();
    this.take({ type: "due", timer: "wait" });
  }

  /** Gives up, unless it has a session or has asked for one: then the server says by itself what it thinks. */
  condemn(verdict: { readonly code: number; readonly reason: string }): void {
    const state = this.#state;
    const needsStart = ["idle", "waiting", "connecting", "queued", "parked"]
      .includes(state.kind);
    if (!needsStart || sessionOf(state) !== null) return;
    this.take({ type: "condemned", ...verdict });
  }

  #step(input: ShardInput): void {
    const { clock, random } = this.#fleet;
    const context = { at: clock.elapsed(), chance: random.fraction() };
    const step = stepShard(this.#state, input, context);
    if (!step.ok) {
      const message =
        `"${step.by}" came while the shard was "${step.from}", and changed nothing`;
      return this.#tell({ type: "anomaly", message });
    }
    this.#state = step.state;
    for (const output of step.outputs) this.#perform(output);
    const { kind } = step.state;
    if (kind === "dead" || kind === "stopped") {
      this.#outbox.end(overError(this.id, step.state));
      this.#begun.resolve();
    }
  }

  #perform(output: ShardOutput): void {
    switch (output.type) {
      case "connect":
        return this.#connect(output.session);
      case "release":
        return this.#release(output.code);
      case "wait":
        return this.#wait(output);
      case "heartbeat":
        return this.#beat(output.seq, output.asked);
      case "turn":
        return this.#queue();
      case "identify": {
        const shard = [this.id, this.#fleet.shardCount] as const;
        this.#begun.resolve();
        return this.#connection?.send(
          identifyFrame(this.#fleet.identity, shard),
        );
      }
      case "resume": {
        const { id, seq } = output.session;
        const { token } = this.#fleet.identity;
        this.#begun.resolve();
        return this.#connection?.send(resumeFrame(token, id, seq));
      }
      case "answered":
        return this.#connection?.answer();
      case "steady":
        return this.#fleet.steady(this.id);
      case "tell":
        return this.#tell(output.event);
      default:
        return assertNever(output);
    }
  }

  #connect(session: ShardSession | null): void {
    const asked = ++this.#asked;
    if (session !== null) return this.#open(session.resumeUrl);
    const { fleet, id } = { fleet: this.#fleet, id: this.id };
    if (fleet.verdict !== null) {
      return this.take({ type: "condemned", ...fleet.verdict });
    }
    // Nobody is called on who would have to be turned away.
    fleet.gate.admit(fleet.purposeOf(id)).then((denial) => {
      if (asked !== this.#asked || this.#state.kind !== "connecting") return;
      if (denial === null) this.#open(null);
      else this.take({ type: "denied", ...denial });
    });
  }

  #open(url: string | null): void {
    const { clock, transport } = this.#fleet;
    const connection: Connection = new Connection(
      clock,
      transport,
      connectionUrl(url ?? this.#fleet.url),
      (input) => this.#hear(input),
    );
    this.#connection = connection;
    this.#wait({ type: "wait", timer: "phase", ms: HELLO_MS_MAX });
  }

  /** What is not taken in is asked for again by the resume, so its number must not be counted. */
  #hear(input: ConnectionInput): void {
    const { kind } = this.#state;
    const isNews = input.type === "dispatch" &&
      (kind === "ready" || kind === "resuming");
    this.take(isNews && !this.#fleet.hasRoom ? { type: "full" } : input);
  }

  #release(code: number | null): void {
    this.#asked += 1;
    this.#leaveQueue();
    this.#waits.drop();
    this.#begun.resolve();
    const connection = this.#connection;
    this.#connection = null;
    if (connection !== null) this.#fleet.closing(connection.release(code));
  }

  #wait({ timer, ms }: Extract<ShardOutput, { readonly type: "wait" }>): void {
    const owner = timer === "wait"
      ? { wait: this.#waits.set.bind(this.#waits) }
      : this.#connection;
    owner?.wait(timer, ms, () => this.take({ type: "due", timer }));
  }

  #beat(seq: number | null, asked: boolean): void {
    const frame = heartbeatFrame(seq);
    if (asked) this.#connection?.send(frame);
    else this.#connection?.sendBeat(frame);
  }

  #queue(): void {
    const connection = this.#connection;
    this.#leaveQueue = this.#fleet.gate.queue({
      shard: this.id,
      purpose: () => this.#fleet.purposeOf(this.id),
      granted: (answered) => {
        // A connection that was let go of has left the queue, so it is still this one.
        connection?.onAnswered(answered);
        this.#fleet.started(this.id);
        this.take({ type: "granted" });
      },
      denied: (denial) => this.take({ type: "denied", ...denial }),
    });
  }

  #flush(): void {
    const connection = this.#connection;
    while (this.#state.kind === "ready" && connection !== null) {
      if (this.#outbox.isEmpty) return;
      const ms = connection.sendWaitMs;
      if (ms > 0) {
        return connection.wait("send", ms, () => this.#flush());
      }
      this.#outbox.next((frame) => connection.send(frame));
    }
  }

  #tell(telling: ShardTelling): void {
    const { clock } = this.#fleet;
    const base = { shard: this.id, at: clock.now() };
    if (telling.type === "lost" || telling.type === "parked") {
      const { afterMs, ...rest } = telling;
      return this.#fleet.tell({ ...base, ...rest, untilAt: base.at + afterMs });
    }
    this.#fleet.tell({ ...base, ...telling });
  }
}

function overError(shard: number, state: ShardState): CarillonError {
  const why = state.kind === "dead" ? state.reason : "it was stopped";
  return new CarillonError(
    "gateway/closed",
    `Cannot send by shard ${shard}: ${why}`,
    { details: { shard } },
  );
}

function assertNever(output: never): never {
  throw new Error(`Broken invariant: nothing does ${JSON.stringify(output)}`);
}
