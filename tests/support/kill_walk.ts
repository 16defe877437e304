/**
 * What a journal says of the runs that wrote it until each was killed.
 *
 * @module
 */

import { openJournalForReading } from "../../src/adapters/journal/journal_reader.ts";
import type { EdgeSettled, Notice } from "../../src/domain/notice.ts";
import { emptyState, type State } from "../../src/domain/state.ts";
import { step } from "../../src/domain/step.ts";
import type { EpochMs } from "../../src/domain/time.ts";
import type { BrokerBook } from "./held_positions.ts";
import type { DeskRecord } from "./killed_desk.ts";

/** What a kill can hit; one kill may be of several. */
export const KILL_CLASSES = [
  /** Nothing of the run is on record: its process was starting. */
  "before its first record",
  /** Nothing was due yet. */
  "before an edge",
  /** A close was under way. */
  "in a close",
  /** An order was on record that the broker had not executed. */
  "order on its way",
  /** An order was executed, and its answer not on record. */
  "answer on its way",
  /** A close was under way that an earlier run had begun. */
  "in a recovery",
  /** What was due had ended. */
  "after an edge",
] as const;

/** What a kill hit. */
export type KillClass = typeof KILL_CLASSES[number];

/** An order of ours as it was first recorded. */
export interface SentOrder {
  readonly edge: string;
  readonly sentAt: EpochMs;
}

/** What a journal says. */
export interface KillWalk {
  /** Edges since this instant are owed. @units EpochMs */
  readonly fromAt: EpochMs;
  /** When the last run was told to stop. @units EpochMs */
  readonly stoppedAt: EpochMs;
  readonly settled: readonly EdgeSettled[];
  /** By client order id. */
  readonly orders: ReadonlyMap<string, SentOrder>;
  /** Edges that were made up for: only what was opened before is theirs. */
  readonly caughtUp: ReadonlyMap<string, EpochMs>;
  /** By kill. */
  readonly hit: readonly (readonly KillClass[])[];
  /** How often an edge was taken up again. */
  readonly resumed: number;
}

/** Goes along a journal, and stops at every kill to see what it hit. */
export function walkKills(record: DeskRecord, book: BrokerBook): KillWalk {
  using reader = openJournalForReading(record.journal);
  const walk = new Walk(record, book);
  for (const { event, effects, recordedAt } of reader.entries()) {
    walk.killUntil(recordedAt);
    walk.take(step(walk.state, event)[0]);
    if (event.type === "file.loaded") walk.load(event.fromAt);
    if (event.type === "stop.requested") walk.stoppedAt = event.at;
    for (const effect of effects) {
      if (effect.type === "tell") walk.hear(effect.notice, recordedAt);
    }
  }
  walk.killUntil(Infinity);
  return walk;
}

class Walk implements KillWalk {
  readonly settled: EdgeSettled[] = [];
  readonly orders: Map<string, SentOrder> = new Map();
  readonly caughtUp: Map<string, EpochMs> = new Map();
  readonly hit: (readonly KillClass[])[] = [];
  fromAt: EpochMs = Infinity;
  stoppedAt: EpochMs = Infinity;
  resumed = 0;
  state: State = emptyState();
  readonly #kills: readonly EpochMs[];
  readonly #executedAt: ReadonlyMap<string | null, EpochMs>;
  #runFromAt: EpochMs = 0;
  #ofThisRun = 0;
  #settledBefore = 0;
  #inherited: readonly string[] = [];

  constructor({ lives }: DeskRecord, { fills }: BrokerBook) {
    this.#kills = lives.map(({ killedAt }) => killedAt);
    this.#executedAt = new Map(
      fills.toReversed().map(({ client_order_id, at }) =>
        [client_order_id, at] as const
      ),
    );
  }

  /** Passes the kills that came before an entry was written. @units `at`: EpochMs */
  killUntil(at: EpochMs): void {
    for (;;) {
      const killedAt = this.#kills[this.hit.length];
      if (killedAt === undefined || killedAt >= at) return;
      this.hit.push(this.#classesOf(killedAt));
      this.#ofThisRun = 0;
      this.#settledBefore = this.settled.length;
      this.#inherited = Object.keys(this.state.jobs);
    }
  }

  take(state: State): void {
    this.state = state;
    this.#ofThisRun += 1;
  }

  load(fromAt: EpochMs): void {
    this.fromAt = Math.min(this.fromAt, fromAt);
    this.#runFromAt = fromAt;
  }

  hear(notice: Notice, recordedAt: EpochMs): void {
    if (notice.type === "edge.settled") this.settled.push(notice);
    if (notice.type === "edge.resumed") this.resumed += 1;
    if (notice.type === "edge.fired" && notice.dueAt < this.#runFromAt) {
      this.caughtUp.set(notice.edge, notice.dueAt);
    }
    if (notice.type !== "order.sent") return;
    const { edge, intent: { clientOrderId } } = notice;
    if (this.orders.has(clientOrderId)) return;
    this.orders.set(clientOrderId, { edge, sentAt: recordedAt });
  }

  #classesOf(killedAt: EpochMs): readonly KillClass[] {
    if (this.#ofThisRun === 0) return ["before its first record"];
    const jobs = Object.keys(this.state.jobs);
    if (jobs.length === 0) {
      return this.settled.length > this.#settledBefore
        ? ["after an edge"]
        : ["before an edge"];
    }
    const classes: KillClass[] = ["in a close"];
    if (jobs.some((key) => this.#inherited.includes(key))) {
      classes.push("in a recovery");
    }
    const unanswered = Object.values(this.state.accounts)
      .flatMap(({ orders }) => Object.values(orders))
      .filter(({ order: { status } }) =>
        status === "submitted" || status === "unknown"
      )
      .map(({ order }) =>
        this.#executedAt.get(order.intent.clientOrderId) ?? Infinity
      );
    if (unanswered.some((at) => at > killedAt)) {
      classes.push("order on its way");
    }
    if (unanswered.some((at) => at <= killedAt)) {
      classes.push("answer on its way");
    }
    return classes;
  }
}
