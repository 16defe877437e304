/**
 * A broker whose every answer a test gives by hand or by a function.
 *
 * @module
 */

import { CarillonError } from "../../src/domain/error.ts";
import type { OrderIntent, OrderReport } from "../../src/domain/order.ts";
import type { AccountInfo, Snapshot } from "../../src/domain/position.ts";
import type {
  Broker,
  BrokerEvent,
  BrokerWatch,
} from "../../src/runtime/ports.ts";
import { plainInfo } from "./core_run.ts";

const EMPTY: Snapshot = { seq: 0, positions: [], orders: [], fills: [] };

/** What a stub answers; an empty account where nothing is given. */
export interface StubAnswers {
  readonly open?: () => Promise<AccountInfo>;
  readonly read?: () => Promise<Snapshot>;
  readonly submit?: (intent: OrderIntent) => Promise<OrderReport>;
}

/** A broker in a test's hand. */
export class StubBroker implements Broker {
  /** What it was asked, in order. */
  readonly asked: string[] = [];
  readonly #answers: StubAnswers;
  #watch: BrokerWatch = () => {};

  /** Answers as told. */
  constructor(answers: StubAnswers = {}) {
    this.#answers = answers;
  }

  /** Tells of a change, as a stream does. */
  tell(event: BrokerEvent): void {
    this.#watch(event);
  }

  /** Says who the account is. */
  open(watch: BrokerWatch): Promise<AccountInfo> {
    this.asked.push("open");
    this.#watch = watch;
    return this.#answers.open?.() ?? Promise.resolve(plainInfo());
  }

  /** Gives the lists. */
  read(): Promise<Snapshot> {
    this.asked.push("read");
    return this.#answers.read?.() ?? Promise.resolve(EMPTY);
  }

  /** Takes an order. */
  submit(intent: OrderIntent): Promise<OrderReport> {
    this.asked.push(`submit ${intent.clientOrderId}`);
    const answer = this.#answers.submit?.(intent);
    if (answer !== undefined) return answer;
    return Promise.reject(
      new CarillonError("broker/refused", "This stub takes no orders", {
        details: { outcome: "refused" },
      }),
    );
  }

  /** Cancels nothing. */
  cancel(orderId: string): Promise<OrderReport> {
    this.asked.push(`cancel ${orderId}`);
    return Promise.reject(new Error("This stub cancels nothing"));
  }

  /** Has no order. */
  find(clientOrderId: string): Promise<null> {
    this.asked.push(`find ${clientOrderId}`);
    return Promise.resolve(null);
  }

  /** Holds nothing. */
  [Symbol.asyncDispose](): Promise<void> {
    return Promise.resolve();
  }
}
