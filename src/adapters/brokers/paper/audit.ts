/**
 * The paper broker's own book of who closed what: proof, for tests, that nothing was closed twice.
 *
 * @module
 */

import { add, type Decimal, ZERO } from "../../../domain/decimal.ts";
import type { PositionSide } from "../../../domain/definition.ts";
import type { EpochMs } from "../../../domain/time.ts";
import { enter, entriesOf, type Ledger, lookUp } from "./ledger.ts";

/** One holding, from flat to flat. */
export interface Exposure {
  /** The position's id and the count of holdings before it: `EURUSD#3`. */
  readonly key: string;
  /** The ticket where the account hedges, the symbol where it nets. */
  readonly positionId: string;
  /** What was held. */
  readonly symbol: string;
  /** Which way it earned. */
  readonly side: PositionSide;
  /** The sum of what was opened. */
  readonly openedQty: Decimal;
  /** The sum of what was closed. */
  readonly closedQty: Decimal;
  /** What closed it, oldest first. */
  readonly closings: readonly Closing[];
}

/** What one execution took off an exposure. */
export interface Closing {
  /** The broker's name for the order. */
  readonly orderId: string;
  /** The name the order was sent under. */
  readonly clientOrderId: string;
  /** How much it closed. */
  readonly qty: Decimal;
}

/** A closing order that asked for more than was left to close: it would have closed it again. */
export interface Duplicate {
  /** The name the order was sent under. */
  readonly clientOrderId: string;
  /** The position it was to close. */
  readonly positionId: string;
  /** How much it asked for. */
  readonly askedQty: Decimal;
  /** Open, less what other closing orders claim. */
  readonly availableQty: Decimal;
  /** When. @units EpochMs */
  readonly at: EpochMs;
}

/** The audit as part of the engine's state. */
export interface AuditState {
  readonly count: number;
  readonly exposures: Ledger<string, Exposure>;
  /** Position ids that have ever been held. */
  readonly held: Ledger<string, true>;
  readonly duplicates: readonly Duplicate[];
}

/** What the broker's own book says of who closed what. */
export interface PaperAudit {
  /** Every holding so far, oldest first. */
  readonly exposures: readonly Exposure[];
  /** Closing orders that asked for more than was left to close. */
  readonly duplicates: readonly Duplicate[];
}

/** The book as it is read. */
export function auditOf(audit: AuditState): PaperAudit {
  return {
    exposures: [...entriesOf(audit.exposures).values()],
    duplicates: audit.duplicates,
  };
}

/** An empty book. */
export const EMPTY_AUDIT: AuditState = {
  count: 0,
  exposures: [],
  held: [],
  duplicates: [],
};

/** Opens an exposure and gives its key. */
export function openExposure(
  audit: AuditState,
  position: {
    readonly id: string;
    readonly symbol: string;
    readonly side: PositionSide;
    readonly qty: Decimal;
  },
): readonly [AuditState, string] {
  const count = audit.count + 1;
  const key = `${position.id}#${count}`;
  const exposure: Exposure = {
    key,
    positionId: position.id,
    symbol: position.symbol,
    side: position.side,
    openedQty: position.qty,
    closedQty: ZERO,
    closings: [],
  };
  const next = {
    ...audit,
    count,
    exposures: enter(audit.exposures, key, exposure),
    held: enter(audit.held, position.id, true as const),
  };
  return [next, key];
}

/** Adds to an exposure. */
export function growExposure(
  audit: AuditState,
  key: string,
  qty: Decimal,
): AuditState {
  return change(audit, key, (exposure) => ({
    ...exposure,
    openedQty: add(exposure.openedQty, qty),
  }));
}

/** Takes off an exposure what an execution closed. */
export function closeExposure(
  audit: AuditState,
  key: string,
  closing: Closing,
): AuditState {
  return change(audit, key, (exposure) => ({
    ...exposure,
    closedQty: add(exposure.closedQty, closing.qty),
    closings: [...exposure.closings, closing],
  }));
}

/** Notes a closing order for more than is left, of a position that was once held. */
export function noteDuplicate(
  audit: AuditState,
  duplicate: Duplicate,
): AuditState {
  if (!lookUp(audit.held, duplicate.positionId)) return audit;
  return { ...audit, duplicates: [...audit.duplicates, duplicate] };
}

function change(
  audit: AuditState,
  key: string,
  by: (exposure: Exposure) => Exposure,
): AuditState {
  const exposure = lookUp(audit.exposures, key);
  if (exposure === undefined) return audit;
  return { ...audit, exposures: enter(audit.exposures, key, by(exposure)) };
}
