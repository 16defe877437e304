/**
 * Entries as rows, each with a digest over itself and the one before it.
 *
 * @module
 */

import { createHash } from "node:crypto";
import type { Effect } from "../../domain/effect.ts";
import { CarillonError } from "../../domain/error.ts";
import type { Event } from "../../domain/event.ts";
import type { Entry } from "../../runtime/ports.ts";

/** An entry as it lies in the file. */
export interface Row {
  readonly seq: number;
  readonly recorded_at: number;
  readonly at: number;
  /** When the event was due, for events that come from a timer. */
  readonly due_at: number | null;
  readonly type: string;
  readonly event: string;
  readonly effects: string;
  /** SHA-256, in hex. */
  readonly digest: string;
}

/** What the first entry is chained to. */
export const FIRST_DIGEST = "";

/** Writes an entry as a row that is chained to the row before it. */
export function encodeEntry(entry: Entry, previousDigest: string): Row {
  const { seq, recordedAt, event } = entry;
  const row = {
    seq,
    recorded_at: recordedAt,
    at: event.at,
    due_at: "dueAt" in event ? event.dueAt : null,
    type: event.type,
    event: JSON.stringify(event),
    effects: JSON.stringify(entry.effects),
  };
  return { ...row, digest: digestOfRow(row, previousDigest) };
}

/**
 * Reads a row back.
 *
 * @throws {CarillonError} "journal/unreadable" if the row is not what was written, or not the next
 */
export function decodeRow(
  row: Row,
  previous: { readonly seq: number; readonly digest: string },
): Entry {
  verifyRow(row, previous);
  // What carries our digest was written by `encodeEntry`, so it has the shape that it wrote.
  return {
    seq: row.seq,
    recordedAt: row.recorded_at,
    event: JSON.parse(row.event) as Event,
    effects: JSON.parse(row.effects) as readonly Effect[],
  };
}

/**
 * Refuses a row that does not belong behind another.
 *
 * @throws {CarillonError} "journal/unreadable" if the row is not what was written, or not the next
 */
export function verifyRow(
  row: Row,
  previous: { readonly seq: number; readonly digest: string },
): void {
  if (row.seq !== previous.seq + 1) {
    throw broken(row.seq, `entry ${previous.seq + 1} is missing`);
  }
  if (row.digest !== digestOfRow(row, previous.digest)) {
    throw broken(row.seq, "its digest does not fit its content");
  }
}

/** SHA-256 over a row's content and the digest before it, in hex. */
export function digestOfRow(
  row: Omit<Row, "digest">,
  previousDigest: string,
): string {
  const fields = [
    previousDigest,
    row.seq,
    row.recorded_at,
    row.at,
    row.due_at,
    row.type,
    row.event,
    row.effects,
  ];
  return createHash("sha256").update(JSON.stringify(fields)).digest("hex");
}

function broken(seq: number, why: string): CarillonError {
  return new CarillonError(
    "journal/unreadable",
    `Cannot read the journal beyond entry ${seq - 1}: ${why}`,
    { details: { seq } },
  );
}
