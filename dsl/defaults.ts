/**
 * What holds where a file says nothing; written once, used by the decoder and the docs.
 *
 * @module
 */

import { decimal, ZERO } from "../src/domain/decimal.ts";
import type {
  HookPermissions,
  NotificationEvent,
} from "../src/domain/definition.ts";
import { MINUTE_MS, SECOND_MS } from "../src/domain/time.ts";

/** The name of the only account of a file with `broker`, or with neither. */
export const ACCOUNT_NAME = "main";

/** What a file says nothing about. */
export const FILE_DEFAULTS = {
  timezone: "UTC",
  onStop: "leave",
  limitsReset: 0,
  limitsAction: "close_all",
  limitsThen: "halt",
  notificationForm: "auto",
} as const;

/** What a notification is about where it names nothing: everything that went wrong. */
export const NOTIFICATION_EVENTS: readonly NotificationEvent[] = [
  "close_failed",
  "unknown",
  "missed",
  "hook_failed",
  "journal_failed",
  "run_failed",
];

/** What a session says nothing about. @units names in `Ms`: milliseconds */
export const SESSION_DEFAULTS = {
  hours: "clip",
  halfDays: "shift",
  breaks: "ignore",
  gap: "end",
  overlap: "first",
  cancelOrders: true,
  leadMs: 0,
  deadlineMs: 60 * SECOND_MS,
  profit: "net",
  catchUpStartMs: 5 * MINUTE_MS,
  catchUpEndMs: null,
} as const;

/** What a hook says nothing about. @units names in `Ms`: milliseconds */
export const HOOK_DEFAULTS = {
  isolation: "auto",
  timeoutMs: 10 * SECOND_MS,
  onFailure: "continue",
  overlap: "skip",
  params: "{}",
} as const;

/** What a hook may do that asks for nothing. */
export const NO_PERMISSIONS: HookPermissions = {
  net: [],
  read: [],
  write: [],
  env: [],
  import: [],
};

/** What a paper account says nothing about. @units names in `Ms`: milliseconds */
export const PAPER_DEFAULTS = {
  mode: "netting",
  cash: decimal("100000"),
  currency: "USD",
  seed: 1,
  commission: ZERO,
  latencyMs: 0,
} as const;
