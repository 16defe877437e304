/**
 * A client of a gateway over a WebSocket: it remembers what it hears, and can wait for more.
 *
 * @module
 */

import type { HeardFrame } from "./memory_client.ts";

/** One WebSocket, and everything that was heard on it. */
export class SocketClient {
  readonly frames: HeardFrame[] = [];
  /** Resolves with the code that it was closed with. */
  readonly closed: Promise<number>;
  readonly #socket: WebSocket;
  #look = () => {};
  #over = false;

  constructor(url: string) {
    this.#socket = new WebSocket(url);
    this.#socket.onmessage = ({ data }) => {
      this.frames.push(JSON.parse(String(data)));
      this.#look();
    };
    // The close event that follows says the same.
    this.#socket.onerror = (event) => {
      if (event instanceof ErrorEvent) event.preventDefault();
    };
    this.closed = new Promise((resolve) => {
      this.#socket.onclose = ({ code }) => {
        this.#over = true;
        this.#look();
        resolve(code);
      };
    });
  }

  say(op: number, d: unknown): void {
    this.#socket.send(JSON.stringify({ op, d }));
  }

  sayRaw(data: string | Uint8Array<ArrayBuffer>): void {
    this.#socket.send(data);
  }

  /** The first frame of this op or name; waits for it until the connection ends. */
  async hear(what: number | string): Promise<HeardFrame> {
    for (;;) {
      const found = this.frames.find(({ op, t }) =>
        typeof what === "string" ? t === what : op === what && t === null
      );
      if (found !== undefined) return found;
      if (this.#over) throw new Error(`Closed before "${what}" was heard`);
      await new Promise<void>((resolve) => this.#look = resolve);
    }
  }

  async leave(code = 1000): Promise<void> {
    this.#socket.close(code);
    await this.closed;
  }
}
