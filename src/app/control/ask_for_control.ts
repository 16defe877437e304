/**
 * Brings a request to where it counts: to the run that holds the journal, else into the journal.
 *
 * @module
 */

import { SystemRandom } from "../../adapters/clock/random.ts";
import { RequestFolder } from "../../adapters/control/request_folder.ts";
import { sayHolder } from "../../adapters/journal/holder.ts";
import { holderOf } from "../../adapters/journal/lease.ts";
import { isJournalHeld } from "../../adapters/journal/lease_probe.ts";
import { CarillonError } from "../../domain/error.ts";
import { SECOND_MS } from "../../domain/time.ts";
import type { DurationMs } from "../../domain/time.ts";
import {
  type ControlAnswer,
  type ControlQuestion,
  type ControlRequest,
  readAnswer,
} from "./control_request.ts";
import { noteInJournal } from "./note_in_journal.ts";

/** How long a run may take to take a request up; it looks four times a second. @units milliseconds */
export const ANSWER_WITHIN_MS: DurationMs = 5 * SECOND_MS;

/** How often we look for the answer. @units milliseconds */
const LOOK_EVERY_MS: DurationMs = 50;

/** So many looks pass before we look whether the run is still there. */
const LOOKS_BETWEEN_PROBES = 20;

/** What became of it, and who noted it. */
export interface Control {
  readonly answer: ControlAnswer;
  readonly notedBy:
    | { readonly kind: "run"; readonly pid: number | null }
    | { readonly kind: "journal" };
}

/**
 * Has a request noted by whoever writes the journal; by ourselves, where nobody does.
 *
 * @throws {CarillonError} "control/no-answer" or a `journal/...` code
 */
export async function askForControl(
  question: ControlQuestion,
): Promise<Control> {
  const { journal } = question;
  for (;;) {
    if (!isJournalHeld(journal)) {
      const answer = await ownAnswer(question);
      if (answer !== null) return { answer, notedBy: { kind: "journal" } };
    }
    const pid = holderOf(journal)?.pid ?? null;
    const answer = await runsAnswer(question);
    if (answer !== null) return { answer, notedBy: { kind: "run", pid } };
  }
}

/** Writes into the journal ourselves; `null` where somebody claimed it meanwhile. */
async function ownAnswer(
  question: ControlQuestion,
): Promise<ControlAnswer | null> {
  try {
    return await noteInJournal(question);
  } catch (error) {
    const isInUse = error instanceof CarillonError &&
      error.code === "journal/in-use";
    if (isInUse) return null;
    throw error;
  }
}

/** Asks the run; `null` where it was over before it took the request. */
async function runsAnswer(
  { journal, request, clock }: ControlQuestion,
): Promise<ControlAnswer | null> {
  const folder = new RequestFolder(journal);
  const now = clock.now();
  const id = `${String(now).padStart(16, "0")}-${new SystemRandom().id()}`;
  const untilAt = now + ANSWER_WITHIN_MS;
  folder.send(id, request, untilAt);
  let isTaken = false;
  for (let look = 1;; look++) {
    const answer = readAnswer(folder.takeAnswer(id));
    if (answer !== null) return answer;
    const isLate = clock.now() > untilAt;
    const isGone = look % LOOKS_BETWEEN_PROBES === 0 && !isJournalHeld(journal);
    if (!isTaken && (isLate || isGone)) {
      if (!folder.withdraw(id)) isTaken = true;
      else if (isGone) return null;
      else throw noAnswer(journal, request, "Nothing was changed");
    }
    if (isGone || clock.now() > untilAt + ANSWER_WITHIN_MS) {
      const rest =
        "It took the request up, and what became of that is not known: look at what it prints";
      throw noAnswer(journal, request, rest);
    }
    await clock.sleepUntil(clock.now() + LOOK_EVERY_MS);
  }
}

function noAnswer(
  journal: string,
  { command }: ControlRequest,
  rest: string,
): CarillonError {
  const holder = holderOf(journal);
  const who = holder === null ? "" : `: ${sayHolder(holder)}`;
  return new CarillonError(
    "control/no-answer",
    `Cannot ${command}: whoever holds journal "${journal}" does not answer within ${
      ANSWER_WITHIN_MS / SECOND_MS
    } s; it may be suspended, or a program that takes no requests${who}. ${rest}`,
    { details: { path: journal, holder } },
  );
}
