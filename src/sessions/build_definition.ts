/**
 * What a user of the library wrote -> the plain definition that every door ends at.
 *
 * @module
 */

import type { Hook, Session, Window } from "../domain/definition.ts";
import { CarillonError } from "../domain/error.ts";
import { DAY_MS, MINUTE_MS, SECOND_MS } from "../domain/time.ts";
import type { DurationMs } from "../domain/time.ts";
import { EDGE_WORDS, readActions } from "./read_actions.ts";
import {
  Problems,
  readCalendars,
  readDays,
  readLength,
  readScope,
  readTime,
  readWord,
  readZone,
} from "./read_rules.ts";
import type { SessionRules } from "./session_rules.ts";
import { clockText } from "./time_of_day.ts";

/** The name of the account of sessions that name none. */
export const ACCOUNT_NAME = "main";

/** The functions of a session, looked at only for whether they are there. */
export interface GivenFunctions {
  readonly customStart?: unknown;
  readonly customEnd?: unknown;
}

// What a session file says nothing about; a test holds these to the file's own defaults.
const DEADLINE_MS: DurationMs = 60 * SECOND_MS;
const HOOK_TIMEOUT_MS: DurationMs = 10 * SECOND_MS;
const CATCH_UP_START_MS: DurationMs = 5 * MINUTE_MS;

/** A session that says nothing of what only a file can say. */
const PLAIN = {
  dates: [],
  exceptDates: [],
  breaks: "ignore",
  moments: [],
  ifClosed: { kind: "report" },
  entries: null,
  noNewEntriesMs: null,
  blackouts: [],
  catchUp: { written: false, startMs: CATCH_UP_START_MS, endMs: null },
  strategies: [],
} as const;

/**
 * Builds the definition of a session.
 *
 * @throws {CarillonError} "session/invalid" naming every problem at once
 */
export function buildDefinition(
  rules: SessionRules & GivenFunctions,
): Session {
  const problems = new Problems();
  noteUnknownKeys(rules, problems);
  const calendar = readCalendars(rules.calendar, problems);
  const timezone = readZone(rules.timezone, calendar, problems);
  const window = readWindow(rules, timezone, problems);
  const name = readName(rules.name, window, problems);
  const account = readAccount(rules.account, problems);
  const onStart = readActions(
    "start",
    rules.onStart,
    rules.customStart,
    problems,
  );
  const onEnd = readActions("end", rules.onEnd, rules.customEnd, problems);
  const timeoutMs = readLength(
    "timeout",
    rules.timeout,
    { otherwise: HOOK_TIMEOUT_MS, least: 1 },
    problems,
  );
  const session: Session = {
    name,
    named: rules.name !== undefined,
    account,
    timezone,
    window,
    calendar,
    onStart,
    onEnd,
    customStart: hookOf("start", name, rules.customStart, timeoutMs),
    customEnd: hookOf("end", name, rules.customEnd, timeoutMs),
    ...PLAIN,
    ...readRest(rules, problems),
  };
  const needsCalendar = session.days.some(({ kind }) =>
    kind === "before_closure"
  );
  if (needsCalendar && calendar.length === 0) {
    problems.say("days", '"before_closure" needs a calendar');
  }
  if (problems.lines.length === 0) return session;
  throw invalidSession(problems.lines);
}

/** Every key there is; the compiler holds the list to the rules. */
const KEYS: Readonly<
  Record<keyof (SessionRules & GivenFunctions) | "clock", true>
> = {
  start: true,
  end: true,
  onStart: true,
  onEnd: true,
  customStart: true,
  customEnd: true,
  name: true,
  timezone: true,
  days: true,
  calendar: true,
  hours: true,
  halfDays: true,
  account: true,
  scope: true,
  cancelOrders: true,
  deadline: true,
  lead: true,
  profit: true,
  dst: true,
  timeout: true,
  clock: true,
};

function noteUnknownKeys(rules: SessionRules, problems: Problems): void {
  for (const key of Object.keys(rules)) {
    if (!Object.hasOwn(KEYS, key)) problems.say(key, "is not an option");
  }
}

function invalidSession(problems: readonly string[]): CarillonError {
  return new CarillonError(
    "session/invalid",
    `Cannot make a session: ${problems.join("; ")}`,
    { details: { problems } },
  );
}

type Rest = Pick<
  Session,
  | "days"
  | "hours"
  | "halfDays"
  | "dst"
  | "scope"
  | "cancelOrders"
  | "leadMs"
  | "deadlineMs"
  | "profit"
>;

function readRest(rules: SessionRules, problems: Problems): Rest {
  const { cancelOrders, dst } = rules;
  if (cancelOrders !== undefined && typeof cancelOrders !== "boolean") {
    problems.note("cancelOrders", "true or false", cancelOrders);
  }
  const length = (key: "lead" | "deadline", otherwise: number, least: number) =>
    readLength(key, rules[key], { otherwise, least }, problems);
  return {
    days: readDays(rules.days, problems),
    hours: readWord("hours", rules.hours, ["clip", "ignore"], problems),
    halfDays: readWord("halfDays", rules.halfDays, ["shift", "skip"], problems),
    dst: {
      gap: readWord("dst.gap", dst?.gap, ["end", "shift"], problems),
      overlap: readWord(
        "dst.overlap",
        dst?.overlap,
        ["first", "last"],
        problems,
      ),
    },
    scope: readScope(rules.scope, problems),
    cancelOrders: cancelOrders ?? true,
    leadMs: length("lead", 0, 0),
    deadlineMs: length("deadline", DEADLINE_MS, 1),
    profit: readWord("profit", rules.profit, ["net", "gross"], problems),
  };
}

function readWindow(
  rules: SessionRules,
  timezone: string,
  problems: Problems,
): Window {
  const start = readTime("start", rules.start, problems);
  const end = readTime("end", rules.end, problems);
  if (start === DAY_MS) {
    problems.say("start", "24:00 ends a day: a session starts at 0");
  } else if (start !== null && start === end) {
    problems.say(
      "end",
      "is the start: a whole day is start: 0 and end: 24",
    );
  }
  const time = (timeMs: DurationMs | null) =>
    ({ kind: "clock", weekday: null, timeMs: timeMs ?? 0, timezone }) as const;
  return { start: time(start), end: time(end) };
}

const NAME_PATTERN =
  /^(?=.{1,64}$)[A-Za-z0-9](?:[A-Za-z0-9_.:+ -]*[A-Za-z0-9])?$/;

const NAME_EXPECTED =
  "up to 64 letters (a-z), digits, spaces and _ - . : +, with a letter or digit at both ends";

function readName(
  value: unknown,
  { start, end }: Window,
  problems: Problems,
): string {
  if (value === undefined) {
    return `${textOf(start)}-${textOf(end)}`;
  }
  if (typeof value === "string" && NAME_PATTERN.test(value)) return value;
  problems.note("name", NAME_EXPECTED, value);
  return "";
}

function textOf(time: Window["start"]): string {
  return time.kind === "clock" ? clockText(time.timeMs) : time.side;
}

function readAccount(value: unknown, problems: Problems): string {
  if (value === undefined) return ACCOUNT_NAME;
  if (typeof value === "string" && NAME_PATTERN.test(value)) return value;
  problems.note("account", NAME_EXPECTED, value);
  return ACCOUNT_NAME;
}

function hookOf(
  edge: "start" | "end",
  session: string,
  custom: unknown,
  timeoutMs: DurationMs,
): Hook | null {
  if (typeof custom !== "function") return null;
  const handle = `${session}/${EDGE_WORDS[edge].word}`;
  return {
    source: { kind: "function", handle },
    permissions: { net: [], read: [], write: [], env: [], import: [] },
    isolation: "auto",
    timeoutMs,
    onFailure: "continue",
    overlap: "skip",
    params: "{}",
  };
}
