/**
 * A date or an instant of the command line as one end of a stretch of time.
 *
 * @module
 */

import { dayOf } from "../../domain/date.ts";
import { DAY_MS } from "../../domain/time.ts";
import type { EpochMs } from "../../domain/time.ts";
import { isDate } from "./option_values.ts";
import { readInstant } from "./play_time.ts";

/**
 * The instant at which a stretch begins or ends, both counted in; `null` where none is given.
 *
 * A date means its first or its last instant, in UTC.
 *
 * @throws {CallError} if the text is neither
 */
export function readDayOption(
  option: string,
  text: string | null,
  end: "first" | "last",
): EpochMs | null {
  if (text === null) return null;
  if (!isDate(text)) return readInstant(option, text);
  const at = dayOf(text) * DAY_MS;
  return end === "first" ? at : at + DAY_MS - 1;
}
