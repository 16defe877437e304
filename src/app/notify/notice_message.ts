/**
 * Messages: what a trader reads on the way, and what a program reads beside it.
 *
 * The sentences are those of the terminal, so that nothing is claimed here that is not claimed
 * there.
 *
 * @module
 */

import type { Message } from "../../adapters/notify/body.ts";
import type { NotificationEvent } from "../../domain/definition.ts";
import { digestOf } from "../../domain/id.ts";
import type {
  AccountNotReady,
  EdgeSettled,
  EdgeSkipNoted,
  JournalRestored,
  JournalUnwritable,
  Notice,
  RunPaused,
  RunResumed,
  RunStarted,
  RunStopped,
} from "../../domain/notice.ts";
import type { EpochMs } from "../../domain/time.ts";
import { edgeName, sayNotice } from "../cli/say.ts";
import { sayNotRun } from "../cli/say_not_run.ts";
import type { Voice } from "../cli/voice.ts";
import { formatInstant, wireForm } from "../wire_form.ts";
import { isOnlyHook, URGENT_EVENTS } from "./notice_events.ts";

/** Who a message is from. */
export interface Sender {
  /** The file's own name, without its folders. */
  readonly file: string;
  readonly dryRun: boolean;
  readonly voice: Voice;
  /** What an account is called, and how serious it is: `LIVE fx`. */
  readonly accountName: (account: string) => string;
}

/** A notice that a message can be made of. */
export type TellingNotice =
  | AccountNotReady
  | EdgeSettled
  | EdgeSkipNoted
  | JournalRestored
  | JournalUnwritable
  | RunPaused
  | RunResumed
  | RunStarted
  | RunStopped;

const TELLING: readonly Notice["type"][] = [
  "account.not_ready",
  "edge.settled",
  "edge.skip_noted",
  "journal.restored",
  "journal.unwritable",
  "run.paused",
  "run.resumed",
  "run.started",
  "run.stopped",
];

/** A run that ended by itself, and why. */
export interface RunFailure {
  /** @units EpochMs */
  readonly at: EpochMs;
  /** The fault, in a sentence. */
  readonly message: string;
  /** The edges that will not run. */
  readonly notRun: RunStopped["notRun"];
}

/** Whether a message can be made of a notice. */
export function isTelling(notice: Notice): notice is TellingNotice {
  return TELLING.includes(notice.type);
}

/** The message of a notice, under one of its events. */
export function noticeMessage(
  notice: TellingNotice,
  event: NotificationEvent,
  sender: Sender,
): Message {
  const { at, type, ...rest } = notice;
  return compose(sender, {
    at,
    event,
    cause: notice.type === "edge.settled"
      ? [type, notice.edge, notice.dueAt, notice.outcome]
      : [type, at, sender.file, rest],
    subject: notice.type === "edge.settled"
      ? `${sender.accountName(notice.account)}, ${subjectOf(notice)}`
      : "carillon",
    lines: linesOf(notice, sender),
    notice: wireForm({ at, type, ...rest }),
  });
}

/** The message of a run that cannot go on. */
export function failureMessage(failure: RunFailure, sender: Sender): Message {
  const { at, message, notRun } = failure;
  return compose(sender, {
    at,
    event: "run_failed",
    cause: ["run.failed", at, sender.file],
    subject: "carillon",
    lines: [
      `The run cannot go on: nothing fires any more. ${message}. Look at the broker.`,
      ...sayNotRun(notRun, sender.voice),
    ],
    notice: null,
  });
}

interface Content {
  readonly at: EpochMs;
  readonly event: NotificationEvent;
  readonly cause: readonly unknown[];
  readonly subject: string;
  readonly lines: readonly string[];
  readonly notice: unknown;
}

function compose({ file, dryRun }: Sender, content: Content): Message {
  const { at, event, cause, subject, lines, notice } = content;
  const id = digestOf(cause);
  const mark = dryRun ? "DRY RUN. " : "";
  const text = [`${mark}${subject} (${file})`, ...lines].join("\n");
  return {
    id,
    event,
    urgent: URGENT_EVENTS.includes(event),
    text,
    json: {
      id,
      at: formatInstant(at),
      event,
      text,
      file,
      dry_run: dryRun,
      notice,
    },
  };
}

function subjectOf(notice: EdgeSettled): string {
  return notice.request === null ? notice.edge : `close ${edgeName(notice)}`;
}

function linesOf(notice: TellingNotice, { voice }: Sender): readonly string[] {
  if (notice.type === "run.started") {
    const { sessions } = notice;
    return [`Started: ${sessions} session${sessions === 1 ? "" : "s"}.`];
  }
  const lines = sayNotice(notice, { ...voice, here: zoneOf(notice, voice) })
    .map((line) => line.trim());
  if (notice.type !== "edge.settled") return lines;
  // The verdict of such an edge is about the code, and its advice about positions.
  if (isOnlyHook(notice)) return [...lines.slice(0, -1), HOOK_ADVICE];
  return lines.map((line) => withoutSubject(line, notice.edge));
}

/** On the way nobody knows which clock is the reader's: only the session's own is told. */
function zoneOf(notice: TellingNotice, voice: Voice): string {
  const session = "session" in notice ? notice.session : null;
  return voice.zoneOf(session === null ? "" : `${session}/`);
}

const HOOK_ADVICE =
  "What that code was to do is not done. No close waits for it.";

/** The first line of a message names the edge already. */
function withoutSubject(line: string, edge: string): string {
  return line.startsWith(`${edge} `) ? line.slice(edge.length).trim() : line;
}
