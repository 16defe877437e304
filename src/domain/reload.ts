/**
 * Puts an edited file in the place of the one that is carried out, without stopping.
 *
 * Sessions that the edit does not touch keep everything they have. Of the others the old edges are
 * disarmed and the new ones armed; what is under way ends as it began, and no edge is fired at an
 * instant that only the edit puts into the past.
 *
 * @module
 */

import { replaceStrategies } from "./arm_strategy.ts";
import { armSession, disarmSession, dropSession } from "./arm.ts";
import type { Definition, Session } from "./definition.ts";
import type { FileReloaded } from "./event.ts";
import {
  compareEdges,
  compareSessions,
  type SessionDifference,
} from "./file_difference.ts";
import { digestOf } from "./id.ts";
import { catchUp, inherit } from "./recover.ts";
import { takeFormer } from "./former.ts";
import type { FiredEdge, SessionState } from "./state.ts";
import { getRow, rows } from "./table.ts";
import { tell, type Turn } from "./turn.ts";

/**
 * What of an edited file only a restart can carry out, in words that end a sentence; empty where it
 * can be carried out at once.
 *
 * What is compared are the files as they are read, with their secrets.
 */
export function restartNeeds(
  running: Definition,
  edited: Definition,
): readonly string[] {
  return [
    ...accountNeeds(running, edited),
    ...isSame(running.journal, edited.journal) ? [] : ["it moves the journal"],
    ...isSame(running.notify, edited.notify)
      ? []
      : ["it changes who is notified"],
    ...isSame(running.heartbeat, edited.heartbeat)
      ? []
      : ["it changes the heartbeat"],
  ];
}

function accountNeeds(
  running: Definition,
  edited: Definition,
): readonly string[] {
  const before = new Map(running.accounts.map((each) => [each.name, each]));
  const now = new Map(edited.accounts.map((each) => [each.name, each]));
  const added = [...now.keys()].filter((name) => !before.has(name));
  const removed = [...before.keys()].filter((name) => !now.has(name));
  const changed = [...now].filter(([name, account]) =>
    before.has(name) && !isSame(before.get(name), account)
  );
  return [
    ...added.map((name) => `it adds account "${name}"`),
    ...removed.map((name) => `it removes account "${name}"`),
    ...changed.map(([name]) => `it changes account "${name}"`),
  ];
}

function isSame(a: unknown, b: unknown): boolean {
  return digestOf([a]) === digestOf([b]);
}

/** Carries the edited file out from now on; a run that is ending stays with what it has. */
export function reloadFile(turn: Turn, event: FileReloaded): void {
  const { definition, hash, fromAt, at } = event;
  const { run, stopping } = turn.state;
  if (run === null || stopping !== null) return;
  const running = rows(turn.state.sessions).map(({ session }) => session);
  const difference = compareSessions(running, run.definition, definition);
  const came = difference.added.map((session) => ({
    session,
    fired: takeFormer(turn, session.name),
  }));
  turn.state = {
    ...turn.state,
    run: { ...run, hash, definition, reloadedAt: at },
  };
  tell(turn, {
    type: "file.reloaded",
    at,
    sessions: {
      added: difference.added.map(({ name }) => name),
      removed: difference.removed.map(({ name }) => name),
      changed: difference.changed.map(({ now }) => now.name),
    },
    ...compareEdges(difference, fromAt),
  });
  replaceSessions(turn, difference, event);
  for (const { session, fired } of came) {
    joinSession(turn, session, fired, event);
  }
}

/** Puts the changed sessions in the place of the old ones, and takes out those that are gone. */
function replaceSessions(
  turn: Turn,
  { removed, changed }: SessionDifference,
  { fromAt }: FileReloaded,
): void {
  const earlier = [...removed, ...changed.map(({ before }) => before)]
    .flatMap(({ name }) => sessionState(turn, name));
  const now = changed.map((session) => session.now);
  const { missed, fired } = inherit(earlier, now, fromAt);
  for (const { name } of removed) dropSession(turn, name);
  for (const { before, now: session } of changed) {
    disarmSession(turn, session.name);
    const done = fired.get(session.name) ?? [];
    if (isHomeless(turn, session)) dropSession(turn, session.name);
    else {
      armSession(turn, session, fromAt, done, "edited");
      replaceStrategies(turn, before, session, fromAt);
    }
  }
  catchUp(turn, missed);
}

function joinSession(
  turn: Turn,
  session: Session,
  fired: readonly FiredEdge[],
  { fromAt }: FileReloaded,
): void {
  if (isHomeless(turn, session)) return;
  armSession(turn, session, fromAt, fired);
  replaceStrategies(turn, session, session, fromAt);
}

/** Whoever asks for a reload sees to it that no account is new; the record may say otherwise. */
function isHomeless(turn: Turn, { name, account }: Session): boolean {
  if (Object.hasOwn(turn.state.accounts, account)) return false;
  const message =
    `The session is not carried out: there is no account "${account}" in this run`;
  tell(turn, { type: "anomaly", at: turn.at, about: name, message });
  return true;
}

function sessionState(turn: Turn, name: string): readonly SessionState[] {
  const state = getRow(turn.state.sessions, name);
  return state === undefined ? [] : [state];
}
