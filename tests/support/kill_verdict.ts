/**
 * What is wrong with a desk that was killed again and again, by the word of its broker.
 *
 * @module
 */

import { auditRecord } from "../../src/app/record/record_audit.ts";
import type { EdgeSettled } from "../../src/domain/notice.ts";
import type { BrokerBook, Held } from "./held_positions.ts";
import type { KillWalk } from "./kill_walk.ts";
import type { DeskEdge, DeskRecord, DeskSetup } from "./killed_desk.ts";

/** How a process ends that SIGKILL ended. */
const KILLED_CODE = 128 + 9;

/** What is wrong with one journal and its runs, in sentences; none where all is well. */
export function judgeRecord(
  record: DeskRecord,
  walk: KillWalk,
  book: BrokerBook,
): readonly string[] {
  return [
    ...judgeProcesses(record),
    ...judgeJournal(record),
    ...judgePrinted(record, walk),
    ...record.edges.flatMap((edge) => judgeEdge(edge, walk, book)),
  ];
}

/** What is wrong with what the broker executed over all journals of an account. */
export function judgeBook(
  setup: DeskSetup,
  walks: readonly KillWalk[],
  { held, duplicates }: BrokerBook,
): readonly string[] {
  return [
    ...duplicates.map((one) => `asked twice: ${JSON.stringify(one)}`),
    ...held.flatMap((each) => judgeHeld(each, setup, walks)),
  ];
}

function judgeProcesses({ lives, last, endedBy }: DeskRecord) {
  const alone = lives.filter(({ ended }) => ended.code !== KILLED_CODE)
    .map(({ ended }) => `a run ended by itself with ${said(ended)}`);
  const isBad = linesOf(last.out).some(({ type, outcome }) =>
    type === "edge.settled" && outcome === "partially_closed"
  );
  const code = isBad ? 1 : endedBy === "signal" ? 130 : 0;
  return last.code === code
    ? alone
    : [...alone, `the last run should end with ${code}, not ${said(last)}`];
}

function said({ code, out, err }: DeskRecord["last"]): string {
  const lines = linesOf(out).slice(-9).map(({ type }) => type);
  return `${code} after ${lines.join(", ")}: ${err}`;
}

/** Exactly what `carillon journal verify` reads. */
function judgeJournal({ journal }: DeskRecord): readonly string[] {
  const { flaws, audit, isClean } = auditRecord(journal, {
    fromAt: null,
    toAt: null,
  });
  return isClean
    ? []
    : [...flaws, ...audit.findings].map((found) => JSON.stringify(found));
}

interface Line {
  readonly type: string;
  readonly edge?: string;
  readonly outcome?: string;
}

/** Lines of JSON; the last one may be cut off by a kill. */
function linesOf(out: string): readonly Line[] {
  return out.split("\n").filter((line) => line.endsWith("}"))
    .map((line) => JSON.parse(line));
}

/** Nothing is told that is not on record. */
function judgePrinted(
  { lives, last }: DeskRecord,
  { settled }: KillWalk,
): readonly string[] {
  const known = new Set(
    settled.map(({ edge, outcome }) => `${edge} ${outcome}`),
  );
  return [...lives.map(({ ended }) => ended), last]
    .flatMap(({ out }) => linesOf(out))
    .filter(({ type }) => type === "edge.settled")
    .map(({ edge, outcome }) => `${edge} ${outcome}`)
    .filter((told) => !known.has(told))
    .map((told) => `told and not on record: ${told}`);
}

function judgeEdge(
  edge: DeskEdge,
  { fromAt, stoppedAt, settled }: KillWalk,
  { held }: BrokerBook,
): readonly string[] {
  const ends = settled.filter((each) => each.edge === edge.key);
  if (edge.at < fromAt) {
    return ends.filter(({ reason }) => reason !== "joined_late")
      .map((end) => `fired before the first run: ${shown(end)}`);
  }
  if (edge.at > stoppedAt) return ends.map((end) => `too early: ${shown(end)}`);
  const [end, ...more] = ends;
  // What is due in the very millisecond of the stop may go either way.
  if (end === undefined) {
    return edge.at === stoppedAt ? [] : [`no end of ${edge.key}`];
  }
  if (more.length > 0) return [`${ends.length} ends of ${edge.key}`];
  const covered = held.filter(edge.scope.covers);
  return [...judgeOutcome(end), ...judgeClosed(end, covered)];
}

function shown({ edge, outcome, reason, message }: EdgeSettled): string {
  return `${edge} ${outcome} (${reason}: ${message})`;
}

/** Every fault passes and nothing refuses: only what came later may stay. */
function judgeOutcome(end: EdgeSettled): readonly string[] {
  const isGood = end.outcome === "flat_verified" ||
    (end.outcome === "partially_closed" && end.reason === "opened_after");
  return isGood ? [] : [shown(end)];
}

function judgeClosed(
  end: EdgeSettled,
  covered: readonly Held[],
): readonly string[] {
  const isOpenAt = (at: number) => ({ openedAt, closedAt }: Held) =>
    openedAt < at && (closedAt === null || closedAt > at);
  const left = covered.filter(({ openedAt }) => openedAt < end.dueAt)
    .filter(isOpenAt(end.at))
    .map(({ positionId }) => `${shown(end)} and left ${positionId}`);
  if (end.outcome !== "flat_verified") return left;
  const instants = covered.flatMap(({ closedAt }) => closedAt ?? [])
    .filter((at) => end.firedAt <= at && at <= end.at);
  const wasFlat = [end.firedAt, ...instants]
    .some((at) => !covered.some(isOpenAt(at)));
  return wasFlat ? left : [...left, `${shown(end)} and it was never flat`];
}

function judgeHeld(
  held: Held,
  { scopes }: DeskSetup,
  walks: readonly KillWalk[],
): readonly string[] {
  const { positionId, openedAt, closings } = held;
  const inScope = scopes.some(({ covers }) => covers(held));
  return closings.flatMap(({ client_order_id: id }) => {
    const walk = walks.find(({ orders }) => orders.has(id ?? ""));
    const sent = walk?.orders.get(id ?? "");
    const what = `${positionId}, opened ${openedAt}, was closed by ${id}`;
    if (walk === undefined || sent === undefined) {
      return [`${what}, which is in no journal`];
    }
    const problems: string[] = [];
    if (!inScope) problems.push(`${what} and is out of scope`);
    if (openedAt > sent.sentAt) {
      problems.push(`${what}, which was decided before, at ${sent.sentAt}`);
    }
    const meantUntil = walk.caughtUp.get(sent.edge) ?? Infinity;
    if (openedAt >= meantUntil) {
      problems.push(`${what} for ${sent.edge}, which was due before`);
    }
    return problems;
  });
}
