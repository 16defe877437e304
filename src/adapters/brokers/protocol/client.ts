/**
 * A broker that speaks the open protocol.
 *
 * @module
 */

import { CarillonError } from "../../../domain/error.ts";
import type { OrderIntent, OrderReport } from "../../../domain/order.ts";
import type { MarketQuote } from "../../../domain/quote.ts";
import type { AccountInfo, Snapshot } from "../../../domain/position.ts";
import type { DurationMs } from "../../../domain/time.ts";
import type { Broker, BrokerWatch, Clock } from "../../../runtime/ports.ts";
import { withDeadline } from "./deadline.ts";
import {
  brokerError,
  failingAnswer,
  failingCall,
  type Purpose,
} from "./failure.ts";
import { Limiter } from "./limiter.ts";
import { type Reader, readJson } from "./reading.ts";
import { readTogether } from "./snapshot.ts";
import { BrokerStream } from "./stream.ts";
import {
  IN_FLIGHT_DEFAULT,
  submitCall,
  toAccount,
  toQuote,
  toReport,
} from "./translate.ts";
import {
  type Answer,
  type Call,
  NotSent,
  type Transport,
} from "./transport.ts";
import {
  readAccount,
  readFills,
  readOrder,
  readOrders,
  readPositions,
  readQuotes,
} from "./wire.ts";

/** How long an answer is waited for, its turn in the queue included. @units milliseconds */
export const ANSWER_TIMEOUT_MS: DurationMs = 10_000;

/** The code of the answer that says that there is no such order. */
export const ORDER_NOT_FOUND = "order/not-found";

/** What a client needs. */
export interface ClientOptions {
  readonly transport: Transport;
  readonly clock: Clock;
  /** By the clock given: a clock that runs faster than the world needs more. @units milliseconds */
  readonly timeoutMs?: DurationMs;
}

/** The client of the open protocol, over any transport. */
export class ProtocolBroker implements Broker {
  readonly #transport: Transport;
  readonly #clock: Clock;
  readonly #timeoutMs: DurationMs;
  readonly #limiter: Limiter;
  readonly #ended = new AbortController();
  readonly #underWay = new Set<Promise<unknown>>();
  #stream: BrokerStream | null = null;

  /** Connects to nothing yet. */
  constructor(options: ClientOptions) {
    this.#transport = options.transport;
    this.#clock = options.clock;
    this.#timeoutMs = options.timeoutMs ?? ANSWER_TIMEOUT_MS;
    this.#limiter = new Limiter(options.clock, IN_FLIGHT_DEFAULT);
  }

  /** Learns who the account is, and tells of changes from then on. */
  async open(watch: BrokerWatch): Promise<AccountInfo> {
    const wire = await this.#ask(
      "open",
      "read the account",
      { method: "GET", path: "/v1/account", body: null },
      readAccount,
    );
    const account = toAccount(wire);
    this.#limiter.allow(account.inFlightMax);
    this.#stream ??= new BrokerStream(this.#transport, this.#clock, watch);
    return account;
  }

  /** Reads positions, working orders and fills that belong together. */
  read(sinceSeq: number | null): Promise<Snapshot> {
    const get = <T>(what: string, path: string, reader: Reader<T>) => () =>
      this.#ask("read", `read the ${what}`, {
        method: "GET",
        path,
        body: null,
      }, reader);
    return readTogether(this.#transport.name, {
      orders: get("orders", "/v1/orders?status=working", readOrders),
      positions: get("positions", "/v1/positions", readPositions),
      fills: sinceSeq === null
        ? null
        : get("fills", `/v1/fills?since=${sinceSeq}`, readFills),
    }, sinceSeq ?? 0);
  }

  /** Sends an order. */
  async submit(intent: OrderIntent): Promise<OrderReport> {
    const order = await this.#ask(
      "change",
      `submit order "${intent.clientOrderId}"`,
      submitCall(intent),
      readOrder,
    );
    return toReport(order);
  }

  /** Asks for a working order's end. */
  async cancel(orderId: string): Promise<OrderReport> {
    const path = `/v1/orders/${encodeURIComponent(orderId)}`;
    const order = await this.#ask(
      "change",
      `cancel order "${orderId}"`,
      { method: "DELETE", path, body: null },
      readOrder,
    );
    return toReport(order);
  }

  /** What became of an order. */
  async find(clientOrderId: string): Promise<OrderReport | null> {
    const id = encodeURIComponent(clientOrderId);
    const call: Call = {
      method: "GET",
      path: `/v1/orders/by-client-id/${id}`,
      body: null,
    };
    try {
      const doing = `find order "${clientOrderId}"`;
      return toReport(await this.#ask("read", doing, call, readOrder));
    } catch (error) {
      // A 404 of some proxy on the way says nothing about the order; only the broker's own code does.
      const absent = error instanceof CarillonError &&
        error.details.status === 404 &&
        error.details.brokerCode === ORDER_NOT_FOUND;
      if (absent) return null;
      throw error;
    }
  }

  /** Who the account is and what it is worth now. */
  async account(): Promise<AccountInfo> {
    const call: Call = { method: "GET", path: "/v1/account", body: null };
    return toAccount(
      await this.#ask("read", "read the account", call, readAccount),
    );
  }

  /**
   * The prices of a symbol.
   *
   * @throws {CarillonError} "broker/unreadable" if the answer has none
   */
  async quote(symbol: string): Promise<MarketQuote> {
    const named = `quote "${symbol}"`;
    const path = `/v1/quotes?symbols=${encodeURIComponent(symbol)}`;
    const call: Call = { method: "GET", path, body: null };
    const { quotes } = await this.#ask("read", named, call, readQuotes);
    const found = quotes.find((each) => each.symbol === symbol);
    if (found !== undefined) return toQuote(found);
    throw new CarillonError(
      "broker/unreadable",
      `Cannot ${named} at ${this.#transport.name}: the answer has no prices for it`,
      { details: { symbol } },
    );
  }

  /** Ends the stream and every request; what was under way is unknown. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#ended.abort(new Error("the connection was closed by us"));
    const stream = this.#stream;
    this.#stream = null;
    await stream?.[Symbol.asyncDispose]();
    await Promise.allSettled(this.#underWay);
    this.#transport[Symbol.dispose]();
  }

  async #ask<T>(
    purpose: Purpose,
    doing: string,
    call: Call,
    reader: Reader<T>,
  ): Promise<T> {
    const named = `${doing} at ${this.#transport.name}`;
    let answer: Answer;
    try {
      answer = await this.#send(call);
    } catch (error) {
      throw brokerError(purpose, named, failingCall(error), error);
    }
    if (answer.status < 200 || answer.status > 299) {
      const failing = failingAnswer(answer);
      if (answer.status === 429 && failing.retryAfterMs !== null) {
        this.#limiter.pause(this.#clock.now() + failing.retryAfterMs);
      }
      throw brokerError(purpose, named, failing);
    }
    try {
      return readJson(answer.body, reader);
    } catch (error) {
      const code = purpose === "open" ? "read" : purpose;
      throw brokerError(code, named, failingCall(error), error);
    }
  }

  async #send(call: Call): Promise<Answer> {
    const ended = this.#ended.signal;
    if (ended.aborted) throw new NotSent("the connection was closed by us");
    const sending = withDeadline(
      this.#clock,
      this.#timeoutMs,
      ended,
      (signal) =>
        this.#limiter.run(signal, () => this.#transport.call(call, signal)),
    );
    this.#underWay.add(sending);
    try {
      return await sending;
    } finally {
      this.#underWay.delete(sending);
    }
  }
}
