/**
 * Sentences as lines of a terminal.
 *
 * @module
 */

import { widthOf } from "./table.ts";

/**
 * A text broken between words, each further line after an indent; a word that is too long stays whole.
 *
 * @units `columns`: columns of the terminal
 */
export function wrapText(
  text: string,
  columns: number,
  indent: string,
): readonly string[] {
  const start = /^ */.exec(text)?.[0] ?? "";
  const lines: string[] = [];
  let line = start;
  let isEmpty = true;
  for (const word of text.slice(start.length).split(" ")) {
    const longer = isEmpty ? `${line}${word}` : `${line} ${word}`;
    if (isEmpty || widthOf(longer) <= columns) line = longer;
    else {
      lines.push(line);
      line = `${indent}${word}`;
    }
    isEmpty = false;
  }
  return [...lines, line];
}
