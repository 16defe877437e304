/**
 * Numbers that look like chance and are functions of what they are asked for.
 *
 * @module
 */

/**
 * A 32-bit number from a seed and up to two coordinates: every bit of each changes about half of it.
 *
 * @units a whole number from 0 to 2^32 - 1
 */
export function mix(seed: number, a: number, b = 0): number {
  let word = Math.imul(seed ^ 0x5bd1e995, 0x9e3779b1);
  word = stir(word ^ Math.imul(a | 0, 0x85ebca6b));
  return stir(word ^ Math.imul(b | 0, 0xc2b2ae35)) >>> 0;
}

/** A 32-bit number from text. @units a whole number from 0 to 2^32 - 1 */
export function mixText(seed: number, text: string): number {
  let word = 0x811c9dc5;
  for (let at = 0; at < text.length; at++) {
    word = Math.imul(word ^ text.charCodeAt(at), 0x01000193);
  }
  return mix(seed, word);
}

function stir(value: number): number {
  let word = Math.imul(value ^ (value >>> 16), 0x7feb352d);
  word = Math.imul(word ^ (word >>> 15), 0x846ca68b);
  return word ^ (word >>> 16);
}
