/**
 * Asks again and again for the prices of strategies' symbols, where their broker gives no bars.
 *
 * @module
 */

import type { Session } from "../domain/definition.ts";
import { MINUTE_MS, SECOND_MS } from "../domain/time.ts";
import type { DurationMs } from "../domain/time.ts";
import type { Broker, Clock } from "./ports.ts";
import type { PriceSamples } from "./price_samples.ts";

/** How often prices are asked for. @units milliseconds */
export const SAMPLE_EVERY_MS: DurationMs = 10 * SECOND_MS;

/** How often it looks whether an edit has brought strategies. @units milliseconds */
const IDLE_MS: DurationMs = MINUTE_MS;

/** What the sampling works with. */
export interface Sampling {
  /** The sessions that are carried out. */
  readonly sessions: () => readonly Session[];
  readonly brokers: ReadonlyMap<string, Broker>;
  readonly clock: Clock;
  readonly samples: PriceSamples;
  /** Ends it. */
  readonly signal: AbortSignal;
}

/**
 * Samples until the signal is aborted.
 *
 * A price that cannot be had is left out; whoever asks for bars sees that there are fewer.
 */
export async function sampleQuotes(sampling: Sampling): Promise<void> {
  const { clock, signal } = sampling;
  while (!signal.aborted) {
    const wanted = wantedSymbols(sampling);
    for (const [account, symbols] of wanted) {
      for (const symbol of symbols) await sampleOne(sampling, account, symbol);
    }
    const waitMs = wanted.size === 0 ? IDLE_MS : SAMPLE_EVERY_MS;
    try {
      await clock.sleepUntil(clock.now() + waitMs, signal);
    } catch {
      return;
    }
  }
}

async function sampleOne(
  { brokers, clock, samples }: Sampling,
  account: string,
  symbol: string,
): Promise<void> {
  try {
    const quote = await brokers.get(account)?.quote?.(symbol);
    if (quote !== undefined) samples.note(account, quote, clock.now());
  } catch {
    // The next one comes soon enough.
  }
}

/** The symbols of sessions that are open for their strategies, or will be; by account. */
function wantedSymbols(
  { sessions, brokers }: Sampling,
): ReadonlyMap<string, ReadonlySet<string>> {
  const wanted = new Map<string, Set<string>>();
  for (const session of sessions()) {
    const broker = brokers.get(session.account);
    if (broker?.quote === undefined || broker.bars !== undefined) continue;
    for (const { symbols } of session.strategies) {
      const known = wanted.get(session.account) ?? new Set();
      for (const symbol of symbols) known.add(symbol);
      wanted.set(session.account, known);
    }
  }
  return wanted;
}
