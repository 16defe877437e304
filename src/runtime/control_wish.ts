/**
 * What the user wants to be left out, and what is told of it.
 *
 * @module
 */

import type {
  EdgeSkipRequested,
  PauseRequested,
  ResumeRequested,
} from "../domain/event.ts";
import type {
  EdgeSkipNoted,
  Notice,
  RunPaused,
  RunResumed,
} from "../domain/notice.ts";

/** What the user wants to be left out, or to run again. */
export type ControlWish =
  | Omit<EdgeSkipRequested, "at">
  | Omit<PauseRequested, "at">
  | Omit<ResumeRequested, "at">;

/** What is told of such a wish. */
export type ControlNotice = EdgeSkipNoted | RunPaused | RunResumed;

/** Whether a notice answers a wish. */
export function isControl(notice: Notice): notice is ControlNotice {
  return notice.type === "edge.skip_noted" || notice.type === "run.paused" ||
    notice.type === "run.resumed";
}
