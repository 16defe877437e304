/**
 * A session as written, with `defaults` filled in -> its finished definition.
 *
 * @module
 */

import type {
  Account,
  Blackout,
  Moment,
  Scope,
  Session,
  UserCalendar,
} from "../src/domain/definition.ts";
import type {
  BlackoutSpec,
  SessionSpec,
  SessionValues,
} from "./decode_session.ts";
import { SESSION_DEFAULTS } from "./defaults.ts";
import { lowerCloseActions, lowerEdge } from "./lower_actions.ts";
import { calendarZone, lowerCalendar } from "./lower_calendars.ts";
import { lowerStrategy } from "./lower_hook.ts";
import {
  lowerTime,
  lowerWindow,
  type TimeSurroundings,
} from "./lower_window.ts";
import { sessionName } from "./session_name.ts";
import { type Decoding, type Located, plain } from "./shape.ts";
import { nearestWord } from "./suggest.ts";

/** What a session needs to know of the file around it. */
export interface Surroundings {
  readonly context: Decoding;
  readonly timezone: string;
  readonly calendar: Located<readonly Located<string>[]> | undefined;
  /** `null` where they could not be read: then nothing is said about them. */
  readonly accounts: readonly Account[] | null;
  /** The file's own calendars by name; `null` where they could not be read. */
  readonly ownCalendars: ReadonlyMap<string, UserCalendar> | null;
}

/** A finished session beside what was written. */
export interface Lowered {
  readonly session: Session;
  readonly spec: SessionSpec;
  readonly values: SessionValues;
}

/** Finishes one session; `null` where it cannot be one, which is then reported. */
export function lowerSession(
  spec: SessionSpec,
  values: SessionValues,
  around: Surroundings,
): Lowered | null {
  const { context } = around;
  const before = context.log.errorCount;
  const calendar = lowerCalendar(values.calendar ?? around.calendar, around);
  const timezone = values.timezone?.value ?? calendarZone(calendar) ??
    around.timezone;
  const times = { ...around, timezone };
  const reading = lowerWindow(spec, values, times);
  const account = lowerAccountName(spec, values, around);
  const start = lowerEdge("start", spec, values, context);
  const end = lowerEdge("end", spec, values, context);
  const rest = lowerRest(values, times);
  const name = sessionName(values, reading.ok ? reading.window : null);
  if (!reading.ok || start === null || end === null) return null;
  if (name === null) {
    context.log.at(spec.node, "session/no-name", {
      expected: 'the key "name"',
      received: null,
    });
    return null;
  }
  if (context.log.errorCount > before) return null;
  // What `defaults` say of edges does not reach a session that has none.
  const hasEdges = reading.window !== null;
  const session: Session = {
    name,
    named: values.name !== undefined,
    account,
    timezone,
    window: reading.window,
    calendar,
    onStart: hasEdges ? start.actions : [],
    onEnd: hasEdges ? end.actions : [],
    customStart: hasEdges ? start.hook : null,
    customEnd: hasEdges ? end.hook : null,
    ...rest,
  };
  return { session, spec, values };
}

type Rest = Omit<
  Session,
  | "name"
  | "named"
  | "account"
  | "timezone"
  | "window"
  | "calendar"
  | "onStart"
  | "onEnd"
  | "customStart"
  | "customEnd"
>;

function lowerRest(values: SessionValues, times: TimeSurroundings): Rest {
  const { context } = times;
  const dst = values.dst?.value.keys;
  return {
    days: values.days?.value ?? [],
    dates: plain(values.dates?.value ?? []),
    exceptDates: plain(values.exceptDates?.value ?? []),
    hours: values.hours?.value ?? SESSION_DEFAULTS.hours,
    halfDays: values.halfDays?.value ?? SESSION_DEFAULTS.halfDays,
    breaks: values.breaks?.value ?? SESSION_DEFAULTS.breaks,
    dst: {
      gap: dst?.gap?.value ?? SESSION_DEFAULTS.gap,
      overlap: dst?.overlap?.value ?? SESSION_DEFAULTS.overlap,
    },
    moments: lowerMoments(values, times),
    scope: lowerScope(values.scope, context),
    cancelOrders: values.cancelOrders?.value ?? SESSION_DEFAULTS.cancelOrders,
    leadMs: values.lead?.value ?? SESSION_DEFAULTS.leadMs,
    deadlineMs: values.deadline?.value ?? SESSION_DEFAULTS.deadlineMs,
    ifClosed: values.ifClosed?.value ?? { kind: "report" },
    profit: values.profit?.value ?? SESSION_DEFAULTS.profit,
    entries: lowerEntries(values.entries, times),
    noNewEntriesMs: values.noNewEntries?.value ?? null,
    blackouts: (values.blackouts?.value ?? []).flatMap((blackout) =>
      lowerBlackout(blackout.value, times) ?? []
    ),
    catchUp: lowerCatchUp(values.catchUp),
    strategies: (values.strategies?.value ?? []).flatMap((strategy) =>
      lowerStrategy(strategy.value, context.log) ?? []
    ),
  };
}

function lowerMoments(
  values: SessionValues,
  times: TimeSurroundings,
): readonly Moment[] {
  return (values.moments?.value ?? []).flatMap(({ value }) => {
    const { name, at, do: actions } = value.keys;
    // Absent only in a file that is refused already.
    if (name === undefined || at === undefined) return [];
    return [{
      name: name.value,
      at: lowerTime(at, times),
      actions: lowerCloseActions(actions, times.context),
    }];
  });
}

function lowerScope(scope: SessionValues["scope"], context: Decoding): Scope {
  const everything = { symbols: null, except: [], tag: null, session: null };
  if (scope === undefined) return { written: false, ...everything };
  if (scope.value === "account") return { written: true, ...everything };
  const { symbols, except, tag, session } = scope.value.keys;
  const isEmpty = !symbols && !except && !tag && !session;
  if (isEmpty || symbols?.value.length === 0) {
    context.log.at((symbols ?? scope).node, "value/empty", {
      expected: "what the actions may touch",
      hint: 'everything is scope: "account"',
    });
  }
  return {
    written: true,
    symbols: symbols === undefined ? null : plain(symbols.value),
    except: plain(except?.value ?? []),
    tag: tag?.value ?? null,
    session: session?.value ?? null,
  };
}

function lowerEntries(
  entries: SessionValues["entries"],
  times: TimeSurroundings,
): Session["entries"] {
  const keys = entries?.value?.keys;
  if (keys === undefined) return null;
  const { from, until } = keys;
  return {
    from: from === undefined ? null : lowerTime(from, times),
    until: until === undefined ? null : lowerTime(until, times),
  };
}

function lowerBlackout(
  { keys, node }: BlackoutSpec,
  times: TimeSurroundings,
): Blackout | null {
  const { context } = times;
  if (keys.from === undefined || keys.to === undefined) return null;
  const from = lowerTime(keys.from, times);
  const to = lowerTime(keys.to, times);
  if (JSON.stringify(from) === JSON.stringify(to)) {
    context.log.at(node, "session/empty-blackout", {
      expected: 'a "to" that differs from "from"',
      received: null,
    });
  }
  return {
    from,
    to,
    refuseEntries: (keys.entries?.value ?? "refuse") === "refuse",
    actions: lowerCloseActions(keys.do, context),
  };
}

function lowerCatchUp(catchUp: SessionValues["catchUp"]): Session["catchUp"] {
  const end = catchUp?.value.keys.end;
  return {
    written: catchUp !== undefined,
    startMs: catchUp?.value.keys.start?.value ??
      SESSION_DEFAULTS.catchUpStartMs,
    endMs: end === undefined ? SESSION_DEFAULTS.catchUpEndMs : end.value,
  };
}

/** The account a session acts on; the only one where it names none. */
function lowerAccountName(
  spec: SessionSpec,
  values: SessionValues,
  { accounts, context }: Surroundings,
): string {
  const written = values.account;
  if (accounts === null) return written?.value ?? "";
  const names = accounts.map((account) => account.name);
  if (written === undefined) {
    if (names.length > 1) {
      context.log.at(spec.node, "account/not-named", {
        expected: `the key "account": one of ${names.join(", ")}`,
        received: null,
      });
    }
    return names[0] ?? "";
  }
  if (!names.includes(written.value)) {
    context.log.at(written.node, "account/unknown", {
      expected: `one of ${names.join(", ")}`,
      nearest: nearestWord(written.value, names),
    });
  }
  return written.value;
}
