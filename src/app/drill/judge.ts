/**
 * Holds a play against the brokers' own books: what was closed twice, left open, or told falsely.
 *
 * @module
 */

import { compare } from "../../domain/decimal.ts";
import { isOver } from "../../domain/lateness.ts";
import type { EdgeSettled, PositionLine } from "../../domain/notice.ts";
import { isGood } from "../../domain/settle.ts";
import { SECOND_MS } from "../../domain/time.ts";
import type { DurationMs } from "../../domain/time.ts";
import type { DrillEdge } from "./drill_day.ts";
import type { DrillFile } from "./drill_file.ts";
import { OTHER_TRADER } from "./other_trader.ts";
import type { Books, Ending, PlayRecord } from "./play.ts";
import type { Excuse } from "./play_plan.ts";
import { reaches, type TruePosition } from "./truth.ts";

/** What can be held against a play, the gravest first. */
export const DRILL_FINDINGS = [
  "closed_twice",
  "told_falsely",
  "left_open",
  "out_of_scope",
  "opened_exposure",
  "without_outcome",
  "several_outcomes",
  "told_late",
  "record_unsound",
  "program_failed",
] as const;

/** One thing that should not be so. */
export interface DrillFinding {
  readonly code: typeof DRILL_FINDINGS[number];
  /** The edge's key; `null` where it is about the day as a whole. */
  readonly edge: string | null;
  /** What is wrong, in a sentence. */
  readonly message: string;
}

/** Between two looks and their answers something may always take this long. @units milliseconds */
const SLACK_MS: DurationMs = 12 * SECOND_MS;

/** A deadline is told this much after it at most. @units milliseconds */
const TOLD_WITHIN_MS: DurationMs = 2 * SECOND_MS;

/** Everything that is wrong with a play; empty where all that could be done was done and told. */
export function judge(
  file: DrillFile,
  record: PlayRecord,
): readonly DrillFinding[] {
  const { plan, endings, books, audit, troubles } = record;
  const findings = [
    ...books.flatMap((book) => judgeBooks(file, book)),
    ...plan.day.edges.flatMap((edge) =>
      judgeEdge(
        edge,
        endings.filter(({ settled }) => settled.edge === edge.edge.key),
        plan.excuse,
      )
    ),
    ...(audit?.findings ?? []).map(({ about, message }) =>
      finding("record_unsound", about, message)
    ),
    ...troubles.map((message) => finding("program_failed", null, message)),
  ];
  const grave = (code: DrillFinding["code"]) => DRILL_FINDINGS.indexOf(code);
  return findings.sort((a, b) => grave(a.code) - grave(b.code));
}

/** Whether an edge may end otherwise than well, since nobody could have helped it. */
export function isExcused(
  excuse: Excuse,
  { edge, session }: DrillEdge,
): boolean {
  if (excuse.kind === "none") return false;
  if (excuse.kind === "stuck") return true;
  const { ms, restarts } = excuse;
  const at = edge.dueAt + ms;
  const closesAt = edge.marketClosesAt;
  return (!restarts && ms + SLACK_MS > session.deadlineMs) ||
    (closesAt !== null && at + SLACK_MS > closesAt) ||
    edge.actions.some((action) =>
      isOver({ session, edge, action, at, judged: false })
    );
}

function judgeBooks(
  { definition }: DrillFile,
  { account, audit, seen, orders }: Books,
): readonly DrillFinding[] {
  const scopes = definition.sessions
    .filter((session) => session.account === account)
    .map(({ scope }) => scope);
  const isAsked = scopes.some(({ session }) => session !== null);
  const twice = [
    ...audit.duplicates.map(({ positionId, clientOrderId }) =>
      `Order "${clientOrderId}" asked to close "${positionId}" of "${account}" a second time`
    ),
    ...audit.exposures
      .filter(({ closedQty, openedQty }) => compare(closedQty, openedQty) > 0)
      .map(({ symbol, closedQty, openedQty }) =>
        `Of ${openedQty} ${symbol} in "${account}", ${closedQty} was closed`
      ),
  ];
  const strange = audit.exposures.flatMap(({ key, symbol, closings }) => {
    const held = seen.get(key);
    const isOurs = closings.some(({ clientOrderId }) =>
      !clientOrderId.startsWith(OTHER_TRADER)
    );
    return isOurs && held !== undefined &&
        !scopes.some((scope) => reaches(scope, held))
      ? [`${symbol} in "${account}" is in no session's scope, and was closed`]
      : [];
  });
  const opened = orders
    .filter(({ closes, clientOrderId }) =>
      closes === null && !isAsked && !clientOrderId.startsWith(OTHER_TRADER)
    )
    .map(({ clientOrderId, symbol }) =>
      `Order "${clientOrderId}" opens ${symbol} in "${account}"`
    );
  return [
    ...twice.map((message) => finding("closed_twice", null, message)),
    ...strange.map((message) => finding("out_of_scope", null, message)),
    ...opened.map((message) => finding("opened_exposure", null, message)),
  ];
}

function judgeEdge(
  drilled: DrillEdge,
  endings: readonly Ending[],
  excuse: Excuse,
): readonly DrillFinding[] {
  const { key } = drilled.edge;
  const [ending, second] = endings;
  if (ending === undefined) {
    return [finding("without_outcome", key, "It came due and has no outcome")];
  }
  if (second !== undefined) {
    const message = `It ended ${endings.length} times`;
    return [finding("several_outcomes", key, message)];
  }
  const lie = falseIn(drilled, ending);
  if (lie !== null) return [finding("told_falsely", key, lie)];
  const { outcome, message, reason } = ending.settled;
  const open = openIn(drilled, ending);
  const isLeft = outcome === "skipped" && open.length > 0;
  if (isGood(outcome) && !isLeft) return [];
  if (isOnlyHook(drilled, ending.settled, open)) return [];
  if (!isExcused(excuse, drilled)) {
    const why = message ?? reason ?? named(open);
    return [finding("left_open", key, `It ended as ${outcome}: ${why}`)];
  }
  return judgeTime(drilled, ending, excuse);
}

/**
 * Whether nothing is wrong but that a function of the user's was cut off, or not run: it is told so, and
 * never run twice.
 */
function isOnlyHook(
  { edge }: DrillEdge,
  { hooks, stillOpen }: EdgeSettled,
  open: readonly TruePosition[],
): boolean {
  const isFlat = !edge.actions.includes("close_all") || open.length === 0;
  return isFlat && stillOpen.length === 0 &&
    hooks.some(({ outcome }) => outcome !== "returned");
}

/** What cannot be closed must be told while something can still be done about it. */
function judgeTime(
  { edge, session }: DrillEdge,
  { truth }: Ending,
  excuse: Excuse,
): readonly DrillFinding[] {
  if (excuse.kind === "late" && excuse.restarts) return [];
  const deadlineAt = Math.min(
    edge.dueAt + session.deadlineMs,
    edge.marketClosesAt ?? Infinity,
  );
  const lateMs = truth.at - deadlineAt;
  if (lateMs <= TOLD_WITHIN_MS) return [];
  const message = `It was told ${lateMs} ms after its deadline`;
  return [finding("told_late", edge.key, message)];
}

/** Where an outcome is better than the truth; `null` where it is not. */
function falseIn(drilled: DrillEdge, ending: Ending): string | null {
  const { settled, truth } = ending;
  const { edge, session: { scope, cancelOrders } } = drilled;
  const open = openIn(drilled, ending);
  const old = open.filter(({ openedAt }) => openedAt < edge.dueAt);
  switch (settled.outcome) {
    case "done":
      return drilled.closes
        ? "A close was asked for, and nothing is said of it"
        : null;
    case "flat_verified": {
      if (open.length > 0) {
        return `FLAT was told while the broker had ${named(open)} open`;
      }
      const isWorking = cancelOrders &&
        truth.working.some((order) => reaches(scope, order));
      return isWorking ? "FLAT was told while an order was working" : null;
    }
    case "closed_verified":
      if (edge.actions.includes("close_all") && old.length > 0) {
        return `The close is told as done while the broker had ${
          named(old)
        } open`;
      }
      // falls through
    case "partially_closed":
    case "failed": {
      const silent = drilled.closes ? unnamed(old, settled) : [];
      return silent.length === 0
        ? null
        : `${named(silent)} stayed open, and is not named`;
    }
    default:
      return null;
  }
}

function openIn(
  { session }: DrillEdge,
  { truth }: Ending,
): readonly TruePosition[] {
  return truth.positions.filter((held) => reaches(session.scope, held));
}

/** What is still open, and is not said to be. */
function unnamed(
  open: readonly TruePosition[],
  { leftOpen, stillOpen }: EdgeSettled,
): readonly TruePosition[] {
  const lines: readonly PositionLine[] = [...leftOpen, ...stillOpen];
  return open.filter(({ id }) => !lines.some((line) => line.id === id));
}

function named(positions: readonly TruePosition[]): string {
  return positions
    .map(({ symbol, side, qty }) =>
      `${symbol} ${side === "long" ? "+" : "-"}${qty}`
    )
    .join(", ");
}

function finding(
  code: DrillFinding["code"],
  edge: string | null,
  message: string,
): DrillFinding {
  return { code, edge, message };
}
