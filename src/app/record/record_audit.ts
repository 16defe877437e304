/**
 * Verifies a journal as a whole: its chain, its ends, and what was due against what is on record.
 *
 * @module
 */

import {
  type JournalReader,
  openJournalForReading,
} from "../../adapters/journal/journal_reader.ts";
import { isJournalHeld } from "../../adapters/journal/lease_probe.ts";
import {
  type JournalReport,
  verifyJournal,
} from "../../adapters/journal/verify_journal.ts";
import { type AuditedBefore, auditJournal } from "../../domain/audit.ts";
import type { AuditEntry, AuditReport } from "../../domain/audit_finding.ts";
import { CarillonError } from "../../domain/error.ts";
import { rows } from "../../domain/table.ts";
import type { EpochMs } from "../../domain/time.ts";
import { keptState } from "./kept_state.ts";

/** What is wrong with a record itself. */
export interface RecordFlaw {
  /** What is wrong, as a word for programs. */
  readonly kind:
    | "entry_changed"
    | "entries_missing"
    | "end_missing"
    | "state_changed"
    | "rolled_back"
    | "other_journal";
  /** The first entry that it is about. */
  readonly seq: number;
  /** The last one. */
  readonly throughSeq: number;
  /** What is wrong, in a sentence. */
  readonly message: string;
}

/** What was found of a journal. */
export interface RecordAudit {
  readonly journal: Extract<JournalReport, { readonly kind: "read" }>;
  /** Whether somebody writes it now. */
  readonly isHeld: boolean;
  readonly flaws: readonly RecordFlaw[];
  /** What is due against what is on record, as far as the chain holds. */
  readonly audit: AuditReport;
  /** Whether nothing is wrong. */
  readonly isClean: boolean;
}

/**
 * Verifies and audits a journal, beside a writer or after it.
 *
 * @throws {CarillonError} a `journal/...` code if it is no journal that this version reads
 */
export function auditRecord(
  path: string,
  stretch: { readonly fromAt: EpochMs | null; readonly toAt: EpochMs | null },
): RecordAudit {
  // Asked first: a run that ends meanwhile has told everything when we read.
  const isHeld = isJournalHeld(path);
  const journal = verifyJournal(path);
  if (journal.kind === "unread") {
    throw new CarillonError(journal.code, journal.message, {
      details: { path },
    });
  }
  const flaws = flawsOf(journal);
  using reader = openJournalForReading(path);
  const audit = auditJournal(soundEntries(reader.entries()), {
    ...stretch,
    // Behind a break there may be more of what is under way there.
    isRunning: isHeld || journal.breaks.length > 0,
    before: reader.droppedThrough === 0 ? null : beforeOf(reader),
  });
  const isClean = flaws.length === 0 && audit.findings.length === 0;
  return { journal, isHeld, flaws, audit, isClean };
}

/**
 * What was on the time line where a shortened record begins: the sessions of the kept state, which
 * stands behind it, if no run has begun in between.
 */
function beforeOf(reader: JournalReader): AuditedBefore {
  const kept = keptState(reader);
  const run = kept?.state.run ?? null;
  if (kept === null || run === null || kept.state.stopping !== null) {
    return { run: null, sessions: [] };
  }
  for (const { seq, event } of soundEntries(reader.entries())) {
    if (seq > kept.seq) break;
    if (event.type === "file.loaded") return { run: null, sessions: [] };
  }
  const armed = rows(kept.state.sessions)
    .filter(({ placedAt }) => placedAt !== null)
    .map(({ session }) => session);
  const names = new Set(run.definition.sessions.map(({ name }) => name));
  // One that joined later has an entry of its own.
  return { run, sessions: armed.filter(({ name }) => names.has(name)) };
}

/** Entries up to the first that is not what was written: behind it nothing can be relied on. */
function* soundEntries(entries: Iterable<AuditEntry>): Generator<AuditEntry> {
  try {
    yield* entries;
  } catch (error) {
    const isBreak = error instanceof CarillonError &&
      error.code === "journal/unreadable";
    // The break itself is among the flaws already.
    if (!isBreak) throw error;
  }
}

function flawsOf(
  journal: RecordAudit["journal"],
): readonly RecordFlaw[] {
  const { breaks, lostThrough, last, anchor, droppedThrough } = journal;
  const end = last?.seq ?? droppedThrough;
  const broken = breaks.map(({ seq, throughSeq, kind }): RecordFlaw => {
    const which = seq === throughSeq
      ? `Entry ${seq}`
      : `Entries ${seq} to ${throughSeq}`;
    return kind === "missing"
      ? {
        kind: "entries_missing",
        seq,
        throughSeq,
        message: `${which} ${seq === throughSeq ? "is" : "are"} missing`,
      }
      : {
        kind: "entry_changed",
        seq,
        throughSeq,
        message: `${which} is not what was written`,
      };
  });
  const lost: readonly RecordFlaw[] = lostThrough === null ? [] : [{
    kind: "end_missing",
    seq: end + 1,
    throughSeq: lostThrough,
    message:
      `The journal ends with entry ${end}, and by its own word went on to ${lostThrough}`,
  }];
  const states = journal.brokenCheckpoints.map((seq): RecordFlaw => ({
    kind: "state_changed",
    seq,
    throughSeq: seq,
    message: `The state kept behind entry ${seq} is not what was written`,
  }));
  return [...broken, ...states, ...lost, ...anchorFlaws(anchor, end)];
}

function anchorFlaws(
  found: RecordAudit["journal"]["anchor"],
  end: number,
): readonly RecordFlaw[] {
  switch (found.kind) {
    case "absent":
    case "held":
      return [];
    case "ahead": {
      const { seq } = found.anchor.head;
      return [{
        kind: "rolled_back",
        seq: end + 1,
        throughSeq: seq,
        message:
          `The journal ends with entry ${end}, and entry ${seq} was seen written: it is an older copy`,
      }];
    }
    case "other": {
      const { seq } = found.anchor.head;
      return [{
        kind: "other_journal",
        seq,
        throughSeq: seq,
        message:
          `Entry ${seq} is another one than was seen written: it is another journal, or was written anew`,
      }];
    }
  }
}
