/**
 * How many frames a client sent on a connection lately: a sliding window, not a fixed one.
 *
 * @module
 */

import type { DurationMs } from "../../../../domain/time.ts";
import { CLIENT_EVENTS_MS } from "./limits.ts";

/** When the frames of the window came, oldest first; never more than the limit and one. */
export type SendWindow = readonly DurationMs[];

/** The window with one frame more, without those that lie too far back. @units `at`: milliseconds */
export function countFrame(window: SendWindow, at: DurationMs): SendWindow {
  const sinceAt = at - CLIENT_EVENTS_MS;
  const first = window.findIndex((one) => one > sinceAt);
  return [...(first < 0 ? [] : window.slice(first)), at];
}
