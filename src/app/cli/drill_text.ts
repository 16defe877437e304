/**
 * A drill in words: what was played, what came of it, and what to do about it.
 *
 * @module
 */

import type { PaperPosition } from "../../domain/definition.ts";
import { isGood } from "../../domain/settle.ts";
import type { CaseResult } from "../drill/case_result.ts";
import type { CasePlan, DrillCase } from "../drill/drill_case.ts";
import type { DrillEdge } from "../drill/drill_day.ts";
import type { DrillAccount } from "../drill/drill_file.ts";
import { countResults, type DrillSubject, functionsOf } from "./drill_form.ts";
import { dateText, shortClockText, zoneText } from "./format_time.ts";
import { type DrillLook, drillTable, letterOf } from "./drill_table.ts";
import { cutTo, formatTable } from "./table.ts";
import { wrapText } from "./wrap_text.ts";

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
    ...drillTable(subject, results, look),
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
