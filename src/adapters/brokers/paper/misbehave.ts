/**
 * How a request is answered that a fault befalls.
 *
 * @module
 */

import { REJECT_REASONS } from "../../../domain/order.ts";
import type { EpochMs } from "../../../domain/time.ts";
import type { Fault } from "./faults.ts";
import { errorReply, jsonReply, type PaperReply } from "./reply.ts";
import type { PaperDesk } from "./routes.ts";
import type { FillPlan } from "./state.ts";

/** Treats an order as the market has it. */
export const AS_USUAL: FillPlan = { kind: "market" };

/** Carries a request out, its order treated as planned. */
export type CarryOut = (plan: FillPlan) => PaperReply;

/** Earlier answers of the list of positions, latest last. */
export type PositionReads = readonly PaperReply[];

/**
 * The answer to a request that a fault befalls; `null` where there is none.
 *
 * @throws the desk's reason once it is closed during a delay
 */
export async function misbehave(
  desk: PaperDesk,
  fault: Fault,
  carryOut: CarryOut,
  reads: PositionReads,
): Promise<PaperReply | null> {
  switch (fault.kind) {
    case "status":
      if (fault.carry_out) carryOut(AS_USUAL);
      return statusReply(fault.status, fault.retry_after_ms ?? null);
    case "no_answer":
      carryOut(AS_USUAL);
      return null;
    case "lost":
      return null;
    case "delay":
      await desk.clock.sleepUntil(desk.clock.now() + fault.ms, desk.signal);
      return carryOut(AS_USUAL);
    case "garbage":
      carryOut(AS_USUAL);
      return {
        status: 200,
        headers: { "content-type": "text/html" },
        body: "<html><title>502 Bad Gateway</title></html>",
      };
    case "empty_500":
      return jsonReply(500, { seq: 0, positions: [], orders: [], fills: [] });
    case "stale_positions":
      return stale(desk, fault, carryOut(AS_USUAL), reads);
    default:
      return carryOut(planOf(fault, desk.clock.now()));
  }
}

/** A fault that befalls an order, not the request that brings it. */
export type OrderFault = Extract<
  Fault,
  {
    readonly kind:
      | "partial"
      | "reject"
      | "market_closed"
      | "lie_filled"
      | "working";
  }
>;

/** How an order is treated that a fault befalls. @units `now`: EpochMs */
export function planOf(fault: OrderFault, now: EpochMs): FillPlan {
  const later = (ms: number | null | undefined) => ({
    untilAt: typeof ms === "number" ? now + ms : null,
  });
  switch (fault.kind) {
    case "partial":
      return {
        kind: "partial",
        part: [fault.percent, 100],
        rest: fault.rest === "working" ? later(fault.fill_after_ms) : "cancel",
      };
    case "reject":
      return {
        kind: "reject",
        reason: fault.reason,
        message: fault.message ?? "refused by a fault rule",
      };
    case "market_closed":
      return {
        kind: "reject",
        reason: REJECT_REASONS.marketClosed,
        message: "the market is closed by a fault rule",
      };
    case "lie_filled":
      return { kind: "lie" };
    case "working":
      return { kind: "hold", ...later(fault.fill_after_ms) };
  }
}

function statusReply(status: number, retryAfterMs: number | null): PaperReply {
  return errorReply(
    status,
    status === 429 ? "request/too-many" : "broker/fault",
    `answered ${status} by a fault rule`,
    retryAfterMs,
  );
}

function stale(
  desk: PaperDesk,
  fault: Extract<Fault, { readonly kind: "stale_positions" }>,
  now: PaperReply,
  reads: PositionReads,
): PaperReply {
  const old = reads.at(-fault.reads) ?? reads[0] ?? now;
  if (fault.reads === 0) return now;
  if (!fault.as_of_now) return old;
  const list: unknown = JSON.parse(old.body);
  return jsonReply(old.status, { ...Object(list), seq: desk.state.seq });
}
