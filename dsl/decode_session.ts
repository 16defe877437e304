/**
 * One session, as a session file writes it.
 *
 * @module
 */

import type { IfClosed } from "../src/domain/definition.ts";
import type { DurationMs } from "../src/domain/time.ts";
import { DATE_RANGE } from "./decode_date.ts";
import { DAYS } from "./decode_days.ts";
import { HOOK, STRATEGY } from "./decode_hook.ts";
import { duration, TIME } from "./decode_time.ts";
import { ZONE } from "./decode_zone.ts";
import { BOOLEAN, NAME, oneWord, SYMBOL, text } from "./decoders.ts";
import {
  listOf,
  type Located,
  type Mapped,
  mapping,
  named,
  nullable,
  oneOrMany,
  optional,
  required,
  scalarOr,
  type Shape,
} from "./shape.ts";

/** Every word that `on_start`, `on_end` and `do` know. */
export const ACTION_WORDS = [
  "close_all",
  "close_win",
  "close_loss",
  "custom_start",
  "custom_end",
] as const;

/** An action as written. */
export type ActionWord = typeof ACTION_WORDS[number];

const ACTIONS: Shape<readonly Located<ActionWord>[] | null> = named(
  "actions",
  nullable(oneOrMany(oneWord(ACTION_WORDS))),
);

const EDGE_TIME = named("time", TIME);
const LENGTH = named("duration", duration("not_negative"));
const LENGTH_ABOVE_ZERO = duration("positive");

/** A calendar or several: `none`, a code, or a name under `calendars`. */
export const CALENDAR: Shape<readonly Located<string>[]> = named(
  "calendar",
  oneOrMany(text('none, a code such as "XNYS", or a name under "calendars"')),
);

const MOMENT = mapping('a mapping with the keys "name", "at" and "do"', {
  name: required("What the edge is called.", NAME),
  at: required("When it is due.", EDGE_TIME),
  do: required("What it closes.", ACTIONS),
});

const SCOPE_MAPPING = mapping('"account", or a mapping', {
  symbols: optional("Only these symbols.", oneOrMany(SYMBOL)),
  except: optional("All but these symbols.", oneOrMany(SYMBOL)),
  tag: optional("Only positions with this tag.", text("a tag")),
  session: optional("Only what this session opened.", NAME),
});

const ENTRIES = mapping('a mapping with the keys "from" and "until"', {
  from: optional("Entries are let through from here on.", EDGE_TIME),
  until: optional("Entries are refused from here on.", EDGE_TIME),
});

const BLACKOUT = mapping('a mapping with the keys "from" and "to"', {
  from: required("Where it begins.", EDGE_TIME),
  to: required("Where it ends.", EDGE_TIME),
  entries: optional("What happens to entries.", oneWord(["refuse", "allow"])),
  do: optional("What is closed at its beginning.", ACTIONS),
});

const DST = mapping('a mapping with the keys "gap" and "overlap"', {
  gap: optional(
    "A time that the clock skips: the end of the gap, or later by its length.",
    oneWord(["end", "shift"]),
  ),
  overlap: optional(
    "A time that the clock shows twice: its first instant or its last.",
    oneWord(["first", "last"]),
  ),
});

const UNTIL_NEXT_START: Shape<DurationMs | null> = {
  schema: { anyOf: [{ const: "until_next_start" }, LENGTH.schema] },
  read: (node, context) =>
    node.kind === "scalar" && node.text === "until_next_start"
      ? null
      : LENGTH.read(node, context),
};

const CATCH_UP = mapping('a mapping with the keys "start" and "end"', {
  start: optional("How late a start may still be made up.", LENGTH),
  end: optional(
    "How late an end may still be made up: until_next_start, or a duration.",
    UNTIL_NEXT_START,
  ),
});

const IF_CLOSED: Shape<IfClosed> = {
  schema: { type: "string", pattern: "^(report|next_open(\\+[0-9a-z]+)?)$" },
  read(node, context) {
    const isScalar = node.kind === "scalar";
    if (isScalar && node.text === "next_open") {
      return { kind: "next_open", offsetMs: 0 };
    }
    if (isScalar && node.text.startsWith("next_open+")) {
      const length = { ...node, text: node.text.slice("next_open+".length) };
      const offsetMs = LENGTH.read(length, context);
      return offsetMs === undefined
        ? undefined
        : { kind: "next_open", offsetMs };
    }
    const word = oneWord(["report", "next_open"]).read(node, context);
    return word === undefined ? undefined : { kind: "report" };
  },
};

/** Every key that a session shares with `defaults`. */
export const SHARED_FIELDS = {
  account: optional("The account it acts on.", NAME),
  start: optional("When it opens.", EDGE_TIME),
  end: optional("When it closes; the instant itself is outside.", EDGE_TIME),
  timezone: optional("The zone of its times and trade dates.", ZONE),
  days: optional("The trade dates it runs on.", DAYS),
  dates: optional("Only these dates.", oneOrMany(DATE_RANGE)),
  exceptDates: optional("All but these dates.", oneOrMany(DATE_RANGE)),
  calendar: optional(
    "The market's calendar; of several, all must be open.",
    CALENDAR,
  ),
  hours: optional(
    "Clip to the calendar's hours, or drop only closed days.",
    oneWord(["clip", "ignore"]),
  ),
  halfDays: optional(
    "On a half day the edges move, or the day is left out.",
    oneWord(["shift", "skip"]),
  ),
  breaks: optional(
    "A break in the market's day counts for nothing, or splits the session.",
    oneWord(["ignore", "split"]),
  ),
  dst: optional("What a change of the clocks does.", DST),
  onStart: optional("What it does when it opens.", ACTIONS),
  onEnd: optional("What it does when it closes.", ACTIONS),
  customStart: optional("The code that custom_start runs.", nullable(HOOK)),
  customEnd: optional("The code that custom_end runs.", nullable(HOOK)),
  moments: optional(
    "Further edges, by name.",
    listOf(MOMENT, "a list of moments"),
  ),
  scope: optional(
    "Which positions its actions may touch.",
    scalarOr(oneWord(["account"]), SCOPE_MAPPING),
  ),
  cancelOrders: optional(
    "Whether working orders in scope are cancelled before closing.",
    BOOLEAN,
  ),
  lead: optional("How long before its instant a closing edge is due.", LENGTH),
  deadline: optional(
    "How long after it was due everything must be flat.",
    LENGTH_ABOVE_ZERO,
  ),
  ifClosed: optional(
    "What a close does that finds the market closed: report, next_open, next_open+5m.",
    IF_CLOSED,
  ),
  profit: optional(
    "What makes a winner: net counts swap and commission.",
    oneWord(["net", "gross"]),
  ),
  entries: optional("When exposure may be raised.", nullable(ENTRIES)),
  noNewEntries: optional(
    "How long before its end entries are refused.",
    nullable(LENGTH),
  ),
  blackouts: optional(
    "Stretches in which entries are refused.",
    listOf(BLACKOUT, "a list of blackouts"),
  ),
  catchUp: optional("What is done about an edge missed while down.", CATCH_UP),
  strategies: optional(
    "Code that is called again and again while it is open.",
    listOf(STRATEGY, "a list of strategies"),
  ),
};

const SESSION_FIELDS = {
  name: optional(
    'Its durable identity; "<start>-<end>" if left out.',
    NAME,
  ),
  ...SHARED_FIELDS,
};

/** What `defaults` says, and a session but for its name. */
export type SharedSpec = Mapped<typeof SHARED_FIELDS>;

/** A session as written. */
export type SessionSpec = Mapped<typeof SESSION_FIELDS>;

/** The values of a session's keys after `defaults` are filled in. */
export type SessionValues = SessionSpec["keys"];

type ItemOf<L> = L extends Located<readonly Located<infer T>[]> ? T : never;

/** A moment as written. */
export type MomentSpec = ItemOf<SessionValues["moments"]>;

/** A blackout as written. */
export type BlackoutSpec = ItemOf<SessionValues["blackouts"]>;

/** A session. */
export const SESSION: Shape<SessionSpec> = named(
  "session",
  mapping("a session: a mapping", SESSION_FIELDS),
);

/** What holds for every session that does not say otherwise. */
export const DEFAULTS: Shape<SharedSpec> = mapping(
  "a mapping with keys of a session",
  SHARED_FIELDS,
);
