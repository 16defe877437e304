/**
 * Places in a text.
 *
 * @module
 */

/**
 * A stretch of a source text; `end` is outside.
 *
 * @units UTF-16 code units from the start of the text
 */
export interface Span {
  readonly start: number;
  readonly end: number;
}

/**
 * A place as people count it.
 *
 * @units both from 1; a column is one Unicode code point
 */
export interface Position {
  readonly line: number;
  readonly column: number;
}
