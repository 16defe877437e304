/**
 * Ways to the broker on which things travel twice, or only half of the way.
 *
 * @module
 */

import type { OrderIntent, OrderReport } from "../../domain/order.ts";
import type { AccountInfo, Snapshot } from "../../domain/position.ts";
import type { Broker, BrokerWatch } from "../../runtime/ports.ts";
import type { Road } from "./play_plan.ts";

/** The road that a play is to have. */
export function buildRoad(road: Road, line: Broker): Broker {
  switch (road) {
    case "plain":
      return line;
    case "doubled":
      return new DoublingBroker(line);
    case "silent":
      return silenced(line);
  }
}

/** Answers what it is asked, and tells nothing by itself. */
function silenced(line: Broker): Broker {
  return {
    open: () => line.open(() => {}),
    read: (sinceSeq) => line.read(sinceSeq),
    submit: (intent) => line.submit(intent),
    cancel: (orderId) => line.cancel(orderId),
    find: (clientOrderId) => line.find(clientOrderId),
    [Symbol.asyncDispose]: () => line[Symbol.asyncDispose](),
  };
}

/** Delivers each order twice, and each piece of news. */
class DoublingBroker implements Broker {
  readonly #inner: Broker;

  /** Doubles what goes to and comes from another. */
  constructor(inner: Broker) {
    this.#inner = inner;
  }

  /** Every piece of news is heard twice. */
  open(watch: BrokerWatch): Promise<AccountInfo> {
    return this.#inner.open((event) => {
      watch(event);
      watch(event);
    });
  }

  /** Lists are asked for once: asking twice changes nothing. */
  read(sinceSeq: number | null): Promise<Snapshot> {
    return this.#inner.read(sinceSeq);
  }

  /** The order arrives twice; the second answer is the one that gets through. */
  async submit(intent: OrderIntent): Promise<OrderReport> {
    await this.#inner.submit(intent);
    return await this.#inner.submit(intent);
  }

  /** The wish to cancel arrives twice. */
  async cancel(orderId: string): Promise<OrderReport> {
    const first = await this.#inner.cancel(orderId);
    // The second may be refused, since the order has ended by then.
    return await this.#inner.cancel(orderId).catch(() => first);
  }

  /** Asked once. */
  find(clientOrderId: string): Promise<OrderReport | null> {
    return this.#inner.find(clientOrderId);
  }

  /** Lets go of the other. */
  [Symbol.asyncDispose](): PromiseLike<void> {
    return this.#inner[Symbol.asyncDispose]();
  }
}
