/**
 * Answers requests of other processes for as long as a run lasts.
 *
 * @module
 */

import { RequestFolder } from "../../adapters/control/request_folder.ts";
import type { ErrorCode } from "../../domain/error.ts";
import { rows } from "../../domain/table.ts";
import { SECOND_MS } from "../../domain/time.ts";
import type { DurationMs } from "../../domain/time.ts";
import type { Clock } from "../../runtime/ports.ts";
import type { Runtime } from "../../runtime/runtime.ts";
import { answerRequest } from "./answer_request.ts";
import { type ControlAnswer, readRequest } from "./control_request.ts";

/**
 * How often the folder is looked at: not every file system tells of changes, and those that do lose
 * some. @units milliseconds
 */
const LOOK_EVERY_MS: DurationMs = SECOND_MS / 4;

/** What is served. */
export interface ServedRun {
  readonly runtime: Runtime;
  /** The world's time, also where the run's passes faster. */
  readonly clock: Clock;
  /** The journal's path. */
  readonly journal: string;
  /** Ends the service. */
  readonly signal: AbortSignal;
  /** Hears what went wrong with the folder; the run goes on without caring. */
  readonly onFault: (error: unknown) => void;
}

/** Looks for requests again and again, and answers them; ends with the signal. */
export async function serveRequests(run: ServedRun): Promise<void> {
  const { clock, signal } = run;
  const folder = new RequestFolder(run.journal);
  const look = quietly(run.onFault);
  await look(() => folder.clear());
  while (!signal.aborted) {
    await look(() => answerAll(run, folder));
    try {
      await clock.sleepUntil(clock.now() + LOOK_EVERY_MS, signal);
    } catch (error) {
      if (!signal.aborted) throw error;
    }
  }
}

async function answerAll(run: ServedRun, folder: RequestFolder): Promise<void> {
  for (const { id, body } of folder.take(run.clock.now())) {
    folder.answer(id, await answer(run, body));
  }
}

async function answer(
  { runtime, clock }: ServedRun,
  body: unknown,
): Promise<ControlAnswer> {
  const request = readRequest(body);
  if (request === null) {
    const code: ErrorCode = "support/not-yet";
    const message =
      "The run does not know this request; it is of an older version";
    return { kind: "refused", code, message };
  }
  const sessions = rows(runtime.state.sessions).map(({ session }) => session);
  return await answerRequest({ runtime, sessions, now: clock.now() }, request);
}

/** Tells of one fault once: a folder that cannot be read is so four times a second. */
function quietly(onFault: (error: unknown) => void) {
  let told = "";
  return async (act: () => Promise<void> | void): Promise<void> => {
    try {
      await act();
    } catch (error) {
      const text = String(error);
      if (text !== told) onFault(error);
      told = text;
    }
  };
}
