/**
 * What a paper broker's list of executions says of who held what, and when.
 *
 * @module
 */

import assert from "node:assert/strict";
import {
  readFills,
  type WireFill,
} from "../../src/adapters/brokers/protocol/wire.ts";
import {
  absolute,
  add,
  type Decimal,
  isPositive,
  isZero,
  negate,
  sum,
} from "../../src/domain/decimal.ts";
import type { EpochMs } from "../../src/domain/time.ts";
import type { PaperProcess } from "./paper_process.ts";

/** A position, from flat to flat. */
export interface Held {
  readonly positionId: string;
  readonly symbol: string;
  readonly tag: string | null;
  readonly openedAt: EpochMs;
  /** `null` while it is open. @units EpochMs */
  readonly closedAt: EpochMs | null;
  /** Signed, short below zero. */
  readonly qty: Decimal;
  readonly closings: readonly WireFill[];
}

/** The broker's own words on everything that was done. */
export interface BrokerBook {
  readonly held: readonly Held[];
  readonly fills: readonly WireFill[];
  /** Closing orders that asked for more than was left to close. */
  readonly duplicates: readonly unknown[];
}

interface Exposure {
  readonly position_id: string;
  readonly closed_qty: Decimal;
  readonly closings: readonly { readonly client_order_id: string }[];
}

/** Reads a broker's book; its audit and its executions must tell the same. */
export async function readBook(paper: PaperProcess): Promise<BrokerBook> {
  const { fills } = readFills(await paper.ask("/v1/fills?since=0"), "fills");
  // The cast names what the paper broker's own path answers; the comparison below holds it to it.
  const { exposures, duplicates } = await paper.ask("/v1/paper/audit") as {
    readonly exposures: readonly Exposure[];
    readonly duplicates: readonly unknown[];
  };
  const held = heldFrom(fills);
  assert.deepEqual(
    held.map(({ positionId, closings }) => ({
      positionId,
      closed: sum(closings.map(({ qty }) => qty)),
      by: closings.map(({ client_order_id }) => client_order_id),
    })),
    exposures.filter(({ position_id }) =>
      fills.some((fill) => fill.position_id === position_id)
    ).map(({ position_id, closed_qty, closings }) => ({
      positionId: position_id,
      closed: closed_qty,
      by: closings.map(({ client_order_id }) => client_order_id),
    })),
    "the broker's audit and its list of executions tell the same",
  );
  return { held, fills, duplicates };
}

/** Puts executions together to positions, oldest first. */
function heldFrom(fills: readonly WireFill[]): readonly Held[] {
  const held: Held[] = [];
  for (const fill of fills) {
    const at = held.findLastIndex(({ positionId, closedAt }) =>
      positionId === fill.position_id && closedAt === null
    );
    const open = held[at];
    if (open === undefined) held.push(openedBy(fill));
    else held[at] = changedBy(open, fill);
  }
  return held;
}

function signed({ side, qty }: WireFill): Decimal {
  return side === "buy" ? qty : negate(qty);
}

function openedBy(fill: WireFill): Held {
  const [, tag = ""] = fill.client_order_id?.split("/") ?? [];
  return {
    positionId: fill.position_id,
    symbol: fill.symbol,
    tag: tag === "" ? null : tag,
    openedAt: fill.at,
    closedAt: null,
    qty: signed(fill),
    closings: [],
  };
}

function changedBy(held: Held, fill: WireFill): Held {
  const change = signed(fill);
  const qty = add(held.qty, change);
  if (isPositive(change) === isPositive(held.qty)) return { ...held, qty };
  const turned = isPositive(held.qty) !== isPositive(qty) && !isZero(qty);
  assert.ok(
    !turned,
    `${absolute(qty)} of "${held.positionId}" went beyond flat`,
  );
  return {
    ...held,
    qty,
    closedAt: isZero(qty) ? fill.at : null,
    closings: [...held.closings, fill],
  };
}
