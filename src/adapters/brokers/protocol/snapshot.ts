/**
 * Three lists that must belong to one point of the account's history.
 *
 * @module
 */

import { CarillonError } from "../../../domain/error.ts";
import type { Snapshot } from "../../../domain/position.ts";
import { toFill, toPosition, toWorkingOrder } from "./translate.ts";
import type { WireFills, WireOrders, WirePositions } from "./wire.ts";

/** How to ask for each list. */
export interface Lists {
  orders(): Promise<WireOrders>;
  positions(): Promise<WirePositions>;
  /** `null` where nobody needs them. */
  readonly fills: (() => Promise<WireFills>) | null;
}

/** How often the lists are read before they are given up for unreadable. */
export const TRIES_MAX = 3;

/**
 * Reads the lists until they show the account at one point of its count of executions.
 *
 * The first try asks for all at once. Later ones ask one after the other, orders first: an order
 * that fills in between is then still in the orders, and an account never looks flat by a race.
 *
 * @throws {CarillonError} "broker/unreadable" if they never do
 */
export async function readTogether(
  broker: string,
  lists: Lists,
  sinceSeq: number,
): Promise<Snapshot> {
  let seen = "";
  for (let attempt = 1; attempt <= TRIES_MAX; attempt++) {
    const readFills = lists.fills ?? (() => Promise.resolve(null));
    const [orders, positions, fills] = attempt === 1
      ? await Promise.all([lists.orders(), lists.positions(), readFills()])
      : [await lists.orders(), await lists.positions(), await readFills()];
    const snapshot = together(orders, positions, fills, sinceSeq);
    if (snapshot !== null) return snapshot;
    const executions = fills === null
      ? ""
      : `, fills ${fills.seq} (${fills.fills.length} after ${sinceSeq})`;
    seen = `orders ${orders.seq}, positions ${positions.seq}${executions}`;
  }
  throw new CarillonError(
    "broker/unreadable",
    `Cannot read the account at ${broker}: its lists do not belong together ` +
      `after ${TRIES_MAX} tries: ${seen}`,
    { details: { outcome: "unknown" } },
  );
}

function together(
  orders: WireOrders,
  positions: WirePositions,
  fills: WireFills | null,
  sinceSeq: number,
): Snapshot | null {
  const { seq } = positions;
  if (orders.seq !== seq) return null;
  if (fills !== null && fills.seq < seq) return null;
  const cut = (fills?.fills ?? []).filter((fill) =>
    fill.seq > sinceSeq && fill.seq <= seq
  );
  return {
    seq,
    positions: positions.positions.map(toPosition),
    // Only orders that can still fill: a bridge may list more than it was asked for.
    orders: orders.orders.filter((order) => order.status === "working")
      .map(toWorkingOrder),
    fills: cut.map(toFill),
  };
}
