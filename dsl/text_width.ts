/**
 * How wide a text is on a terminal, and a text that is safe to show on one.
 *
 * @module
 */

/**
 * Where a tab ends.
 *
 * @units columns
 */
const TAB_COLUMNS = 4;

const WIDE =
  /^(?:\p{Emoji_Presentation}|\p{Regional_Indicator}|.\uFE0F|[\u1100-\u115F\u2E80-\u303E\u3041-\u33FF\u3400-\u4DBF\u4E00-\u9FFF\uA000-\uA4CF\uAC00-\uD7A3\uF900-\uFAFF\uFE30-\uFE4F\uFF00-\uFF60\uFFE0-\uFFE6]|[\u{20000}-\u{3FFFD}])/u;

const INVISIBLE = /^[\p{Mn}\p{Me}\p{Cf}]+$/u;

const SEGMENTER = new Intl.Segmenter("en", { granularity: "grapheme" });

/** One thing to see, with where it comes from. */
export interface Cell {
  readonly text: string;
  /** @units columns */
  readonly width: number;
  /** @units UTF-16 code units from the start of the text */
  readonly offset: number;
}

/**
 * Cuts a line into what is seen: tabs become spaces, control characters (which could command a
 * terminal) become a sign of their own.
 */
export function cellsOf(line: string): readonly Cell[] {
  const cells: Cell[] = [];
  let column = 0;
  for (const { segment, index } of SEGMENTER.segment(line)) {
    const cell = cellOf(segment, index, column);
    column += cell.width;
    cells.push(cell);
  }
  return cells;
}

function cellOf(segment: string, offset: number, column: number): Cell {
  if (segment === "\t") {
    const width = TAB_COLUMNS - column % TAB_COLUMNS;
    return { text: " ".repeat(width), width, offset };
  }
  if (
    /\p{Cc}/u.test(segment) || /^[\u202A-\u202E\u2066-\u2069]/.test(segment)
  ) {
    return { text: "\uFFFD", width: 1, offset };
  }
  if (INVISIBLE.test(segment)) return { text: segment, width: 0, offset };
  return { text: segment, width: WIDE.test(segment) ? 2 : 1, offset };
}
