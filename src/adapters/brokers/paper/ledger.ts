/**
 * A map that is never changed, only continued: an old one still reads as it did.
 *
 * Kept in layers of doubling size, so that adding costs little however much there is.
 *
 * @module
 */

/** Layers of one map, oldest and largest first; a later layer hides an earlier one's entries. */
export type Ledger<K, V> = readonly ReadonlyMap<K, V>[];

/** The entry of a key. */
export function lookUp<K, V>(ledger: Ledger<K, V>, key: K): V | undefined {
  for (let layer = ledger.length - 1; layer >= 0; layer--) {
    const map = ledger[layer];
    if (map?.has(key)) return map.get(key);
  }
  return undefined;
}

/** The ledger with one entry more, or with another value for a key. */
export function enter<K, V>(
  ledger: Ledger<K, V>,
  key: K,
  value: V,
): Ledger<K, V> {
  const layers = [...ledger];
  let top: ReadonlyMap<K, V> = new Map([[key, value]]);
  for (;;) {
    const below = layers.at(-1);
    if (below === undefined || below.size > top.size) return [...layers, top];
    layers.pop();
    top = new Map([...below, ...top]);
  }
}

/** Every entry once, oldest first. */
export function entriesOf<K, V>(ledger: Ledger<K, V>): ReadonlyMap<K, V> {
  return new Map(ledger.flatMap((layer) => [...layer]));
}
