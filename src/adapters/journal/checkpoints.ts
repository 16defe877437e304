/**
 * States on record, from which a start goes on without reading all that led to them.
 *
 * @module
 */

import { createHash } from "node:crypto";
import type { DatabaseSync } from "node:sqlite";
import type { EpochMs } from "../../domain/time.ts";
import type { Checkpoint } from "../../runtime/ports.ts";
import {
  digestAt,
  hasMarks,
  type Mark,
  ORIGIN,
  readMark,
  writeMark,
} from "./chain.ts";

/** How many checkpoints are kept: should the last one be damaged, the one before it still helps. */
const KEPT = 2;

/** How many old entries are dropped in one commit, so that no close waits for long. */
const DROPPED_AT_ONCE = 2_000;

/** How many free pages are given back to the system after each such commit. */
const PAGES_AT_ONCE = 1_000;

interface CheckpointRow {
  readonly seq: number;
  readonly recorded_at: number;
  readonly state_format: number;
  readonly state: string;
  readonly entry_digest: string;
  readonly digest: string;
}

/** A checkpoint that fits the chain, and the entry it stands at. */
export interface FittingCheckpoint {
  readonly checkpoint: Checkpoint;
  readonly mark: Mark;
}

/** The checkpoints that fit themselves and the chain, newest first. */
export function fittingCheckpoints(db: DatabaseSync): FittingCheckpoint[] {
  const base = readMark(db, "base") ?? ORIGIN;
  return checkpointRows(db)
    .filter((row) => row.seq >= base.seq && fits(db, row, base))
    .map((row) => ({
      checkpoint: {
        seq: row.seq,
        recordedAt: row.recorded_at,
        stateFormat: row.state_format,
        state: row.state,
      },
      mark: { seq: row.seq, digest: row.entry_digest },
    }));
}

/** The numbers of the checkpoints that do not fit, newest first. */
export function brokenCheckpoints(db: DatabaseSync): readonly number[] {
  const base = readMark(db, "base") ?? ORIGIN;
  return checkpointRows(db).filter((row) => !fits(db, row, base))
    .map(({ seq }) => seq);
}

/** Writes a checkpoint at the last entry, and lets go of the oldest ones. */
export function writeCheckpoint(
  db: DatabaseSync,
  checkpoint: Checkpoint,
  last: Mark,
): void {
  const row = {
    seq: checkpoint.seq,
    recorded_at: checkpoint.recordedAt,
    state_format: checkpoint.stateFormat,
    state: checkpoint.state,
    entry_digest: last.digest,
  };
  db.prepare("INSERT OR REPLACE INTO checkpoints VALUES (?, ?, ?, ?, ?, ?)")
    .run(
      row.seq,
      row.recorded_at,
      row.state_format,
      row.state,
      row.entry_digest,
      digestOf(row),
    );
  db.prepare(
    `DELETE FROM checkpoints WHERE seq NOT IN
      (SELECT seq FROM checkpoints ORDER BY seq DESC LIMIT ${KEPT})`,
  ).run();
}

/**
 * Drops some entries that are older than an instant and that every checkpoint covers; says whether
 * there are more.
 *
 * @units `before`: EpochMs
 */
export function dropEntries(db: DatabaseSync, before: EpochMs): boolean {
  const base = readMark(db, "base") ?? ORIGIN;
  const fitting = fittingCheckpoints(db);
  const covered = fitting.at(-1)?.mark.seq ?? 0;
  if (fitting.length < KEPT || covered <= base.seq) return false;
  const end = Math.min(covered, base.seq + DROPPED_AT_ONCE);
  const old = oldRun(db, base.seq, end, before);
  if (old === null) return false;
  db.prepare("DELETE FROM entries WHERE seq <= ?").run(old.seq);
  writeMark(db, "base", old);
  return old.seq === end && end < covered;
}

/** Gives some of the pages that are free back to the system. */
export function giveBackPages(db: DatabaseSync): void {
  // It works a page at a time: whoever steps through its rows does all of them.
  db.prepare(`PRAGMA incremental_vacuum(${PAGES_AT_ONCE})`).all();
}

/** The last of the entries in a row that are old; the first young one ends it, since clocks go back. */
function oldRun(
  db: DatabaseSync,
  afterSeq: number,
  throughSeq: number,
  before: EpochMs,
): Mark | null {
  const rows = db.prepare(
    `SELECT seq, recorded_at, digest FROM entries
      WHERE seq > ? AND seq <= ? ORDER BY seq`,
  ).all(afterSeq, throughSeq);
  const young = rows.findIndex((row) => Number(row.recorded_at) >= before);
  const last = rows[(young < 0 ? rows.length : young) - 1];
  if (last === undefined) return null;
  return { seq: Number(last.seq), digest: String(last.digest) };
}

function checkpointRows(db: DatabaseSync): readonly CheckpointRow[] {
  if (!hasMarks(db)) return [];
  const rows = db.prepare("SELECT * FROM checkpoints ORDER BY seq DESC").all();
  // The table is STRICT and its columns are the row's fields.
  return rows as readonly unknown[] as readonly CheckpointRow[];
}

function fits(db: DatabaseSync, row: CheckpointRow, base: Mark): boolean {
  const { digest, ...content } = row;
  const entry = row.seq === base.seq ? base.digest : digestAt(db, row.seq);
  return digest === digestOf(content) && entry === row.entry_digest;
}

function digestOf(row: Omit<CheckpointRow, "digest">): string {
  const fields = [
    row.entry_digest,
    row.seq,
    row.recorded_at,
    row.state_format,
    row.state,
  ];
  return createHash("sha256").update(JSON.stringify(fields)).digest("hex");
}
