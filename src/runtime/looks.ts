/**
 * Who waits for an account's lists without being a close or an order.
 *
 * @module
 */

import { CarillonError } from "../domain/error.ts";
import { isStale } from "../domain/exposure.ts";
import type { Snapshot } from "../domain/position.ts";
import type { State } from "../domain/state.ts";
import type { NewEvent } from "./engine.ts";

type Waiter = PromiseWithResolvers<Snapshot>;

/** Answers looks out of the very events that the engine takes in. */
export class Looks {
  readonly #waiting = new Map<string, Waiter>();

  /** Waits for the answer to a request that is about to be made. */
  expect(request: string): Promise<Snapshot> {
    const waiter = Promise.withResolvers<Snapshot>();
    this.#waiting.set(request, waiter);
    return waiter.promise;
  }

  /** Hands an event on, and then its lists to whoever asked for them. */
  pass(
    state: State,
    event: NewEvent,
    post: (event: NewEvent) => void,
  ): void {
    const waiter = this.#waiterOf(state, event);
    const account = "account" in event && typeof event.account === "string"
      ? state.accounts[event.account]
      : undefined;
    // First the engine, so that whoever is answered finds it informed.
    post(event);
    if (waiter === null) return;
    if (event.type === "positions.unread") {
      return waiter.reject(unreadable(event.failure.message));
    }
    if (event.type !== "positions.read") return;
    if (account !== undefined && isStale(account, event.snapshot)) {
      return waiter.reject(unreadable("they are older than the last ones"));
    }
    waiter.resolve(event.snapshot);
  }

  /** Answers nobody any more. */
  end(error: unknown): void {
    for (const { reject } of this.#waiting.values()) reject(error);
    this.#waiting.clear();
  }

  #waiterOf(state: State, event: NewEvent): Waiter | null {
    const isLists = event.type === "positions.read" ||
      event.type === "positions.unread";
    if (!isLists) return null;
    const reader = state.accounts[event.account]?.readers[event.request];
    if (reader?.kind !== "look") return null;
    const waiter = this.#waiting.get(reader.request) ?? null;
    this.#waiting.delete(reader.request);
    return waiter;
  }
}

function unreadable(why: string): CarillonError {
  return new CarillonError(
    "broker/unreadable",
    `Cannot read the account's lists: ${why}`,
  );
}
