/**
 * A client of a gateway within the process: it says what it is told to, and remembers what it hears.
 *
 * @module
 */

import type { PaperBroker } from "../../../../src/adapters/brokers/paper/paper_broker.ts";
import type { GatewayConnection } from "../../../../src/adapters/brokers/paper/gateway/gateway_door.ts";

/** A frame as the gateway sends it. */
export interface HeardFrame {
  readonly op: number;
  readonly d: unknown;
  readonly s: number | null;
  readonly t: string | null;
}

/** How a client comes in. */
export interface EntryOptions {
  readonly query?: string;
  /** What the gateway asks for; nothing by default. */
  readonly token?: string | null;
  /** Told of each frame while the gateway is still at it. */
  readonly onFrame?: (frame: HeardFrame) => void;
}

/** One connection, and everything that was heard on it. */
export class MemoryClient {
  readonly frames: HeardFrame[] = [];
  /** The code it was closed with; `cut` where there was none. */
  closed: number | "cut" | null = null;
  readonly #connection: GatewayConnection;

  constructor(account: PaperBroker, options: EntryOptions = {}) {
    this.#connection = account.gateway.connect({
      send: (text) => {
        const frame: HeardFrame = JSON.parse(text);
        this.frames.push(frame);
        options.onFrame?.(frame);
      },
      close: (code) => this.closed = code,
      cut: () => this.closed = "cut",
    }, {
      token: options.token ?? null,
      base: "ws://paper",
      query: new URLSearchParams(options.query),
    });
  }

  /** Ops heard so far, with the names of news. */
  get told(): readonly (number | string)[] {
    return this.frames.map(({ op, t }) => t ?? op);
  }

  get last(): HeardFrame | undefined {
    return this.frames.at(-1);
  }

  /** The number of the latest news. */
  get seq(): number {
    return this.frames.reduce((seq, { s }) => s ?? seq, 0);
  }

  get sessionId(): string {
    const ready = this.frames.find(({ t }) => t === "READY");
    return String(Object(ready?.d).session_id);
  }

  say(op: number, d: unknown): void {
    this.sayRaw(JSON.stringify({ op, d }));
  }

  sayRaw(data: unknown): void {
    this.#connection.receive(data);
  }

  identify(id = 0, count = 1, more: object = {}): this {
    this.say(2, { token: "none", shard: [id, count], ...more });
    return this;
  }

  resume(session_id: string, seq: number): this {
    this.say(6, { token: "none", session_id, seq });
    return this;
  }

  beat(): void {
    this.say(1, this.seq === 0 ? null : this.seq);
  }

  /** Ends the connection from this side. */
  leave(code = 1006): void {
    this.#connection.ended(code);
  }
}
