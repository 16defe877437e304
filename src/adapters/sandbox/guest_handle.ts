/**
 * One guest as the host holds it, whatever it lives in.
 *
 * @module
 */

import type { HostMessage } from "./messages.ts";

/** How a guest ended that was not told to. */
export interface GuestEnd {
  readonly kind: "crashed" | "out_of_memory" | "flooded" | "timed_out";
  readonly message: string;
}

/** Who hears what a guest does. */
export interface GuestWatch {
  /** It said something; `text` is one whole message of a stranger's. */
  said(text: string): void;
  /** It said something that is no message. @units `bytes`: bytes */
  spilled(bytes: number): void;
  /** It is gone. */
  ended(end: GuestEnd): void;
}

/** A guest that can be spoken to. */
export interface GuestHandle {
  /** Whom it tells; nobody between calls. */
  watch: GuestWatch | null;
  /** Whether it can still be called. */
  readonly isAlive: boolean;
  /** Says one thing to it; never waits for it. */
  send(message: HostMessage): void;
  /** Ends it by force; resolves when it is gone or has been given up. */
  kill(): Promise<void>;
}
