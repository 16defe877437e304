/**
 * The paper broker called with the domain's own values: no protocol, no JSON, no waiting.
 *
 * @module
 */

import { CarillonError } from "../../../domain/error.ts";
import type { OrderIntent, OrderReport } from "../../../domain/order.ts";
import type {
  AccountInfo,
  Fill,
  Position,
  Snapshot,
  WorkingOrder,
} from "../../../domain/position.ts";
import type { Bar, BarWish } from "../../../domain/bar.ts";
import type { MarketQuote } from "../../../domain/quote.ts";
import type { EpochMs } from "../../../domain/time.ts";
import type { Broker, BrokerWatch, Clock } from "../../../runtime/ports.ts";
import { barsOf } from "./prices/series_bars.ts";
import { averagePriceOf, findByClientId, workingOrders } from "./book.ts";
import { type FaultBox, type FaultTarget, takeFault } from "./faults.ts";
import { lookUp } from "./ledger.ts";
import { AS_USUAL, planOf } from "./misbehave.ts";
import { equityOf, profitsOf } from "./money.ts";
import { entryPriceOf } from "./positions.ts";
import { IN_FLIGHT_MAX } from "./replies.ts";
import type {
  EngineListener,
  EngineReply,
  EngineRequest,
  FillPlan,
  OpenPosition,
  PaperOrder,
  PaperState,
  PaperWorld,
} from "./state.ts";

/** The account that is called. */
export interface EngineAccount {
  readonly world: PaperWorld;
  readonly state: PaperState;
  readonly clock: Clock;
  faults: FaultBox;
  ask(request: EngineRequest): EngineReply;
  listen(listener: EngineListener): () => void;
}

/**
 * A client that is one call away from the engine.
 *
 * Of the faults only those of orders befall it: there is no request that could be lost.
 */
export class EngineBroker implements Broker {
  readonly #account: EngineAccount;
  #leave: (() => void) | null = null;

  /** Listens to nothing before its `open()`. */
  constructor(account: EngineAccount) {
    this.#account = account;
  }

  /** Tells who the account is, and of every order from then on. */
  open(watch: BrokerWatch): Promise<AccountInfo> {
    const info = this.#info();
    const { state } = this.#account;
    this.#leave ??= this.#account.listen((event) => {
      if (event.type === "order") {
        watch({ type: "order", report: reportOf(event.order) });
      }
    });
    const message = `at execution ${state.seq}`;
    watch({ type: "stream", state: "up", message });
    return Promise.resolve(info);
  }

  /** Who the account is and what it is worth now. */
  account(): Promise<AccountInfo> {
    return Promise.resolve(this.#info());
  }

  /** The lists, all of one state. */
  read(sinceSeq: number): Promise<Snapshot> {
    const { world, state } = this.#look();
    const now = this.#account.clock.now();
    return Promise.resolve({
      seq: state.seq,
      positions: [...state.positions.values()].map((position) =>
        positionOf(world, position, now)
      ),
      orders: workingOrders(state).map(workingOf),
      fills: fillsAfter(state, sinceSeq),
    });
  }

  /** Sends an order. */
  submit(intent: OrderIntent): Promise<OrderReport> {
    const target = intent.closes === null ? "submit" : "close";
    const plan = this.#plan(target, intent.symbol);
    return Promise.resolve(
      this.#order({ type: "submit", intent, plan }, intent.clientOrderId),
    );
  }

  /** Ends a working order. */
  // deno-lint-ignore require-await -- an unknown order is a rejection, not an exception
  async cancel(orderId: string): Promise<OrderReport> {
    return this.#order({ type: "cancel", orderId }, orderId);
  }

  /** What became of an order. */
  find(clientOrderId: string): Promise<OrderReport | null> {
    const order = findByClientId(this.#look().state, clientOrderId);
    return Promise.resolve(order === undefined ? null : reportOf(order));
  }

  /** The prices of a symbol. */
  // deno-lint-ignore require-await -- an unknown symbol is a rejection, not an exception
  async quote(symbol: string): Promise<MarketQuote> {
    const { world } = this.#look();
    const { bid, ask, at, open } = world.prices.series(symbol)
      .quoteAt(this.#account.clock.now());
    return { symbol, bid, ask, at, open };
  }

  /** The last bars of a symbol that have ended. */
  // deno-lint-ignore require-await -- an unknown symbol is a rejection, not an exception
  async bars(symbol: string, wish: BarWish): Promise<readonly Bar[]> {
    const { world } = this.#look();
    const series = world.prices.series(symbol);
    return barsOf(series, wish, this.#account.clock.now());
  }

  /** Stops listening. */
  [Symbol.asyncDispose](): Promise<void> {
    this.#leave?.();
    this.#leave = null;
    return Promise.resolve();
  }

  #info(): AccountInfo {
    const { world, state } = this.#look();
    return {
      id: world.accountId,
      live: false,
      mode: world.mode,
      currency: world.currency,
      equity: equityOf(world, state, this.#account.clock.now()),
      inFlightMax: IN_FLIGHT_MAX,
      epoch: world.epoch,
    };
  }

  /** The account, with everything filled that the prices have reached. */
  #look(): EngineAccount {
    this.#account.ask({ type: "advance" });
    return this.#account;
  }

  #plan(target: FaultTarget, symbol: string): FillPlan {
    const [box, fault] = takeFault(this.#account.faults, target, symbol);
    this.#account.faults = box;
    switch (fault?.kind) {
      case "partial":
      case "reject":
      case "market_closed":
      case "lie_filled":
      case "working":
        return planOf(fault, this.#account.clock.now());
      default:
        return AS_USUAL;
    }
  }

  #order(request: EngineRequest, id: string): OrderReport {
    const reply = this.#account.ask(request);
    if (reply.type === "order") return reportOf(reply.order);
    throw new CarillonError(
      "broker/refused",
      `Cannot ${request.type} order "${id}" at the paper broker: ` +
        `no order has the id "${id}"`,
      { details: { outcome: "refused", brokerCode: "order/not-found" } },
    );
  }
}

function reportOf(order: PaperOrder): OrderReport {
  const { intent } = order;
  return {
    orderId: order.orderId,
    clientOrderId: intent.clientOrderId,
    status: order.status,
    symbol: intent.symbol,
    side: intent.side,
    qty: intent.qty,
    filledQty: order.filledQty,
    averagePrice: averagePriceOf(order),
    reason: order.reason,
    message: order.message,
  };
}

function workingOf({ orderId, intent, filledQty }: PaperOrder): WorkingOrder {
  return {
    orderId,
    clientOrderId: intent.clientOrderId,
    symbol: intent.symbol,
    side: intent.side,
    qty: intent.qty,
    filledQty,
    limitPrice: intent.limitPrice,
    positionId: intent.closes,
    tag: intent.tag,
  };
}

function positionOf(
  world: PaperWorld,
  position: OpenPosition,
  at: EpochMs,
): Position {
  const { gross, net } = profitsOf(world, position, at);
  return {
    id: position.id,
    symbol: position.symbol,
    side: position.side,
    qty: position.qty,
    entryPrice: entryPriceOf(position),
    netProfit: net,
    grossProfit: gross,
    profitCurrency: world.currency,
    openedAt: position.openedAt,
    tag: position.tag,
  };
}

function fillsAfter(state: PaperState, sinceSeq: number): readonly Fill[] {
  const fills: Fill[] = [];
  for (let seq = sinceSeq + 1; seq <= state.seq; seq++) {
    const fill = lookUp(state.fills, seq);
    if (fill !== undefined) fills.push(fill);
  }
  return fills;
}
