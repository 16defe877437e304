/**
 * What became of messages and signs of life, told to whoever sits before the terminal.
 *
 * @module
 */

import type {
  NotificationEvent,
  NotificationForm,
} from "../../domain/definition.ts";

/** One thing worth telling; nothing in it shows an address. */
export type AlarmReport =
  | {
    readonly type: "notify.failed";
    /** Which entry of `notify`, from 1. */
    readonly webhook: number;
    /** Whose form its messages have. */
    readonly form: NotificationForm;
    /** The message's own id. */
    readonly id: string;
    /** What the message is about. */
    readonly event: NotificationEvent;
    /** Why it is not sent again. */
    readonly reason: "refused" | "gave_up" | "dropped" | "stopped";
    /** How often it was sent. */
    readonly attempts: number;
    /** What stood against it. */
    readonly message: string;
  }
  | {
    readonly type: "heartbeat.changed";
    /** Whether signs of life arrive. */
    readonly state: "lost" | "restored";
    /** Why they do not; `null` where they do. */
    readonly message: string | null;
  };
