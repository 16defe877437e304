/**
 * What a gateway's client needs of the world besides time and chance: interfaces only.
 *
 * @module
 */

import type { DurationMs, EpochMs } from "../domain/time.ts";

/** An answer over HTTP. */
export interface GatewayAnswer {
  /** The HTTP status. @units HTTP status */
  readonly status: number;
  /** The `Retry-After` header. @units milliseconds */
  readonly retryAfterMs: DurationMs | null;
  /** The answer's text. */
  readonly body: string;
}

/** What a socket tells. */
export interface SocketListener {
  /** One text frame. */
  message(text: string): void;
  /**
   * The end of it, told once, also where it never opened.
   *
   * @units `code`: WebSocket close code; 0, 1005 or 1006 for a connection that just broke
   */
  closed(code: number, reason: string): void;
}

/** One connection. */
export interface GatewaySocket {
  /** Sends a text frame; one that is not open any more takes it and does nothing. */
  send(text: string): void;
  /**
   * Ends it; resolves once nothing of it is left.
   *
   * @units `code`: 1000, or 3000 to 4999
   */
  close(code: number): Promise<void>;
}

/** A way to one gateway, with the right to use it. */
export interface GatewayTransport {
  /** The gateway as messages name it; never holds a secret. */
  readonly name: string;
  /**
   * Asks `GET /gateway/bot`.
   *
   * @throws any error where no answer came
   */
  information(signal: AbortSignal): Promise<GatewayAnswer>;
  /** Opens a connection; a failure is told to the listener as its end, and never from within this call. */
  connect(url: string, listener: SocketListener): GatewaySocket;
}

/** A session start that left for the server. */
export interface RecordedStart {
  /** The shard's id, from 0. @units a shard's id */
  readonly shard: number;
  /** When it was recorded, just before it left. @units EpochMs */
  readonly at: EpochMs;
}

/** What is known of a gateway's start limit, as it is kept across restarts. */
export interface StartRecord {
  /** How many sessions may be started in the period. */
  readonly total: number;
  /** How many are left, by the server's word and our own count. */
  readonly remaining: number;
  /** When all of them are there again. @units EpochMs */
  readonly resetAt: EpochMs;
  /** The starts of the last few seconds, oldest first. */
  readonly recent: readonly RecordedStart[];
}

/** Where the start budget of one gateway is kept. */
export interface StartBudgetStore {
  /**
   * What is on record; `null` where nothing is.
   *
   * @throws {CarillonError} "journal/unreadable"
   */
  read(): StartRecord | null;
  /**
   * Changes the record in one go, whoever else does so; on return it outlives a crash of the machine.
   *
   * @throws {CarillonError} "journal/unwritable"
   */
  update(change: (record: StartRecord | null) => StartRecord): StartRecord;
}
