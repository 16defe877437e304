/**
 * What was found of a journal, for people and for programs.
 *
 * @module
 */

import type { AuditReport, QuietSpell } from "../../domain/audit_finding.ts";
import type { Outcome } from "../../domain/notice.ts";
import { OUTCOMES } from "../../domain/settle.ts";
import { SECOND_MS } from "../../domain/time.ts";
import type { EpochMs } from "../../domain/time.ts";
import type { RecordAudit } from "../record/record_audit.ts";
import { wireForm } from "../wire_form.ts";
import { clockText, localDateText } from "./format_time.ts";
import type { Paint } from "./paint.ts";
import { paintOutcome } from "./say_entry.ts";
import { formatTable } from "./table.ts";

/** More spells, or edges of one spell, than these are counted and not listed. */
const LISTED_MAX = 5;

/** The report as one object. */
export function auditForm(
  { journal, isHeld, flaws, audit, isClean }: RecordAudit,
): unknown {
  const { path, format, entries, first, last, droppedThrough, tail } = journal;
  const { runs, quiet, due, outcomes, orders, underWay, findings } = audit;
  return wireForm({
    journal: path,
    clean: isClean,
    held: isHeld,
    format,
    entries,
    first,
    last,
    droppedThrough,
    tail,
    flaws,
    audit: {
      entries: audit.entries,
      fromAt: audit.fromAt,
      toAt: audit.toAt,
      due,
      outcomes,
      orders,
      underWay,
      runs,
      quiet,
      findings,
    },
  });
}

/** The report in lines, what is wrong at the end. */
export function auditLines(
  record: RecordAudit,
  paint: Paint,
): readonly string[] {
  const { journal, audit } = record;
  const rows = [
    ["Journal", journal.path + (record.isHeld ? ", being written now" : "")],
    ["Chain", sayChain(record, paint)],
    ...sayTail(record, paint),
    ["Audited", sayStretch(audit)],
    ["Runs", sayRuns(audit)],
    ["Edges", sayEdges(audit, paint)],
    ["Orders", sayOrders(audit)],
    ...sayUnderWay(record),
    ...sayQuiet(audit),
  ];
  return [...formatTable(rows), ...verdictLines(record, paint)];
}

function sayChain({ journal, flaws }: RecordAudit, paint: Paint): string {
  const { entries, first, last, droppedThrough } = journal;
  if (first === null || last === null) return "no entries";
  const dropped = droppedThrough === 0
    ? ""
    : `; older ones, through ${droppedThrough}, were dropped on purpose`;
  const how = flaws.length === 0
    ? paint.good("unbroken")
    : paint.bad("NOT what was written");
  return `${
    count(entries, "entry", "entries")
  }, ${first.seq} to ${last.seq}: ${how}${dropped}`;
}

function sayTail(
  { journal: { tail }, isHeld }: RecordAudit,
  paint: Paint,
): readonly (readonly string[])[] {
  if (tail.kind === "whole") return [];
  const why = isHeld
    ? "a write is under way"
    : "a write was cut off; nothing of it was ever acted on";
  return [["Tail", paint.caution(`torn, ${tail.bytes} bytes: ${why}`)]];
}

function sayStretch({ fromAt, toAt, entries }: AuditReport): string {
  if (entries === 0) return "nothing";
  return `${dated(fromAt)} to ${dated(toAt)}`;
}

function sayRuns({ runs }: AuditReport): string {
  const brokenOff = runs.filter(({ end }) => end === "broken_off").length;
  const how = brokenOff === 0 ? "" : `, ${brokenOff} broken off`;
  return `${runs.length}${how}`;
}

function sayEdges({ due, outcomes }: AuditReport, paint: Paint): string {
  const counts = OUTCOMES.flatMap((outcome: Outcome) => {
    const n = outcomes[outcome] ?? 0;
    return n === 0 ? [] : [`${n} ${paintOutcome(outcome, paint)}`];
  });
  const ends = counts.length === 0 ? "" : `; ended: ${counts.join(", ")}`;
  return `${due} with actions were due${ends}`;
}

function sayOrders({ orders, findings }: AuditReport): string {
  const unanswered =
    findings.filter(({ kind }) => kind === "order_without_outcome").length;
  return orders === 0
    ? "none sent"
    : `${orders} sent, ${
      unanswered === 0 ? "all answered" : `${unanswered} without an answer`
    }`;
}

function sayUnderWay(
  { audit: { underWay }, isHeld }: RecordAudit,
): readonly (readonly string[])[] {
  if (underWay.length === 0) return [];
  // Without a writer it is a break of the chain that leaves them open.
  return [[isHeld ? "Under way" : "Cut off", underWay.join(", ")]];
}

function sayQuiet({ quiet }: AuditReport): readonly (readonly string[])[] {
  const rows = quiet.slice(-LISTED_MAX).map((spell, index) => [
    index === 0 ? "Not run" : "",
    saySpell(spell),
  ]);
  const more = quiet.length - rows.length;
  return more > 0 ? [...rows, ["", `and ${more} spells before`]] : rows;
}

function saySpell({ fromAt, toAt, after, edges }: QuietSpell): string {
  const how = after === "stopped" ? "stopped" : "broken off";
  const listed = edges.slice(0, LISTED_MAX).join(", ");
  const more = edges.length > LISTED_MAX
    ? ` and ${edges.length - LISTED_MAX} more`
    : "";
  const passed = edges.length === 0
    ? "nothing passed"
    : `passed meanwhile: ${listed}${more}`;
  return `${dated(fromAt)} to ${dated(toAt)} (${how}); ${passed}`;
}

function verdictLines(
  { flaws, audit: { findings }, isClean }: RecordAudit,
  paint: Paint,
): readonly string[] {
  if (isClean) {
    return [
      paint.good("CLEAN: the record is whole, and nothing due is without one."),
    ];
  }
  const lines = [
    ...flaws.map(({ kind, message }) => [paint.bad(kind), message]),
    ...findings.map(({ kind, message, dueAt, seqs }) => [
      paint.bad(kind),
      `${message} (${dated(dueAt)}${
        seqs.length === 0 ? "" : `; entry ${seqs.join(", ")}`
      })`,
    ]),
  ];
  const broken = flaws.some(({ kind }) =>
    kind === "entry_changed" || kind === "entries_missing"
  );
  return [
    paint.bad(`NOT CLEAN: ${count(lines.length, "finding", "findings")}.`),
    ...formatTable(lines, { indent: "  " }),
    ...(broken ? ["Entries behind the first break are not audited."] : []),
  ];
}

function dated(at: EpochMs): string {
  const second = Math.floor(at / SECOND_MS) * SECOND_MS;
  return `${localDateText(second, "UTC")} ${clockText(second, "UTC")} UTC`;
}

function count(n: number, one: string, many: string): string {
  return `${n} ${n === 1 ? one : many}`;
}
