/**
 * A YAML parser's complaint -> an issue that says what to do.
 *
 * @module
 */

import { type Issue, makeIssue } from "./issue.ts";
import { relatedTo } from "./issue_log.ts";
import { CLOSERS, findOpener } from "./yaml_opener.ts";
import type { Span } from "./span.ts";

/** How deep lists and mappings may stand in one another. */
export const DEPTH_MAX = 32;

interface Explanation {
  readonly pattern: RegExp;
  readonly expected: string;
  readonly hint: string | null;
}

const EXPLANATIONS: readonly Explanation[] = [
  {
    pattern: /unknown escape sequence|hexadecimal character/,
    expected: "an escape that YAML knows, such as \\n or \\u00e9",
    hint: "write '...' with single quotes to keep a backslash as it is",
  },
  {
    pattern: /missed comma between flow/,
    expected: "a comma or the closing bracket",
    hint: "put a comma between the entries, or quote the text",
  },
  {
    pattern: /sequence entry/,
    expected: "a list item that lines up with its neighbours",
    hint: "keys of one item stand under one another, right of the dash",
  },
  {
    pattern:
      /mapping entry|multiline key|':' after a mapping key|whitespace character is expected after the key-value/,
    expected: '"key: value", lined up with its neighbours',
    hint: 'check the indentation; a text that holds ": " needs quotes',
  },
  {
    pattern: /null byte|non-printable|JSON character/,
    expected: "printable text",
    hint: "remove the control character",
  },
  {
    pattern: /end of the stream or a document separator/,
    expected: "one mapping for the whole file",
    hint: 'check the indentation, and that every key ends in ":"',
  },
  {
    pattern: /directive/i,
    expected: 'no line that starts with "%"',
    hint: null,
  },
];

/**
 * Explains where and why the text is not YAML.
 *
 * @units `position`: UTF-16 code units from the start of the text
 */
export function explainSyntax(
  text: string,
  reason: string,
  position: number,
): Issue {
  if (/^nesting exceeded/.test(reason)) {
    return makeIssue("yaml/too-deep", {
      span: pointAt(text, position),
      expected: `at most ${DEPTH_MAX} levels`,
    });
  }
  if (/^tab characters/.test(reason)) {
    return makeIssue("yaml/tab", {
      span: { start: position, end: position + 1 },
      expected: "spaces",
      received: "a tab",
      hint: "indent with spaces; YAML does not allow tabs",
    });
  }
  return explainSpecial(text, position) ??
    explainUnclosed(text, reason, position) ??
    explainReason(text, reason, position);
}

function explainReason(text: string, reason: string, position: number): Issue {
  const known = EXPLANATIONS.find((entry) => entry.pattern.test(reason));
  return makeIssue("yaml/syntax", {
    span: pointAt(text, position),
    expected: known?.expected ?? null,
    received: reason,
    hint: known?.hint ?? null,
  });
}

/** Text that must be quoted in YAML and that people do not quote: `${...}`, `@`, a backtick, `%`. */
function explainSpecial(text: string, position: number): Issue | null {
  if (text.startsWith("${", position - 1)) {
    const close = text.indexOf("}", position);
    const lineEnd = endOfLine(text, position);
    const end = close < 0 || close > lineEnd ? lineEnd : close + 1;
    const span = { start: position - 1, end };
    const written = text.slice(span.start, span.end);
    return makeIssue("yaml/syntax", {
      span,
      expected: `"${written}"`,
      received: "a bracket inside of brackets",
      hint: `quote it: "${written}"`,
    });
  }
  const first = text[position];
  if (first !== "@" && first !== "`" && first !== "%") return null;
  return makeIssue("yaml/syntax", {
    span: { start: position, end: position + 1 },
    expected: "text in quotes",
    received: `text that starts with ${first}`,
    hint: `a text that starts with ${first} needs quotes`,
  });
}

/** A quote or a bracket that is open where the text stops making sense. */
function explainUnclosed(
  text: string,
  reason: string,
  position: number,
): Issue | null {
  if (!/deficient indentation|unexpected end/.test(reason)) return null;
  const opener = findOpener(text, position);
  if (opener === null) return null;
  const sign = text[opener] ?? "";
  const span = { start: opener, end: opener + 1 };
  return makeIssue("yaml/syntax", {
    span: pointAt(text, position),
    expected: `a closing ${CLOSERS[sign] ?? sign}`,
    received: `a ${sign} that is never closed`,
    related: relatedTo("opened here", { path: null, span }),
  });
}

/** One character, or the end of the text; never the line break before it. */
function pointAt(text: string, position: number): Span {
  let start = Math.min(position, text.length);
  if (start === text.length) {
    while (start > 0 && /\s/.test(text[start - 1] ?? "")) start--;
    return { start, end: start };
  }
  return { start, end: Math.min(start + 1, endOfLine(text, start)) };
}

function endOfLine(text: string, from: number): number {
  const end = text.slice(from).search(/[\r\n]/);
  return end < 0 ? text.length : from + end;
}
