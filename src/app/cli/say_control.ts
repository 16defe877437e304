/**
 * What is said of edges that are left out because the user wants them to be.
 *
 * @module
 */

import type {
  EdgeSettled,
  EdgeSkipNoted,
  RunPaused,
  RunResumed,
} from "../../domain/notice.ts";
import type { EpochMs } from "../../domain/time.ts";
import { instantText, toSecond } from "./format_time.ts";
import { dueText, sayNotRun } from "./say_not_run.ts";
import type { Voice } from "./voice.ts";

/** A skip, a pause or its end, in lines; what will not run is named. */
export function sayControl(
  notice: EdgeSkipNoted | RunPaused | RunResumed,
  voice: Voice,
): readonly string[] {
  switch (notice.type) {
    case "edge.skip_noted":
      return [saySkip(notice, voice)];
    case "run.paused":
      return [sayPause(notice, voice), ...sayNotRun(notice.willNotRun, voice)];
    case "run.resumed":
      return [sayResume(notice, voice)];
  }
}

/** An edge that was left out by the user's wish; `null` for another reason. */
export function sayLeftOut(notice: EdgeSettled, voice: Voice): string | null {
  if (notice.reason !== "user" && notice.reason !== "paused") return null;
  return voice.paint.caution(
    `${notice.edge} LEFT OUT: ${notice.message ?? notice.reason}.`,
  );
}

function saySkip(
  { edge, wish, dueAt, actions }: EdgeSkipNoted,
  voice: Voice,
): string {
  const what = actions.length === 0 ? edge : `${edge} (${actions.join(", ")})`;
  const due = dueAt === null ? "" : `: due ${dueText(dueAt, edge, voice)}`;
  return wish === "skip"
    ? voice.paint.caution(`SKIP: ${what} WILL NOT RUN${due}.`)
    : `${what} runs again${due}.`;
}

function sayPause({ session, sinceAt }: RunPaused, voice: Voice): string {
  const whose = session === null ? "Every edge" : `Every edge of "${session}"`;
  return voice.paint.bad(
    `PAUSED since ${
      sinceText(sinceAt, session, voice)
    }. ${whose} that comes due is left out, closes too, until "carillon resume".`,
  );
}

function sayResume({ session, sinceAt }: RunResumed, voice: Voice): string {
  const whose = session === null ? "" : ` "${session}"`;
  const was = sinceAt === null
    ? "nothing was paused"
    : `paused since ${sinceText(sinceAt, session, voice)}`;
  return `${
    voice.paint.good(`RESUMED${whose}`)
  } (${was}). Edges run again as they come due.`;
}

function sinceText(at: EpochMs, session: string | null, voice: Voice): string {
  return instantText(
    toSecond(at),
    voice.zoneOf(session === null ? "" : `${session}/`),
    voice.here,
  );
}
