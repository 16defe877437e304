/**
 * An order of ours that was sent before, under the same id, by a run that could not record it.
 *
 * @module
 */

import type { TrackedOrder } from "./account.ts";
import { compare, isZero, ZERO } from "./decimal.ts";
import type { OrderReport } from "./order.ts";

/**
 * What a report says of an order from when we sent it.
 *
 * A broker that knows the id answers with its first order. A close that was carried out without a
 * record, partly filled, and broken off asks again under the first id, but for what is left: another
 * quantity tells. What the older order did before is no longer in the position that we saw; what it
 * does from then on, the executions tell.
 */
export function sinceOurs(
  { order: { intent }, owner }: TrackedOrder,
  report: OrderReport,
): OrderReport {
  const isOlder = owner.kind === "close" && !isZero(report.qty) &&
    compare(report.qty, intent.qty) !== 0;
  if (!isOlder) return report;
  return {
    ...report,
    status: report.status === "filled" ? "canceled" : report.status,
    filledQty: ZERO,
    message: report.message ??
      `The broker has an older order of that id, for "${report.qty}"`,
  };
}
