/**
 * The run's values as the data that a hook's context holds.
 *
 * @module
 */

import type { Bar } from "../../domain/bar.ts";
import type { HookRun } from "../../domain/effect.ts";
import type { EntryRight } from "../../domain/entry_right.ts";
import { CarillonError } from "../../domain/error.ts";
import type {
  AccountInfo,
  Position,
  Snapshot,
  WorkingOrder,
} from "../../domain/position.ts";
import type { MarketQuote } from "../../domain/quote.ts";
import type { EpochMs } from "../../domain/time.ts";
import type { HookDesk } from "../../runtime/hook_desk.ts";
import type { Json, JsonObject } from "../../runtime/isolation.ts";
import { formatInstant } from "../wire_form.ts";

/** What was read of the account for one call, or why it was not. */
export interface Reading {
  readonly snapshot: Snapshot | null;
  readonly account: AccountInfo | null;
  readonly unread: string | null;
}

/** What a call is told when it begins. */
export function contextData(
  call: HookRun,
  desk: HookDesk,
  { snapshot, account, unread }: Reading,
): JsonObject {
  const { occurrence = null, hook } = call;
  return {
    action: call.name,
    edge: call.edge,
    dueAt: formatInstant(call.dueAt),
    occurrence: occurrence === null ? null : {
      key: occurrence.key,
      tradeDate: occurrence.tradeDate,
      opensAt: formatInstant(occurrence.opensAt),
      closesAt: formatInstant(occurrence.closesAt),
    },
    session: sessionData(desk, call.session),
    entries: entriesData(desk.entries()),
    account: account === null
      ? null
      : accountData(account, desk.session?.account ?? ""),
    snapshot: snapshot === null ? null : {
      positions: snapshot.positions.map(positionData),
      orders: snapshot.orders.map(orderData),
    },
    unread,
    // The decoder wrote it.
    params: JSON.parse(hook.params) as Json,
    ...strategyData(call),
  };
}

function strategyData({ strategy }: HookRun): JsonObject {
  if (strategy === undefined) return {};
  const { name, everyMs, symbols, state } = strategy;
  return {
    strategy: { name, everyMs, symbols },
    // It is what an earlier call returned.
    state: state === null ? null : JSON.parse(state) as Json,
  };
}

/** A bar. */
export function barData({ at, open, high, low, close }: Bar): Json {
  return { at: formatInstant(at), open, high, low, close };
}

/** Why something could not be read, in words. */
export function whyUnread(error: unknown): string {
  return error instanceof CarillonError
    ? error.message
    : "It did not come in time";
}

function sessionData({ session }: HookDesk, name: string): Json {
  return {
    name,
    account: session?.account ?? "",
    timezone: session?.timezone ?? "UTC",
    symbols: session?.scope.symbols ?? null,
    except: session?.scope.except ?? [],
    tag: session?.scope.tag ?? null,
  };
}

function entriesData(right: EntryRight | null): Json {
  if (right === null || right.allowed) {
    const allowed = right !== null;
    return { allowed, reason: null, message: null, until: null };
  }
  const { reason, message, until } = right;
  return { allowed: false, reason, message, until: instantData(until) };
}

/** Its id stays outside: it is nobody's business but the run's. */
function accountData(
  { currency, mode, live, equity }: AccountInfo,
  name: string,
): Json {
  return { name, currency, mode, live, equity };
}

/** A position. */
export function positionData(position: Position): Json {
  const { id, symbol, side, qty, entryPrice, openedAt, tag } = position;
  const { netProfit, grossProfit, profitCurrency } = position;
  return {
    id,
    symbol,
    side,
    qty,
    entryPrice,
    netProfit,
    grossProfit,
    profitCurrency,
    openedAt: instantData(openedAt),
    tag,
  };
}

/** A working order. */
export function orderData(order: WorkingOrder): Json {
  const { orderId, symbol, side, qty, filledQty, limitPrice } = order;
  const { positionId, tag } = order;
  return {
    orderId,
    symbol,
    side,
    qty,
    filledQty,
    limitPrice,
    positionId,
    tag,
  };
}

/** The prices of a symbol. */
export function quoteData({ symbol, bid, ask, at, open }: MarketQuote): Json {
  return { symbol, bid, ask, at: formatInstant(at), open };
}

function instantData(at: EpochMs | null): string | null {
  return at === null ? null : formatInstant(at);
}
