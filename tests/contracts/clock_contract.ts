/**
 * What every clock must do.
 *
 * @module
 */

import assert from "node:assert/strict";
import type { DurationMs } from "../../src/domain/time.ts";
import type { Clock } from "../../src/runtime/ports.ts";

/** A clock under test and how its time is made to pass. */
export interface ClockUnderTest {
  readonly clock: Clock;
  /** Lets time pass; a real clock lets it pass by itself. @units milliseconds of the clock */
  pass(ms: DurationMs): Promise<void>;
}

/** Registers the contract's tests for one kind of clock. @units `stepMs`: milliseconds, what each case waits */
export function clockContract(
  name: string,
  make: () => ClockUnderTest,
  stepMs: DurationMs,
): void {
  const test = (sentence: string, run: (it: ClockUnderTest) => Promise<void>) =>
    Deno.test(`${name} ${sentence}`, () => run(make()));

  test("wakes at or after the instant, never before", async ({ clock, pass }) => {
    const at = clock.now() + stepMs;
    let seen: number | null = null;
    const sleeping = clock.sleepUntil(at).then(() => seen = clock.now());
    assert.equal(seen, null);
    await pass(stepMs);
    await sleeping;
    assert.ok(seen !== null && seen >= at, `woken at ${seen}, due at ${at}`);
  });

  test("answers at once for an instant that has passed", async ({ clock }) => {
    await clock.sleepUntil(clock.now());
    await clock.sleepUntil(clock.now() - 86_400_000);
  });

  test("wakes two sleepers in the order of their instants", async (it) => {
    const order: string[] = [];
    const startAt = it.clock.now();
    const sleep = (who: string, ms: number) =>
      it.clock.sleepUntil(startAt + ms).then(() => order.push(who));
    const both = [sleep("late", 2 * stepMs), sleep("early", stepMs)];
    await it.pass(2 * stepMs);
    await Promise.all(both);
    assert.deepEqual(order, ["early", "late"]);
  });

  test("refuses to sleep for a signal that is already aborted", async ({ clock }) => {
    const reason = new Error("left before");
    await assert.rejects(
      clock.sleepUntil(clock.now() + 3_600_000, AbortSignal.abort(reason)),
      reason,
    );
  });

  test("leaves early, with the signal's reason, and leaves nothing behind", async (it) => {
    const reason = new Error("left");
    const abort = new AbortController();
    const sleeping = it.clock.sleepUntil(
      it.clock.now() + 3_600_000,
      abort.signal,
    );
    abort.abort(reason);
    await assert.rejects(sleeping, reason);
  });

  test("measures what went by", async ({ clock, pass }) => {
    const from = clock.elapsed();
    const sleeping = clock.sleepUntil(clock.now() + stepMs);
    await pass(stepMs);
    await sleeping;
    // A wall clock in whole milliseconds may round one away.
    assert.ok(clock.elapsed() - from >= stepMs - 1);
  });
}
