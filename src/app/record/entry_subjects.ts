/**
 * Says which edges and requests an entry is about.
 *
 * An answer carries the name of its question only, so what was asked for whom is remembered on the
 * way; entries are to come in order.
 *
 * @module
 */

import type { Event } from "../../domain/event.ts";
import type { Notice } from "../../domain/notice.ts";
import type { Entry } from "../../runtime/ports.ts";

/** Follows a journal. */
export class EntrySubjects {
  readonly #orders = new Map<string, string>();
  readonly #cancels = new Map<string, ReadonlySet<string>>();
  readonly #reads = new Map<string, ReadonlySet<string>>();

  /** The keys of the edges and requests that an entry is about. */
  take({ event, effects }: Entry): ReadonlySet<string> {
    const keys = new Set(this.#keysOf(event));
    for (const effect of effects) {
      if (effect.type !== "tell") continue;
      const key = keyOf(effect.notice);
      if (key !== null) keys.add(key);
      if (effect.notice.type === "order.sent") {
        const { account, edge, intent } = effect.notice;
        this.#orders.set(idOf(account, intent.clientOrderId), edge);
      }
    }
    for (const effect of effects) {
      // What loading a file asks for is about the file.
      if (event.type === "file.loaded") break;
      if (effect.type === "positions.read") {
        this.#reads.set(idOf(effect.account, effect.request), keys);
      } else if (effect.type === "order.cancel") {
        this.#cancels.set(idOf(effect.account, effect.orderId), keys);
      }
    }
    return keys;
  }

  #keysOf(event: Event): Iterable<string> {
    switch (event.type) {
      case "edge.due":
      case "edge.advanced":
        return [event.edge];
      case "timer.due":
        return this.#keysOfTimer(event.timer);
      case "positions.read":
        if (event.source === "book") {
          // The lists are still to answer the same question.
          return this.#reads.get(idOf(event.account, event.request)) ?? [];
        }
        return takeFrom(this.#reads, idOf(event.account, event.request));
      case "positions.unread":
        return takeFrom(this.#reads, idOf(event.account, event.request));
      case "order.reported":
      case "order.absent":
        return this.#keysOfOrder(event.account, event.clientOrderId);
      case "order.lost":
        return event.during === "cancel"
          ? this.#cancels.get(idOf(event.account, event.order)) ?? []
          : this.#keysOfOrder(event.account, event.order);
      case "cancel.answered":
        return this.#cancels.get(idOf(event.account, event.orderId)) ?? [];
      case "hook.returned":
      case "hook.failed":
        // Of an edge's hook the edge, of a strategy's call the occurrence.
        return [event.call.slice(0, event.call.lastIndexOf("/"))];
      default:
        return [];
    }
  }

  /** A wait is named `look KEY#INDEX`, `deadline KEY#INDEX` or `find ORDER ACCOUNT`. */
  #keysOfTimer(timer: string): Iterable<string> {
    const space = timer.indexOf(" ");
    const about = timer.slice(space + 1);
    if (timer.slice(0, space) !== "find") {
      const hash = about.lastIndexOf("#");
      return hash < 0 ? [] : [about.slice(0, hash)];
    }
    const gap = about.indexOf(" ");
    return this.#keysOfOrder(about.slice(gap + 1), about.slice(0, gap));
  }

  #keysOfOrder(account: string, clientOrderId: string): Iterable<string> {
    const key = this.#orders.get(idOf(account, clientOrderId));
    return key === undefined ? [] : [key];
  }
}

/** The edge, request or occurrence that a notice is about; `null` where it is about the run. */
export function keyOf(notice: Notice): string | null {
  if ("edge" in notice) return notice.edge;
  if ("order" in notice) return notice.order;
  if (notice.type === "strategy.ended") {
    return notice.call.slice(0, notice.call.lastIndexOf("/"));
  }
  return "occurrence" in notice ? notice.occurrence : null;
}

function takeFrom(
  reads: Map<string, ReadonlySet<string>>,
  id: string,
): Iterable<string> {
  const keys = reads.get(id);
  reads.delete(id);
  return keys ?? [];
}

function idOf(account: string, name: string | number): string {
  return `${account} ${name}`;
}
