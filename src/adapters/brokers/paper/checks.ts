/**
 * What must hold before the paper broker takes an order.
 *
 * @module
 */

import {
  compare,
  floorToStep,
  isPositive,
  ZERO,
} from "../../../domain/decimal.ts";
import { type OrderIntent, REJECT_REASONS } from "../../../domain/order.ts";
import { closingSide } from "../../../domain/position.ts";
import type { EpochMs } from "../../../domain/time.ts";
import { noteDuplicate } from "./audit.ts";
import { availableToClose } from "./book.ts";
import type { PaperState, PaperWorld } from "./state.ts";
import { instrumentOf, isSymbol } from "./symbols.ts";

/** Why an order was not taken. */
export interface Refusal {
  /** A code of `REJECT_REASONS`, or whatever a fault says. */
  readonly reason: string;
  readonly message: string;
}

/** Why an order cannot be taken; `null` where it can. @units `at`: EpochMs */
export function checkOrder(
  world: PaperWorld,
  state: PaperState,
  intent: OrderIntent,
  at: EpochMs,
): Refusal | null {
  const no = (reason: string, message: string) => ({ reason, message });
  const { symbol, qty, limitPrice } = intent;
  if (!isSymbol(symbol)) {
    return no(REJECT_REASONS.unknownSymbol, `no symbol is called "${symbol}"`);
  }
  if (!isPositive(qty)) {
    return no(REJECT_REASONS.quantity, `quantity "${qty}" is not above 0`);
  }
  if (limitPrice !== null && !isPositive(limitPrice)) {
    return no(
      REJECT_REASONS.price,
      `limit price "${limitPrice}" is not above 0`,
    );
  }
  const held = intent.closes === null ? null : checkClose(state, intent);
  if (held !== null) return held;
  const { step } = instrumentOf(symbol, world.seed);
  const whole = intent.closes !== null &&
    qty === state.positions.get(intent.closes)?.qty;
  if (!whole && floorToStep(qty, step) !== qty) {
    return no(
      REJECT_REASONS.step,
      `quantity "${qty}" is no multiple of "${step}"`,
    );
  }
  if (!world.prices.series(symbol).quoteAt(at).open) {
    return no(
      REJECT_REASONS.marketClosed,
      `the market of "${symbol}" is closed`,
    );
  }
  return null;
}

function checkClose(
  state: PaperState,
  intent: OrderIntent,
): Refusal | null {
  const id = intent.closes ?? "";
  const held = state.positions.get(id);
  const fits = held !== undefined && held.symbol === intent.symbol &&
    closingSide(held.side) === intent.side;
  if (!fits) {
    return {
      reason: REJECT_REASONS.unknownPosition,
      message: `no position "${id}" is open that a ${intent.side} of ` +
        `"${intent.symbol}" would close`,
    };
  }
  const available = availableToClose(state, id);
  if (compare(intent.qty, available) <= 0) return null;
  return {
    reason: REJECT_REASONS.exceedsPosition,
    message: `"${intent.qty}" asked, "${available}" of position "${id}" ` +
      "can still be closed",
  };
}

/** Notes a closing order that came too late or asked for too much. @units `at`: EpochMs */
export function auditRefusal(
  state: PaperState,
  intent: OrderIntent,
  { reason }: Refusal,
  at: EpochMs,
): PaperState {
  const again = reason === REJECT_REASONS.unknownPosition ||
    reason === REJECT_REASONS.exceedsPosition;
  if (!again || intent.closes === null) return state;
  const held = state.positions.has(intent.closes);
  const audit = noteDuplicate(state.audit, {
    clientOrderId: intent.clientOrderId,
    positionId: intent.closes,
    askedQty: intent.qty,
    availableQty: held ? availableToClose(state, intent.closes) : ZERO,
    at,
  });
  return { ...state, audit };
}
