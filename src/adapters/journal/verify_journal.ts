/**
 * Says whether a journal is what was written, all of it.
 *
 * @module
 */

import type { DatabaseSync } from "node:sqlite";
import type { ErrorCode } from "../../domain/error.ts";
import type { EpochMs } from "../../domain/time.ts";
import {
  type Anchor,
  type AnchorFinding,
  compareAnchor,
  readAnchor,
} from "./anchor.ts";
import {
  digestAt,
  lastRow,
  LOWEST_SEQ,
  type Mark,
  ORIGIN,
  readMark,
  rowsBetween,
} from "./chain.ts";
import { brokenCheckpoints } from "./checkpoints.ts";
import { digestOfRow, type Row } from "./entry_codec.ts";
import { asJournalError, openForReading, readFormat } from "./journal_file.ts";
import { readWalTail, type WalTail } from "./wal_tail.ts";

/** Where the chain does not hold. */
export interface ChainBreak {
  /** The entry at which it was noticed: the first that is missing, or the one that was changed. */
  readonly seq: number;
  /** What was found. */
  readonly kind: "changed" | "missing";
  /** For missing ones, the last of them; else the same entry. */
  readonly throughSeq: number;
}

/** An entry at an end of the journal. */
export interface EndEntry {
  /** Its number. */
  readonly seq: number;
  /** When it was written. @units EpochMs */
  readonly recordedAt: EpochMs;
}

/** What was found of a journal. */
export type JournalReport =
  /** It could be read; whether it is sound, the fields say. */
  | {
    readonly kind: "read";
    readonly path: string;
    /** Whether everything fits; a torn tail does not count against it, since nothing of it was acted on. */
    readonly sound: boolean;
    /** The file's format; 0 for one that is still empty. @units a version */
    readonly format: number;
    /** How many entries it holds. */
    readonly entries: number;
    readonly first: EndEntry | null;
    readonly last: EndEntry | null;
    /** The last entry that was dropped since it was too old; 0 for none. @units a number of an entry */
    readonly droppedThrough: number;
    readonly breaks: readonly ChainBreak[];
    /** Numbers of the entries behind which a state was kept that does not fit any more. */
    readonly brokenCheckpoints: readonly number[];
    readonly tail: WalTail;
    /** What a file beside it knows of entries that are gone. */
    readonly anchor: AnchorFinding;
    /** The last entry by the journal's own word, where it is not there. @units a number of an entry */
    readonly lostThrough: number | null;
  }
  /** It is none, or none that this version reads. */
  | {
    readonly kind: "unread";
    readonly path: string;
    readonly code: ErrorCode;
    readonly message: string;
  };

/** Reads a journal from end to end, beside a writer or after it, and says what does not fit. */
export function verifyJournal(path: string): JournalReport {
  // In this order: what is written meanwhile can make the journal longer only.
  const tail = readWalTail(path);
  const anchor = readAnchor(path);
  try {
    using db = openForReading(path);
    const format = readFormat(db, path);
    return format === 0
      ? emptyReport(path, tail, anchor)
      : readReport(db, { path, tail, anchor, format });
  } catch (error) {
    const { code, message } = asJournalError(error, "journal/unreadable", path);
    return { kind: "unread", path, code, message };
  }
}

function emptyReport(
  path: string,
  tail: WalTail,
  found: Anchor | null,
): JournalReport {
  const anchor = compareAnchor(found, null, ORIGIN, () => null);
  return {
    kind: "read",
    path,
    sound: anchor.kind === "absent",
    format: 0,
    entries: 0,
    first: null,
    last: null,
    droppedThrough: 0,
    breaks: [],
    brokenCheckpoints: [],
    tail,
    anchor,
    lostThrough: null,
  };
}

function readReport(
  db: DatabaseSync,
  { path, tail, anchor: found, format }: {
    readonly path: string;
    readonly tail: WalTail;
    readonly anchor: Anchor | null;
    readonly format: number;
  },
): JournalReport {
  // One view of the file for all questions, whoever writes meanwhile.
  db.exec("BEGIN");
  const base = readMark(db, "base") ?? ORIGIN;
  const end = lastRow(db) ?? base;
  const walk = walkChain(rowsBetween(db, LOWEST_SEQ, end.seq), base);
  const broken = brokenCheckpoints(db);
  const head = readMark(db, "head");
  const lostThrough = head !== null && head.seq > end.seq ? head.seq : null;
  const anchor = compareAnchor(
    found,
    readMark(db, "first")?.digest ?? (digestAt(db, 1)),
    end,
    (seq) => seq === base.seq ? base.digest : digestAt(db, seq),
  );
  db.exec("COMMIT");
  return {
    kind: "read",
    path,
    sound: walk.breaks.length === 0 && broken.length === 0 &&
      lostThrough === null &&
      (anchor.kind === "absent" || anchor.kind === "held"),
    format,
    ...walk,
    droppedThrough: base.seq,
    brokenCheckpoints: broken,
    tail,
    anchor,
    lostThrough,
  };
}

/** Goes along all rows; behind a break it takes up what stands there and goes on. */
function walkChain(rows: Iterable<Row>, base: Mark): {
  readonly entries: number;
  readonly first: EndEntry | null;
  readonly last: EndEntry | null;
  readonly breaks: readonly ChainBreak[];
} {
  const breaks: ChainBreak[] = [];
  let entries = 0;
  let first: EndEntry | null = null;
  let last: EndEntry | null = null;
  let previous = base;
  for (const row of rows) {
    const found = breakAt(row, previous);
    if (found !== null) breaks.push(found);
    entries += 1;
    last = { seq: row.seq, recordedAt: row.recorded_at };
    first ??= last;
    previous = { seq: row.seq, digest: row.digest };
  }
  return { entries, first, last, breaks };
}

function breakAt(row: Row, previous: Mark): ChainBreak | null {
  const next = previous.seq + 1;
  if (row.seq > next) {
    return { kind: "missing", seq: next, throughSeq: row.seq - 1 };
  }
  const fits = row.seq === next &&
    row.digest === digestOfRow(row, previous.digest);
  return fits ? null : { kind: "changed", seq: row.seq, throughSeq: row.seq };
}
