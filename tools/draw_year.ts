/**
 * Draws the picture of the docs: a year of two sessions, as `carillon plan --svg` gives it.
 *
 *     deno run --allow-read --allow-write tools/draw_year.ts
 *
 * @module
 */

import { main } from "../src/app/cli/main.ts";

/** The call that gives the picture, in words as the shell would split them. */
export const YEAR_CALL: readonly string[] = [
  "plan",
  "examples/02_london_new_york.yaml",
  "--svg",
  "--from",
  "2026-01-01",
  "--to",
  "2026-12-31",
];

/** Where the picture lies. */
export const YEAR_PICTURE = "docs/images/year.svg";

/** Makes the call and gives what it draws. */
export async function drawYear(): Promise<string> {
  let drawn = "";
  await main(YEAR_CALL, {
    print: (line) => void (drawn += `${line}\n`),
    warn: (line) => void (drawn += `${line}\n`),
    draw: (text) => void (drawn += text),
    isTerminal: false,
    color: false,
    columns: () => 80,
  });
  return drawn;
}

if (import.meta.main) {
  await Deno.writeTextFile(YEAR_PICTURE, await drawYear());
}
