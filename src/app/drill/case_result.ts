/**
 * What came of a case, over all its plays.
 *
 * @module
 */

import type { EdgeSettled, Outcome } from "../../domain/notice.ts";
import { isGood } from "../../domain/settle.ts";
import type { DurationMs, EpochMs } from "../../domain/time.ts";
import type { DrillCase } from "./drill_case.ts";
import type { DrillDay, DrillEdge } from "./drill_day.ts";
import { DRILL_FINDINGS, type DrillFinding } from "./judge.ts";
import type { PlayRecord } from "./play.ts";

/** A play, and what is wrong with it. */
export interface JudgedPlay {
  readonly record: PlayRecord;
  readonly findings: readonly DrillFinding[];
}

/** How one edge ended over all plays of a case. */
export interface EdgeResult {
  /** The edge's key. */
  readonly edge: string;
  /** Its session and name, without the date. */
  readonly column: string;
  /** Whether it closes positions. */
  readonly closes: boolean;
  /** @units EpochMs */
  readonly dueAt: EpochMs;
  /** The worst; `null` where a play has none or several. */
  readonly outcome: Outcome | null;
  /** From its due time by the world's clock, in the slowest play. @units milliseconds; `null` where it did not end */
  readonly slowestMs: DurationMs | null;
  /** What the worst was told with; `null` for nothing. */
  readonly message: string | null;
}

/** A finding, and in how many plays it came up. */
export interface CountedFinding extends DrillFinding {
  readonly plays: number;
}

/** What came of a case. */
export interface CaseResult {
  readonly name: string;
  readonly title: string;
  readonly does: string;
  /**
   * `survived`: everything due came true. `told`: what nobody could have helped was told truthfully and
   * in time. `failed`: something else.
   */
  readonly verdict: "survived" | "told" | "failed" | "not_applicable";
  /** Why it is not applicable; `null` where it is. */
  readonly reason: string | null;
  /** The trade date that was played; `null` where it is not applicable. */
  readonly tradeDate: string | null;
  /** How many days were played. */
  readonly plays: number;
  /** How many there are to play; more than `plays` where they were thinned out. */
  readonly of: number;
  readonly edges: readonly EdgeResult[];
  readonly findings: readonly CountedFinding[];
}

/** A case that the file has no place for. */
export function leftOut(
  { name, title, does }: DrillCase,
  reason: string,
): CaseResult {
  return {
    name,
    title,
    does,
    verdict: "not_applicable",
    reason,
    tradeDate: null,
    plays: 0,
    of: 0,
    edges: [],
    findings: [],
  };
}

/** What came of the plays of a case. */
export function resultOf(
  { name, title, does }: DrillCase,
  day: DrillDay,
  plays: readonly JudgedPlay[],
  of: number,
): CaseResult {
  const edges = day.edges.map((edge) => edgeResult(edge, plays));
  const findings = countFindings(plays);
  const isGoodAll = edges.every(({ outcome }) =>
    outcome !== null && isGood(outcome)
  );
  return {
    name,
    title,
    does,
    verdict: findings.length > 0 ? "failed" : isGoodAll ? "survived" : "told",
    reason: null,
    tradeDate: day.tradeDate,
    plays: plays.length,
    of,
    edges,
    findings,
  };
}

/** From the best to the worst. */
const ORDER: readonly Outcome[] = [
  "done",
  "flat_verified",
  "closed_verified",
  "skipped",
  "partially_closed",
  "refused",
  "missed",
  "failed",
  "unknown",
];

function edgeResult(
  { edge, session, closes }: DrillEdge,
  plays: readonly JudgedPlay[],
): EdgeResult {
  let worst: EdgeSettled | null = null;
  let slowestMs: number | null = null;
  let isLost = plays.length === 0;
  for (const { record: { endings } } of plays) {
    const own = endings.filter(({ settled }) => settled.edge === edge.key);
    const [ending] = own;
    if (ending === undefined || own.length > 1) isLost = true;
    if (ending === undefined) continue;
    const { settled, truth } = ending;
    slowestMs = Math.max(slowestMs ?? -Infinity, truth.at - edge.dueAt);
    const isWorse = worst === null ||
      ORDER.indexOf(settled.outcome) > ORDER.indexOf(worst.outcome);
    if (isWorse) worst = settled;
  }
  return {
    edge: edge.key,
    column: `${session.name}/${edge.name}`,
    closes,
    dueAt: edge.dueAt,
    outcome: isLost ? null : worst?.outcome ?? null,
    slowestMs,
    message: worst?.message ?? worst?.reason ?? null,
  };
}

/** Each kind of finding of each edge once, with the words of the first. */
function countFindings(
  plays: readonly JudgedPlay[],
): readonly CountedFinding[] {
  const counted = new Map<string, CountedFinding>();
  for (const { findings } of plays) {
    const here = new Set<string>();
    for (const each of findings) {
      const key = `${each.code} ${each.edge}`;
      if (here.has(key)) continue;
      here.add(key);
      const known = counted.get(key) ?? { ...each, plays: 0 };
      counted.set(key, { ...known, plays: known.plays + 1 });
    }
  }
  return [...counted.values()].sort((a, b) =>
    DRILL_FINDINGS.indexOf(a.code) - DRILL_FINDINGS.indexOf(b.code)
  );
}
