/**
 * Comma-separated values, as RFC 4180 has them and as a spreadsheet can open without harm.
 *
 * @module
 */

/** A cell: text from wherever, a word or number of our own, or nothing. */
export type Cell =
  | { readonly kind: "foreign"; readonly text: string }
  | { readonly kind: "own"; readonly text: string }
  | null;

/** Text that a broker, a file or a hook wrote. */
export function foreign(text: string | null): Cell {
  return text === null ? null : { kind: "foreign", text };
}

/** A number, an instant or a word of ours. */
export function own(text: string | number | null): Cell {
  return text === null ? null : { kind: "own", text: String(text) };
}

/**
 * One record with its line end.
 *
 * A spreadsheet takes a cell that begins with `=`, `+`, `-` or `@` for a formula, and what a broker
 * writes must not become one: such foreign text gets an apostrophe before it. Numbers are ours, and
 * stay numbers.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * const cells = [own(-5), foreign("=1+1"), foreign('say "no", twice'), null];
 * assert.equal(csvRecord(cells), `-5,'=1+1,"say ""no"", twice",\r\n`);
 * ```
 */
export function csvRecord(cells: readonly Cell[]): string {
  return `${cells.map(cellText).join(",")}\r\n`;
}

function cellText(cell: Cell): string {
  if (cell === null) return "";
  const { kind, text } = cell;
  const safe = kind === "foreign" && FORMULA.test(text) ? `'${text}` : text;
  return QUOTED.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

// Spreadsheets skip blanks before a formula; a tab or a line end is one.
const FORMULA = /^\s*[=+\-@\uFF1D\uFF0B\uFF0D\uFF20]/;

const QUOTED = /[",\r\n\t]|^\s|\s$/;
