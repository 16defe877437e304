/**
 * What is still done while the journal cannot be written.
 *
 * Being flat matters more than having it on record: what closes what is due goes on. Nothing else
 * does, and whoever waits for it hears so at once.
 *
 * @module
 */

import type { Effect } from "../domain/effect.ts";
import type { HookFailed, OrderLost } from "../domain/event.ts";

/** Why an effect was not carried out, before it has its time. */
export type Refusal = Omit<HookFailed, "at"> | Omit<OrderLost, "at">;

/**
 * The answer to an effect that is not carried out while the journal cannot be written; `null` for
 * one that is.
 */
export function refusalOf(effect: Effect): Refusal | null {
  switch (effect.type) {
    case "hook.run":
      return {
        type: "hook.failed",
        call: effect.call,
        elapsedMs: 0,
        outcome: "failed",
        message: "Not run: the journal cannot be written",
      };
    case "order.submit":
      return effect.intent.closes !== null ? null : {
        type: "order.lost",
        account: effect.account,
        order: effect.intent.clientOrderId,
        during: "submit",
        failure: {
          code: "journal/unwritable",
          message: "Not sent: the journal cannot be written",
          outcome: "refused",
          retryAfterMs: null,
        },
      };
    case "timer.set":
    case "timer.drop":
    case "positions.read":
    case "order.find":
    case "order.cancel":
    case "hook.cancel":
    case "tell":
    case "run.end":
      return null;
  }
}
