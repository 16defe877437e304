/**
 * What a journal says became of every edge, held against what was due.
 *
 * @module
 */

import type { Finding, FindingKind } from "./audit_finding.ts";
import {
  type ArmedEdge,
  type ArmedSpans,
  idOf,
  idOfArmed,
} from "./audit_spans.ts";
import type { EdgeFired, EdgeSettled, Outcome } from "./notice.ts";
import type { Edge } from "./occurrence.ts";
import type { EpochMs } from "./time.ts";

/** One edge or request, as the record tells of it. */
interface EdgeRecord {
  readonly id: string;
  readonly key: string;
  readonly dueAt: EpochMs;
  /** Whether the definition wants it to have a record. */
  isDue: boolean;
  /** Where it came due. */
  readonly firedSeqs: number[];
  readonly settledSeqs: number[];
}

/** A job that came due and has not settled. */
interface OpenJob {
  readonly record: EdgeRecord;
  /** By the notice of its beginning: what is asked for early is due when it was asked for. */
  dueAt: EpochMs;
  /** The run in which its beginning was told; `null` before. */
  toldInRun: number | null;
  /** Until when it waits for its market, across restarts; `null` where it does not. */
  deferredUntilAt: EpochMs | null;
}

/** What is known of the end of a record. */
export interface RecordEnd {
  /** Whether a process goes on writing it. */
  readonly isRunning: boolean;
  /** The latest instant in it. @units EpochMs */
  readonly endAt: EpochMs;
}

/** Every edge and request of a journal. */
export class EdgeLedger {
  readonly #spans: ArmedSpans;
  readonly #records = new Map<string, EdgeRecord>();
  /** The same by key and due time, for what the definition in force does not place. */
  readonly #byDue = new Map<string, EdgeRecord>();
  /** By key; an edge that an edit moved may come due again while it is under way. */
  readonly #open = new Map<string, readonly OpenJob[]>();
  readonly #carried = new Set<string>();
  readonly #outcomes = new Map<Outcome, number>();
  readonly #findings: Finding[] = [];
  #run = 0;
  #isWhole: boolean;

  /** A ledger beside its time line; `isWhole` where nothing was dropped from the record's beginning. */
  constructor(spans: ArmedSpans, isWhole: boolean) {
    this.#spans = spans;
    this.#isWhole = isWhole;
  }

  /** How the edges and requests ended. */
  get outcomes(): Readonly<Partial<Record<Outcome, number>>> {
    return Object.fromEntries(this.#outcomes);
  }

  /** How many edges had to have a record. */
  get due(): number {
    return [...this.#records.values()].filter(({ isDue }) => isDue).length;
  }

  /** What came due and has not settled. */
  get underWay(): readonly string[] {
    return [...this.#open.keys()];
  }

  /** Another run begins; what an earlier one had armed may still come due in it. */
  beginRun(carried: readonly ArmedEdge[]): void {
    if (this.#run > 0) this.#isWhole = true;
    this.#run += 1;
    for (const edge of carried) {
      this.#carried.add(idOfArmed(edge));
      this.#carried.add(idByDue(edge.key, edge.dueAt));
    }
  }

  /** The definition wants these to have a record. */
  expect(edges: readonly Edge[]): void {
    for (const edge of edges) this.#record(idOf(edge), edge).isDue = true;
  }

  /** An armed edge came due, or was asked for before it was. @units `at`: EpochMs */
  comeDue(armed: ArmedEdge, seq: number, at: EpochMs, isAsked: boolean): void {
    const { key, dueAt } = armed;
    const record = this.#record(idOfArmed(armed), armed);
    this.#begin(record, seq);
    if (armed.placed === null) this.#addNotDue(record, seq);
    else this.#judgeBeginning(record, armed.placed, seq);
    if (isAsked || at >= dueAt) return;
    this.#add(
      "edge_fired_early",
      record,
      [seq],
      `${key} fired before it was due`,
    );
  }

  /** Its actions began. */
  fire(notice: EdgeFired, seq: number): void {
    const { edge: key, dueAt } = notice;
    let job = this.#openJob(notice) ??
      this.#open.get(key)?.find(({ toldInRun }) => toldInRun === null);
    if (job === undefined) {
      const placed = this.#placed(notice);
      const record = this.#recordOf(notice, placed);
      job = this.#begin(record, seq);
      if (placed !== null) this.#judgeBeginning(record, placed, seq);
      else if (!isRequest(notice)) this.#addNotDue(record, seq);
    }
    if (job.toldInRun === this.#run) {
      const message = `${key} fired again before it had ended`;
      const subject = { key, dueAt };
      this.#add(
        "edge_fired_twice",
        subject,
        [...job.record.firedSeqs, seq],
        message,
      );
    }
    job.toldInRun = this.#run;
    job.dueAt = dueAt;
  }

  /** It waits for its market to open, also where no run goes on. @units `untilAt`: EpochMs */
  defer(key: string, untilAt: EpochMs): void {
    const job = this.#open.get(key)?.[0];
    if (job !== undefined) job.deferredUntilAt = untilAt;
  }

  /** It ended. */
  settle(notice: EdgeSettled, seq: number): void {
    const { edge: key, dueAt, outcome } = notice;
    this.#outcomes.set(outcome, (this.#outcomes.get(outcome) ?? 0) + 1);
    const job = this.#openJob(notice);
    if (job !== undefined) {
      this.#close(key, job);
      return void job.record.settledSeqs.push(seq);
    }
    const placed = this.#placed(notice);
    const record = this.#recordOf(notice, placed);
    record.settledSeqs.push(seq);
    const isKnown = placed !== null || isRequest(notice) ||
      this.#carried.has(idByDue(key, dueAt)) ||
      this.#spans.isLeftOut(key, dueAt) ||
      this.#spans.placedBefore(key, dueAt);
    if (!isKnown) this.#addNotDue(record, seq);
  }

  /** What came due and may still end well. */
  waiting(end: RecordEnd): readonly string[] {
    return [...this.#open]
      .filter(([, jobs]) => jobs.some((job) => mayStillEnd(job, end)))
      .map(([key]) => key);
  }

  /** Everything that is wrong. */
  findings(end: RecordEnd): readonly Finding[] {
    const judged = [...this.#records.values()].flatMap((record) => {
      const found = judge(record);
      const job = this.#open.get(record.key)
        ?.find((open) => open.record === record);
      const waits = found?.kind === "edge_never_settled" &&
        job !== undefined && mayStillEnd(job, end);
      return found === null || waits ? [] : [found];
    });
    return [...this.#findings, ...judged];
  }

  #begin(record: EdgeRecord, seq: number): OpenJob {
    if (record.firedSeqs.length > 0) {
      const seqs = [...record.firedSeqs, seq];
      const message = `${record.key} fired ${seqs.length} times`;
      this.#add("edge_fired_twice", record, seqs, message);
    }
    record.firedSeqs.push(seq);
    const job: OpenJob = {
      record,
      dueAt: record.dueAt,
      toldInRun: null,
      deferredUntilAt: null,
    };
    const others = (this.#open.get(record.key) ?? [])
      .filter((other) => other.record !== record);
    this.#open.set(record.key, [...others, job]);
    return job;
  }

  #openJob({ edge, dueAt }: EdgeFired | EdgeSettled): OpenJob | undefined {
    return this.#open.get(edge)?.find((job) => job.dueAt === dueAt);
  }

  #close(key: string, job: OpenJob): void {
    const others = (this.#open.get(key) ?? []).filter((other) => other !== job);
    if (others.length === 0) this.#open.delete(key);
    else this.#open.set(key, others);
  }

  /** What lay before the run's beginning is not its own, unless an earlier run had armed it. */
  #judgeBeginning(record: EdgeRecord, placed: Edge, seq: number): void {
    const fromAt = this.#spans.fromAt(placed.key);
    const isOurs = fromAt !== null && placed.at >= fromAt;
    if (isOurs || this.#carried.has(record.id) || !this.#isWhole) return;
    const message =
      `${placed.key} fired although it lay before the run's beginning and no earlier run had armed it`;
    this.#add("edge_not_due", record, [seq], message);
  }

  #addNotDue(record: EdgeRecord, seq: number): void {
    // Of a shortened record the definition may be among what was dropped.
    if (!this.#isWhole) return;
    const message =
      `${record.key} has a record, and the definition that was in force has no such edge`;
    this.#add("edge_not_due", record, [seq], message);
  }

  #add(
    kind: FindingKind,
    { key, dueAt }: { readonly key: string; readonly dueAt: EpochMs },
    seqs: readonly number[],
    message: string,
  ): void {
    this.#findings.push({ kind, about: key, dueAt, seqs, message });
  }

  #placed({ edge, dueAt }: EdgeFired | EdgeSettled): Edge | null {
    return this.#spans.place(edge, dueAt);
  }

  #recordOf(
    { edge: key, dueAt }: EdgeFired | EdgeSettled,
    placed: Edge | null,
  ): EdgeRecord {
    if (placed !== null) return this.#record(idOf(placed), { key, dueAt });
    const byDue = idByDue(key, dueAt);
    return this.#byDue.get(byDue) ?? this.#record(byDue, { key, dueAt });
  }

  #record(
    id: string,
    { key, dueAt }: { readonly key: string; readonly dueAt: EpochMs },
  ): EdgeRecord {
    const known = this.#records.get(id);
    if (known !== undefined) return known;
    const record: EdgeRecord = {
      id,
      key,
      dueAt,
      isDue: false,
      firedSeqs: [],
      settledSeqs: [],
    };
    this.#records.set(id, record);
    this.#byDue.set(idByDue(key, dueAt), record);
    return record;
  }
}

function mayStillEnd(
  { deferredUntilAt }: OpenJob,
  { isRunning, endAt }: RecordEnd,
): boolean {
  return isRunning || (deferredUntilAt !== null && deferredUntilAt >= endAt);
}

function judge(record: EdgeRecord): Finding | null {
  const { key: about, dueAt, firedSeqs, settledSeqs } = record;
  if (settledSeqs.length > 1) {
    const seqs = settledSeqs;
    const message = `${about} ended ${seqs.length} times`;
    return { kind: "edge_settled_twice", about, dueAt, seqs, message };
  }
  if (settledSeqs.length === 1) return null;
  if (firedSeqs.length > 0) {
    const message = `${about} fired and has no end on record`;
    const seqs = firedSeqs;
    return { kind: "edge_never_settled", about, dueAt, seqs, message };
  }
  if (!record.isDue) return null;
  const message =
    `${about} was due and nothing on record says what became of it`;
  return { kind: "edge_without_record", about, dueAt, seqs: [], message };
}

function idByDue(key: string, dueAt: EpochMs): string {
  return `${key}@due:${dueAt}`;
}

function isRequest({ request, edge }: EdgeFired | EdgeSettled): boolean {
  return request !== null || edge.startsWith("request/");
}
