/**
 * How many frames a connection may still send: what is beyond the server's limit ends it.
 *
 * @module
 */

import { type DurationMs, SECOND_MS } from "../domain/time.ts";

/** How many frames a server takes from one connection in its window. */
export const FRAMES_MAX = 120;
/**
 * The server's minute and a second more: frames that were a minute apart here may arrive closer
 * together.
 *
 * @units milliseconds
 */
export const FRAME_WINDOW_MS: DurationMs = 61 * SECOND_MS;
/** Kept beside the regular heartbeats, for the handshake and one beat that the server asks for. */
const SPARE_FRAMES = 2;

/**
 * A sliding window over the frames of one connection.
 *
 * Regular heartbeats have their room set aside and are not counted; everything else is, and nothing
 * but what a user sends has to wait.
 */
export class SendLimit {
  /** How many frames besides regular heartbeats fit into one window. */
  readonly perWindow: number;
  /** When each frame of the window left, oldest first. */
  #sentAt: DurationMs[] = [];

  /** Keeps room for heartbeats at this interval. @units `intervalMs`: milliseconds */
  constructor(intervalMs: DurationMs) {
    // A beat at either end of a window belongs to it.
    const beats = Math.floor(FRAME_WINDOW_MS / intervalMs) + 1;
    // Where the beats alone fill the window the server asks for what it does not allow; one frame
    // at a time still leaves.
    this.perWindow = Math.max(1, FRAMES_MAX - beats - SPARE_FRAMES);
  }

  /**
   * How long a frame has to wait; 0 where it may leave now.
   *
   * @units `at`: milliseconds of a monotonic clock; the result: milliseconds
   */
  waitMs(at: DurationMs): DurationMs {
    this.#forget(at);
    const over = this.#sentAt.length - this.perWindow;
    if (over < 0) return 0;
    const first = this.#sentAt[over] ?? at;
    return Math.max(1, first + FRAME_WINDOW_MS - at);
  }

  /** Counts a frame that leaves now. @units `at`: milliseconds of a monotonic clock */
  count(at: DurationMs): void {
    this.#forget(at);
    this.#sentAt.push(at);
  }

  #forget(at: DurationMs): void {
    const from = this.#sentAt.findIndex((sent) => sent > at - FRAME_WINDOW_MS);
    this.#sentAt = from < 0 ? [] : this.#sentAt.slice(from);
  }
}
