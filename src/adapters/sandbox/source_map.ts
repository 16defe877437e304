/**
 * Reads a source map, as far as a place in the code needs one.
 *
 * @source ECMA-426, the mappings field: base-64 VLQ, each value relative to the last
 * @module
 */

/** A line and a column, both from 1. */
export interface LineAndColumn {
  readonly line: number;
  readonly column: number;
}

interface Mapping extends LineAndColumn {
  /** Column in the generated line, from 0. */
  readonly generated: number;
}

const DIGITS =
  "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/** Turns a comment with an inline map into a way from generated places to the original ones. */
export function readSourceMap(
  comment: string,
): (place: LineAndColumn) => LineAndColumn {
  const base64 = comment.slice(comment.indexOf("base64,") + "base64,".length);
  const bytes = Uint8Array.fromBase64(base64.trim());
  const { mappings } = JSON.parse(new TextDecoder().decode(bytes)) as {
    readonly mappings: string;
  };
  const lines = readMappings(mappings);
  return (place) => {
    const found = lines[place.line - 1]
      ?.findLast(({ generated }) => generated <= place.column - 1);
    return found === undefined
      ? place
      : { line: found.line, column: found.column };
  };
}

/** The mappings of each generated line; source names and symbols are left out. */
function readMappings(mappings: string): readonly (readonly Mapping[])[] {
  let line = 0;
  let column = 0;
  return mappings.split(";").map((text) => {
    let generated = 0;
    const found: Mapping[] = [];
    for (const segment of text === "" ? [] : text.split(",")) {
      const [toGenerated = 0, source, toLine = 0, toColumn = 0] = readValues(
        segment,
      );
      generated += toGenerated;
      if (source === undefined) continue;
      line += toLine;
      column += toColumn;
      found.push({ generated, line: line + 1, column: column + 1 });
    }
    return found;
  });
}

function readValues(segment: string): readonly number[] {
  const values: number[] = [];
  let value = 0;
  let shift = 0;
  for (const letter of segment) {
    const digit = DIGITS.indexOf(letter);
    value += (digit & 31) << shift;
    shift += 5;
    if (digit >= 32) continue;
    values.push((value & 1) === 1 ? -(value >> 1) : value >> 1);
    value = 0;
    shift = 0;
  }
  return values;
}
