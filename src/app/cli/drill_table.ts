/**
 * The table of a drill: a row for each case, a column for each edge.
 *
 * @module
 */

import type { Outcome } from "../../domain/notice.ts";
import { isGood } from "../../domain/settle.ts";
import { HOUR_MS, MINUTE_MS, SECOND_MS } from "../../domain/time.ts";
import type { DurationMs } from "../../domain/time.ts";
import type { CaseResult, EdgeResult } from "../drill/case_result.ts";
import type { DrillSubject } from "./drill_form.ts";
import type { Paint } from "./paint.ts";
import { cutTo, formatTable, widthOf } from "./table.ts";

/** How a drill looks. */
export interface DrillLook {
  readonly paint: Paint;
  /** How wide the terminal is. @units characters */
  readonly columns: number;
}

/** The letter of an edge in the table: `A` to `Z`, then `AA`. */
export function letterOf(index: number): string {
  const last = LETTERS[index % LETTERS.length] ?? "";
  return index < LETTERS.length
    ? last
    : letterOf(Math.floor(index / LETTERS.length) - 1) + last;
}

const LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ";

const MARKS: Readonly<Record<CaseResult["verdict"], string>> = {
  survived: "ok",
  told: "told",
  failed: "FAIL",
  not_applicable: "-",
};

const WORDS: Readonly<Record<Outcome, string>> = {
  done: "done",
  flat_verified: "flat",
  closed_verified: "closed",
  skipped: "skipped",
  partially_closed: "PARTLY",
  refused: "REFUSED",
  missed: "MISSED",
  failed: "OPEN",
  unknown: "UNKNOWN",
};

/** Mark and title take this much of a line, an edge that much. @units columns */
const BEFORE_EDGES = 32;
const EDGE_WIDTH = 12;
const MARK_WIDTH = 6;

/** What happened at each edge, case by case. */
export function drillTable(
  { day }: DrillSubject,
  results: readonly CaseResult[],
  look: DrillLook,
): readonly string[] {
  const { paint, columns } = look;
  const names = day.edges.map(({ edge, session }) =>
    `${session.name}/${edge.name}`
  );
  const fits = names.length <=
    Math.max(1, Math.floor((columns - BEFORE_EDGES) / EDGE_WIDTH));
  const head = [
    "",
    "case",
    ...fits ? names.map((_, i) => letterOf(i)) : ["edges"],
  ]
    .map(paint.dim);
  const rows = results.map((result) => [
    markOf(result, paint),
    result.title,
    ...result.verdict === "not_applicable"
      ? []
      : fits
      ? names.map((name) => cellOf(result, name, paint))
      : [inShort(result, names)],
  ]);
  const table = formatTable([head, ...rows]);
  const titles = ["case", ...results.map(({ title }) => title)].map(widthOf);
  const reasonsFrom = MARK_WIDTH + Math.max(...titles) + 2;
  return table.map((row, index) => {
    const result = results[index - 1];
    const reason = result?.reason ?? null;
    if (reason === null) return cutTo(row, columns);
    const pad = " ".repeat(Math.max(0, reasonsFrom - widthOf(row)));
    return cutTo(`${row}${pad}${paint.dim(reason)}`, columns);
  });
}

function markOf({ verdict }: CaseResult, paint: Paint): string {
  const mark = MARKS[verdict];
  switch (verdict) {
    case "survived":
      return paint.good(mark);
    case "told":
      return paint.caution(mark);
    case "failed":
      return paint.bad(mark);
    case "not_applicable":
      return paint.dim(mark);
  }
}

function cellOf(
  { edges, findings }: CaseResult,
  name: string,
  paint: Paint,
): string {
  const found = edges.find(({ column }) => column === name);
  if (found === undefined) return paint.dim("-");
  const text = edgeText(found);
  if (findings.some(({ edge }) => edge === found.edge)) return paint.bad(text);
  return found.outcome !== null && isGood(found.outcome)
    ? text
    : paint.caution(text);
}

function edgeText({ outcome, slowestMs, closes }: EdgeResult): string {
  if (outcome === null) return "?";
  const word = outcome === "failed" && !closes ? "FAILED" : WORDS[outcome];
  const time = shortTime(slowestMs ?? 0);
  return time === "" ? word : `${word} ${time}`;
}

/** Where there are too many edges for columns: what is not well, and the slowest of the rest. */
function inShort(
  { edges }: CaseResult,
  names: readonly string[],
): string {
  const bad = new Map<string, string[]>();
  const well: number[] = [];
  for (const each of edges) {
    if (each.outcome !== null && isGood(each.outcome)) {
      well.push(each.slowestMs ?? 0);
      continue;
    }
    const text = edgeText(each);
    const letter = letterOf(names.indexOf(each.column));
    bad.set(text, [...bad.get(text) ?? [], letter]);
  }
  const time = shortTime(Math.max(0, ...well));
  return [
    ...[...bad].map(([text, letters]) => `${text}: ${letters.join(" ")}`),
    ...well.length === 0 ? [] : [`${well.length} well${time && ` ${time}`}`],
  ].join(", ");
}

/** `5s`, `2m`, `2m30`, `1h`; nothing for an instant. */
function shortTime(ms: DurationMs): string {
  const sign = ms < 0 ? "-" : "";
  const length = Math.abs(ms);
  if (length === 0) return "";
  if (length < SECOND_MS) return `${sign}${(length / SECOND_MS).toFixed(1)}s`;
  if (length < MINUTE_MS) return `${sign}${Math.round(length / SECOND_MS)}s`;
  if (length >= HOUR_MS) return `${sign}${Math.round(length / HOUR_MS)}h`;
  const minutes = Math.floor(length / MINUTE_MS);
  const seconds = Math.floor(length % MINUTE_MS / SECOND_MS);
  return seconds === 0
    ? `${sign}${minutes}m`
    : `${sign}${minutes}m${String(seconds).padStart(2, "0")}`;
}
