/**
 * A map as a value: every change gives a new one and shares what it did not touch.
 *
 * Ten thousand sessions make a plain object too dear to copy at every event; here a change copies
 * one bucket and the row of buckets.
 *
 * @module
 */

import { hash32 } from "./id.ts";

const BUCKETS = 256;

type Bucket<V> = Readonly<Record<string, V>>;

/** A persistent map from text to values. */
export interface Table<V> {
  readonly size: number;
  readonly buckets: readonly (Bucket<V> | undefined)[];
}

/** A table with nothing in it. */
export function emptyTable<V>(): Table<V> {
  return { size: 0, buckets: [] };
}

/** The value under a key, if there is one. */
export function getRow<V>(table: Table<V>, key: string): V | undefined {
  const bucket = table.buckets[hash32(key) % BUCKETS];
  return bucket !== undefined && Object.hasOwn(bucket, key)
    ? bucket[key]
    : undefined;
}

/** A table with one value added or replaced. */
export function setRow<V>(table: Table<V>, key: string, value: V): Table<V> {
  const index = hash32(key) % BUCKETS;
  const bucket = table.buckets[index] ?? {};
  const buckets = table.buckets.slice();
  while (buckets.length < index) buckets.push(undefined);
  buckets[index] = { ...bucket, [key]: value };
  const size = table.size + (Object.hasOwn(bucket, key) ? 0 : 1);
  return { size, buckets };
}

/** A table without a key; the same table where the key was not in it. */
export function dropRow<V>(table: Table<V>, key: string): Table<V> {
  const index = hash32(key) % BUCKETS;
  const bucket = table.buckets[index];
  if (bucket === undefined || !Object.hasOwn(bucket, key)) return table;
  const { [key]: _, ...rest } = bucket;
  const buckets = table.buckets.slice();
  buckets[index] = rest;
  return { size: table.size - 1, buckets };
}

/** Every value, in an order that depends on the keys alone. */
export function rows<V>(table: Table<V>): V[] {
  return tableEntries(table).map(([, value]) => value);
}

/** Every key with its value, in the same order as `rows`. */
export function tableEntries<V>(table: Table<V>): (readonly [string, V])[] {
  return table.buckets.flatMap((bucket) =>
    bucket === undefined
      ? []
      : Object.entries(bucket).sort(([a], [b]) => a < b ? -1 : 1)
  );
}
