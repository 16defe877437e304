/**
 * Refuses a definition that asks for what this version does not carry out: said, never ignored.
 *
 * @module
 */

import type { Definition } from "../domain/definition.ts";
import { CarillonError } from "../domain/error.ts";
import { unsupportedParts } from "../domain/support.ts";

/**
 * Refuses what is not carried out.
 *
 * @throws {CarillonError} "support/not-yet" naming everything at once
 */
export function refuseUnsupported(
  definition: Definition,
  runsModules: boolean,
): void {
  const parts = unsupportedParts(definition, runsModules);
  if (parts.length === 0) return;
  const asked = parts.map(({ in: place, key, what }) =>
    place.kind === "file"
      ? `${key}: ${what}`
      : `${place.kind} "${place.name}", ${key}: ${what}`
  );
  throw new CarillonError(
    "support/not-yet",
    `Cannot carry out everything that is asked for: ${asked.join("; ")}`,
    { details: { asked } },
  );
}
