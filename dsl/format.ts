/**
 * Issues -> a report for people, or JSON for tools.
 *
 * @module
 */

import type { Issue, IssueCode } from "./issue.ts";
import { issueText } from "./issue_text.ts";
import { quote } from "./node.ts";
import { lineSpan, positionAt, type Source } from "./source.ts";
import type { Span } from "./span.ts";
import { type Cell, cellsOf } from "./text_width.ts";

/** How a report looks. */
export interface FormatOptions {
  /** Whether to use a terminal's colours; not if left out. */
  readonly color?: boolean;
  /** How many issues are shown in full; 100 if left out. */
  readonly max?: number;
}

const SHOWN_MAX = 100;

/** Issues about a secret in the file: no report shows the lines on which it stands. */
const SECRET_CODES: readonly IssueCode[] = [
  "account/literal-token",
  "account/secret-in-url",
];

/**
 * A report: for each issue its place, its rule, the line with carets under the text, and advice.
 *
 * Without a source (TypeScript) the place is the key's path.
 */
export function formatIssues(
  issues: readonly Issue[],
  source: Source | null,
  options: FormatOptions = {},
): string {
  const paint = options.color === true ? PAINTED : PLAIN;
  const max = options.max ?? SHOWN_MAX;
  const secrets = issues.flatMap(({ code, span }) =>
    SECRET_CODES.includes(code) && span !== null ? [span] : []
  );
  const blocks = issues.slice(0, max).map((issue) =>
    formatIssue(issue, source, secrets, paint)
  );
  if (issues.length > max) blocks.push(`${issues.length - max} more\n`);
  return blocks.join("\n");
}

/** One issue with snake_case keys; lines and columns count from 1. */
export function issueToJson(
  issue: Issue,
  source: Source | null,
): Readonly<Record<string, unknown>> {
  const { related } = issue;
  return {
    code: issue.code,
    severity: issue.severity,
    message: issueText(issue),
    path: issue.path,
    ...placeJson(issue.span, source),
    expected: issue.expected,
    received: issue.received,
    hint: issue.hint,
    nearest: issue.nearest,
    related: related === null ? null : {
      label: related.label,
      path: related.path,
      ...placeJson(related.span, source),
    },
  };
}

function placeJson(
  span: Span | null,
  source: Source | null,
): Readonly<Record<string, unknown>> {
  if (span === null || source === null) {
    return { file: source?.name ?? null, line: null, column: null };
  }
  const { line, column } = positionAt(source, span.start);
  const end = positionAt(source, span.end);
  return {
    file: source.name,
    line,
    column,
    end_line: end.line,
    end_column: end.column,
  };
}

type Colour = "error" | "warning" | "place" | "dim";
type Paint = (text: string, colour: Colour) => string;

const CODES: Readonly<Record<Colour, string>> = {
  error: "31;1",
  warning: "33;1",
  place: "1",
  dim: "2",
};

function PAINTED(text: string, colour: Colour): string {
  return `\x1b[${CODES[colour]}m${text}\x1b[0m`;
}

function PLAIN(text: string): string {
  return text;
}

function formatIssue(
  issue: Issue,
  source: Source | null,
  secrets: readonly Span[],
  paint: Paint,
): string {
  const place = placeText(issue, source);
  const rule = paint(`${issue.severity}[${issue.code}]`, issue.severity);
  const head = place === "" ? rule : `${paint(place, "place")} ${rule}`;
  const lines = [`${head}: ${issueText(issue)}`];
  if (source !== null && issue.span !== null) {
    lines.push(...excerpt(issue, issue.span, source, secrets, paint));
    if (issue.path !== "") lines.push(note("at", issue.path));
  }
  if (issue.expected !== null && issue.code !== "file/missing-key") {
    lines.push(note("expected", issue.expected));
  }
  if (issue.hint !== null) lines.push(note("hint", issue.hint));
  if (issue.nearest !== null) {
    lines.push(`    did you mean ${quote(issue.nearest)}?`);
  }
  lines.push(...relatedLines(issue, source));
  return `${lines.join("\n")}\n`;
}

function note(label: string, text: string): string {
  return `    ${label}: ${text}`;
}

function placeText(issue: Issue, source: Source | null): string {
  if (source === null) return issue.path;
  if (issue.span === null) return source.name;
  const { line, column } = positionAt(source, issue.span.start);
  return `${source.name}:${line}:${column}`;
}

function relatedLines(issue: Issue, source: Source | null): readonly string[] {
  const { related } = issue;
  if (related === null) return [];
  if (source === null || related.span === null) {
    return related.path === "" ? [] : [note(related.label, related.path)];
  }
  const { line, column } = positionAt(source, related.span.start);
  return [note(related.label, `${source.name}:${line}:${column}`)];
}

/** The line and the carets under it; nothing of a line with a secret. */
function excerpt(
  issue: Issue,
  span: Span,
  source: Source,
  secrets: readonly Span[],
  paint: Paint,
): readonly string[] {
  const { line } = positionAt(source, span.start);
  const whole = lineSpan(source, line);
  const isSecret = secrets.some(({ start, end }) =>
    start <= whole.end && end >= whole.start
  );
  if (isSecret) return [];
  const near = nearby(source.text, whole, span.start);
  const window = windowOf(
    cellsOf(source.text.slice(near.start, near.end)),
    {
      start: span.start - near.start,
      end: Math.min(span.end, near.end) - near.start,
    },
    { before: near.start > whole.start, after: near.end < whole.end },
  );
  const number = String(line).padStart(4);
  const blank = " ".repeat(number.length);
  const carets = paint("^".repeat(window.count), issue.severity);
  return [
    `${paint(`${number} |`, "dim")} ${window.text}`.trimEnd(),
    `${paint(`${blank} |`, "dim")} ${" ".repeat(window.before)}${carets}`,
  ];
}

/** @units columns */
const LINE_COLUMNS_MAX = 100;
/** How much is shown before the carets of a line that is too long. @units columns */
const CONTEXT_COLUMNS = 40;

/** How much of a line is looked at before and after a place. @units UTF-16 code units */
const NEARBY_UNITS = 500;

/** The part of a line around a place: a file may be a single line of megabytes. */
function nearby(text: string, line: Span, at: number): Span {
  const start = Math.max(line.start, at - NEARBY_UNITS);
  const end = Math.min(line.end, at + NEARBY_UNITS);
  return { start: start + (isInsidePair(text, start) ? 1 : 0), end };
}

function isInsidePair(text: string, at: number): boolean {
  return /[\uDC00-\uDFFF]/.test(text[at] ?? "");
}

/** Whether more of the line lies before and after what is looked at. */
interface More {
  readonly before: boolean;
  readonly after: boolean;
}

interface LineWindow {
  readonly text: string;
  /** @units columns before the first caret */
  readonly before: number;
  /** @units columns with a caret, at least one */
  readonly count: number;
}

/** The part of a line that is shown: all of it, or what stands around the carets. */
function windowOf(
  cells: readonly Cell[],
  span: Span,
  more: More,
): LineWindow {
  const isLong = widthOf(cells) > LINE_COLUMNS_MAX;
  let from = 0;
  if (isLong) {
    const before = widthOf(cells.filter(({ offset }) => offset < span.start));
    while (
      from < cells.length &&
      before - widthOf(cells.slice(0, from)) > CONTEXT_COLUMNS
    ) from++;
  }
  let to = from;
  for (let width = 0; to < cells.length; to++) {
    width += cells[to]?.width ?? 0;
    if (isLong && width > LINE_COLUMNS_MAX) break;
  }
  const shown = cells.slice(from, to);
  const lead = from > 0 || more.before ? "…" : "";
  const tail = to < cells.length || more.after ? "…" : "";
  const before = shown.filter(({ offset }) => offset < span.start);
  const under = shown.filter(({ offset }) =>
    offset >= span.start && offset < span.end
  );
  return {
    text: `${lead}${shown.map(({ text }) => text).join("")}${tail}`,
    before: lead.length + widthOf(before),
    count: Math.max(1, widthOf(under)),
  };
}

function widthOf(cells: readonly Cell[]): number {
  return cells.reduce((sum, { width }) => sum + width, 0);
}
