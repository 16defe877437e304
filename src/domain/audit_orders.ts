/**
 * Which orders a journal says were sent, and whether each was answered.
 *
 * @module
 */

import type { AuditEntry, Finding } from "./audit_finding.ts";
import type { OrderIntent } from "./order.ts";
import type { Snapshot } from "./position.ts";
import type { EpochMs } from "./time.ts";

interface SentOrder {
  readonly account: string;
  readonly intent: OrderIntent;
  readonly seq: number;
  readonly at: EpochMs;
}

/** Orders that were sent and not answered yet. */
export class OrderLedger {
  readonly #unanswered = new Map<string, SentOrder>();
  readonly #sent = new Set<string>();

  /** How many orders were sent, each counted once. */
  get count(): number {
    return this.#sent.size;
  }

  /** Takes an entry in. */
  take({ seq, event, effects }: AuditEntry): void {
    switch (event.type) {
      case "order.reported":
      case "order.absent":
        this.#answer(event.account, event.clientOrderId);
        break;
      case "order.lost":
        // Only what surely came to nothing is an answer; `unknown` is the lack of one.
        if (event.during !== "submit" || event.failure.outcome === "unknown") {
          break;
        }
        this.#answer(event.account, event.order);
        break;
      case "positions.read":
        if (event.source !== "book") this.#see(event.account, event.snapshot);
        break;
    }
    for (const effect of effects) {
      if (effect.type !== "order.submit") continue;
      const { account, intent } = effect;
      const id = idOf(account, intent.clientOrderId);
      this.#sent.add(id);
      this.#unanswered.set(id, { account, intent, seq, at: event.at });
    }
  }

  /** Every order that nobody knows the outcome of, in the order in which they were sent. */
  findings(): readonly Finding[] {
    return [...this.#unanswered.values()].map(
      ({ account, intent, seq, at }) => {
        const { clientOrderId, side, qty, symbol } = intent;
        return {
          kind: "order_without_outcome",
          about: clientOrderId,
          dueAt: at,
          seqs: [seq],
          message:
            `The order to ${side} ${qty} ${symbol} on account "${account}" has no answer on record`,
        };
      },
    );
  }

  /** The broker's own lists answer for an order as well as it does itself. */
  #see(account: string, { orders, fills }: Snapshot): void {
    for (const { clientOrderId } of [...orders, ...fills]) {
      if (clientOrderId !== null) this.#answer(account, clientOrderId);
    }
  }

  #answer(account: string, clientOrderId: string): void {
    this.#unanswered.delete(idOf(account, clientOrderId));
  }
}

function idOf(account: string, clientOrderId: string): string {
  return `${account} ${clientOrderId}`;
}
