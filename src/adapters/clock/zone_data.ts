/**
 * Which edition of the time zone data this process counts by.
 *
 * @module
 */

import process from "node:process";

/** The edition of the IANA data that the platform has in it, as in `2026b`. */
export function zoneDataEdition(): string {
  return process.versions.tz ?? "unknown";
}
