import assert from "node:assert/strict";
import fc from "fast-check";
import {
  beginBookReading,
  type Book,
  type BookNews,
  bookSnapshot,
  emptyBook,
  hasBookGap,
  takeBookNews,
  takeBookReading,
} from "../../src/domain/book.ts";
import { decimal } from "../../src/domain/decimal.ts";
import type {
  Position,
  Snapshot,
  WorkingOrder,
} from "../../src/domain/position.ts";

function position(id: string, qty: string): Position {
  return {
    id,
    symbol: id,
    side: "long",
    qty: decimal(qty),
    entryPrice: decimal("1"),
    netProfit: decimal("5"),
    grossProfit: decimal("6"),
    profitCurrency: "USD",
    openedAt: 0,
    tag: null,
  };
}

function working(orderId: string): WorkingOrder {
  return {
    orderId,
    clientOrderId: null,
    symbol: "EURUSD",
    side: "buy",
    qty: decimal("1"),
    filledQty: decimal("0"),
    limitPrice: decimal("1"),
    positionId: null,
    tag: null,
  };
}

function lists(
  seq: number,
  positions: readonly Position[],
  orders: readonly WorkingOrder[] = [],
): Snapshot {
  return { seq, positions, orders, fills: [] };
}

/** News of what was bought of a position that was not there. */
function bought(seq: number, id: string, qty: string): readonly BookNews[] {
  return [
    { type: "fill", seq, positionId: id, side: "buy", qty: decimal(qty) },
    { type: "position", seq, id, position: position(id, qty) },
  ];
}

function takeAll(book: Book, news: readonly BookNews[]): Book {
  return news.reduce(takeBookNews, book);
}

function read(book: Book, snapshot: Snapshot) {
  return takeBookReading(beginBookReading(book), snapshot);
}

function held(book: Book) {
  return bookSnapshot(book)?.positions.map(({ id, qty }) => `${id} ${qty}`)
    .sort();
}

Deno.test("takeBookReading() lets the lists win, and says what the book had otherwise", () => {
  const [first, none] = read(emptyBook(), lists(3, [position("a", "1")]));
  assert.deepEqual(none, []);
  const found = lists(3, [position("b", "2")], [working("o")]);
  const [second, differences] = read(first, found);
  assert.deepEqual(held(second), ["b 2"]);
  assert.deepEqual(
    differences.map((
      { what, id, book, broker },
    ) => [what, id, book !== null, broker !== null]),
    [
      ["position", "a", true, false],
      ["position", "b", false, true],
      ["order", "o", false, true],
    ],
  );
});

Deno.test("takeBookReading() takes lists that are ahead of the news for no difference", () => {
  const [first] = read(emptyBook(), lists(3, [position("a", "1")]));
  const [second, differences] = read(first, lists(4, []));
  assert.deepEqual([held(second), differences], [[], []]);
  const late = takeBookNews(second, {
    type: "position",
    seq: 4,
    id: "a",
    position: position("a", "9"),
  });
  assert.deepEqual(held(late), [], "news that the lists have already");
});

Deno.test("takeBookReading() does not bring back what went while the lists were read", () => {
  const [first] = read(
    emptyBook(),
    lists(3, [position("a", "1")], [working("o")]),
  );
  let book = beginBookReading(first);
  const gone: readonly BookNews[] = [
    { type: "fill", seq: 4, positionId: "a", side: "sell", qty: decimal("1") },
    { type: "position", seq: 4, id: "a", position: null },
    { type: "order", order: working("o"), isOver: true },
    { type: "order", order: working("new"), isOver: false },
  ];
  for (const news of gone) book = takeBookNews(book, news);
  const older = lists(3, [position("a", "1")], [working("o")]);
  const [after, differences] = takeBookReading(book, older);
  assert.deepEqual([held(after), differences], [[], []]);
  assert.deepEqual(bookSnapshot(after)?.orders.map(({ orderId }) => orderId), [
    "new",
  ]);
  assert.equal(after.seq, 4);
});

Deno.test("hasBookGap() knows of an execution that did not come, until it comes or is read", () => {
  const [book] = read(emptyBook(), lists(3, []));
  const ahead = takeAll(book, bought(6, "c", "1"));
  assert.deepEqual([hasBookGap(book), hasBookGap(ahead)], [false, true]);
  assert.equal(bookSnapshot(ahead), null);
  const five = takeAll(ahead, bought(5, "b", "1"));
  const all = takeAll(five, bought(4, "a", "1"));
  assert.deepEqual([hasBookGap(five), hasBookGap(all), all.seq], [
    true,
    false,
    6,
  ]);
  const [healed] = read(ahead, lists(5, []));
  assert.deepEqual([hasBookGap(healed), healed.seq], [false, 6]);
});

Deno.test("hasBookGap() believes no position that its executions do not explain, until lists are read", () => {
  const [book] = read(emptyBook(), lists(3, [position("a", "5")]));
  const [fill, news] = bought(4, "a", "2");
  assert.ok(fill !== undefined && news?.type === "position");
  const more = { ...news, position: position("a", "7") };
  const lies: readonly BookNews[] = [
    news,
    { ...news, position: null },
    { ...news, position: position("a", "9") },
    { ...news, position: { ...position("a", "7"), side: "short" } },
    { ...news, id: "ghost" },
  ];
  for (const lie of lies) {
    const told = takeAll(book, [fill, lie]);
    assert.equal(hasBookGap(told), true);
    assert.equal(bookSnapshot(told), null);
    const [healed] = read(told, lists(4, [position("a", "7")]));
    assert.deepEqual(held(healed), ["a 7"]);
  }
  assert.equal(hasBookGap(takeAll(book, [fill])), true, "its news is to come");
  for (const order of [[fill, more], [more, fill]]) {
    assert.deepEqual(held(takeAll(book, order)), ["a 7"]);
  }
});

Deno.test("takeBookNews() comes to the same in every order that keeps each symbol's own", () => {
  const changes = fc.array(
    fc.tuple(fc.constantFrom("a", "b", "c"), fc.nat(3)),
    { maxLength: 20 },
  );
  fc.assert(
    fc.property(changes, fc.infiniteStream(fc.nat()), (all, picks) => {
      const queues = new Map<string, BookNews[]>();
      const end = new Map<string, string>();
      const quantities = new Map<string, number>();
      all.forEach(([id, qty], index) => {
        const seq = index + 1;
        const now = qty === 0 ? null : position(id, String(qty));
        const queue = queues.get(id) ?? [];
        const change = qty - (quantities.get(id) ?? 0);
        quantities.set(id, qty);
        queue.push({
          type: "fill",
          seq,
          positionId: id,
          side: change < 0 ? "sell" : "buy",
          qty: decimal(String(Math.abs(change))),
        }, {
          type: "position",
          seq,
          id,
          position: now,
        });
        queues.set(id, queue);
        if (now === null) end.delete(id);
        else end.set(id, `${id} ${qty}`);
      });
      let [book] = read(emptyBook(), lists(0, []));
      for (const pick of picks) {
        const open = [...queues.values()].filter(({ length }) => length > 0);
        const news = open[pick % open.length]?.shift();
        if (news === undefined) break;
        book = takeBookNews(book, news);
      }
      assert.equal(hasBookGap(book), false);
      assert.deepEqual(held(book), [...end.values()].sort());
    }),
  );
});
