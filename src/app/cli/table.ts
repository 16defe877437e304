/**
 * Text in columns, as wide as a terminal shows it.
 *
 * @module
 */

// deno-lint-ignore no-control-regex -- colours are control characters
const COLOUR = /\x1b\[[0-9;]*m/g;
const WIDE =
  /^[\u1100-\u115F\u2E80-\u303E\u3041-\uA4CF\uAC00-\uD7A3\uF900-\uFAFF\uFE30-\uFE6F\uFF00-\uFF60\uFFE0-\uFFE6]|^\p{Emoji_Presentation}/u;
const NOTHING = /^[\p{Mark}\p{Control}\p{Format}]/u;
const ONE_COLUMN_EACH = /^[\x20-\x7e]*$/;

/** Which side of its column a cell keeps to. */
export type Align = "left" | "right";

/** How a table looks. */
export interface TableOptions {
  /** What stands before each line. */
  readonly indent?: string;
  /** One for each column; left where there is none. */
  readonly align?: readonly Align[];
}

/**
 * How many columns of a terminal a text takes; colours take none.
 *
 * @units columns
 */
export function widthOf(text: string): number {
  if (ONE_COLUMN_EACH.test(text)) return text.length;
  const plain = text.replaceAll(COLOUR, "");
  let width = 0;
  for (const char of plain) width += charWidth(char);
  return width;
}

/**
 * Rows with their cells one below the other, two spaces apart.
 *
 * @shape  one line for each row; no spaces at a line's end
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * assert.deepEqual(formatTable([["a", "1"], ["long", "10"]]), [
 *   "a     1",
 *   "long  10",
 * ]);
 * ```
 */
export function formatTable(
  rows: readonly (readonly string[])[],
  options: TableOptions = {},
): readonly string[] {
  const { indent = "", align = [] } = options;
  const widths: number[] = [];
  for (const row of rows) {
    for (const [column, cell] of row.entries()) {
      widths[column] = Math.max(widths[column] ?? 0, widthOf(cell));
    }
  }
  return rows.map((row) => {
    const cells = row.map((cell, column) =>
      padTo(cell, widths[column] ?? 0, align[column] ?? "left")
    );
    return `${indent}${cells.join("  ")}`.trimEnd();
  });
}

/**
 * A text cut to a width, with `…` where something is left out.
 *
 * Colours are dropped from a text that is cut, since a look might be left without its end.
 *
 * @units `columns`: columns of the terminal
 */
export function cutTo(text: string, columns: number): string {
  if (widthOf(text) <= columns) return text;
  let cut = "";
  let width = 1;
  for (const char of text.replaceAll(COLOUR, "")) {
    width += charWidth(char);
    if (width > columns) break;
    cut += char;
  }
  return columns < 1 ? "" : `${cut}…`;
}

function padTo(text: string, width: number, align: Align): string {
  const space = " ".repeat(Math.max(0, width - widthOf(text)));
  return align === "left" ? text + space : space + text;
}

function charWidth(char: string): number {
  if (NOTHING.test(char)) return 0;
  return WIDE.test(char) ? 2 : 1;
}
