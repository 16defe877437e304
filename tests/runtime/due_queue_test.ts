import assert from "node:assert/strict";
import fc from "fast-check";
import { type DueItem, DueQueue } from "../../src/runtime/due_queue.ts";

/** The same queue, as simple as it can be: a list that is sorted at every look. */
class NaiveQueue {
  #items: (DueItem & { readonly seq: number })[] = [];
  #seq = 0;

  get size(): number {
    return this.#items.length;
  }

  set(item: DueItem): void {
    this.drop(item);
    this.#items.push({ ...item, seq: this.#seq++ });
    this.#items.sort((a, b) =>
      a.dueAt - b.dueAt || a.rank - b.rank || a.seq - b.seq
    );
  }

  drop({ what, key }: Pick<DueItem, "what" | "key">): void {
    this.#items = this.#items.filter((item) =>
      item.what !== what || item.key !== key
    );
  }

  nextAt(): number | null {
    return this.#items[0]?.dueAt ?? null;
  }

  popDue(now: number): DueItem | null {
    const first = this.#items[0];
    if (first === undefined || first.dueAt > now) return null;
    this.#items.shift();
    return first;
  }
}

function bare(item: DueItem | null): DueItem | null {
  if (item === null) return null;
  const { what, key, dueAt, rank } = item;
  return { what, key, dueAt, rank };
}

// Few keys, instants and ranks, so that ties and replacements are common.
const what = fc.constantFrom("edge" as const, "timer" as const);
const fewKeys = fc.constantFrom("a", "b", "c", "d", "a b", "__proto__");
// Enough at once that the queue has to grow, and uses its room again.
const manyKeys = fc.integer({ min: 0, max: 400 }).map(String);
const dueAt = fc.integer({ min: -3, max: 3 });
function callOf(key: fc.Arbitrary<string>) {
  const set = fc.record({
    call: fc.constant("set" as const),
    what,
    key,
    dueAt,
    rank: fc.integer({ min: 0, max: 3 }),
  });
  const drop = fc.record({ call: fc.constant("drop" as const), what, key });
  const pop = fc.record({ call: fc.constant("pop" as const), now: dueAt });
  const next = fc.record({ call: fc.constant("next" as const) });
  return fc.oneof(
    { weight: 6, arbitrary: set },
    { weight: 2, arbitrary: drop },
    { weight: 2, arbitrary: pop },
    { weight: 1, arbitrary: next },
  );
}

const calls = fc.oneof(
  fc.array(callOf(fewKeys), { maxLength: 120 }),
  fc.array(callOf(manyKeys), { minLength: 300, maxLength: 600 }),
);

Deno.test("DueQueue gives what a list gives that is sorted at every look", () => {
  fc.assert(
    fc.property(calls, (calls) => {
      const queue = new DueQueue();
      const naive = new NaiveQueue();
      for (const one of calls) {
        if (one.call === "set") {
          queue.set(one);
          naive.set(one);
        } else if (one.call === "drop") {
          queue.drop(one);
          naive.drop(one);
        } else if (one.call === "pop") {
          assert.deepEqual(
            bare(queue.popDue(one.now)),
            bare(naive.popDue(one.now)),
          );
        } else {
          assert.equal(queue.nextAt(), naive.nextAt());
        }
        assert.equal(queue.size, naive.size);
      }
      for (let left = naive.size; left >= 0; left--) {
        assert.deepEqual(bare(queue.popDue(9)), bare(naive.popDue(9)));
      }
    }),
    { numRuns: 300 },
  );
});

Deno.test("DueQueue.set() puts a replaced item behind those that were there", () => {
  const queue = new DueQueue();
  for (const key of ["first", "second"]) {
    queue.set({ what: "edge", key, dueAt: 5, rank: 0 });
  }
  queue.set({ what: "edge", key: "first", dueAt: 5, rank: 0 });
  assert.deepEqual([queue.popDue(5)?.key, queue.popDue(5)?.key], [
    "second",
    "first",
  ]);
});

Deno.test("DueQueue keeps 100,000 items in order, half of them moved and a third dropped", () => {
  const queue = new DueQueue();
  const expected = new Map<string, number>();
  for (let n = 0; n < 100_000; n++) {
    const dueAt = (n * 7_919) % 100_003;
    queue.set({ what: "edge", key: `${n}`, dueAt, rank: n % 4 });
    expected.set(`${n}`, dueAt);
  }
  for (let n = 0; n < 100_000; n += 2) {
    const dueAt = (n * 104_729) % 99_991;
    queue.set({ what: "edge", key: `${n}`, dueAt, rank: n % 4 });
    expected.set(`${n}`, dueAt);
  }
  for (let n = 0; n < 100_000; n += 3) {
    queue.drop({ what: "edge", key: `${n}` });
    expected.delete(`${n}`);
  }
  assert.equal(queue.size, expected.size);
  let last = { dueAt: -1, rank: 0 };
  for (let item = queue.popDue(1e9); item !== null; item = queue.popDue(1e9)) {
    assert.equal(item.dueAt, expected.get(item.key));
    assert.ok(
      item.dueAt > last.dueAt ||
        item.dueAt === last.dueAt && item.rank >= last.rank,
    );
    expected.delete(item.key);
    last = item;
  }
  assert.equal(expected.size, 0);
  assert.equal(queue.nextAt(), null);
});
