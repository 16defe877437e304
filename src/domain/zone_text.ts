/**
 * What people call a zone.
 *
 * @module
 */

/**
 * The city of a zone's name.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * assert.equal(zoneText("America/New_York"), "New York");
 * assert.equal(zoneText("UTC"), "UTC");
 * ```
 */
export function zoneText(zone: string): string {
  // "Etc/GMT+5" lies five hours west: without its folder the sign would mislead.
  if (zone.startsWith("Etc/")) return zone;
  return zone.slice(zone.lastIndexOf("/") + 1).replaceAll("_", " ");
}
