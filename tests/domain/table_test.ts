import assert from "node:assert/strict";
import fc from "fast-check";
import {
  dropRow,
  emptyTable,
  getRow,
  rows,
  setRow,
  type Table,
} from "../../src/domain/table.ts";

// Names of an object's own machinery, empty text, and enough others to share buckets.
const key = fc.oneof(
  fc.constantFrom("", "__proto__", "constructor", "toString", "0", "10", "9"),
  fc.integer({ min: 0, max: 400 }).map((n) => `s${n}`),
  fc.string({ maxLength: 3 }),
);
const change = fc.record({ key, value: fc.option(fc.integer()) });

function byKey<V>(map: ReadonlyMap<string, V>): readonly V[] {
  return [...map].sort(([a], [b]) => a < b ? -1 : 1).map(([, value]) => value);
}

Deno.test("a table holds what a Map holds, and no change touches the table before it", () => {
  fc.assert(
    fc.property(fc.array(change, { maxLength: 300 }), (changes) => {
      let table: Table<number> = emptyTable();
      const map = new Map<string, number>();
      const past: { table: Table<number>; values: readonly number[] }[] = [];
      for (const { key, value } of changes) {
        past.push({ table, values: [...byKey(map)].sort() });
        const before = table;
        if (value === null) {
          table = dropRow(table, key);
          if (!map.delete(key)) assert.equal(table, before);
        } else {
          table = setRow(table, key, value);
          map.set(key, value);
        }
        assert.equal(getRow(table, key), map.get(key));
        assert.equal(table.size, map.size);
      }
      for (const [key, value] of map) assert.equal(getRow(table, key), value);
      assert.deepEqual(rows(table).sort(), [...map.values()].sort());
      for (const { table, values } of past) {
        assert.deepEqual(rows(table).sort(), values);
      }
    }),
    { numRuns: 200 },
  );
});

Deno.test("rows() comes in an order that depends on the keys alone", () => {
  fc.assert(
    fc.property(
      fc.uniqueArray(key, { minLength: 100, maxLength: 600 }),
      fc.array(fc.nat(), { minLength: 600, maxLength: 600 }),
      (keys, dice) => {
        const fill = (order: readonly string[]) =>
          order.reduce(
            (table, key) => setRow(table, key, key),
            emptyTable<string>(),
          );
        const shuffled = keys.map((key, index) => ({
          key,
          die: dice[index] ?? 0,
        }))
          .sort((a, b) => a.die - b.die).map(({ key }) => key);
        const dropped = dropRow(setRow(fill(shuffled), "no key", ""), "no key");
        assert.deepEqual(rows(dropped), rows(fill(keys)));
      },
    ),
    { numRuns: 30 },
  );
});

Deno.test("getRow() finds nothing in a table of nothing, whatever it is called", () => {
  for (const name of ["__proto__", "constructor", "hasOwnProperty", ""]) {
    assert.equal(getRow(emptyTable(), name), undefined);
    assert.equal(getRow(setRow(emptyTable(), "x", 1), name), undefined);
  }
});
