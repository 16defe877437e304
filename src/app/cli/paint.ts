/**
 * Colours for the terminal, or none.
 *
 * @module
 */

/** Gives a text a look; without colours it gives the text back. */
export type Brush = (text: string) => string;

/** The few looks there are, each with one meaning. */
export interface Paint {
  /** What stands out: names, totals. */
  readonly bold: Brush;
  /** What may be skipped. */
  readonly dim: Brush;
  /** Proven, done. */
  readonly good: Brush;
  /** Not so, failed. */
  readonly bad: Brush;
  /** Look here before you go on. */
  readonly caution: Brush;
  /** What is open or under way. */
  readonly active: Brush;
}

/** How each look begins and ends, as the terminal wants it. */
const CODES = {
  bold: [1, 22],
  dim: [2, 22],
  good: [32, 39],
  bad: [31, 39],
  caution: [33, 39],
  active: [36, 39],
} as const;

/** Colours, or looks that change nothing where `color` is false. */
export function makePaint(color: boolean): Paint {
  const brush = (name: keyof typeof CODES): Brush => {
    if (!color) return (text) => text;
    const [on, off] = CODES[name];
    return (text) => text === "" ? "" : `\x1b[${on}m${text}\x1b[${off}m`;
  };
  return {
    bold: brush("bold"),
    dim: brush("dim"),
    good: brush("good"),
    bad: brush("bad"),
    caution: brush("caution"),
    active: brush("active"),
  };
}
