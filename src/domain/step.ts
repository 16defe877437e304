/**
 * The only thing that decides: a state and an event give the next state and what to do.
 *
 * Pure: no clock, no chance, no world. Whatever `step` needs to know arrives in the event, so
 * folding it over a journal gives the live state back.
 *
 * @module
 */

import {
  armNext,
  armSession,
  disarmEdge,
  dropSession,
  holdSession,
} from "./arm.ts";
import {
  beginPause,
  endPause,
  leaveOut,
  noteSkip,
  tellControls,
} from "./control.ts";
import {
  armStrategies,
  holdStrategies,
  STRATEGY_TIMER,
} from "./arm_strategy.ts";
import { callStrategy, endStrategyCall } from "./call_strategy.ts";
import { keptControls } from "./left_out.ts";
import { keptHolds } from "./entry_hold.ts";
import { finishJob, startJob } from "./carry_job.ts";
import { endHook } from "./end_hook.ts";
import { endAtDeadline, lookAgain, missLook, takeSnapshot } from "./close.ts";
import { lookAfterReopening } from "./close_deferral.ts";
import type { Closing } from "./closing.ts";
import type { Effect } from "./effect.ts";
import type {
  AccountOpened,
  AccountUnopened,
  BookDiffered,
  EdgeAdvanced,
  EdgeDue,
  Event,
  FileLoaded,
  ListsRequested,
  PositionsRead,
  PositionsUnread,
  SessionAdded,
  TimerDue,
} from "./event.ts";
import { checkHeadStart, takeHeadStart } from "./head_start.ts";
import { planEdge } from "./job.ts";
import { requestActions, requestClose } from "./request.ts";
import {
  askAgain,
  takeAbsence,
  takeCancelAnswer,
  takeLoss,
  takeReport,
} from "./track.ts";
import {
  inheritAccounts,
  inheritSessions,
  meetAccount,
  takeFormer,
} from "./former.ts";
import {
  countUnknownOrders,
  inherit,
  oweEdges,
  oweJobs,
  takeUpOwed,
} from "./recover.ts";
import { reloadFile } from "./reload.ts";
import { emptyState, type State } from "./state.ts";
import { decodeState } from "./state_codec.ts";
import {
  missRequestedLists,
  requestOrder,
  takeRequestedLists,
} from "./order_request.ts";
import type { Reader } from "./account.ts";
import { beginStop, continueStop, takeLastLook } from "./stop.ts";
import { getRow, rows } from "./table.ts";
import { tellMovedEdges } from "./zone_data.ts";
import { absorbSnapshot, isStale } from "./exposure.ts";
import type { Snapshot } from "./position.ts";
import {
  accountOf,
  ask,
  askForPositions,
  putAccount,
  tell,
  type Turn,
} from "./turn.ts";

/**
 * Takes one event in.
 *
 * @shape (State, Event) -> [State, Effect[]]; effects in the order in which they are to be done
 */
export function step(
  state: State,
  event: Event,
): readonly [State, readonly Effect[]] {
  const turn: Turn = {
    state: { ...state, seq: state.seq + 1 },
    at: event.at,
    effects: [],
  };
  takeIn(turn, event);
  continueStop(turn);
  return [turn.state, turn.effects];
}

function takeIn(turn: Turn, event: Event): void {
  switch (event.type) {
    case "file.loaded":
      return loadFile(turn, event);
    case "file.reloaded":
      return reloadFile(turn, event);
    case "account.opened":
      return openAccount(turn, event);
    case "account.unopened":
      return missAccount(turn, event);
    case "edge.due":
      return fireEdge(turn, event);
    case "edge.advanced":
      return advanceEdge(turn, event);
    case "timer.due":
      return endWait(turn, event);
    case "positions.read":
      return readPositions(turn, event);
    case "positions.unread":
      return missPositions(turn, event);
    case "book.differed":
      return tellDifferences(turn, event);
    case "order.reported":
      return takeReport(turn, event);
    case "order.lost":
      return takeLoss(turn, event);
    case "order.absent":
      return takeAbsence(turn, event);
    case "cancel.answered":
      return takeCancelAnswer(turn, event);
    case "hook.returned":
    case "hook.failed":
      return endStrategyCall(turn, event) ? undefined : endHook(turn, event);
    case "close.requested":
      return requestClose(turn, event);
    case "actions.requested":
      return requestActions(turn, event);
    case "order.requested":
      return requestOrder(turn, event);
    case "lists.requested":
      return requestLists(turn, event);
    case "session.added":
      return addSession(turn, event);
    case "session.removed":
      return dropSession(turn, event.session);
    case "edge.skip_requested":
      return noteSkip(turn, event);
    case "pause.requested":
      return beginPause(turn, event);
    case "resume.requested":
      return endPause(turn, event);
    case "stop.requested":
      return beginStop(turn, event.policy, event.reason);
    default:
      return assertNever(event);
  }
}

function assertNever(event: never): never {
  throw new Error(`Broken invariant: no step for ${JSON.stringify(event)}`);
}

function loadFile(turn: Turn, event: FileLoaded): void {
  const { runId, hash, definition, dryRun, fromAt, armed, zoneData } = event;
  const earlier = turn.state;
  const { missed, fired } = inherit(
    rows(earlier.sessions),
    definition.sessions,
    fromAt,
    Object.values(earlier.owed).flatMap(({ edges }) => edges),
  );
  turn.state = {
    ...emptyState(),
    seq: turn.state.seq,
    run: {
      runId,
      hash,
      definition,
      dryRun,
      loadedAt: turn.at,
      ...(zoneData === undefined ? {} : { zoneData }),
    },
    controls: keptControls(earlier.controls, fromAt),
    entryHolds: keptHolds(earlier.entryHolds, fromAt),
    ...inheritAccounts(withKnown(earlier, event), definition),
    formerSessions: inheritSessions(earlier, definition, fired, turn.at),
  };
  const sessions = definition.sessions.length;
  tell(turn, { type: "run.started", at: turn.at, sessions, dryRun });
  for (const session of definition.sessions) {
    const done = fired.get(session.name) ??
      earlier.formerSessions[session.name]?.fired ?? [];
    if (armed) armSession(turn, session, fromAt, done);
    else holdSession(turn, session, done);
    const { strategies } = earlier;
    if (armed && !dryRun) armStrategies(turn, session, fromAt, strategies);
    else holdStrategies(turn, session, strategies);
  }
  tellControls(turn);
  tellMovedEdges(turn, earlier);
  const resumed = oweJobs(turn, earlier);
  const caughtUp = oweEdges(turn, missed);
  if (earlier.run === null) return;
  tell(turn, {
    type: "run.recovered",
    at: turn.at,
    edited: earlier.run.hash !== hash,
    asked: countUnknownOrders(turn.state.accounts),
    resumed,
    caughtUp,
    missed: missed.length - caughtUp,
  });
}

function withKnown(earlier: State, { known }: FileLoaded): State {
  if (known === undefined) return earlier;
  const { accounts } = decodeState(known);
  return { ...earlier, accounts: { ...earlier.accounts, ...accounts } };
}

function openAccount(turn: Turn, { account, info }: AccountOpened): void {
  const isSame = meetAccount(turn, account, info);
  tell(turn, { type: "account.ready", at: turn.at, account, info });
  takeUpOwed(turn, account, isSame);
}

function missAccount(turn: Turn, event: AccountUnopened): void {
  const { account, failure: { code, message }, nextAt } = event;
  const type = "account.not_ready";
  tell(turn, { type, at: turn.at, account, code, message, nextAt });
}

function fireEdge(turn: Turn, event: EdgeDue): void {
  // A run that is ending fires nothing more; the next one makes up for it.
  if (turn.state.stopping !== null) return;
  const edge = disarmEdge(turn, event.edge);
  if (edge === undefined) return;
  const session = getRow(turn.state.sessions, edge.session)?.session;
  if (session === undefined) return;
  if (!leaveOut(turn, session.account, edge)) {
    startJob(turn, planEdge(session, edge, turn.at));
  }
  armNext(turn, edge.session);
}

/** The very edge, only sooner: it cannot come due again, and its orders keep their ids. */
function advanceEdge(turn: Turn, { edge: key }: EdgeAdvanced): void {
  const edge = disarmEdge(turn, key);
  if (edge === undefined) return;
  const session = getRow(turn.state.sessions, edge.session)?.session;
  if (session === undefined) return;
  ask(turn, { type: "timer.drop", what: "edge", key });
  const dueAt = Math.min(edge.dueAt, turn.at);
  if (!leaveOut(turn, session.account, edge)) {
    startJob(turn, planEdge(session, { ...edge, dueAt }, turn.at));
  }
  armNext(turn, edge.session);
}

function endWait(turn: Turn, { timer, dueAt }: TimerDue): void {
  const space = timer.indexOf(" ");
  const kind = timer.slice(0, space);
  const about = timer.slice(space + 1);
  if (kind === "find") return askAgain(turn, about);
  if (kind === STRATEGY_TIMER) return callStrategy(turn, about, { dueAt });
  const closing = findClosing(turn, about);
  if (closing === undefined) return;
  if (kind === "deadline") endAtDeadline(turn, closing);
  if (kind === "look") lookAgain(turn, closing);
  if (kind === "reopen") lookAfterReopening(turn, closing);
  finishJob(turn, closing.job);
}

function findClosing(turn: Turn, id: string): Closing | undefined {
  const job = turn.state.jobs[id.slice(0, id.lastIndexOf("#"))];
  return job?.closings.find((closing) => closing.id === id);
}

function readPositions(turn: Turn, event: PositionsRead): void {
  if (event.source === "book") return hearBook(turn, event);
  takeLastLook(turn, event.account, event.request, event.snapshot);
  const reader = takeReader(turn, event);
  if (reader?.kind === "request") {
    return takeRequestedLists(turn, reader.key, event.snapshot);
  }
  if (reader?.kind === "look") {
    return takeLook(turn, event.account, event.snapshot);
  }
  const closing = closingOf(turn, event, reader);
  if (closing === undefined) {
    return checkHeadStart(turn, event.account, event.snapshot);
  }
  takeSnapshot(turn, closing, event.snapshot);
  finishJob(turn, closing.job);
}

/** A book's word answers before the lists do, and leaves their reader waiting. */
function hearBook(turn: Turn, event: PositionsRead): void {
  const { account, request, snapshot, provenSeq } = event;
  const reader = accountOf(turn, account).readers[request];
  const closing = closingOf(turn, event, reader);
  if (closing === undefined || provenSeq === undefined) return;
  takeHeadStart(turn, closing, { snapshot, provenSeq });
}

function tellDifferences(
  turn: Turn,
  { account, differences }: BookDiffered,
): void {
  tell(turn, { type: "book.differs", at: turn.at, account, differences });
}

function missPositions(turn: Turn, event: PositionsUnread): void {
  takeLastLook(turn, event.account, event.request, null);
  const reader = takeReader(turn, event);
  if (reader?.kind === "request") {
    return missRequestedLists(turn, reader.key, event.failure);
  }
  const closing = closingOf(turn, event, reader);
  if (closing === undefined) return;
  missLook(turn, closing, event.failure);
}

/** Who waits for this answer. */
function takeReader(
  turn: Turn,
  { account: name, request }: PositionsRead | PositionsUnread,
): Reader | undefined {
  const account = accountOf(turn, name);
  const { [request]: reader, ...readers } = account.readers;
  if (reader !== undefined) putAccount(turn, { ...account, readers });
  return reader;
}

/** The close that waits for this answer and for no later one. */
function closingOf(
  turn: Turn,
  { request }: PositionsRead | PositionsUnread,
  reader: Reader | undefined,
): Closing | undefined {
  if (reader?.kind !== "close") return undefined;
  const closing = findClosing(turn, reader.closing);
  const waits = closing?.phase.kind === "reading" &&
    closing.phase.request === request;
  return waits ? closing : undefined;
}

function requestLists(
  turn: Turn,
  { account, request }: ListsRequested,
): void {
  if (!Object.hasOwn(turn.state.accounts, account)) return;
  askForPositions(turn, account, { kind: "look", request });
}

/** What is only looked at is known from then on, like everything that the broker says. */
function takeLook(turn: Turn, name: string, snapshot: Snapshot): void {
  const account = accountOf(turn, name);
  if (isStale(account, snapshot)) return;
  putAccount(turn, absorbSnapshot(account, snapshot, turn.at));
}

function addSession(turn: Turn, { session }: SessionAdded): void {
  const { sessions, stopping } = turn.state;
  if (stopping !== null || getRow(sessions, session.name) !== undefined) return;
  if (Object.hasOwn(turn.state.accounts, session.account)) {
    armSession(turn, session, turn.at, takeFormer(turn, session.name));
    const isDry = turn.state.run?.dryRun ?? true;
    if (!isDry) armStrategies(turn, session, turn.at, turn.state.strategies);
    return;
  }
  const message =
    `The session is not added: there is no account "${session.account}" in this run`;
  tell(turn, { type: "anomaly", at: turn.at, about: session.name, message });
}
