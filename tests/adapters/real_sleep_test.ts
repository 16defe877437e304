import assert from "node:assert/strict";
import {
  sleepInSlices,
  SLICE_MS_MAX,
} from "../../src/adapters/clock/real_sleep.ts";
import { zoneDataEdition } from "../../src/adapters/clock/zone_data.ts";

const MINUTE_MS = 60_000;
const START_AT = Date.UTC(2026, 10, 23, 8);

/** Real time that passes only in timers, and a wall clock that may be set meanwhile. */
interface World {
  readonly now: () => number;
  readonly factor: number;
  /** What was slept, timer by timer. */
  readonly slices: readonly number[];
}

/**
 * Sleeps in a world of its own.
 *
 * @shape `jumps`: how far the wall clock is set when the n-th timer, from 1, has run
 */
async function sleepFor(
  ms: number,
  jumps: Readonly<Record<number, number>> = {},
  factor = 1,
): Promise<World> {
  const slices: number[] = [];
  let wallAt = START_AT;
  const world = { now: () => wallAt, factor, slices };
  const original = globalThis.setTimeout;
  const timer = (wake: () => void, slice = 0) => {
    slices.push(slice);
    wallAt += slice * factor + (jumps[slices.length] ?? 0);
    queueMicrotask(wake);
    return 0;
  };
  // The cast leaves out what a timer is besides: nobody here clears one.
  globalThis.setTimeout = timer as unknown as typeof setTimeout;
  try {
    await sleepInSlices(world, START_AT + ms);
  } finally {
    globalThis.setTimeout = original;
  }
  return world;
}

Deno.test("sleepInSlices() never sleeps longer than 30 s without a look at the clock", async () => {
  const { slices, now } = await sleepFor(70_000);
  assert.equal(SLICE_MS_MAX, 30_000);
  assert.deepEqual(slices, [30_000, 30_000, 10_000]);
  assert.equal(now(), START_AT + 70_000);
});

Deno.test("sleepInSlices() wakes up one slice after the clock jumped ahead, over the instant too", async () => {
  const ahead = await sleepFor(60 * MINUTE_MS, { 2: 30 * MINUTE_MS });
  assert.equal(ahead.slices.length, 60);
  assert.equal(ahead.now(), START_AT + 60 * MINUTE_MS);
  const over = await sleepFor(60 * MINUTE_MS, { 2: 120 * MINUTE_MS });
  assert.deepEqual(over.slices, [30_000, 30_000]);
  assert.equal(over.now(), START_AT + 121 * MINUTE_MS);
});

Deno.test("sleepInSlices() sleeps no longer than it was meant to when the clock jumped back", async () => {
  const { slices } = await sleepFor(MINUTE_MS, { 2: -60 * MINUTE_MS });
  assert.deepEqual(slices, [30_000, 30_000, 100]);
  const early = await sleepFor(MINUTE_MS, { 1: -60 * MINUTE_MS });
  assert.deepEqual(early.slices, [30_000, 30_000, 100]);
});

Deno.test("sleepInSlices() takes a machine that slept for a clock that jumped", async () => {
  // Timers stand still while a machine sleeps; the wall clock goes on.
  const { slices } = await sleepFor(8 * 60 * MINUTE_MS, {
    1: 9 * 60 * MINUTE_MS,
  });
  assert.deepEqual(slices, [30_000]);
});

Deno.test("sleepInSlices() sleeps shorter where the clock runs faster, and never less than a millisecond", async () => {
  assert.deepEqual((await sleepFor(60 * MINUTE_MS, {}, 3_600)).slices, [1_000]);
  assert.deepEqual((await sleepFor(10, {}, 1_000)).slices, [1]);
  assert.deepEqual((await sleepFor(0)).slices, []);
});

Deno.test("zoneDataEdition() is an edition of the IANA data", () => {
  assert.match(zoneDataEdition(), /^20\d\d[a-z]$/);
});
