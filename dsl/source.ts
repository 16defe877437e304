/**
 * Bytes or text -> a source that knows its lines.
 *
 * @module
 */

import { type Issue, makeIssue } from "./issue.ts";
import type { Position, Span } from "./span.ts";

/** A text with a name and its line table. */
export interface Source {
  /** What messages call it: a path, or `-` for standard input. */
  readonly name: string;
  readonly text: string;
  /** Where each line begins. @units UTF-16 code units from the start of the text */
  readonly lineStarts: readonly number[];
}

/**
 * The most a session file may hold; 10,000 sessions take about 3 MB.
 *
 * @units bytes
 */
export const SOURCE_BYTES_MAX = 8 * 1024 * 1024;

/** Bytes that are a source, or what is wrong with them beside what could be read. */
export type SourceReading =
  | { readonly ok: true; readonly source: Source }
  | {
    readonly ok: false;
    readonly source: Source;
    readonly issues: readonly Issue[];
  };

/** Names a text and finds its lines (ended by LF, CRLF or CR). */
export function makeSource(name: string, text: string): Source {
  const lineStarts = [0];
  for (let index = 0; index < text.length; index++) {
    const code = text.charCodeAt(index);
    const isPair = code === 13 && text.charCodeAt(index + 1) === 10;
    if (code === 10 || (code === 13 && !isPair)) lineStarts.push(index + 1);
  }
  return { name, text, lineStarts };
}

/**
 * Reads UTF-8.
 *
 * Too many bytes give a source without text; bytes that are not UTF-8 give the text up to the first
 * bad one, with the issue at its end.
 */
export function decodeSource(name: string, bytes: Uint8Array): SourceReading {
  const tooLarge = sizeIssue(bytes.length);
  if (tooLarge !== null) {
    return { ok: false, source: makeSource(name, ""), issues: [tooLarge] };
  }
  const text = decodeStrictly(bytes, false);
  if (text !== null) return { ok: true, source: makeSource(name, text) };
  return notUtf8(name, bytes);
}

/**
 * The issue of a source that is too large; `null` where it is not.
 *
 * @units `size`: bytes
 */
export function sizeIssue(size: number): Issue | null {
  if (size <= SOURCE_BYTES_MAX) return null;
  return makeIssue("source/too-large", {
    expected: `at most ${SOURCE_BYTES_MAX} bytes`,
    received: `${size} bytes`,
  });
}

/** The line and column of an offset; an offset beyond the text counts as its end. */
export function positionAt(source: Source, offset: number): Position {
  const at = Math.max(0, Math.min(offset, source.text.length));
  const line = lineIndexAt(source, at);
  const start = source.lineStarts[line] ?? 0;
  // A byte order mark stands before the first column.
  const from = line === 0 && source.text.startsWith("\uFEFF") ? 1 : start;
  return {
    line: line + 1,
    column: countCharacters(source.text, from, at) + 1,
  };
}

/** Code points, without copying what may be megabytes. */
function countCharacters(text: string, from: number, to: number): number {
  let count = 0;
  for (let at = from; at < to; at++) {
    const isPair = (text.codePointAt(at) ?? 0) > 0xFFFF;
    if (isPair && at + 1 < to) at++;
    count++;
  }
  return count;
}

/**
 * The text of a line without its end.
 *
 * @units `line`: from 1
 */
export function lineText(source: Source, line: number): string {
  const { start, end } = lineSpan(source, line);
  return source.text.slice(start, end);
}

/**
 * Where a line lies, without its end and without a byte order mark.
 *
 * @units `line`: from 1
 */
export function lineSpan(source: Source, line: number): Span {
  const begin = source.lineStarts[line - 1] ?? source.text.length;
  const next = source.lineStarts[line] ?? source.text.length;
  const start = begin === 0 && source.text.startsWith("\uFEFF") ? 1 : begin;
  let end = Math.max(start, next);
  while (end > start && isLineEnd(source.text.charCodeAt(end - 1))) end--;
  return { start, end };
}

function isLineEnd(code: number): boolean {
  return code === 10 || code === 13;
}

function lineIndexAt(source: Source, offset: number): number {
  let low = 0;
  let high = source.lineStarts.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((source.lineStarts[middle] ?? 0) <= offset) low = middle;
    else high = middle - 1;
  }
  return low;
}

function decodeStrictly(bytes: Uint8Array, isPart: boolean): string | null {
  const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
  try {
    return decoder.decode(bytes, { stream: isPart });
  } catch {
    // The decoder's own message says neither where nor what; the caller finds the place.
    return null;
  }
}

function notUtf8(name: string, bytes: Uint8Array): SourceReading {
  let good = 0;
  let bad = bytes.length + 1;
  while (bad - good > 1) {
    const middle = (good + bad) >> 1;
    if (decodeStrictly(bytes.subarray(0, middle), true) === null) bad = middle;
    else good = middle;
  }
  const text = decodeStrictly(bytes.subarray(0, good), true) ?? "";
  // A byte may turn out bad only by what follows it: it is the first one beyond the last character.
  const byte = bad > bytes.length
    ? undefined
    : bytes[new TextEncoder().encode(text).length];
  const issue = makeIssue("source/not-utf8", {
    span: { start: text.length, end: text.length },
    expected: "text in UTF-8",
    received: byte === undefined
      ? "an unfinished character at the end"
      : `byte 0x${byte.toString(16).padStart(2, "0")}`,
  });
  return { ok: false, source: makeSource(name, text), issues: [issue] };
}
