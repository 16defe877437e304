/**
 * What the running or the last run knows, out of its journal.
 *
 * @module
 */

import type { JournalReader } from "../../adapters/journal/journal_reader.ts";
import type { TrackedOrder } from "../../domain/account.ts";
import type { EdgeSettled } from "../../domain/notice.ts";
import type { Snapshot } from "../../domain/position.ts";
import { isSettled } from "../../domain/order.ts";
import { isGood } from "../../domain/settle.ts";
import { emptyState, type State } from "../../domain/state.ts";
import { step } from "../../domain/step.ts";
import { rows } from "../../domain/table.ts";
import type { EpochMs } from "../../domain/time.ts";
import type { Entry } from "../../runtime/ports.ts";
import { type KeptState, keptState } from "./kept_state.ts";

/** How many of the last edges are kept. */
const SETTLED_KEPT = 5;

/** An account as it was last read. */
export interface LastLook {
  readonly account: string;
  /** What it held; `null` where it was not read in what is on record. */
  readonly snapshot: Snapshot | null;
  /** When that was. @units EpochMs */
  readonly readAt: EpochMs | null;
  /** Why it could not be read since; `null` where it could. */
  readonly trouble: string | null;
}

/** A run, as far as its record tells. */
export interface LastRun {
  readonly runId: string;
  /** @units EpochMs */
  readonly startedAt: EpochMs;
  readonly dryRun: boolean;
  readonly armed: boolean;
  /** When an edited file was last taken in; `null` where none was. @units EpochMs */
  readonly reloadedAt: EpochMs | null;
  /** When it was over in order; `null` where it was not. @units EpochMs */
  readonly stoppedAt: EpochMs | null;
  /** Edges and requests of this run that did not end as they should. */
  readonly failed: readonly EdgeSettled[];
}

/** What is known. */
export interface RunStatus {
  readonly entries: number;
  /** When the last entry was written. @units EpochMs */
  readonly lastRecordedAt: EpochMs | null;
  readonly run: LastRun | null;
  readonly state: State;
  readonly looks: readonly LastLook[];
  /** The last edges that did something, newest first. */
  readonly settled: readonly EdgeSettled[];
  /** Orders that nobody has answered for. */
  readonly unanswered: readonly TrackedOrder[];
}

/**
 * Folds a journal to what its last run knows.
 *
 * @throws {CarillonError} "journal/unreadable"
 */
export function readStatus(
  journal: Pick<JournalReader, "entries" | "checkpoints">,
): RunStatus {
  const fold = new StatusFold(keptState(journal));
  for (const entry of journal.entries()) fold.take(entry);
  return fold.status();
}

class StatusFold {
  #state: State = emptyState();
  #run: LastRun | null = null;
  #entries = 0;
  #lastRecordedAt: EpochMs | null = null;
  #looks = new Map<string, LastLook>();
  readonly #settled: EdgeSettled[] = [];
  /** The entry behind which the state is to be stepped. */
  readonly #fromSeq: number;

  /** A fold that goes on from a state where one was kept. */
  constructor(kept: KeptState | null) {
    this.#fromSeq = kept?.seq ?? 0;
    if (kept === null) return;
    this.#state = kept.state;
    this.#run = runIn(kept.state);
  }

  take(entry: Entry): void {
    const { seq, event, recordedAt } = entry;
    this.#entries += 1;
    this.#lastRecordedAt = recordedAt;
    // Of a record that was shortened, what lies before the first definition means nothing.
    if (this.#run === null && event.type !== "file.loaded") return;
    if (seq > this.#fromSeq) [this.#state] = step(this.#state, event);
    switch (event.type) {
      case "file.loaded": {
        const { runId, dryRun, armed, fromAt } = event;
        const none = { reloadedAt: null, stoppedAt: null, failed: [] };
        this.#run = { runId, dryRun, armed, startedAt: fromAt, ...none };
        break;
      }
      case "file.reloaded":
        this.#run = this.#run && { ...this.#run, reloadedAt: event.at };
        break;
      case "positions.read": {
        if (event.source === "book") break;
        const { account, snapshot, at } = event;
        const look = { account, snapshot, readAt: at, trouble: null };
        this.#looks.set(account, look);
        break;
      }
      case "account.opened": {
        const known = this.#looks.get(event.account);
        if (known === undefined) break;
        this.#looks.set(event.account, { ...known, trouble: null });
        break;
      }
      case "account.unopened":
      case "positions.unread": {
        const { account, failure: { message: trouble } } = event;
        const known = this.#looks.get(account) ?? neverSeen(account);
        this.#looks.set(account, { ...known, trouble });
        break;
      }
    }
    this.#hear(entry);
  }

  status(): RunStatus {
    const names = Object.keys(this.#state.accounts);
    return {
      entries: this.#entries,
      lastRecordedAt: this.#lastRecordedAt,
      run: this.#run,
      state: this.#state,
      looks: names.map((name) => this.#looks.get(name) ?? neverSeen(name)),
      settled: this.#settled.toReversed(),
      unanswered: unansweredIn(this.#state),
    };
  }

  #hear({ effects }: Entry): void {
    for (const effect of effects) {
      if (effect.type !== "tell" || this.#run === null) continue;
      const { notice } = effect;
      if (notice.type === "run.stopped") {
        this.#run = { ...this.#run, stoppedAt: notice.at };
      }
      if (notice.type !== "edge.settled") continue;
      if (!isGood(notice.outcome)) {
        this.#run = { ...this.#run, failed: [...this.#run.failed, notice] };
      }
      // An edge without actions is done as soon as it is due, and no news.
      if (notice.outcome === "done" && notice.hooks.length === 0) continue;
      this.#settled.push(notice);
      if (this.#settled.length > SETTLED_KEPT) this.#settled.shift();
    }
  }
}

/** What a state says of its run, whose beginning may not be on record any more. */
function runIn({ run, sessions }: State): LastRun | null {
  if (run === null) return null;
  const { runId, dryRun, loadedAt: startedAt } = run;
  const armed = rows(sessions).some(({ placedAt }) => placedAt !== null);
  return {
    runId,
    dryRun,
    armed,
    startedAt,
    reloadedAt: run.reloadedAt ?? null,
    stoppedAt: null,
    failed: [],
  };
}

function neverSeen(account: string): LastLook {
  return { account, snapshot: null, readAt: null, trouble: null };
}

function unansweredIn({ accounts }: State): readonly TrackedOrder[] {
  return Object.values(accounts)
    .flatMap(({ orders }) => Object.values(orders))
    .filter(({ order }) => !isSettled(order) && order.status !== "working");
}
