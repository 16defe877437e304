/**
 * When a run is killed, and what its broker gets wrong meanwhile, drawn from a seed.
 *
 * @module
 */

import type { SeededRandom } from "../../src/adapters/clock/random.ts";
import type { FaultRule } from "../../src/adapters/brokers/paper/faults.ts";
import type { DurationMs } from "../../src/domain/time.ts";

/** When a run is killed. @units `ms`: milliseconds, below zero is before; `part`: 1 is a whole start */
export type KillPlan =
  /** So far into what a start takes, or beyond: while it starts, or takes up what was cut off. */
  | { readonly kind: "start"; readonly part: number }
  /** Around the instant of an edge, by the clock. */
  | { readonly kind: "edge"; readonly ms: DurationMs }
  /** So long after it printed a line of this type. */
  | { readonly kind: "line"; readonly type: string; readonly ms: DurationMs };

/** Lines at which something has just been recorded; what is likely to be doubled comes often. */
const LINES = [
  "run.opened",
  "run.recovered",
  "account.ready",
  "edge.resumed",
  "edge.resumed",
  "edge.fired",
  "edge.fired",
  "close.started",
  "order.sent",
  "order.sent",
  "order.sent",
  "order.sent",
  "order.changed",
  "order.changed",
  "close.retrying",
  "edge.settled",
  "edge.settled",
];

/** Draws when to kill. */
export function drawKill(random: SeededRandom): KillPlan {
  const kind = drawOf(random, ["start", "edge", "edge", "line", "line"]);
  switch (kind) {
    case "start":
      return { kind, part: 1.8 * random.fraction() };
    case "edge":
      return { kind, ms: drawBelow(random, 1_200) - 800 };
    default:
      return {
        kind: "line",
        type: drawOf(random, LINES),
        ms: drawOf(random, [0, 0, 1, drawBelow(random, 30)]),
      };
  }
}

/** Draws up to three rules; all of them pass, so that every close can be brought to its end. */
export function drawFaults(random: SeededRandom): readonly FaultRule[] {
  return Array.from(
    { length: drawBelow(random, 4) },
    () => drawFault(random),
  );
}

function drawFault(random: SeededRandom): FaultRule {
  const ms = drawOf(random, [20, 80, 250, 900]);
  const times = 1 + drawBelow(random, 2);
  return drawOf<FaultRule>(random, [
    { on: "close", do: { kind: "delay", ms } },
    { on: "close", do: { kind: "delay", ms } },
    { on: "close", times: 1, do: { kind: "no_answer" } },
    { on: "close", times: 1, do: { kind: "no_answer" } },
    { on: "close", times: 1, do: { kind: "lost" } },
    { on: "close", times, do: { kind: "partial", percent: 40 } },
    {
      on: "close",
      times,
      do: { kind: "partial", percent: 60, rest: "working", fill_after_ms: ms },
    },
    { on: "close", times, do: { kind: "working", fill_after_ms: ms } },
    { on: "close", times, do: { kind: "status", status: 503 } },
    {
      on: "close",
      times,
      do: { kind: "status", status: 500, carry_out: true },
    },
    {
      on: "close",
      times,
      do: { kind: "status", status: 429, retry_after_ms: 1_000 },
    },
    { on: "close", times, do: { kind: "garbage" } },
    { on: "positions", do: { kind: "delay", ms } },
    { on: "positions", times, do: { kind: "empty_500" } },
    { on: "fills", times, do: { kind: "status", status: 503 } },
    { on: "find", times, do: { kind: "status", status: 502 } },
    { on: "find", do: { kind: "delay", ms } },
    { on: "account", times: 1, do: { kind: "delay", ms } },
  ]);
}

/** A whole number from 0 up. */
export function drawBelow(random: SeededRandom, below: number): number {
  return Math.floor(random.fraction() * below);
}

/** One of several. */
export function drawOf<T>(random: SeededRandom, list: readonly T[]): T {
  const drawn = list[drawBelow(random, list.length)];
  if (drawn === undefined) throw new RangeError("Cannot draw from nothing");
  return drawn;
}
