/**
 * Leaves out what the user wants to be left out, and says so.
 *
 * @module
 */

import { disarmEdge } from "./arm.ts";
import { silenceStrategies } from "./arm_strategy.ts";
import type {
  EdgeSkipRequested,
  PauseRequested,
  ResumeRequested,
} from "./event.ts";
import {
  type Controls,
  type LeftOutBy,
  leftOutBy,
  pauseOf,
  type SessionPause,
} from "./left_out.ts";
import type { PlannedEdge } from "./notice.ts";
import type { Edge } from "./occurrence.ts";
import { skippedNotice } from "./settle.ts";
import { getRow, rows } from "./table.ts";
import { DAY_MS } from "./time.ts";
import type { DurationMs } from "./time.ts";
import { tell, type Turn } from "./turn.ts";

/** Edges further ahead than this are not named among those that will not run. */
const NOT_RUN_WITHIN_MS: DurationMs = DAY_MS;

/** Settles an edge that came due as left out, where it is to be; says whether it was. */
export function leaveOut(turn: Turn, account: string, edge: Edge): boolean {
  const by = leftOutBy(turn.state.controls, edge);
  if (by === null) return false;
  const skips = turn.state.controls.skips.filter((skip) =>
    skip.edge !== edge.key
  );
  putControls(turn, { ...turn.state.controls, skips });
  const session = getRow(turn.state.sessions, edge.session)?.session;
  if (session !== undefined && edge.name === "start" && by.reason === "user") {
    silenceStrategies(turn, session, `${edge.session}/${edge.tradeDate}`);
  }
  tellLeftOut(turn, account, edge, by);
  return true;
}

/** Says once more what is left out, for a run that begins so. */
export function tellControls(turn: Turn): void {
  const { pauses, skips } = turn.state.controls;
  for (const pause of pauses) tellPause(turn, pause);
  for (const { edge } of skips) tellSkip(turn, edge, "skip");
}

/** Notes that an edge is to be left out, or is to run after all. */
export function noteSkip(turn: Turn, { edge, wish }: EdgeSkipRequested): void {
  const others = turn.state.controls.skips.filter((skip) => skip.edge !== edge);
  const skips = wish === "skip"
    ? [...others, { edge, sinceAt: turn.at }]
    : others;
  putControls(turn, { ...turn.state.controls, skips });
  tellSkip(turn, edge, wish);
}

/** Leaves out everything that comes due, of one session or of all; a pause goes on as it is. */
export function beginPause(turn: Turn, { session }: PauseRequested): void {
  const { pauses } = turn.state.controls;
  const earlier = pauses.find((pause) => pause.session === session);
  const pause = earlier ?? { session, sinceAt: turn.at };
  if (earlier === undefined) {
    putControls(turn, { ...turn.state.controls, pauses: [...pauses, pause] });
  }
  tellPause(turn, pause);
}

/**
 * Lets edges run again that come due from now on; without a session every pause ends.
 *
 * What came due in the pause while nothing ran is settled first, so that it is not caught up.
 */
export function endPause(turn: Turn, { session }: ResumeRequested): void {
  const { controls, sessions } = turn.state;
  const ends = (pause: SessionPause) =>
    session === null || pause.session === session;
  for (const state of rows(sessions)) {
    const pause = pauseOf(controls.pauses, state.session.name);
    if (pause === null || !ends(pause)) continue;
    for (const edge of state.waiting) {
      if (edge.dueAt > turn.at || edge.dueAt < pause.sinceAt) continue;
      if (leaveOut(turn, state.session.account, edge)) {
        disarmEdge(turn, edge.key);
      }
    }
  }
  const pauses = controls.pauses.filter((pause) => !ends(pause));
  putControls(turn, { ...turn.state.controls, pauses });
  const sinceAt = controls.pauses.find(ends)?.sinceAt ?? null;
  tell(turn, { type: "run.resumed", at: turn.at, session, sinceAt });
}

function tellLeftOut(
  turn: Turn,
  account: string,
  edge: Edge,
  { reason, sinceAt }: LeftOutBy,
): void {
  const at = Temporal.Instant.fromEpochMilliseconds(sinceAt).round("second");
  const what = edge.actions.length === 0
    ? "Nothing"
    : `${edge.actions.join(", ")}`;
  const message = reason === "user"
    ? `${what} was left out: skipped by hand at ${at}`
    : `${what} was left out: paused since ${at}`;
  tell(turn, skippedNotice(turn.at, account, edge, reason, message));
}

function tellPause(turn: Turn, { session, sinceAt }: SessionPause): void {
  const willNotRun = rows(turn.state.sessions)
    .filter((state) => session === null || state.session.name === session)
    .flatMap(({ waiting }) => waiting)
    .filter(({ actions, dueAt }) =>
      actions.length > 0 && dueAt <= turn.at + NOT_RUN_WITHIN_MS
    )
    .sort((a, b) => a.dueAt - b.dueAt || a.rank - b.rank)
    .map(plannedEdge);
  tell(turn, { type: "run.paused", at: turn.at, session, sinceAt, willNotRun });
}

function tellSkip(turn: Turn, key: string, wish: "skip" | "run"): void {
  const name = key.slice(0, key.indexOf("/"));
  const armed = getRow(turn.state.sessions, name)?.waiting
    .find((edge) => edge.key === key);
  tell(turn, {
    type: "edge.skip_noted",
    at: turn.at,
    edge: key,
    wish,
    dueAt: armed?.dueAt ?? null,
    actions: armed?.actions ?? [],
  });
}

function plannedEdge({ key, dueAt, actions }: Edge): PlannedEdge {
  return { edge: key, dueAt, actions };
}

function putControls(turn: Turn, controls: Controls): void {
  turn.state = { ...turn.state, controls };
}
