/**
 * Holds a journal against what was due: places every edge anew out of the definitions that were in
 * force, and names each that has no record, or not the one it should have.
 *
 * What may be missing is known from how the core records. An edge with actions settles exactly once
 * over the whole journal. It is due in the run whose time line its instant lies on, or, armed by a run
 * that broke off or was stopped, in the next one. What passed while nothing ran and nothing had armed
 * is no finding; it is told as a quiet spell.
 *
 * @module
 */

import { EdgeLedger } from "./audit_edges.ts";
import type {
  AuditedRun,
  AuditEntry,
  AuditReport,
  Finding,
  QuietSpell,
} from "./audit_finding.ts";
import { OrderLedger } from "./audit_orders.ts";
import { ArmedSpans, edgesPassing, idOf, idOfArmed } from "./audit_spans.ts";
import type { Definition, Session } from "./definition.ts";
import type { FileLoaded, FileReloaded, SessionAdded } from "./event.ts";
import { CLOSE_LEAD_MS } from "./edge.ts";
import { compareSessions } from "./file_difference.ts";
import type { EdgeSettled } from "./notice.ts";
import type { Edge } from "./occurrence.ts";
import { placeOn } from "./place.ts";
import type { Run } from "./state.ts";
import { SECOND_MS } from "./time.ts";
import type { DurationMs, EpochMs } from "./time.ts";

/** What is audited, and what is known besides the record. */
export interface AuditOptions {
  /** Findings before this instant are left out; `null` for none. @units EpochMs */
  readonly fromAt: EpochMs | null;
  /** Findings after this instant are left out; `null` for none. @units EpochMs */
  readonly toAt: EpochMs | null;
  /** Whether a process writes the journal now, so that what is under way may still end. */
  readonly isRunning: boolean;
  /**
   * What was on the time line where the record begins, if older entries were dropped; `null` for a
   * whole record.
   */
  readonly before: AuditedBefore | null;
}

/** What is known of the run in whose middle a shortened record begins. */
export interface AuditedBefore {
  /** The run; `null` where nothing is known, and nothing is audited before the next one. */
  readonly run: Run | null;
  /** Its sessions that were on the time line. */
  readonly sessions: readonly Session[];
}

/**
 * How long before the end of a record that is still written an edge may have come due without having
 * its entry yet.
 *
 * @units milliseconds
 */
export const TAIL_MS: DurationMs = 10 * SECOND_MS;

/**
 * Audits a journal, entry by entry; what is kept in memory grows with its edges, not its entries.
 *
 * @shape  entries in order of `seq`
 * @throws {CarillonError} "calendar/unknown" if a definition names a calendar that this version lacks
 */
export function auditJournal(
  entries: Iterable<AuditEntry>,
  options: AuditOptions,
): AuditReport {
  const audit = new Audit(options);
  for (const entry of entries) audit.take(entry);
  return audit.report();
}

class Audit {
  readonly #options: AuditOptions;
  readonly #spans = new ArmedSpans();
  readonly #edges: EdgeLedger;
  readonly #orders = new OrderLedger();
  readonly #runs: AuditedRun[] = [];
  readonly #quiet: QuietSpell[] = [];
  #accounts: readonly string[] = [];
  /** What the run under way carries out; `null` where nothing is known of it. */
  #definition: Definition | null = null;
  /** Sessions that were on the time line when the last armed run ended. */
  #quietSessions: readonly Session[] = [];
  #quietFromAt: EpochMs | null = null;
  #entries = 0;
  #firstAt: EpochMs | null = null;
  /** The latest instant of the run under way; the clock may have been set back since. */
  #lastAt: EpochMs = 0;
  #endAt: EpochMs = 0;

  constructor(options: AuditOptions) {
    this.#options = options;
    this.#edges = new EdgeLedger(this.#spans, options.before === null);
  }

  take(entry: AuditEntry): void {
    const { seq, event } = entry;
    if (this.#entries === 0) this.#goOn(entry);
    this.#entries += 1;
    this.#firstAt ??= event.at;
    this.#endAt = Math.max(this.#endAt, event.at);
    switch (event.type) {
      case "file.loaded":
        this.#load(event, seq);
        break;
      case "file.reloaded":
        this.#reload(event);
        break;
      case "edge.due":
      case "edge.advanced": {
        const armed = this.#spans.disarm(event.edge);
        const isAsked = event.type === "edge.advanced";
        if (armed !== undefined) {
          this.#edges.comeDue(armed, seq, event.at, isAsked);
        }
        break;
      }
      case "session.added":
        this.#add(event);
        break;
      case "session.removed":
        this.#edges.expect(this.#spans.stop(event.at, event.session).due);
        break;
      case "stop.requested":
        this.#stop(event.at);
        break;
    }
    this.#lastAt = Math.max(this.#lastAt, event.at);
    this.#hear(entry);
    this.#orders.take(entry);
  }

  report(): AuditReport {
    const { fromAt, toAt, isRunning } = this.#options;
    this.#expectTail();
    const isMeant = ({ dueAt }: Finding) =>
      (fromAt === null || fromAt <= dueAt) && (toAt === null || dueAt <= toAt);
    const orders = isRunning && this.#edges.underWay.length > 0
      ? []
      : this.#orders.findings();
    const end = { isRunning, endAt: this.#endAt };
    const findings = [...this.#edges.findings(end), ...orders]
      .filter(isMeant)
      .sort((a, b) => a.dueAt - b.dueAt);
    return {
      entries: this.#entries,
      fromAt: fromAt ?? this.#firstAt ?? 0,
      toAt: toAt ?? this.#endAt,
      runs: this.#closedRuns(isRunning ? "open" : "broken_off"),
      quiet: this.#quiet,
      due: this.#edges.due,
      outcomes: this.#edges.outcomes,
      orders: this.#orders.count,
      underWay: this.#edges.waiting(end),
      findings,
    };
  }

  /** Begins in the middle of a run, with the first edge that is due for certain behind this entry. */
  #goOn({ seq, event: { at, type } }: AuditEntry): void {
    const { before } = this.#options;
    if (before === null || before.run === null || type === "file.loaded") {
      return;
    }
    const { run: { runId, hash, definition }, sessions } = before;
    const leadMs = Math.max(
      CLOSE_LEAD_MS,
      ...sessions.map((session) => session.leadMs),
    );
    const known = { seq, runId, hash, fromAt: at, toAt: at };
    this.#runs.push({ ...known, end: "open", armed: sessions.length > 0 });
    this.#definition = definition;
    this.#accounts = definition.accounts.map(({ name }) => name);
    this.#spans.load(sessions, at + leadMs, true);
    this.#edges.beginRun([]);
  }

  #load(event: FileLoaded, seq: number): void {
    const { runId, hash, definition, fromAt, armed } = event;
    const onTimeLine = this.#spans.sessions;
    const ended = this.#spans.breakOff(this.#lastAt, fromAt);
    this.#edges.expect(
      ended.due.filter((edge) => !isLaterNow(edge, definition, fromAt)),
    );
    if (onTimeLine.length > 0) {
      this.#quietSessions = onTimeLine;
      this.#quietFromAt = this.#lastAt;
    }
    const isStopped = this.#runs.at(-1)?.end === "stopped";
    if (armed) {
      const told = new Set(ended.carried.map(idOfArmed));
      this.#addQuiet(fromAt, isStopped, told);
    }
    const runs = this.#closedRuns("broken_off");
    this.#runs.splice(0, Infinity, ...runs);
    this.#runs.push({
      seq,
      runId,
      hash,
      fromAt,
      toAt: event.at,
      end: "open",
      armed,
    });
    this.#lastAt = event.at;
    this.#definition = definition;
    this.#accounts = definition.accounts.map(({ name }) => name);
    this.#spans.load(definition.sessions, fromAt, armed);
    this.#edges.beginRun(ended.carried);
  }

  /** What the edit changes ends its stretch, and begins another; the rest goes on. */
  #reload({ definition, fromAt }: FileReloaded): void {
    const before = this.#definition;
    if (before === null || this.#runs.at(-1)?.end !== "open") return;
    const { added, removed, changed } = compareSessions(
      this.#spans.known,
      before,
      definition,
    );
    this.#definition = definition;
    const ending = [...removed, ...changed.map((session) => session.before)];
    for (const { name } of ending) {
      const { due } = this.#spans.stop(fromAt, name);
      this.#edges.expect(
        due.filter((edge) => !isLaterNow(edge, definition, fromAt)),
      );
    }
    const beginning = [...added, ...changed.map((session) => session.now)];
    for (const session of beginning) {
      if (!this.#accounts.includes(session.account)) continue;
      this.#spans.add(session, fromAt);
    }
  }

  #addQuiet(
    toAt: EpochMs,
    isStopped: boolean,
    told: ReadonlySet<string>,
  ): void {
    const fromAt = this.#quietFromAt;
    this.#quietFromAt = null;
    if (fromAt === null || fromAt >= toAt) return;
    const passed = edgesPassing(this.#quietSessions, fromAt + 1, toAt)
      .filter((edge) => edge.at < toAt && !told.has(idOf(edge)))
      .map(({ key }) => key);
    const after = isStopped ? "stopped" : "broken_off";
    this.#quiet.push({ fromAt, toAt, after, edges: passed });
  }

  /** The run that was last, now that something else is known of it. */
  #closedRuns(end: AuditedRun["end"]): readonly AuditedRun[] {
    const last = this.#runs.at(-1);
    if (last === undefined || last.end === "stopped") return [...this.#runs];
    const toAt = Math.max(this.#lastAt, last.fromAt);
    return [...this.#runs.slice(0, -1), { ...last, toAt, end }];
  }

  #add({ session, at }: SessionAdded): void {
    const isTaken = this.#runs.at(-1)?.end === "open" &&
      !this.#spans.knows(session.name) &&
      this.#accounts.includes(session.account);
    if (isTaken) this.#spans.add(session, at);
  }

  #stop(at: EpochMs): void {
    const last = this.#runs.at(-1);
    if (last === undefined || last.end === "stopped") return;
    const onTimeLine = this.#spans.sessions;
    if (onTimeLine.length > 0) {
      this.#quietSessions = onTimeLine;
      this.#quietFromAt = at;
    }
    this.#edges.expect(this.#spans.stop(at).due);
    this.#runs.splice(-1, 1, { ...last, toAt: at, end: "stopped" });
  }

  #hear({ seq, effects }: AuditEntry): void {
    for (const effect of effects) {
      if (effect.type === "timer.set" && effect.what === "edge") {
        this.#spans.arm(effect.key, effect.dueAt);
      } else if (effect.type === "timer.drop" && effect.what === "edge") {
        this.#spans.disarm(effect.key);
      } else if (effect.type === "tell") {
        const { notice } = effect;
        if (notice.type === "edge.fired") this.#edges.fire(notice, seq);
        if (notice.type === "edge.settled") this.#settle(notice, seq);
        if (notice.type === "close.deferred") {
          this.#edges.defer(notice.edge, notice.untilAt);
        }
      }
    }
  }

  /** What is settled while it is armed, as by a pause that ends, does not come due any more. */
  #settle(notice: EdgeSettled, seq: number): void {
    this.#spans.disarm(notice.edge, notice.dueAt);
    this.#edges.settle(notice, seq);
  }

  /** What came due just now may not be written yet. */
  #expectTail(): void {
    const { isRunning } = this.#options;
    const waiting = new Set(
      this.#spans.armed
        .filter(({ dueAt }) => dueAt > this.#lastAt - TAIL_MS)
        .map(idOfArmed),
    );
    const due = this.#spans.dueUntil(this.#lastAt);
    this.#edges.expect(
      isRunning ? due.filter((edge) => !waiting.has(idOf(edge))) : due,
    );
  }
}

/** Whether an edited file has an edge at an instant that is still ahead: it comes due there. */
function isLaterNow(
  { key, session: name, tradeDate }: Edge,
  { sessions }: Definition,
  fromAt: EpochMs,
): boolean {
  const session = sessions.find((each) => each.name === name);
  if (session === undefined) return false;
  const placement = placeOn(session, tradeDate);
  return placement?.kind === "occurrence" &&
    placement.occurrence.edges.some((edge) =>
      edge.key === key && edge.at >= fromAt
    );
}
