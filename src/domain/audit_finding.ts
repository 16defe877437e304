/**
 * What an audit of a journal can find, in a word and in a sentence.
 *
 * @module
 */

import type { Effect } from "./effect.ts";
import type { Event } from "./event.ts";
import type { Outcome } from "./notice.ts";
import type { EpochMs } from "./time.ts";

/** One event on record, as far as an audit looks at it. */
export interface AuditEntry {
  /** Position in the journal, from 1. */
  readonly seq: number;
  /** What happened. */
  readonly event: Event;
  /** What the core asked for in answer. */
  readonly effects: readonly Effect[];
}

/** Every kind of finding, the gravest first. */
export const FINDING_KINDS = [
  "edge_without_record",
  "edge_never_settled",
  "edge_settled_twice",
  "edge_fired_twice",
  "edge_fired_early",
  "edge_not_due",
  "order_without_outcome",
] as const;

/** What is wrong, as a word for programs. */
export type FindingKind = typeof FINDING_KINDS[number];

/** One thing in a journal that should not be so. */
export interface Finding {
  /** What is wrong, as a word for programs. */
  readonly kind: FindingKind;
  /** The edge's key, the request's key, or the client order id. */
  readonly about: string;
  /** When the edge was due, or the order was sent. @units EpochMs */
  readonly dueAt: EpochMs;
  /** Where in the journal it shows; empty where it is missing altogether. */
  readonly seqs: readonly number[];
  /** What is wrong, in a sentence. */
  readonly message: string;
}

/** A stretch of time in which nothing was on the time line. */
export interface QuietSpell {
  /** When the run before it ended, as far as its record tells. @units EpochMs */
  readonly fromAt: EpochMs;
  /** When the next run began. @units EpochMs */
  readonly toAt: EpochMs;
  /** Whether the run before it was stopped in order, or just ends. */
  readonly after: "stopped" | "broken_off";
  /** Edges with actions that passed meanwhile and were not armed, by `dueAt`. */
  readonly edges: readonly string[];
}

/** One run of the program, as its journal tells it. */
export interface AuditedRun {
  /** Where it begins in the journal. */
  readonly seq: number;
  /** Its own name. */
  readonly runId: string;
  /** Digest of its definition. */
  readonly hash: string;
  /** From when on edges were its own. @units EpochMs */
  readonly fromAt: EpochMs;
  /** Its last record, or the request to stop it. @units EpochMs */
  readonly toAt: EpochMs;
  /** How it ended; `open` while it goes on. */
  readonly end: "stopped" | "broken_off" | "open";
  /** Whether its sessions were on the time line. */
  readonly armed: boolean;
}

/** What an audit comes to. */
export interface AuditReport {
  /** How many entries were read. */
  readonly entries: number;
  /** The stretch that was audited. @units EpochMs */
  readonly fromAt: EpochMs;
  /** Its end, itself counted. @units EpochMs */
  readonly toAt: EpochMs;
  /** In the order in which they ran. */
  readonly runs: readonly AuditedRun[];
  /** In order. */
  readonly quiet: readonly QuietSpell[];
  /** How many edges with actions had to have a record. */
  readonly due: number;
  /** How many edges and requests ended so. */
  readonly outcomes: Readonly<Partial<Record<Outcome, number>>>;
  /** How many orders were sent, each counted once. */
  readonly orders: number;
  /** Edges and requests of a run that still goes on, which have not ended. */
  readonly underWay: readonly string[];
  /** By `dueAt`. */
  readonly findings: readonly Finding[];
}
