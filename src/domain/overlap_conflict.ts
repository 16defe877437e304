/**
 * Edges that close what another session still has open on the same account.
 *
 * One sweep over the plan: openings, closings and closing edges in the order of time. Its cost grows
 * with the number of edges, never with the number of pairs.
 *
 * @module
 */

import { momentsOf } from "./blackout.ts";
import { isCloseAction } from "./definition.ts";
import type { Session } from "./definition.ts";
import type { Edge, Hazard, Occurrence } from "./occurrence.ts";
import { OpenScopes } from "./open_scopes.ts";
import { openWindowsOf } from "./open_window.ts";
import type { EpochMs } from "./time.ts";

/** How many of the other sessions are named; of more it is said that there are more. */
const NAMED_MAX = 2;

/**
 * What happens first at one instant: a session that ends then is no longer open for a close of
 * another, and one that begins then not yet.
 */
const ORDER = { closes: 0, reach: 1, opens: 2 } as const;

interface Mark {
  readonly at: EpochMs;
  readonly order: number;
  readonly occurrence: Occurrence;
  readonly session: Session;
  /** `null` for an opening or a closing. */
  readonly edge: Edge | null;
}

/** The conflicts of a plan, each told to the occurrence whose edge closes. */
export function overlapConflicts(
  sessions: readonly Session[],
  occurrences: readonly Occurrence[],
  tell: (occurrence: Occurrence, hazard: Hazard) => void,
): void {
  for (const group of groupsOf(sessions)) {
    const open = new OpenScopes();
    const last = new LastConflicts();
    for (const mark of marksOf(group, occurrences)) {
      if (mark.order === ORDER.opens) open.open(mark.session);
      else if (mark.order === ORDER.closes) open.close(mark.session);
      else if (mark.edge !== null) {
        const reached = open.reachedBy(mark.session, NAMED_MAX + 1);
        if (reached.length === 0) continue;
        tell(mark.occurrence, last.conflict(mark.edge, mark.session, reached));
      }
    }
  }
}

/** The sessions of each account on which one could close what another has open. */
function groupsOf(
  sessions: readonly Session[],
): readonly ReadonlyMap<string, Session>[] {
  return [...Map.groupBy(sessions, ({ account }) => account).values()]
    .filter((group) => group.length > 1 && group.some(reachesOut))
    .map((group) => new Map(group.map((each) => [each.name, each])));
}

/** Whether it ever closes what it did not open itself. */
function reachesOut(session: Session): boolean {
  const { onStart, onEnd, scope, name } = session;
  return scope.session !== name &&
    [onStart, onEnd, ...momentsOf(session).map(({ actions }) => actions)]
      .some((actions) => actions.some(isCloseAction));
}

function marksOf(
  group: ReadonlyMap<string, Session>,
  occurrences: readonly Occurrence[],
): readonly Mark[] {
  const marks: Mark[] = [];
  for (const occurrence of occurrences) {
    const session = group.get(occurrence.session);
    if (session === undefined) continue;
    const put = (at: EpochMs, order: number, edge: Edge | null = null) =>
      marks.push({ at, order, occurrence, session, edge });
    // A session of moments alone closes, but opens nothing that could be closed.
    if (session.window !== null) {
      for (const { opensAt, closesAt } of openWindowsOf(occurrence)) {
        put(opensAt, ORDER.opens);
        put(closesAt, ORDER.closes);
      }
    }
    if (session.scope.session === session.name) continue;
    for (const edge of occurrence.edges) {
      if (!edge.actions.some(isCloseAction)) continue;
      put(edge.dueAt, ORDER.reach, edge);
    }
  }
  return marks.sort((a, b) => a.at - b.at || a.order - b.order);
}

/**
 * The conflicts that were told last, one for each edge of a session.
 *
 * Most days are like the day before, so one hazard serves many occurrences.
 */
class LastConflicts {
  readonly #told = new Map<Session, Map<string, Conflict>>();

  /** The hazard of an edge that reaches these sessions. */
  conflict(edge: Edge, session: Session, reached: readonly Session[]): Hazard {
    const edges = this.#told.get(session) ?? new Map<string, Conflict>();
    this.#told.set(session, edges);
    const known = edges.get(edge.name);
    if (known !== undefined && isSame(known.reached, reached)) {
      return known.hazard;
    }
    const hazard = conflict(edge, session, reached);
    edges.set(edge.name, { reached, hazard });
    return hazard;
  }
}

interface Conflict {
  readonly reached: readonly Session[];
  readonly hazard: Hazard;
}

function isSame(a: readonly Session[], b: readonly Session[]): boolean {
  return a.length === b.length && a.every((each, index) => each === b[index]);
}

function conflict(
  { name, actions }: Edge,
  { account }: Session,
  reached: readonly Session[],
): Hazard {
  const names = reached.slice(0, NAMED_MAX).map((other) => `"${other.name}"`);
  const others = reached.length > NAMED_MAX
    ? `${names.join(", ")} and others have`
    : `${names.join(" and ")} ${names.length > 1 ? "have" : "has"}`;
  const closes = actions.filter(isCloseAction).join(", ");
  return {
    code: "overlap-conflict",
    message:
      `${name}: ${closes} reaches what ${others} open on account "${account}"`,
  };
}
