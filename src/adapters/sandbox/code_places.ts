/**
 * Places in the user's own files, out of a stack that a guest sent.
 *
 * @module
 */

import type { CodePlace } from "../../runtime/isolation.ts";

/** Where a place of the code that runs was written; by module. */
export type CodeMap = ReadonlyMap<string, (place: CodePlace) => CodePlace>;

/** How many places a message can do with. */
const PLACES_MAX = 10;

// Both engines end a line of a stack with the place, in brackets or not.
const PLACE = /(?:^|[\s(])([a-z][a-z\d+.-]*:\S+?):(\d+)(?::(\d+))?\)?$/gm;

/** Reads the places that lie in the program's modules, innermost first. */
export function placesIn(stack: string, map: CodeMap): readonly CodePlace[] {
  const places: CodePlace[] = [];
  for (const [, module = "", line, column] of stack.matchAll(PLACE)) {
    const original = map.get(module);
    if (original === undefined) continue;
    const place = { module, line: Number(line), column: Number(column ?? 1) };
    places.push(original(place));
    if (places.length === PLACES_MAX) break;
  }
  return places;
}
