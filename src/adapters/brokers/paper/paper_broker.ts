/**
 * One paper account: the engine's state, who listens to it, and what it is made to get wrong.
 *
 * @module
 */

import type {
  AccountMode,
  PaperAccount,
  PaperPosition,
} from "../../../domain/definition.ts";
import { compare, ZERO } from "../../../domain/decimal.ts";
import { CarillonError } from "../../../domain/error.ts";
import type { Broker, Clock } from "../../../runtime/ports.ts";
import type { EpochMs } from "../../../domain/time.ts";
import { ProtocolBroker } from "../protocol/client.ts";
import { auditOf, EMPTY_AUDIT, type PaperAudit } from "./audit.ts";
import { directTransport } from "./direct.ts";
import { stepPaper } from "./engine.ts";
import { EngineBroker } from "./engine_broker.ts";
import { type FaultBox, faultBox, type PaperFaultRule } from "./faults.ts";
import type { PaperGatewayOptions } from "./gateway/limits.ts";
import { PaperGateway } from "./gateway/paper_gateway.ts";
import { trade } from "./positions.ts";
import type { PriceText } from "./prices/csv_prices.ts";
import { paperPrices } from "./prices/paper_prices.ts";
import { type PaperRouter, paperRouter } from "./router.ts";
import type {
  EngineListener,
  EngineReply,
  EngineRequest,
  PaperState,
  PaperWorld,
} from "./state.ts";
import { Ticker } from "./ticker.ts";

/** What a paper broker is made of. */
export interface PaperBrokerOptions {
  /** What it starts with, as a session file describes it. */
  readonly account: PaperAccount;
  /** The price files' texts, already read. */
  readonly prices: readonly PriceText[];
  /** The clock that prices and orders go by. */
  readonly clock: Clock;
  /** What is made to go wrong from the start; nothing by default. */
  readonly faults?: readonly PaperFaultRule[];
  /** What its gateway allows; what chat services allow by default. */
  readonly gateway?: PaperGatewayOptions;
}

/** A paper account that is running. */
export class PaperBroker implements AsyncDisposable {
  /**
   * What does not change while it runs.
   *
   * @internal
   */
  readonly world: PaperWorld;
  /** The clock that it goes by. */
  readonly clock: Clock;
  /**
   * Answers requests of the open protocol.
   *
   * @internal
   */
  readonly router: PaperRouter;
  /** Its gateway, for the faults and the counts of tests. */
  readonly gateway: PaperGateway;
  readonly #listeners = new Set<EngineListener>();
  readonly #ticker: Ticker;
  readonly #ended = new AbortController();
  #state: PaperState;
  #faults: FaultBox;

  /** Opens the account; `createPaperBroker()` is its door. */
  constructor(options: PaperBrokerOptions) {
    const { account, clock } = options;
    this.world = worldOf(account, options.prices, options.clock.now());
    this.clock = clock;
    this.#state = openingState(this.world, account, clock.now());
    this.#faults = faultBox(options.faults ?? []);
    this.#ticker = new Ticker(this);
    this.gateway = new PaperGateway(this, options.gateway);
    this.router = paperRouter(this, account.latencyMs);
  }

  /**
   * The account as it is now; a value that never changes.
   *
   * @internal
   */
  get state(): PaperState {
    return this.#state;
  }

  /**
   * What is made to go wrong, and how often it has.
   *
   * @internal
   */
  get faults(): FaultBox {
    return this.#faults;
  }

  set faults(box: FaultBox) {
    this.#faults = box;
  }

  /** Replaces what is made to go wrong. */
  setFaults(rules: readonly PaperFaultRule[]): void {
    this.#faults = faultBox(rules);
  }

  /**
   * Asks the engine, keeps what it became, and tells everybody who listens.
   *
   * @internal
   */
  ask(request: EngineRequest): EngineReply {
    const before = this.#state;
    const [state, reply, events] = stepPaper(
      this.world,
      before,
      request,
      this.clock.now(),
    );
    this.#state = state;
    for (const event of events) {
      for (const listener of [...this.#listeners]) listener(event);
    }
    if (state.working !== before.working) this.#ticker.look();
    return reply;
  }

  /**
   * Tells of every event from now on, until the function it gives is called.
   *
   * @internal
   */
  listen(listener: EngineListener): () => void {
    this.#listeners.add(listener);
    this.#ticker.look();
    return () => {
      this.#listeners.delete(listener);
      this.#ticker.look();
    };
  }

  /** How many listen. */
  get listening(): number {
    return this.#listeners.size;
  }

  /**
   * A client within the process: the same protocol and client, without a network; its own clock may
   * differ from the broker's.
   */
  openBroker(clock: Clock = this.clock): Broker {
    return new ProtocolBroker({ transport: directTransport(this), clock });
  }

  /** A client without JSON: calls on the domain's own types, for a backtest. */
  openEngineBroker(): Broker {
    return new EngineBroker(this);
  }

  /** Who closed what, and what would have been closed twice. */
  audit(): PaperAudit {
    return auditOf(this.#state.audit);
  }

  /** Aborted once the broker is disposed of. */
  get signal(): AbortSignal {
    return this.#ended.signal;
  }

  /** Stops matching orders by itself, and leaves every request that waits without an answer. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.gateway[Symbol.asyncDispose]();
    this.#ended.abort();
    this.#listeners.clear();
    await this.#ticker[Symbol.asyncDispose]();
  }
}

/**
 * Opens a paper account.
 *
 * @throws {CarillonError} "paper/bad-prices" naming the file and the line of a price file
 * @throws {CarillonError} "paper/invalid-request" if a netting account is to hold both sides, or its
 * gateway is told numbers that cannot be
 */
export function createPaperBroker(options: PaperBrokerOptions): PaperBroker {
  return new PaperBroker(options);
}

function worldOf(
  account: PaperAccount,
  texts: readonly PriceText[],
  at: EpochMs,
): PaperWorld {
  return {
    accountId: `paper-${account.name}`,
    epoch: Temporal.Instant.fromEpochMilliseconds(at).toString(),
    mode: account.mode,
    currency: account.currency,
    commission: account.commission,
    seed: account.seed,
    prices: paperPrices(account.seed, texts),
  };
}

function openingState(
  world: PaperWorld,
  account: PaperAccount,
  at: EpochMs,
): PaperState {
  const empty: PaperState = {
    seq: 0,
    orderCount: 0,
    ticketCount: 0,
    cash: account.cash,
    lookedAt: at,
    positions: new Map(),
    working: [],
    orders: [],
    byClientId: [],
    fills: [],
    audit: EMPTY_AUDIT,
  };
  return account.positions.reduce(
    (state, position) => hold(world, state, position, at),
    empty,
  );
}

/** Puts a position into the account as if it had been bought before, for nothing. */
function hold(
  world: PaperWorld,
  state: PaperState,
  position: PaperPosition,
  at: EpochMs,
): PaperState {
  const { symbol, side, qty, tag } = position;
  refuseBothSides(world.mode, state, position);
  const quote = world.prices.series(symbol).quoteAt(at);
  const price = position.price ?? (side === "long" ? quote.ask : quote.bid);
  const [held] = trade(world, state, {
    orderId: "opening",
    clientOrderId: "opening",
    symbol,
    side: side === "long" ? "buy" : "sell",
    qty,
    price,
    closes: null,
    tag,
    fee: ZERO,
    at,
  });
  return held;
}

function refuseBothSides(
  mode: AccountMode,
  state: PaperState,
  { symbol, side, qty }: PaperPosition,
): void {
  const held = mode === "netting" ? state.positions.get(symbol) : undefined;
  if (compare(qty, ZERO) > 0 && (held === undefined || held.side === side)) {
    return;
  }
  throw new CarillonError(
    "paper/invalid-request",
    held === undefined
      ? `Cannot hold "${qty}" of "${symbol}": the quantity must be above 0`
      : `Cannot hold "${symbol}" ${side} beside ${held.side}: a netting ` +
        "account has one side of a symbol",
  );
}
