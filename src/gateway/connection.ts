/**
 * One connection of a shard, with everything that must not outlive it.
 *
 * @module
 */

import { CarillonError } from "../domain/error.ts";
import type { DurationMs } from "../domain/time.ts";
import type { Clock } from "../runtime/ports.ts";
import {
  type ClientFrame,
  readServerFrame,
  type ServerFrame,
} from "./frames.ts";
import type { GatewaySocket, GatewayTransport } from "./ports.ts";
import { SendLimit } from "./send_limit.ts";
import { Waits } from "./waits.ts";

/** What a connection tells, as long as nobody has let go of it. */
export type ConnectionInput =
  | ServerFrame
  | { readonly type: "unreadable"; readonly why: string }
  | { readonly type: "closed"; readonly code: number; readonly reason: string };

/** A socket, its waits and its send limit: one object, so that nothing of one connection reaches the next. */
export class Connection {
  readonly #clock: Clock;
  readonly #waits: Waits;
  #socket: GatewaySocket | null;
  #limit: SendLimit | null = null;
  /** Called when the identify of this connection is answered, or cannot be any more. */
  #answered: () => void = () => {};

  /** Opens a socket and tells what comes until it is let go of. */
  constructor(
    clock: Clock,
    transport: GatewayTransport,
    url: string,
    tell: (input: ConnectionInput) => void,
  ) {
    this.#clock = clock;
    this.#waits = new Waits(clock);
    const isOurs = () => this.#socket !== null;
    this.#socket = transport.connect(url, {
      message: (text) => {
        if (isOurs()) tell(this.#noteHello(readFrame(text)));
      },
      closed: (code, reason) => {
        if (isOurs()) tell({ type: "closed", code, reason });
      },
    });
  }

  /** Waits, and takes the place of an earlier wait of that name. @units `ms`: milliseconds */
  wait(name: string, ms: DurationMs, due: () => void): void {
    this.#waits.set(name, ms, due);
  }

  /** Sends a frame that the send limit leaves room for. */
  sendBeat(frame: ClientFrame): void {
    this.#socket?.send(JSON.stringify(frame));
  }

  /** Sends a frame and counts it. */
  send(frame: ClientFrame): void {
    this.#limit?.count(this.#clock.elapsed());
    this.#socket?.send(JSON.stringify(frame));
  }

  /** How long a user's frame has to wait. @units milliseconds */
  get sendWaitMs(): DurationMs {
    return this.#limit?.waitMs(this.#clock.elapsed()) ?? 0;
  }

  /** Remembers whom to tell that the identify is answered. */
  onAnswered(answered: () => void): void {
    this.#answered = answered;
  }

  /** The identify is answered. */
  answer(): void {
    this.#answered();
    this.#answered = () => {};
  }

  /** Ends everything; resolves once nothing is left. @units `code`: close code; `null` where the other side has closed */
  release(code: number | null): Promise<void> {
    const socket = this.#socket;
    this.#socket = null;
    this.#waits.drop();
    this.answer();
    // A socket that is closed already has nothing left; it knows that by itself.
    return socket === null ? Promise.resolve() : socket.close(code ?? 1000);
  }

  #noteHello(input: ConnectionInput): ConnectionInput {
    if (input.type === "hello") this.#limit ??= new SendLimit(input.intervalMs);
    return input;
  }
}

function readFrame(text: string): ConnectionInput {
  try {
    return readServerFrame(text);
  } catch (error) {
    if (!(error instanceof CarillonError)) throw error;
    return { type: "unreadable", why: error.message };
  }
}
