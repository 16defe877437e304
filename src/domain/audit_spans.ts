/**
 * Which sessions a journal says were on the time line, from when to when, and what was due then.
 *
 * What was due is placed anew out of each definition as it was recorded; what was armed is what the
 * record itself says. The two are compared in `audit_edges.ts`.
 *
 * @module
 */

import type { Session } from "./definition.ts";
import { CLOSE_LEAD_MS } from "./edge.ts";
import { edgesBetween } from "./next.ts";
import { LATE_MS } from "./notice.ts";
import type { Edge, Occurrence } from "./occurrence.ts";
import { placeOn } from "./place.ts";
import type { EpochMs } from "./time.ts";

/** An edge that the record says was armed, as its definition places it. */
export interface ArmedEdge {
  readonly key: string;
  readonly dueAt: EpochMs;
  /** `null` where its definition knows no such edge. */
  readonly placed: Edge | null;
}

interface Span {
  readonly session: Session;
  readonly fromAt: EpochMs;
}

/** What a span leaves behind when it ends. */
export interface EndedSpans {
  /** Edges with actions that must have a record, now or later. */
  readonly due: readonly Edge[];
  /** Armed edges that may still come due in a later run. */
  readonly carried: readonly ArmedEdge[];
}

/** The time line as the record tells it. */
export class ArmedSpans {
  readonly #spans = new Map<string, Span>();
  readonly #armed = new Map<string, ArmedEdge>();
  /** What was armed when the run was asked to stop: the next run makes up for it. */
  #left: readonly ArmedEdge[] = [];
  #known = new Map<string, Session>();
  /** What the run before this one knew, and what this one knew of sessions that have left it. */
  #before = new Map<string, Session>();

  /** The sessions that are on the time line. */
  get sessions(): readonly Session[] {
    return [...this.#spans.values()].map(({ session }) => session);
  }

  /** The sessions that the run knows, on the time line or not. */
  get known(): readonly Session[] {
    return [...this.#known.values()];
  }

  /** Whether the run knows a session, on the time line or not. */
  knows(name: string): boolean {
    return this.#known.has(name);
  }

  /** Begins anew with a definition's sessions. @units `fromAt`: EpochMs */
  load(sessions: readonly Session[], fromAt: EpochMs, armed: boolean): void {
    this.#spans.clear();
    this.#armed.clear();
    this.#before = this.#known;
    this.#known = new Map(sessions.map((session) => [session.name, session]));
    if (!armed) return;
    for (const session of sessions) this.#open(session, fromAt);
  }

  /** Takes one more session in. @units `fromAt`: EpochMs */
  add(session: Session, fromAt: EpochMs): void {
    this.#known.set(session.name, session);
    this.#open(session, fromAt);
  }

  /** An edge was armed. @units `dueAt`: EpochMs */
  arm(key: string, dueAt: EpochMs): void {
    this.#armed.set(key, { key, dueAt, placed: this.place(key, dueAt) });
  }

  /**
   * An edge came due or was taken back; `undefined` where it was not armed, or not for that time.
   *
   * @units `dueAt`: EpochMs
   */
  disarm(key: string, dueAt: EpochMs | null = null): ArmedEdge | undefined {
    const edge = this.#armed.get(key);
    if (dueAt !== null && edge?.dueAt !== dueAt) return undefined;
    this.#armed.delete(key);
    return edge;
  }

  /** Edges that are armed now. */
  get armed(): readonly ArmedEdge[] {
    return [...this.#armed.values()];
  }

  /** From when on a session's edges are this run's; `null` while it is not on the time line. */
  fromAt(key: string): EpochMs | null {
    return this.#spans.get(sessionOf(key))?.fromAt ?? null;
  }

  /**
   * The edge of that key and due time, as the session known now places it; `null` where it has none.
   *
   * @units `dueAt`: EpochMs
   */
  place(key: string, dueAt: EpochMs): Edge | null {
    const placement = placementOf(this.#known, key);
    return placement?.edges.find((edge) =>
      edge.key === key && edge.dueAt === dueAt
    ) ?? null;
  }

  /**
   * Whether the run before this one knew the edge: what an edit dropped is told once more.
   *
   * @units `dueAt`: EpochMs
   */
  placedBefore(key: string, dueAt: EpochMs): boolean {
    return placementOf(this.#before, key)?.edges.some((edge) =>
      edge.key === key && edge.dueAt === dueAt
    ) ?? false;
  }

  /** Whether a key is a moment that its occurrence has no room for, told at its end. @units `dueAt`: EpochMs */
  isLeftOut(key: string, dueAt: EpochMs): boolean {
    const placement = placementOf(this.#known, key);
    return placement !== null && placement.closesAt === dueAt &&
      placement.leftOut.some((left) => left.key === key);
  }

  /** Ends every span, or one session's: what was due until then has to have a record. @units `at`: EpochMs */
  stop(at: EpochMs, name: string | null = null): EndedSpans {
    const ending = [...this.#spans.values()]
      .filter(({ session }) => name === null || session.name === name);
    const isEnding = (key: string) => name === null || sessionOf(key) === name;
    const armed = this.armed.filter(({ key }) => isEnding(key));
    // A request to stop may overtake an edge of the same second; the user is told what will not run.
    const overtaken = new Set(
      armed.filter(({ dueAt }) => dueAt > at - LATE_MS).map(idOfArmed),
    );
    const due = ending.flatMap((span) => dueIn(span, at))
      .filter((edge) => !overtaken.has(idOf(edge)));
    for (const { session } of ending) {
      this.#spans.delete(session.name);
      if (name === null) continue;
      this.#known.delete(session.name);
      this.#before.set(session.name, session);
    }
    for (const { key } of armed) this.#armed.delete(key);
    if (name === null) this.#left = armed;
    return { due, carried: [] };
  }

  /**
   * Ends every span of a run that just ends: what was armed is the next run's to tell.
   *
   * @units `lastAt`: EpochMs, the run's last record; `nextFromAt`: EpochMs, the next run's beginning
   */
  breakOff(lastAt: EpochMs, nextFromAt: EpochMs): EndedSpans {
    const armed = [...this.#left, ...this.armed];
    this.#left = [];
    const carried = new Set(armed.map(idOfArmed));
    const due = [...this.#spans.values()]
      .flatMap((span) => dueIn(span, lastAt))
      .filter((edge) => !carried.has(idOf(edge)));
    const passed = armed.flatMap(({ placed }) =>
      placed !== null && placed.at < nextFromAt && placed.actions.length > 0
        ? [placed]
        : []
    );
    this.#spans.clear();
    this.#armed.clear();
    return { due: [...due, ...passed], carried: armed };
  }

  /** What is due until the end of the record, in spans that have not ended. @units `at`: EpochMs */
  dueUntil(at: EpochMs): readonly Edge[] {
    return [...this.#spans.values()].flatMap((span) => dueIn(span, at));
  }

  #open(session: Session, fromAt: EpochMs): void {
    this.#spans.set(session.name, { session, fromAt });
  }
}

function placementOf(
  sessions: ReadonlyMap<string, Session>,
  key: string,
): Occurrence | null {
  const session = sessions.get(sessionOf(key));
  const date = dateOf(key);
  if (session === undefined || date === null) return null;
  const placement = placeOn(session, date);
  return placement?.kind === "occurrence" ? placement.occurrence : null;
}

/**
 * Edges with actions that come due between two instants, of several sessions.
 *
 * @units `fromAt`, `toAt`: EpochMs, both counted
 */
export function edgesPassing(
  sessions: readonly Session[],
  fromAt: EpochMs,
  toAt: EpochMs,
): readonly Edge[] {
  return edgesBetween(sessions, fromAt, toAt + 1)
    .filter(({ actions }) => actions.length > 0);
}

/** The identity of an edge: moved to another instant it would be another one. */
export function idOf({ key, at }: Pick<Edge, "key" | "at">): string {
  return `${key}@${at}`;
}

/** The identity of an armed edge. */
export function idOfArmed({ key, dueAt, placed }: ArmedEdge): string {
  return placed === null ? `${key}@due:${dueAt}` : idOf(placed);
}

/** An edge is a span's where its instant lies in it, however early it is due. */
function dueIn({ session, fromAt }: Span, untilAt: EpochMs): readonly Edge[] {
  const leadMs = Math.max(session.leadMs, CLOSE_LEAD_MS);
  return edgesPassing([session], fromAt - leadMs, untilAt)
    .filter(({ at }) => at >= fromAt);
}

function sessionOf(key: string): string {
  return key.slice(0, Math.max(key.indexOf("/"), 0));
}

const DATED_KEY = /^[^/]+\/(\d{4}-\d{2}-\d{2})\//;

function dateOf(key: string): string | null {
  return DATED_KEY.exec(key)?.[1] ?? null;
}
