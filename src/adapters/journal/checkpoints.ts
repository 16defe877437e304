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
  const lastOld = lastOldEntry(db, { base: base.seq, covered, before });
  if (lastOld === null) return false;
  const seq = Math.min(lastOld, base.seq + DROPPED_AT_ONCE);
  const digest = digestAt(db, seq);
  if (digest === null) return false;
  db.prepare("DELETE FROM entries WHERE seq <= ?").run(seq);
  writeMark(db, "base", { seq, digest });
  return seq < lastOld;
}

/** Gives some of the pages that are free back to the system. */
export function giveBackPages(db: DatabaseSync): void {
  // It works a page at a time: whoever steps through its rows does all of them.
  db.prepare(`PRAGMA incremental_vacuum(${PAGES_AT_ONCE})`).all();
}

/**
 * The last old entry before the first young one, since clocks go back; `null` for none.
 *
 * Clocks also run ahead: a date behind that of the last entry of all says nothing of its age, and
 * must not keep what came before it for good.
 */
function lastOldEntry(
  db: DatabaseSync,
  { base, covered, before }: {
    readonly base: number;
    readonly covered: number;
    readonly before: EpochMs;
  },
): number | null {
  const young = db.prepare(
    `SELECT seq FROM entries
      WHERE seq > ? AND seq <= ? AND recorded_at >= ? AND recorded_at <=
        (SELECT recorded_at FROM entries ORDER BY seq DESC LIMIT 1)
      ORDER BY seq LIMIT 1`,
  ).get(base, covered, before);
  const old = db.prepare(
    `SELECT seq FROM entries
      WHERE seq > ? AND seq < ? AND recorded_at < ? ORDER BY seq DESC LIMIT 1`,
  ).get(base, young === undefined ? covered + 1 : Number(young.seq), before);
  return old === undefined ? null : Number(old.seq);
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
