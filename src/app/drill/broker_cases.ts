/**
 * The broker, or the way to it, goes wrong.
 *
 * @module
 */

import type { FaultRule } from "../../adapters/brokers/paper/faults.ts";
import { SECOND_MS } from "../../domain/time.ts";
import type { DurationMs } from "../../domain/time.ts";
import {
  type CasePlan,
  type DrillCase,
  type Ground,
  nothingToClose,
  patienceMs,
  playEach,
  striking,
  symbolIn,
} from "./drill_case.ts";
import type { DrillDay } from "./drill_day.ts";
import { type Excuse, peaceful, type PlayPlan } from "./play_plan.ts";

/** Faults are in place this long before an edge. @units milliseconds */
const BEFORE_MS: DurationMs = SECOND_MS;

/** A call is given up after this long by the client: a fault that holds one holds it that long. @units milliseconds */
const ANSWER_MS: DurationMs = 10 * SECOND_MS;

/** Rules from just before each edge until some time after it. */
function faultsFor(
  day: DrillDay,
  rules: readonly FaultRule[],
  forMs: DurationMs,
  excuse: Excuse,
): PlayPlan {
  return striking(day, excuse, (fromAt, toAt) => [
    { at: fromAt - BEFORE_MS, kind: "faults", rules },
    { at: toAt + forMs, kind: "faults", rules: [] },
  ]);
}

function closing(plan: (ground: Ground) => PlayPlan): DrillCase["plan"] {
  return (ground): CasePlan =>
    nothingToClose(ground) ?? playEach([ground], plan);
}

/** A fault that lasts for a third of the time there is. */
function lasting(rules: readonly FaultRule[]): DrillCase["plan"] {
  return closing(({ day }) => {
    const forMs = patienceMs(day);
    const ms = forMs + ANSWER_MS;
    return faultsFor(day, rules, forMs, { kind: "late", ms, restarts: false });
  });
}

/** Faults that befall single orders. */
function onOrders(
  rules: readonly FaultRule[],
  heldMs: DurationMs,
): DrillCase["plan"] {
  return closing(({ day }) =>
    faultsFor(day, rules, longest(day), {
      kind: "late",
      ms: heldMs,
      restarts: false,
    })
  );
}

/** Until every close of an edge must have ended. @units milliseconds */
function longest({ edges }: DrillDay): DurationMs {
  return Math.max(...edges.map(({ session }) => session.deadlineMs)) +
    2 * SECOND_MS;
}

/** The first orders of each edge are taken, and not answered. */
function lostAnswers({ day }: Ground): PlayPlan {
  return faultsFor(
    day,
    [{ on: "close", times: 2, do: { kind: "no_answer" } }],
    longest(day),
    { kind: "late", ms: 2 * ANSWER_MS, restarts: false },
  );
}

/** One position of each session that its broker lets nobody close. */
function stuckRules(ground: Ground): readonly FaultRule[] {
  const symbols = ground.day.edges.map(({ session: { account, scope } }) =>
    symbolIn(ground, account, scope)
  );
  return [...new Set(symbols)].map((symbol): FaultRule => ({
    on: "close",
    symbol,
    do: {
      kind: "reject",
      reason: "order/held",
      message: "held by another order",
    },
  }));
}

/** Brokers. */
export const BROKER_CASES: readonly DrillCase[] = [
  {
    name: "answer_lost",
    title: "answer lost",
    does:
      "The broker takes the first two closing orders of each edge, and its answers never arrive; once with its news of them, once without.",
    plan: (ground) =>
      nothingToClose(ground) ?? playEach(
        ["plain", "silent"] as const,
        (road) => ({ ...lostAnswers(ground), road }),
      ),
  },
  {
    name: "delivered_twice",
    title: "everything arrives twice",
    does:
      "Every order reaches the broker twice, and every piece of news is heard twice.",
    plan: ({ day }) =>
      playEach([day], () => ({ ...peaceful(day), road: "doubled" })),
  },
  {
    name: "too_many_requests",
    title: "429, come back later",
    does:
      "The broker answers three requests of each edge with 429 and Retry-After: 3 seconds.",
    plan: onOrders(
      [{
        on: "any",
        times: 3,
        do: { kind: "status", status: 429, retry_after_ms: 3_000 },
      }],
      3 * 3 * SECOND_MS,
    ),
  },
  {
    name: "server_errors",
    title: "storm of 5xx",
    does:
      "Orders are carried out and answered with 502, then everything is answered with 503 for a third of the deadline.",
    plan: lasting([
      {
        on: "close",
        times: 1,
        do: { kind: "status", status: 502, carry_out: true },
      },
      { on: "any", after: 1, do: { kind: "status", status: 503 } },
    ]),
  },
  {
    name: "half_open",
    title: "half-open connection",
    does:
      "Nothing arrives and nothing is ever answered, for a third of the deadline.",
    plan: lasting([{ on: "any", do: { kind: "lost" } }]),
  },
  {
    name: "broker_down",
    title: "broker down at the edge",
    does:
      "The broker answers everything with 503 from before each edge, for a third of the deadline.",
    plan: lasting([{ on: "any", do: { kind: "status", status: 503 } }]),
  },
  {
    name: "broker_gone",
    title: "broker down too long",
    does:
      "The broker answers everything with 503 until the deadline is over: nothing can be closed, and that must be told in time.",
    plan: closing(({ day }) =>
      faultsFor(
        day,
        [{ on: "any", do: { kind: "status", status: 503 } }],
        longest(day),
        { kind: "stuck" },
      )
    ),
  },
  {
    name: "partial_fills",
    title: "partial fills",
    does:
      "The first three closing orders of each edge fill by 40 of 100, and the rest is cancelled.",
    plan: onOrders(
      [{
        on: "close",
        times: 3,
        do: { kind: "partial", percent: 40, rest: "cancel" },
      }],
      5 * SECOND_MS,
    ),
  },
  {
    name: "slow_fills",
    title: "partial fills, late rest",
    does:
      "The first two closing orders of each edge fill by 40 of 100, and the rest three seconds later.",
    plan: onOrders(
      [{
        on: "close",
        times: 2,
        do: {
          kind: "partial",
          percent: 40,
          rest: "working",
          fill_after_ms: 3_000,
        },
      }],
      5 * SECOND_MS,
    ),
  },
  {
    name: "rejected_close",
    title: "close rejected at first",
    does: "The broker rejects the first two closing orders of each edge.",
    plan: onOrders(
      [{
        on: "close",
        times: 2,
        do: { kind: "reject", reason: "order/busy", message: "try again" },
      }],
      5 * SECOND_MS,
    ),
  },
  {
    name: "position_stays",
    title: "position stays open",
    does:
      "The broker rejects every order that would close one of the positions: it stays open, and that must be told in time.",
    plan: closing((ground) =>
      faultsFor(ground.day, stuckRules(ground), longest(ground.day), {
        kind: "stuck",
      })
    ),
  },
];
