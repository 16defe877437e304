/**
 * What an account holds, kept from the news of a stream between two readings of its lists.
 *
 * News of one symbol comes in order; news of several may overtake one another, since they come by
 * several connections. So every row knows the execution it reflects, and the book knows which
 * executions it has not heard of.
 *
 * @module
 */

import { add, compare, type Decimal, negate, sum, ZERO } from "./decimal.ts";
import type {
  OrderSide,
  Position,
  Snapshot,
  WorkingOrder,
} from "./position.ts";
import {
  dropRow,
  emptyTable,
  getRow,
  rows,
  setRow,
  type Table,
  tableEntries,
} from "./table.ts";
import type { EpochMs } from "./time.ts";

/** What a symbol can be traded at. */
export interface Quote {
  /** What it is. */
  readonly symbol: string;
  /** What a buyer offers. */
  readonly bid: Decimal;
  /** What a seller asks. */
  readonly ask: Decimal;
  /** When. @units EpochMs */
  readonly at: EpochMs;
}

/** Something that changed, as a stream tells it. */
export type BookNews =
  | {
    readonly type: "order";
    readonly order: WorkingOrder;
    readonly isOver: boolean;
  }
  /** An execution, by the account's own count, and what it did to its position. */
  | {
    readonly type: "fill";
    readonly seq: number;
    readonly positionId: string;
    readonly side: OrderSide;
    readonly qty: Decimal;
  }
  /** A position as it is at an execution; `null` where it is gone. */
  | {
    readonly type: "position";
    readonly seq: number;
    readonly id: string;
    readonly position: Position | null;
  }
  | { readonly type: "quote"; readonly quote: Quote };

interface PositionRow {
  readonly seq: number;
  /** `null` for one that is gone: what is older must not bring it back. */
  readonly position: Position | null;
  /** What it was when lists showed it or executions last explained it, short below zero. */
  readonly knownQty: Decimal;
}

/** What an execution did to its position, short below zero. */
interface Execution {
  readonly seq: number;
  readonly qty: Decimal;
}

/** The rows of one account. */
export interface Book {
  /** Every execution up to this one was heard of or is in the lists; `null` before the first reading. */
  readonly seq: number | null;
  /** The execution that the lists reflected when they were last read; `null` before. */
  readonly readSeq: number | null;
  /** Executions beyond `seq` that were heard of; those between did not come yet. */
  readonly ahead: ReadonlySet<number>;
  readonly positions: Table<PositionRow>;
  /** By position: executions that no news of it has taken in yet. */
  readonly executions: Table<readonly Execution[]>;
  /** Positions whose news and executions do not come to the same. */
  readonly unexplained: ReadonlySet<string>;
  readonly orders: Table<WorkingOrder>;
  readonly quotes: Table<Quote>;
  /** Orders that news came of since a reading began; `null` while none is under way. */
  readonly touched: ReadonlySet<string> | null;
}

/** What the book had otherwise than the broker's lists. */
export interface BookDifference {
  /** What it is about. */
  readonly what: "position" | "order";
  /** Its name at the broker. */
  readonly id: string;
  /** What the book had; `null` for nothing. */
  readonly book: Position | WorkingOrder | null;
  /** What the broker's list has, which holds; `null` for nothing. */
  readonly broker: Position | WorkingOrder | null;
}

/** A book before its first reading. */
export function emptyBook(): Book {
  return {
    seq: null,
    readSeq: null,
    ahead: new Set(),
    positions: emptyTable(),
    executions: emptyTable(),
    unexplained: new Set(),
    orders: emptyTable(),
    quotes: emptyTable(),
    touched: null,
  };
}

/** Takes one piece of news in; what is older than what the book has changes nothing. */
export function takeBookNews(book: Book, news: BookNews): Book {
  switch (news.type) {
    case "quote":
      return {
        ...book,
        quotes: setRow(book.quotes, news.quote.symbol, news.quote),
      };
    case "fill":
      return takeExecution(book, news);
    case "order":
      return takeOrder(book, news.order, news.isOver);
    case "position":
      return takePosition(book, news);
  }
}

/**
 * Whether something is known to be missing: executions, the news of a position that one changed, or the
 * executions that explain such news. Nothing but both together is believed.
 */
export function hasBookGap(book: Book): boolean {
  return book.seq === null || book.ahead.size > 0 || book.unexplained.size > 0;
}

/** From now on remembers which orders news comes of: the lists that are being read may be older. */
export function beginBookReading(book: Book): Book {
  return { ...book, touched: new Set() };
}

/**
 * Takes the broker's lists in: they win, but for what news has told since of later executions, and of
 * orders since the reading began.
 *
 * @shape (book, lists) -> [book, what it had otherwise]; a book that is behind the lists differs in nothing
 */
export function takeBookReading(
  book: Book,
  snapshot: Snapshot,
): readonly [Book, readonly BookDifference[]] {
  const positions = mergePositions(book, snapshot);
  const executions = executionsAfter(book, snapshot.seq);
  const orders = mergeOrders(book, snapshot);
  const next = explainAll({
    ...book,
    executions,
    unexplained: new Set(),
    seq: Math.max(snapshot.seq, book.seq ?? 0),
    readSeq: snapshot.seq,
    ahead: new Set([...book.ahead].filter((seq) => seq > snapshot.seq)),
    positions,
    orders,
    touched: null,
  });
  // News of later executions is still under way: the book is behind, not otherwise.
  const isBehind = book.seq === null || book.seq < snapshot.seq;
  return [next, isBehind ? [] : differences(book, next)];
}

/**
 * The account as the book has it, at once; `null` where it has a gap.
 *
 * Profits are left out: they were true when a position last changed, and nothing may be judged by
 * them later.
 */
export function bookSnapshot(book: Book): Snapshot | null {
  const { seq } = book;
  if (seq === null || hasBookGap(book)) return null;
  return {
    seq,
    positions: rows(book.positions).flatMap(({ position }) =>
      position === null
        ? []
        : [{ ...position, netProfit: null, grossProfit: null }]
    ),
    orders: rows(book.orders),
    fills: [],
  };
}

/** The account by a book, and how far the broker's own lists bear it out. */
export interface BookView {
  /** What it holds. */
  readonly snapshot: Snapshot;
  /** The execution that the lists reflected when they were last read. */
  readonly provenSeq: number;
}

/** What the book says and what it rests on; `null` where it has a gap. */
export function bookView(book: Book): BookView | null {
  const snapshot = bookSnapshot(book);
  return snapshot === null || book.readSeq === null
    ? null
    : { snapshot, provenSeq: book.readSeq };
}

function takePosition(
  book: Book,
  { seq, id, position }: Extract<BookNews, { readonly type: "position" }>,
): Book {
  const known = getRow(book.positions, id)?.seq ?? book.readSeq ?? -1;
  if (seq <= known) return book;
  const knownQty = getRow(book.positions, id)?.knownQty ?? ZERO;
  const positions = setRow(book.positions, id, { seq, position, knownQty });
  return withoutGone(explain({ ...book, positions }, id), id);
}

/** One that is gone is remembered only while older lists might bring it back. */
function withoutGone(book: Book, id: string): Book {
  const row = getRow(book.positions, id);
  const isNeeded = row === undefined || row.position !== null ||
    book.unexplained.has(id) ||
    book.touched !== null || book.readSeq === null;
  return isNeeded ? book : { ...book, positions: dropRow(book.positions, id) };
}

function takeOrder(book: Book, order: WorkingOrder, isOver: boolean): Book {
  const { orderId } = order;
  const orders = isOver
    ? dropRow(book.orders, orderId)
    : setRow(book.orders, orderId, order);
  const touched = book.touched === null
    ? null
    : new Set([...book.touched, orderId]);
  return { ...book, orders, touched };
}

function takeExecution(
  book: Book,
  { seq, positionId: id, side, qty }: Extract<
    BookNews,
    { readonly type: "fill" }
  >,
): Book {
  const isKnown = (book.seq !== null && seq <= book.seq) || book.ahead.has(seq);
  if (isKnown) return book;
  const execution = { seq, qty: side === "buy" ? qty : negate(qty) };
  const known = getRow(book.executions, id) ?? [];
  const executions = setRow(book.executions, id, [...known, execution]);
  return explain(countExecution({ ...book, executions }, seq), id);
}

/** Takes a position for explained where its executions come to what its news says. */
function explain(book: Book, id: string): Book {
  const row = getRow(book.positions, id) ??
    { seq: -1, position: null, knownQty: ZERO };
  const all = getRow(book.executions, id) ?? [];
  const taken = all.filter(({ seq }) => seq <= row.seq);
  const isQty = heldQty(row.position);
  const isMet = compare(
    add(row.knownQty, sum(taken.map(({ qty }) => qty))),
    isQty,
  ) === 0;
  const left = isMet ? all.filter(({ seq }) => seq > row.seq) : all;
  const unexplained = new Set(book.unexplained);
  if (isMet && left.length === 0) unexplained.delete(id);
  else unexplained.add(id);
  return {
    ...book,
    unexplained,
    positions: isMet && getRow(book.positions, id) !== undefined
      ? setRow(book.positions, id, { ...row, knownQty: isQty })
      : book.positions,
    executions: left.length === 0
      ? dropRow(book.executions, id)
      : setRow(book.executions, id, left),
  };
}

/** After a reading: what is left over of executions and of later news has to come to the same again. */
function explainAll(book: Book): Book {
  const ids = new Set([
    ...tableEntries(book.executions).map(([id]) => id),
    ...tableEntries(book.positions).filter(([, row]) =>
      compare(row.knownQty, heldQty(row.position)) !== 0
    ).map(([id]) => id),
  ]);
  return [...ids].reduce(explain, countOn(book));
}

/** Executions that a reading does not reflect yet. */
function executionsAfter(
  { executions }: Book,
  readSeq: number,
): Table<readonly Execution[]> {
  let after = emptyTable<readonly Execution[]>();
  for (const [id, all] of tableEntries(executions)) {
    const later = all.filter(({ seq }) => seq > readSeq);
    if (later.length > 0) after = setRow(after, id, later);
  }
  return after;
}

function heldQty(position: Position | null): Decimal {
  if (position === null) return ZERO;
  return position.side === "long" ? position.qty : negate(position.qty);
}

function countExecution(book: Book, seq: number): Book {
  if (book.seq !== null && seq <= book.seq) return book;
  return countOn({ ...book, ahead: new Set([...book.ahead, seq]) });
}

/** Counts on as far as nothing is missing. */
function countOn(book: Book): Book {
  if (book.seq === null) return book;
  let seq = book.seq;
  while (book.ahead.has(seq + 1)) seq += 1;
  if (seq === book.seq) return book;
  const ahead = new Set([...book.ahead].filter((one) => one > seq));
  return { ...book, seq, ahead };
}

function mergePositions(book: Book, snapshot: Snapshot): Table<PositionRow> {
  let merged = emptyTable<PositionRow>();
  for (const position of snapshot.positions) {
    const knownQty = heldQty(position);
    merged = setRow(merged, position.id, {
      seq: snapshot.seq,
      position,
      knownQty,
    });
  }
  for (const [id, row] of tableEntries(book.positions)) {
    if (row.seq <= snapshot.seq) continue;
    if (!book.unexplained.has(id)) {
      merged = row.position === null
        ? dropRow(merged, id)
        : setRow(merged, id, row);
      continue;
    }
    // What executions have not explained is held against the lists anew.
    const knownQty = getRow(merged, id)?.knownQty ?? ZERO;
    merged = setRow(merged, id, { ...row, knownQty });
  }
  return merged;
}

function mergeOrders(book: Book, snapshot: Snapshot): Table<WorkingOrder> {
  const touched = book.touched ?? new Set();
  const kept = [
    ...snapshot.orders.filter(({ orderId }) => !touched.has(orderId)),
    ...rows(book.orders).filter(({ orderId }) => touched.has(orderId)),
  ];
  return kept.reduce(
    (table, order) => setRow(table, order.orderId, order),
    emptyTable<WorkingOrder>(),
  );
}

function differences(before: Book, after: Book): readonly BookDifference[] {
  const held = (book: Book) =>
    new Map(
      tableEntries(book.positions).flatMap(([id, { position }]) =>
        position === null ? [] : [[id, position] as const]
      ),
    );
  const working = (book: Book) => new Map(tableEntries(book.orders));
  return [
    ...differing("position", held(before), held(after), isSamePosition),
    ...differing("order", working(before), working(after), isSameOrder),
  ];
}

function differing<T extends Position | WorkingOrder>(
  what: BookDifference["what"],
  before: ReadonlyMap<string, T>,
  after: ReadonlyMap<string, T>,
  isSame: (one: T, other: T) => boolean,
): readonly BookDifference[] {
  const ids = new Set([...before.keys(), ...after.keys()]);
  return [...ids].sort().flatMap((id) => {
    const [book, broker] = [before.get(id) ?? null, after.get(id) ?? null];
    const same = book !== null && broker !== null && isSame(book, broker);
    return same ? [] : [{ what, id, book, broker }];
  });
}

/** Profits move with the price and are no difference. */
function isSamePosition(one: Position, other: Position): boolean {
  return one.symbol === other.symbol && one.side === other.side &&
    one.qty === other.qty && one.entryPrice === other.entryPrice &&
    one.tag === other.tag;
}

function isSameOrder(one: WorkingOrder, other: WorkingOrder): boolean {
  return one.symbol === other.symbol && one.side === other.side &&
    one.qty === other.qty && one.filledQty === other.filledQty &&
    one.limitPrice === other.limitPrice;
}
