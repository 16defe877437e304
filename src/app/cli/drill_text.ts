/**
 * A drill in words: what was played, a table of what happened at each edge, and what to do about it.
 *
 * @module
 */

import type { PaperPosition } from "../../domain/definition.ts";
import type { Outcome } from "../../domain/notice.ts";
import { HOUR_MS, MINUTE_MS, SECOND_MS } from "../../domain/time.ts";
import type { DurationMs } from "../../domain/time.ts";
import { isGood } from "../../domain/settle.ts";
import type { CaseResult, EdgeResult } from "../drill/case_result.ts";
import type { CasePlan, DrillCase } from "../drill/drill_case.ts";
import type { DrillEdge } from "../drill/drill_day.ts";
import type { DrillAccount } from "../drill/drill_file.ts";
import { countResults, type DrillSubject, functionsOf } from "./drill_form.ts";
import { dateText, shortClockText, zoneText } from "./format_time.ts";
import type { Paint } from "./paint.ts";
import { cutTo, formatTable, widthOf } from "./table.ts";
import { wrapText } from "./wrap_text.ts";

/** How a drill looks. */
export interface DrillLook {
  readonly paint: Paint;
  /** How wide the terminal is. @units characters */
  readonly columns: number;
}

/** What is about to be played. */
export function drillHeader(
  subject: DrillSubject,
  { paint, columns }: DrillLook,
): readonly string[] {
  const { name, file, day } = subject;
  const functions = functionsOf(subject);
  const edges = day.edges.map((each, index) => edgeRow(each, index));
  return [
    `${paint.bold(`Drill of ${name}`)}: ${
      dateText(day.tradeDate)
    }, seed ${file.seed}`,
    "A virtual clock and the paper broker: nothing real is touched.",
    "",
    ...formatTable(edges, { indent: "  " }).map((row) => cutTo(row, columns)),
    "",
    ...file.accounts.flatMap((account) =>
      wrapText(`  ${accountText(account)}`, columns, "    ")
    ),
    ...wrapText(
      "  Before each close the drill opens what is missing, and leaves an order working.",
      columns,
      "  ",
    ),
    ...functions.length === 0 ? [] : wrapText(
      `  Not run, and taken as returned: ${functions.join(", ")}`,
      columns,
      "    ",
    ),
    "",
  ];
}

/** What came of it all. */
export function drillReport(
  subject: DrillSubject,
  results: readonly CaseResult[],
  look: DrillLook,
): readonly string[] {
  return [
    ...resultTable(subject, results, look),
    "",
    ...toldLines(subject, results, look),
    ...failedLines(subject, results, look),
    ...summary(results, look),
  ];
}

/** What a drill would play. */
export function listedLines(
  plans: readonly { readonly drilled: DrillCase; readonly plan: CasePlan }[],
  { paint, columns }: DrillLook,
): readonly string[] {
  return plans.flatMap(({ drilled: { name, does }, plan }) => [
    `${paint.bold(name)}  ${
      plan.kind === "plays"
        ? playsText(plan.plays.length, plan.of)
        : `not applicable: ${plan.reason}`
    }`,
    ...wrapText(`  ${does}`, columns, "  "),
  ]);
}

/** How many days a case plays. */
export function playsText(plays: number, of: number): string {
  const days = plays === 1 ? "1 day" : `${plays} days`;
  return plays < of ? `${days} of ${of}` : days;
}

/** The letter of an edge in the table: `A` to `Z`, then `AA`. */
function letterOf(index: number): string {
  const last = LETTERS[index % LETTERS.length] ?? "";
  return index < LETTERS.length
    ? last
    : letterOf(Math.floor(index / LETTERS.length) - 1) + last;
}

const LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ";

function edgeRow(
  { edge, session }: DrillEdge,
  index: number,
): readonly string[] {
  const zone = session.timezone;
  return [
    letterOf(index),
    edge.key,
    `${shortClockText(edge.dueAt, zone)} ${zoneText(zone)}`,
    edge.actions.join(", "),
  ];
}

function accountText(
  { account, kind, positionsFrom }: DrillAccount,
): string {
  const who = kind === "paper"
    ? `${account.name} (paper, ${account.mode})`
    : `${account.name} (${kind}, played by the paper broker, ${account.mode})`;
  const held = account.positions.map(positionText).join(", ");
  const from = positionsFrom === "file"
    ? "as the file says"
    : "drawn from the seed";
  return held === "" ? `${who}: nothing open` : `${who}: ${held}, ${from}`;
}

function positionText({ symbol, side, qty, tag }: PaperPosition): string {
  const mark = tag === null ? "" : ` "${tag}"`;
  return `${symbol} ${side === "long" ? "+" : "-"}${qty}${mark}`;
}

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

function resultTable(
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

function toldLines(
  { name }: DrillSubject,
  results: readonly CaseResult[],
  { paint, columns }: DrillLook,
): readonly string[] {
  const told = results.filter(({ verdict }) => verdict === "told");
  if (told.length === 0) return [];
  const titles = new Map<string, string[]>();
  for (const { title, edges } of told) {
    const worst = edges.find(({ outcome }) =>
      outcome === null || !isGood(outcome)
    );
    if (worst === undefined) continue;
    const said = `${worst.column}. ${worst.message ?? worst.outcome ?? ""}`;
    const known = titles.get(said) ?? [];
    titles.set(said, [...known, title]);
  }
  const lines = [...titles].flatMap(([said, cases]) =>
    wrapText(`  ${cases.join("; ")}: ${said}`, columns, "    ")
  );
  return [
    paint.caution("What could not be helped, and what you would be told:"),
    ...lines,
    ...wrapText(`  ${adviceFor(told, name)}`, columns, "  "),
    "",
  ];
}

/** What a trader does about what was told. */
function adviceFor(told: readonly CaseResult[], name: string): string {
  const outcomes = new Set(
    told.flatMap(({ edges }) => edges.map(({ outcome }) => outcome)),
  );
  const isMissed = outcomes.has("missed");
  return [
    `Then look at the broker, and close there, or: carillon flatten ${name}.`,
    ...isMissed
      ? [
        "What comes too late is left out on purpose; catch_up says how late is too late.",
      ]
      : [],
    ...outcomes.has("refused")
      ? [
        "A close that finds its market shut may wait for it: if_closed: next_open+5m.",
      ]
      : [],
  ].join(" ");
}

function failedLines(
  { name, file, day }: DrillSubject,
  results: readonly CaseResult[],
  { paint, columns }: DrillLook,
): readonly string[] {
  return results.filter(({ verdict }) => verdict === "failed")
    .flatMap((result) => [
      paint.bad(`FAIL ${result.title}`),
      ...wrapText(`  ${result.does}`, columns, "  "),
      ...result.findings.flatMap(({ code, edge, message, plays }) =>
        wrapText(
          `  ${code}${
            edge === null ? "" : ` ${edge}`
          }: ${message} (${plays} of ${playsText(result.plays, result.plays)})`,
          columns,
          "    ",
        )
      ),
      "  Do not go live with it. To see it again:",
      `  carillon drill ${name} --date ${day.tradeDate} --seed ${file.seed} --only ${result.name}`,
      "",
    ]);
}

function summary(
  results: readonly CaseResult[],
  { paint, columns }: DrillLook,
): readonly string[] {
  const { survived, told, failed, notApplicable, plays } = countResults(
    results,
  );
  const parts = [
    `${survived} survived`,
    ...told === 0 ? [] : [`${told} told in time`],
    ...notApplicable === 0 ? [] : [`${notApplicable} not applicable`],
    ...failed === 0 ? [] : [`${failed} FAILED`],
  ];
  const sentence = failed === 0
    ? "Nothing was closed twice, nothing left open unsaid, and every edge has one outcome."
    : "Something due did not come true, or was told falsely.";
  const brush = failed === 0 ? paint.good : paint.bad;
  return [
    `${results.length} cases, ${playsText(plays, plays)} played: ${
      parts.join(", ")
    }.`,
    ...wrapText(sentence, columns, "").map(brush),
    ...wrapText(
      "Times: from when the edge was due, in the slowest play of the case.",
      columns,
      "",
    ).map(paint.dim),
  ];
}
