/**
 * What a file says -> its definition: defaults filled, names resolved, contradictions reported.
 *
 * @module
 */

import { relatedTo } from "./issue_log.ts";
import type {
  Definition,
  Limits,
  Notification,
} from "../src/domain/definition.ts";
import { checkOverlaps } from "./check_overlap.ts";
import { checkSession } from "./check_session.ts";
import type { FileSpec } from "./decode.ts";
import type { SessionSpec } from "./decode_session.ts";
import { FILE_DEFAULTS, NOTIFICATION_EVENTS } from "./defaults.ts";
import { lowerAccounts } from "./lower_accounts.ts";
import { lowerCalendar, lowerUserCalendars } from "./lower_calendars.ts";
import {
  type Lowered,
  lowerSession,
  type Surroundings,
} from "./lower_session.ts";
import { lowerTime } from "./lower_window.ts";
import { entryOf, type Node, quote } from "./node.ts";
import { makePlaces, type Places } from "./places.ts";
import { SampleWeeks } from "./sample_weeks.ts";
import { type Decoding, keyWord, type Located, plain } from "./shape.ts";
import { nearestWord } from "./suggest.ts";

/** A definition, to be used only if nothing was reported on the way, and where it comes from. */
export interface Lowering {
  readonly definition: Definition;
  readonly places: Places;
}

/** Finishes a file. */
export function lower(spec: FileSpec, context: Decoding): Lowering {
  const { keys } = spec;
  const timezone = keys.timezone?.value ?? FILE_DEFAULTS.timezone;
  const ownCalendars = lowerUserCalendars(spec, timezone, context);
  const around: Surroundings = {
    context,
    timezone,
    calendar: keys.calendar,
    accounts: lowerAccounts(spec, context.log),
    ownCalendars,
  };
  lowerCalendar(keys.calendar, around);
  const sessions = lowerSessions(spec, around);
  const definition: Definition = {
    version: 1,
    timezone,
    accounts: around.accounts ?? [],
    journal: keys.journal?.value ?? null,
    onStop: keys.onStop?.value ?? FILE_DEFAULTS.onStop,
    sessions: sessions.map(({ session }) => session),
    calendars: [...ownCalendars?.values() ?? []],
    notify: lowerNotify(spec),
    heartbeat: lowerHeartbeat(spec),
    limits: lowerLimits(spec, around),
  };
  return { definition, places: makePlaces(spec, sessions, context.door) };
}

function lowerSessions(
  spec: FileSpec,
  around: Surroundings,
): readonly Lowered[] {
  const { log } = around.context;
  const written = spec.keys.sessions;
  if (written === undefined) return [];
  if (written.value.length === 0) {
    log.at(written.node, "value/empty", { expected: "at least one session" });
  }
  const { defaults } = spec.keys;
  const shared = defaults?.value.keys ?? {};
  const isUnread = entryOf(spec.node, "defaults") !== null &&
    !defaults?.value.isSound;
  const lowered = written.value.flatMap(({ value }) => {
    if (value.isSound && !isUnread) {
      return lowerSession(value, { ...shared, ...value.keys }, around) ?? [];
    }
    // A session with a mistake is not finished, but what it names is looked up all the same.
    lowerCalendar(value.keys.calendar, around);
    return [];
  });
  const weeks = new SampleWeeks();
  checkNames(lowered, around);
  for (const session of lowered) checkSession(session, weeks, around);
  const names = namesOf(written.value, lowered);
  for (const session of lowered) checkScope(session, names, around);
  checkOverlaps(lowered, weeks, log);
  checkSharedHooks(spec, lowered, written.value.length, around);
  return lowered;
}

/** Every name that a scope may mean, those of sessions with other mistakes included. */
function namesOf(
  written: readonly Located<SessionSpec>[],
  lowered: readonly Lowered[],
): ReadonlySet<string> {
  return new Set([
    ...written.flatMap(({ value }) => value.keys.name?.value ?? []),
    ...lowered.map(({ session }) => session.name),
  ]);
}

function checkNames(
  lowered: readonly Lowered[],
  { context }: Surroundings,
): void {
  const first = new Map<string, Lowered>();
  for (const session of lowered) {
    const { name, named } = session.session;
    const known = first.get(name);
    if (known === undefined) {
      first.set(name, session);
      continue;
    }
    const place = session.values.name?.node ?? session.spec.node;
    context.log.at(place, "name/duplicate", {
      received: quote(name),
      expected: "a name that no other session has",
      hint: named ? null : 'the name is made of start and end; write "name"',
      related: relatedTo(
        "first named here",
        known.values.name?.node ?? known.spec.node,
      ),
    });
  }
}

function checkScope(
  { session, values }: Lowered,
  names: ReadonlySet<string>,
  { context }: Surroundings,
): void {
  const wanted = session.scope.session;
  const scope = values.scope?.value;
  if (wanted === null || names.has(wanted)) return;
  if (scope === undefined || scope === "account") return;
  const node: Node = scope.keys.session?.node ?? scope.node;
  context.log.at(node, "scope/unknown-session", {
    expected: "the name of a session in this file",
    nearest: nearestWord(wanted, names),
  });
}

/** Reports code under `defaults` that no session calls. */
function checkSharedHooks(
  spec: FileSpec,
  lowered: readonly Lowered[],
  count: number,
  { context }: Surroundings,
): void {
  // Whether a session with a mistake would call it cannot be known.
  if (lowered.length < count || count === 0) return;
  for (const key of ["customStart", "customEnd"] as const) {
    const shared = spec.keys.defaults?.value.keys[key];
    if (!shared || shared.value === null) continue;
    const isCalled = lowered.some(({ session, values }) =>
      session[key] !== null && values[key] === shared
    );
    if (isCalled) continue;
    const on = keyWord(
      key === "customStart" ? "onStart" : "onEnd",
      context.door,
    );
    context.log.at(shared.node, "session/unreachable-hook", {
      expected: `a session whose ${quote(on)} calls it`,
      received: null,
    });
  }
}

function lowerNotify(spec: FileSpec): readonly Notification[] {
  return (spec.keys.notify?.value ?? []).flatMap(({ value: { keys } }) =>
    keys.webhook === undefined ? [] : [{
      webhook: keys.webhook.value,
      form: keys.form?.value ?? FILE_DEFAULTS.notificationForm,
      events: keys.events === undefined
        ? NOTIFICATION_EVENTS
        : plain(keys.events.value),
    }]
  );
}

function lowerHeartbeat(spec: FileSpec): Definition["heartbeat"] {
  const keys = spec.keys.heartbeat?.value?.keys;
  if (keys?.url === undefined || keys.every === undefined) return null;
  return { url: keys.url.value, everyMs: keys.every.value };
}

function lowerLimits(spec: FileSpec, around: Surroundings): Limits | null {
  const keys = spec.keys.limits?.value?.keys;
  if (keys?.dailyLoss === undefined) return null;
  const midnight = {
    kind: "clock",
    weekday: null,
    timeMs: FILE_DEFAULTS.limitsReset,
    timezone: around.timezone,
  } as const;
  return {
    dailyLoss: keys.dailyLoss.value,
    reset: keys.reset === undefined ? midnight : lowerTime(keys.reset, around),
    action: keys.do?.value ?? FILE_DEFAULTS.limitsAction,
    then: keys.then?.value ?? FILE_DEFAULTS.limitsThen,
  };
}
