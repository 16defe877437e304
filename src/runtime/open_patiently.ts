/**
 * Opens the accounts of a run that goes on from an earlier one: one that is dead holds up no other.
 *
 * Something may be owed there, so whoever answers is served, and whoever does not is asked again
 * and again.
 *
 * @module
 */

import type { Account } from "../domain/definition.ts";
import { CarillonError } from "../domain/error.ts";
import {
  type DurationMs,
  type EpochMs,
  MINUTE_MS,
  SECOND_MS,
} from "../domain/time.ts";
import type { NewEvent } from "./engine.ts";
import { failureOf } from "./perform.ts";
import type { Clock } from "./ports.ts";

/** How long an account that does not answer holds up the others. */
const HELD_UP_MS: DurationMs = 5 * SECOND_MS;

/** How long after the first failure an account is tried again; twice as long after each further one. */
const AGAIN_MS_MIN: DurationMs = SECOND_MS;

/** The longest wait from one attempt to the next. */
const AGAIN_MS_MAX: DurationMs = 30 * SECOND_MS;

/** After how long it is told once more that an account is still not open. */
const TOLD_AGAIN_MS: DurationMs = 60 * MINUTE_MS;

/** What opening works with. */
export interface OpeningParts {
  readonly clock: Clock;
  /** Ends every attempt. */
  readonly signal: AbortSignal;
  /** Opens one account; gives what is to be recorded of it. */
  readonly open: (account: Account) => Promise<NewEvent>;
  /** Takes what comes of it; nothing is told before the first call of `start`. */
  readonly post: (...events: readonly NewEvent[]) => void;
}

/** The accounts of one run, on their way to being open. */
export class PatientOpening {
  readonly #parts: OpeningParts;
  readonly #pending = new Set<string>();
  readonly #final: unknown[] = [];
  #early: NewEvent[] | null = [];

  /** Nothing is opened yet. */
  constructor(parts: OpeningParts) {
    this.#parts = parts;
  }

  /**
   * Tries every account once; gives up waiting for those that do not answer.
   *
   * @throws the first fault where no account is left that could ever be opened
   */
  async begin(accounts: readonly Account[]): Promise<void> {
    const first = accounts.map((account) => {
      const tried = Promise.withResolvers<void>();
      this.#pending.add(account.name);
      const over = this.#keepTrying(account, tried.resolve);
      // Only the end of the run cuts the wait for another attempt short.
      over.catch(() => {});
      return tried.promise;
    });
    await this.#patience(Promise.all(first));
    if (accounts.length > 0 && this.#final.length === accounts.length) {
      throw this.#final[0];
    }
  }

  /** What came of it so far, in the order of time; from now on everything is posted at once. */
  start(): readonly NewEvent[] {
    const early = this.#early ?? [];
    this.#early = null;
    const { clock } = this.#parts;
    const silent = [...this.#pending].map((account) =>
      unopened(account, noAnswer(account), clock.now())
    );
    return [...early, ...silent];
  }

  async #patience(first: Promise<unknown>): Promise<void> {
    const { clock, signal } = this.#parts;
    const enough = new AbortController();
    const wait = clock.sleepUntil(
      clock.now() + HELD_UP_MS,
      AbortSignal.any([enough.signal, signal]),
    );
    await Promise.race([first, wait.catch(() => {})]);
    enough.abort();
  }

  async #keepTrying(account: Account, tried: () => void): Promise<void> {
    const { clock, signal } = this.#parts;
    const isNews = newsFilter();
    for (
      let waitMs = AGAIN_MS_MIN;;
      waitMs = Math.min(2 * waitMs, AGAIN_MS_MAX)
    ) {
      const error = await this.#try(account);
      if (signal.aborted) return;
      this.#pending.delete(account.name);
      if (error === null) return tried();
      const now = clock.now();
      const { retryAfterMs } = failureOf(error);
      const nextAt = isFinal(error)
        ? null
        : now + Math.max(waitMs, retryAfterMs ?? 0);
      const event = unopened(account.name, error, nextAt);
      if (isNews(event.failure.code, now)) this.#post(event);
      if (nextAt === null) this.#final.push(error);
      tried();
      if (nextAt === null) return;
      await clock.sleepUntil(nextAt, signal);
    }
  }

  async #try(account: Account): Promise<unknown> {
    try {
      const opened = await this.#parts.open(account);
      if (!this.#parts.signal.aborted) this.#post(opened);
      return null;
    } catch (error) {
      return error ?? new Error("no reason was given");
    }
  }

  #post(event: NewEvent): void {
    if (this.#early === null) this.#parts.post(event);
    else this.#early.push(event);
  }
}

/** The same failure is told once, and then no more often than it can be borne. */
function newsFilter(): (code: string, at: EpochMs) => boolean {
  let told: { readonly code: string; readonly at: EpochMs } | null = null;
  return (code, at) => {
    if (told?.code === code && at - told.at < TOLD_AGAIN_MS) return false;
    told = { code, at };
    return true;
  };
}

/** Whether another attempt would end in the same way: the account is another one, or lets us not in. */
function isFinal(error: unknown): boolean {
  if (!(error instanceof CarillonError)) return false;
  const { code, details } = error;
  if (code === "broker/refused") {
    return typeof details.retryAfterMs !== "number";
  }
  return code === "broker/wrong-account" || !code.startsWith("broker/");
}

function noAnswer(account: string): CarillonError {
  return new CarillonError(
    "broker/unreachable",
    `Cannot open account "${account}": no answer within ${
      HELD_UP_MS / SECOND_MS
    } s`,
    { details: { account, outcome: "unknown" } },
  );
}

function unopened(account: string, error: unknown, nextAt: EpochMs | null) {
  const failure = failureOf(error);
  return { type: "account.unopened", account, failure, nextAt } as const;
}
