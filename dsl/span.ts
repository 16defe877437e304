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
  /** Where it begins. */
  readonly start: number;
  /** Where the text goes on. */
  readonly end: number;
}

/**
 * A place as people count it.
 *
 * @units both from 1; a column is one Unicode code point
 */
export interface Position {
  /** The line, from 1. */
  readonly line: number;
  /** The column, from 1. */
  readonly column: number;
}
