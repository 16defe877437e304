/**
 * What an edited file changes: which sessions, and which edges of the next days.
 *
 * @module
 */

import type { Definition, Session } from "./definition.ts";
import { digestOf } from "./id.ts";
import { edgesBetween } from "./next.ts";
import type { FileReloaded, PlannedEdge, ReplannedEdge } from "./notice.ts";
import type { Edge } from "./occurrence.ts";
import { edgeOfToday } from "./recover.ts";
import { DAY_MS } from "./time.ts";
import type { DurationMs, EpochMs } from "./time.ts";

/** Which sessions come, go, or are not what they were. */
export interface SessionDifference {
  readonly added: readonly Session[];
  /** As they were. */
  readonly removed: readonly Session[];
  readonly changed: readonly ChangedSession[];
}

/** A session before and after an edit. */
export interface ChangedSession {
  readonly before: Session;
  readonly now: Session;
}

/** How far ahead the edges of two definitions are compared. @units milliseconds */
export const COMPARED_MS: DurationMs = 7 * DAY_MS;

/** How many edges each list tells. */
const EDGES_TOLD = 50;

/**
 * Compares what runs with an edited file, session by session, by name.
 *
 * A session that joined by hand and is in neither file stays as it is.
 */
export function compareSessions(
  running: readonly Session[],
  before: Pick<Definition, "sessions">,
  now: Pick<Definition, "sessions">,
): SessionDifference {
  const known = new Map(running.map((session) => [session.name, session]));
  const kept = new Set(now.sessions.map(({ name }) => name));
  return {
    added: now.sessions.filter(({ name }) => !known.has(name)),
    removed: before.sessions.flatMap(({ name }) =>
      kept.has(name) ? [] : known.get(name) ?? []
    ),
    changed: now.sessions.flatMap((session) => {
      const was = known.get(session.name);
      return was === undefined || digestOf(was) === digestOf(session)
        ? []
        : [{ before: was, now: session }];
    }),
  };
}

/**
 * Which edges an edit changes, soonest first.
 *
 * @units `fromAt`: EpochMs; edges before it are past
 */
export function compareEdges(
  { added, removed, changed }: SessionDifference,
  fromAt: EpochMs,
): Pick<FileReloaded, "edges" | "untilAt" | "untold"> {
  const untilAt = fromAt + COMPARED_MS;
  const before = [...removed, ...changed.map((session) => session.before)];
  const now = [...added, ...changed.map((session) => session.now)];
  const went = aheadOnly(edgesBetween(before, fromAt, untilAt), now, fromAt);
  const came = aheadOnly(edgesBetween(now, fromAt, untilAt), before, fromAt);
  // What was or will be due behind the last day compared is found on the other side of it only.
  const moved = new Map<string, ReplannedEdge>();
  for (const { edge, other } of went) {
    if (other !== undefined) putMoved(moved, edge, other);
  }
  for (const { edge, other } of came) {
    if (other !== undefined) putMoved(moved, other, edge);
  }
  const { edges, untold } = cut({
    added: alone(came),
    removed: alone(went),
    changed: [...moved.values()].sort((a, b) => a.dueAt - b.dueAt),
  });
  return { edges, untilAt, untold };
}

/** An edge, and the same one in the other definition where it is ahead there, too. */
interface Pair {
  readonly edge: Edge;
  readonly other: Edge | undefined;
}

function aheadOnly(
  edges: readonly Edge[],
  others: readonly Session[],
  fromAt: EpochMs,
): readonly Pair[] {
  const byName = new Map(others.map((session) => [session.name, session]));
  return edges.map((edge) => {
    const session = byName.get(edge.session);
    const other = session && edgeOfToday(session, edge);
    return { edge, other: other && other.at >= fromAt ? other : undefined };
  });
}

function alone(pairs: readonly Pair[]): readonly PlannedEdge[] {
  return pairs.flatMap(({ edge, other }) =>
    other === undefined ? [planned(edge)] : []
  );
}

function putMoved(
  moved: Map<string, ReplannedEdge>,
  was: Edge,
  now: Edge,
): void {
  const isSame = was.at === now.at && was.dueAt === now.dueAt &&
    was.actions.join() === now.actions.join();
  if (isSame) return;
  moved.set(now.key, {
    ...planned(now),
    wasDueAt: was.dueAt,
    wasActions: was.actions,
  });
}

function planned({ key, dueAt, actions }: Edge): PlannedEdge {
  return { edge: key, dueAt, actions };
}

function cut(
  edges: FileReloaded["edges"],
): Pick<FileReloaded, "edges" | "untold"> {
  const { added, removed, changed } = edges;
  const told = {
    added: added.slice(0, EDGES_TOLD),
    removed: removed.slice(0, EDGES_TOLD),
    changed: changed.slice(0, EDGES_TOLD),
  };
  const untold = [added, removed, changed]
    .reduce((n, list) => n + Math.max(list.length - EDGES_TOLD, 0), 0);
  return { edges: told, untold };
}
