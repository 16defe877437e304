/**
 * What `carillon status` shows, as data.
 *
 * @module
 */

import type { Holder } from "../../adapters/journal/holder.ts";
import { leftOutBy } from "../../domain/left_out.ts";
import { nextEdges, openAt } from "../../domain/next.ts";
import type { Edge, Occurrence } from "../../domain/occurrence.ts";
import { rows } from "../../domain/table.ts";
import type { EpochMs } from "../../domain/time.ts";
import type { RunStatus } from "../record/run_status.ts";

/** A run and its journal at an instant. */
export interface StatusPicture {
  /** As the user wrote it. */
  readonly file: string;
  /** Where the journal lies. */
  readonly path: string;
  /** @units EpochMs */
  readonly now: EpochMs;
  /** The reader's own zone. */
  readonly here: string;
  /** Whether a process holds the journal. */
  readonly isHeld: boolean;
  /** Who held it last, by the lock file's word. */
  readonly holder: Holder | null;
  /** Whether the system says that the holder is stopped. */
  readonly isSuspended: boolean;
  readonly status: RunStatus;
}

/** Whether a run goes on, and how the last one ended. */
export type RunStage =
  | "running"
  | "suspended"
  | "stopped"
  | "broken_off"
  | "none";

/** How many of the next edges are told. */
const NEXT_MAX = 5;

/** Whether a run goes on, and how the last one ended. */
export function stageOf(
  { isHeld, isSuspended, status }: StatusPicture,
): RunStage {
  if (status.run === null) return "none";
  if (status.run.stoppedAt !== null) return "stopped";
  if (!isHeld) return "broken_off";
  return isSuspended ? "suspended" : "running";
}

/** Whether everything that was due in the last run came true, and nothing hangs in the air. */
export function isWell(picture: StatusPicture): boolean {
  const { run, unanswered, state } = picture.status;
  const stage = stageOf(picture);
  if (stage === "broken_off" || stage === "suspended") return false;
  const lost = Object.keys(state.jobs).length === 0 ? unanswered : [];
  return (run?.failed.length ?? 0) === 0 && lost.length === 0;
}

/** What is open by the definition of the last run. */
export function openNow({ status, now }: StatusPicture): readonly Occurrence[] {
  return openAt(rows(status.state.sessions).map(({ session }) => session), now);
}

/** An edge that comes next, and why it will be left out; `null` where it will not. */
export interface ComingEdge {
  readonly edge: Edge;
  readonly leftOut: "user" | "paused" | null;
}

/** The next edges: those that are armed, and of a run that is over those that would be. */
export function comingEdges(picture: StatusPicture): readonly ComingEdge[] {
  const { status: { state }, now } = picture;
  const stage = stageOf(picture);
  const isAlive = stage === "running" || stage === "suspended";
  const sessions = rows(state.sessions);
  const edges = isAlive
    ? sessions.flatMap(({ waiting }) => waiting)
      .sort((a, b) => a.dueAt - b.dueAt || a.rank - b.rank)
    : nextEdges(sessions.map(({ session }) => session), now, 4 * NEXT_MAX);
  return edges.filter(({ actions }) => actions.length > 0)
    .slice(0, NEXT_MAX)
    .map((edge) => ({
      edge,
      leftOut: leftOutBy(state.controls, edge)?.reason ?? null,
    }));
}
