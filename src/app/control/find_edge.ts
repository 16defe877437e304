/**
 * Finds the edge that a key means, or says which ones it may mean.
 *
 * @module
 */

import { nearestWord } from "../../../dsl/mod.ts";
import type { Session } from "../../domain/definition.ts";
import { CarillonError } from "../../domain/error.ts";
import { nextEdges } from "../../domain/next.ts";
import type { Edge } from "../../domain/occurrence.ts";
import { placeOn } from "../../domain/place.ts";
import type { EpochMs } from "../../domain/time.ts";

/** So many edges are named in place of one that there is not. */
const NAMED_MAX = 3;

/** So many edges ahead are looked through for those of a name. */
const LOOKED_THROUGH = 40;

/**
 * The edge of a key that is still ahead.
 *
 * @units `now`: EpochMs
 * @throws {CarillonError} "edge/unknown" or "edge/passed", with the nearest edges ahead
 */
export function findEdge(
  sessions: readonly Session[],
  key: string,
  now: EpochMs,
): Edge {
  const [name = "", date = "", edgeName = ""] = key.split("/");
  const session = sessions.find((one) => one.name === name);
  if (session === undefined) {
    const names = sessions.map((one) => one.name);
    const meant = nearestWord(name, names);
    const near = meant === null
      ? sessions
      : sessions.filter((one) => one.name === meant);
    throw unknown(key, `there is no session "${name}"`, near, edgeName, now);
  }
  const placement = isDate(date) ? placeOn(session, date) : null;
  if (placement === null) {
    const why = isDate(date)
      ? `"${name}" does not run on ${date}`
      : `a key is written SESSION/DATE/EDGE, as in ${name}/2026-11-23/end`;
    throw unknown(key, why, [session], edgeName, now);
  }
  if (placement.kind === "skip") {
    throw unknown(key, placement.skip.message, [session], edgeName, now);
  }
  const edge = placement.occurrence.edges.find((one) => one.key === key);
  if (edge === undefined) {
    const has = placement.occurrence.edges.map((one) => one.name).join(", ");
    const why = `${name}/${date} has ${has}`;
    throw unknown(key, why, [session], edgeName, now);
  }
  if (edge.dueAt > now) return edge;
  throw refusal(
    "edge/passed",
    `Cannot skip "${key}": it came due at ${instantText(edge.dueAt)}`,
    nearest([session], edgeName, now),
  );
}

function unknown(
  key: string,
  why: string,
  sessions: readonly Session[],
  edgeName: string,
  now: EpochMs,
): CarillonError {
  const message = `Cannot skip "${key}": ${why}`;
  return refusal("edge/unknown", message, nearest(sessions, edgeName, now));
}

function refusal(
  code: "edge/unknown" | "edge/passed",
  message: string,
  edges: readonly Edge[],
): CarillonError {
  const keys = edges.map(({ key }) => key);
  const advice = keys.length === 0
    ? "; no edge is ahead"
    : `; next are ${keys.map((key) => `"${key}"`).join(", ")}`;
  return new CarillonError(code, message + advice, {
    details: { nearest: keys },
  });
}

/** The next edges, those of the same name where there are some. */
function nearest(
  sessions: readonly Session[],
  edgeName: string,
  now: EpochMs,
): readonly Edge[] {
  const ahead = nextEdges(sessions, now, LOOKED_THROUGH);
  const meant = nearestWord(edgeName, ahead.map(({ name }) => name));
  const named = ahead.filter(({ name }) => name === meant);
  return (named.length > 0 ? named : ahead).slice(0, NAMED_MAX);
}

function isDate(text: string): boolean {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text)) return false;
  try {
    return Temporal.PlainDate.from(text).toString() === text;
  } catch {
    // No such day in that month.
    return false;
  }
}

function instantText(at: EpochMs): string {
  return Temporal.Instant.fromEpochMilliseconds(at).round("second").toString();
}
