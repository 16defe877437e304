/**
 * Moments that a question of time is about.
 *
 * @module
 */

import { localDate, placeCivil } from "../domain/civil.ts";
import type { Session } from "../domain/definition.ts";
import type { EpochMs } from "../domain/time.ts";
import { readTimeOfDay, TIME_EXPECTED } from "./time_of_day.ts";

/** An instant, or a time of day on today's date in the session's own zone. */
export type Moment = Temporal.Instant | Temporal.PlainTime | string;

/**
 * The instant that a moment means to a session.
 *
 * @units EpochMs
 * @throws {RangeError} if it is neither an instant nor a time of day
 */
export function readMoment(
  moment: Moment,
  { timezone, dst }: Session,
  now: EpochMs,
): EpochMs {
  if (moment instanceof Temporal.Instant) return moment.epochMilliseconds;
  const timeMs = readTimeOfDay(moment);
  if (timeMs === null) {
    throw new RangeError(
      `Cannot read ${
        JSON.stringify(moment)
      } as a moment: expected a Temporal.Instant, or ${TIME_EXPECTED}`,
    );
  }
  return placeCivil(localDate(now, timezone), timeMs, timezone, dst).at;
}
