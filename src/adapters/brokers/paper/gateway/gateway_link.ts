/**
 * One connection of a gateway: its state, and the other side with what is wrong with the way there.
 *
 * @module
 */

import type { DurationMs } from "../../../../domain/time.ts";
import type { Clock } from "../../../../runtime/ports.ts";
import {
  type GatewayInput,
  type GatewayOutput,
  type GatewayState,
  NEW_CONNECTION,
  stepGateway,
} from "./gateway_session.ts";
import type { GatewayRules, Session } from "./session.ts";

/** The other side of a connection. */
export interface GatewayPeer {
  /** Sends text. */
  send(frame: string): void;
  /** Ends the connection with a code. @units `code`: that of the WebSocket */
  close(code: number, reason: string): void;
  /** Ends the connection without a code, as if it had been cut. */
  cut(): void;
}

/** What a connection does in the order in which it came about. */
export type Performed = Exclude<
  GatewayOutput,
  { readonly type: "leave" | "forget" }
>;

/** What is wrong with the way to the other side. */
type Way =
  | { readonly kind: "open" }
  /** Nothing gets through, either way. */
  | { readonly kind: "dead" }
  | { readonly kind: "slow"; readonly ms: DurationMs };

/** A connection that is open, or was. */
export class GatewayLink {
  /** Which shard it is about; `null` until that is known. @units a shard's id */
  shardId: number | null = null;
  /** What is still to be done. */
  readonly outbox: Performed[] = [];
  readonly #peer: GatewayPeer;
  readonly #time: { readonly clock: Clock; readonly signal: AbortSignal };
  readonly #rules: GatewayRules;
  #state: GatewayState = NEW_CONNECTION;
  #way: Way = { kind: "open" };
  #before: Promise<void> = Promise.resolve();
  #isEmptying = false;

  /** Stands before its hello. */
  constructor(
    peer: GatewayPeer,
    time: { readonly clock: Clock; readonly signal: AbortSignal },
    rules: GatewayRules,
  ) {
    this.#peer = peer;
    this.#time = time;
    this.#rules = rules;
  }

  /** Whether what the other side says is not heard. */
  get isDeaf(): boolean {
    return this.#way.kind === "dead";
  }

  /** The session that it holds. */
  get session(): Session | null {
    return this.#state.stage === "ready" ? this.#state.session : null;
  }

  /** Frames of the client in the last minute, as far as they are counted. */
  get sent(): number {
    return this.#state.stage === "closed" ? 0 : this.#state.sent.length;
  }

  /** Steps its state. @units `at`: milliseconds */
  step(input: GatewayInput, at: DurationMs): readonly GatewayOutput[] {
    const [state, outputs] = stepGateway(this.#rules, this.#state, input, at);
    this.#state = state;
    return outputs;
  }

  /** Does what is to be done, and what comes up meanwhile, in order. */
  empty(perform: (output: Performed) => void): void {
    if (this.#isEmptying) return;
    this.#isEmptying = true;
    try {
      for (const output of this.outbox) perform(output);
    } finally {
      this.outbox.length = 0;
      this.#isEmptying = false;
    }
  }

  /** Sends a frame. */
  send(frame: string): void {
    this.#pass(() => this.#peer.send(frame));
  }

  /** Closes, behind everything that was sent. @units `code`: that of the WebSocket */
  close(code: number, reason: string): void {
    this.#pass(() => this.#peer.close(code, reason));
  }

  /** Ends at once, whatever is on the way. */
  cut(): void {
    this.#way = { kind: "dead" };
    this.#peer.cut();
  }

  /** Lets nothing through any more. */
  deafen(): void {
    this.#way = { kind: "dead" };
  }

  /** Lets everything through that much later. @units `ms`: milliseconds */
  slowDown(ms: DurationMs): void {
    if (this.#way.kind !== "dead") this.#way = { kind: "slow", ms };
  }

  #pass(act: () => void): void {
    if (this.#way.kind === "open") return act();
    if (this.#way.kind === "dead") return;
    const { clock, signal } = this.#time;
    const at = clock.now() + this.#way.ms;
    this.#before = Promise
      .all([this.#before, clock.sleepUntil(at, signal)])
      .then(() => {
        if (this.#way.kind !== "dead") act();
      })
      // The broker ended first.
      .catch(() => undefined);
  }
}
