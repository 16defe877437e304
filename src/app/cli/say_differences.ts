/**
 * What a book had otherwise than the broker's lists, both sides of it.
 *
 * @module
 */

import type { BookDifference } from "../../domain/book.ts";
import type { Position, WorkingOrder } from "../../domain/position.ts";

/** How many are said in full. */
const SAID_MAX = 3;

/** Both sides of each difference: `EURUSD +1000 in the book, nothing at the broker`. */
export function sayDifferences(
  differences: readonly BookDifference[],
): string {
  const said = differences.slice(0, SAID_MAX).map(({ book, broker }) =>
    `${sayRow(book)} in the book, ${sayRow(broker)} at the broker`
  );
  const more = differences.length - said.length;
  return [...said, ...(more > 0 ? [`${more} more`] : [])].join("; ");
}

function sayRow(row: Position | WorkingOrder | null): string {
  if (row === null) return "nothing";
  if ("orderId" in row) {
    return `order ${row.orderId} to ${row.side} ${row.qty} ${row.symbol}, ${row.filledQty} filled`;
  }
  return `${row.symbol} ${row.side === "long" ? "+" : "-"}${row.qty}`;
}
