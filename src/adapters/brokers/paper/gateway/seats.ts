/**
 * The sessions of a gateway by their shards, held by a connection or left for a while.
 *
 * @module
 */

import { shardOf } from "../../../../domain/shard_of.ts";
import type { DurationMs } from "../../../../domain/time.ts";
import { INTENT } from "./intents.ts";
import type { Session, Shard } from "./session.ts";

/** Where a session is. */
export type Held<Link> =
  | { readonly by: "link"; readonly link: Link }
  | { readonly by: "nobody"; readonly session: Session };

/** A session's place; the session itself is with its connection while it has one. */
export interface Seat<Link> {
  readonly id: string;
  readonly shard: Shard;
  readonly intents: number;
  held: Held<Link>;
}

/** All sessions that are or can be resumed. */
export class Seats<Link> {
  readonly #byId = new Map<string, Seat<Link>>();
  /** By the count of shards, then by shard: news looks up one shard of each count. */
  readonly #byShard = new Map<number, Map<number, Set<Seat<Link>>>>();
  /** When sessions were left, oldest first: each is kept as long as the others. */
  readonly #leftAt = new Map<Seat<Link>, DurationMs>();

  #quoteSeats = 0;

  /** Whether one of them wants to hear of prices. */
  get wantQuotes(): boolean {
    return this.#quoteSeats > 0;
  }

  /** How many there are. */
  get size(): number {
    return this.#byId.size;
  }

  /** Takes a seat for a session that a connection holds. */
  take(session: Session, link: Link): void {
    const { id, shard, intents } = session;
    const known = this.#byId.get(id);
    const seat = known ?? { id, shard, intents, held: { by: "link", link } };
    seat.held = { by: "link", link };
    this.#leftAt.delete(seat);
    if (known !== undefined) return;
    this.#byId.set(id, seat);
    this.#quoteSeats += wantsQuotes(seat);
    const [shardId, count] = shard;
    const ofCount = this.#byShard.get(count) ?? new Map();
    const ofShard = ofCount.get(shardId) ?? new Set();
    this.#byShard.set(count, ofCount.set(shardId, ofShard.add(seat)));
  }

  /** Leaves a session to be resumed. @units `at`: milliseconds */
  leave(session: Session, at: DurationMs): void {
    const seat = this.#byId.get(session.id);
    if (seat === undefined) return;
    seat.held = { by: "nobody", session };
    this.#leftAt.delete(seat);
    this.#leftAt.set(seat, at);
  }

  /** Forgets a session, where there is one. */
  forget(sessionId: string): void {
    const seat = this.#byId.get(sessionId);
    if (seat === undefined) return;
    this.#byId.delete(sessionId);
    this.#quoteSeats -= wantsQuotes(seat);
    this.#leftAt.delete(seat);
    const [shardId, count] = seat.shard;
    const ofCount = this.#byShard.get(count);
    const ofShard = ofCount?.get(shardId);
    ofShard?.delete(seat);
    if (ofShard?.size === 0) ofCount?.delete(shardId);
    if (ofCount?.size === 0) this.#byShard.delete(count);
  }

  /** A session's seat. */
  find(sessionId: string): Seat<Link> | undefined {
    return this.#byId.get(sessionId);
  }

  /** Every seat. */
  all(): Iterable<Seat<Link>> {
    return this.#byId.values();
  }

  /** The seats that a key's news goes to: of each count of shards the key's own. */
  *hearing(key: string): Iterable<Seat<Link>> {
    for (const [count, ofCount] of this.#byShard) {
      yield* ofCount.get(shardOf(key, count)) ?? [];
    }
  }

  /** When the session that was left first was left; `null` where none is. @units milliseconds */
  firstLeftAt(): DurationMs | null {
    const [first] = this.#leftAt.values();
    return first ?? null;
  }

  /** Forgets the sessions that were left at or before an instant. @units `at`: milliseconds */
  forgetLeftBy(at: DurationMs): void {
    for (const [seat, leftAt] of this.#leftAt) {
      if (leftAt > at) return;
      this.forget(seat.id);
    }
  }
}

function wantsQuotes({ intents }: { readonly intents: number }): 0 | 1 {
  return (intents & INTENT.quotes) === 0 ? 0 : 1;
}
