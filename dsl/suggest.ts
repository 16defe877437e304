/**
 * The nearest valid word to one that is not.
 *
 * @module
 */

/**
 * The word that was most likely meant; `null` where none is near.
 *
 * Near is: at most one slip in three letters (at least one), slips being a letter left out, added,
 * replaced or swapped with its neighbour; case, and `-` for `_`, count for nothing.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * assert.equal(nearestWord("tmiezone", ["timezone", "moments"]), "timezone");
 * assert.equal(nearestWord("colour", ["timezone", "moments"]), null);
 * ```
 */
export function nearestWord(
  word: string,
  words: Iterable<string>,
): string | null {
  const wanted = fold(word);
  let best: string | null = null;
  let bound = Math.max(1, Math.floor(wanted.length / 3));
  for (const candidate of words) {
    const distance = slips(wanted, fold(candidate), bound);
    if (distance === null || (best !== null && distance >= bound)) continue;
    best = candidate;
    bound = distance;
    if (distance === 0) break;
  }
  return best;
}

function fold(word: string): string {
  return word.toLowerCase().replaceAll(/[-_ ]/g, "_").slice(0, 80);
}

/** How many slips turn one word into the other; `null` where it is more than `bound`. */
function slips(a: string, b: string, bound: number): number | null {
  if (Math.abs(a.length - b.length) > bound) return null;
  let beforeLast: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const cost = a[i - 1] === b[j - 1] ? 0 : 1;
      let least = Math.min(
        (last[j] ?? 0) + 1,
        (row[j - 1] ?? 0) + 1,
        (last[j - 1] ?? 0) + cost,
      );
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) {
        least = Math.min(least, (beforeLast[j - 2] ?? 0) + 1);
      }
      row.push(least);
    }
    if (Math.min(...row) > bound) return null;
    beforeLast = last;
    last = row;
  }
  const distance = last[b.length] ?? 0;
  return distance <= bound ? distance : null;
}
