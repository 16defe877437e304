/**
 * Whether a fleet may start at all, asked before its first connection.
 *
 * @module
 */

import { CarillonError } from "../domain/error.ts";
import type { StartRecord } from "./ports.ts";

/**
 * Refuses a start for which fewer sessions remain than shards are needed.
 *
 * Where none remain nothing is refused: such a fleet waits for the reset and says so, which a
 * program that is started again and again could not do better.
 *
 * @units `needed`: sessions
 * @throws {CarillonError} "gateway/no-starts"
 */
export function refuseShortStart(record: StartRecord, needed: number): void {
  const { remaining, total, resetAt } = record;
  if (remaining === 0 || remaining >= needed) return;
  const reset = Temporal.Instant.fromEpochMilliseconds(resetAt).toString();
  throw new CarillonError(
    "gateway/no-starts",
    `Cannot start ${needed} shards: ${remaining} of ${total} session starts remain until ${reset}; wait until then, or set "startAnyway"`,
    { details: { needed, remaining, total, resetAt } },
  );
}
