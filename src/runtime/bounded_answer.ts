/**
 * A bound on how long an answer of a broker's is waited for.
 *
 * The adapters here give up by themselves and much sooner. A broker that somebody else wrote may hang
 * for ever, and neither a close nor the end of a run may hang with it.
 *
 * @module
 */

import { CarillonError } from "../domain/error.ts";
import { SECOND_MS } from "../domain/time.ts";
import type { DurationMs } from "../domain/time.ts";
import type { Clock } from "./ports.ts";

/** How long an answer is waited for. @units milliseconds */
export const ANSWER_MS_MAX: DurationMs = 20 * SECOND_MS;

/**
 * The answer, if it comes in time; one that comes later goes to `onLate`, one that fails later is lost.
 *
 * @throws {CarillonError} "broker/unreachable", outcome `unknown`, if it does not come in time
 */
export async function boundedAnswer<T>(
  clock: Clock,
  answer: Promise<T>,
  onLate: (answer: T) => void = () => {},
): Promise<T> {
  const done = new AbortController();
  let isLate = false;
  const expiry = clock.sleepUntil(clock.now() + ANSWER_MS_MAX, done.signal)
    .then(() => {
      isLate = true;
      throw unanswered();
    });
  answer.then((late) => {
    if (isLate) onLate(late);
  }, () => {});
  try {
    return await Promise.race([answer, expiry]);
  } finally {
    done.abort();
    expiry.catch(() => {});
  }
}

function unanswered(): CarillonError {
  return new CarillonError(
    "broker/unreachable",
    `Cannot wait any longer for the broker: no answer within ${ANSWER_MS_MAX} ms`,
    { details: { outcome: "unknown" } },
  );
}
