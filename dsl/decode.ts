/**
 * Located tree -> what the file says, every problem on the way collected.
 *
 * @module
 */

import { CALENDAR_CODES } from "../src/domain/calendars/registry.ts";
import { ACCOUNT, type AccountSpec } from "./decode_account.ts";
import { type CalendarSpec, USER_CALENDAR } from "./decode_calendar.ts";
import { LIMITS } from "./decode_limits.ts";
import { CALENDAR, DEFAULTS, SESSION } from "./decode_session.ts";
import { duration } from "./decode_time.ts";
import { ZONE } from "./decode_zone.ts";
import {
  FILE_PATH,
  literalText,
  NAME,
  NAME_PATTERN,
  oneWord,
  SECRET,
} from "./decoders.ts";
import { type Entry, type Node, quote } from "./node.ts";
import {
  type Decoding,
  type Fields,
  listOf,
  type Located,
  type Mapped,
  mapping,
  nullable,
  oneOrMany,
  optional,
  recordOf,
  required,
  type Shape,
} from "./shape.ts";

/** What a notification can be about. */
const NOTIFICATION_EVENTS = [
  "close_failed",
  "unknown",
  "missed",
  "hook_failed",
  "journal_failed",
  "run_failed",
  "flat",
  "closed",
  "paused",
  "started",
  "stopped",
] as const;

const VERSION: Shape<1> = {
  schema: { const: 1 },
  read(node, context) {
    const expected = "1, the only version of the format";
    const written = literalText(node, context, expected);
    if (written === undefined) return undefined;
    if (written === "1") return 1;
    context.log.at(node, "file/version", { expected });
    return undefined;
  },
};

function isNameKey(entry: Entry, context: Decoding): boolean {
  const { key, keySpan: span, value } = entry;
  const node: Node = {
    kind: "scalar",
    path: value.path,
    span,
    text: key,
    isPlain: false,
  };
  return NAME.read(node, context) !== undefined;
}

const NAME_KEY = { type: "string", pattern: NAME_PATTERN.source };

/** Whether a calendar may be called so: a built-in one would be replaced without a word. */
function isFreeName(entry: Entry, context: Decoding): boolean {
  if (!isNameKey(entry, context)) return false;
  const { key, keySpan, value } = entry;
  if (key !== "none" && !CALENDAR_CODES.includes(key)) return true;
  const place = { path: value.path, span: keySpan };
  context.log.place(place, "calendar/name-taken", {
    received: quote(key),
    expected: 'a name that is neither "none" nor the code of a calendar',
    hint: key === "none"
      ? "none stands for having no calendar"
      : `call it ${quote(`my-${key.toLowerCase()}`)}, with base: ${key}`,
  });
  return false;
}

const ACCOUNTS: Shape<ReadonlyMap<string, Located<AccountSpec>>> = recordOf(
  "a mapping from names to accounts",
  isNameKey,
  ACCOUNT,
  NAME_KEY,
);

const CALENDARS: Shape<ReadonlyMap<string, Located<CalendarSpec>>> = recordOf(
  "a mapping from names to calendars",
  isFreeName,
  USER_CALENDAR,
  NAME_KEY,
);

const NOTIFICATION = mapping('a mapping with the key "webhook"', {
  webhook: required('Where it is sent, as "${env:NAME}".', SECRET),
  form: optional(
    "How it is written.",
    oneWord(["auto", "json", "slack", "discord", "telegram"]),
  ),
  events: optional(
    "What it is about.",
    oneOrMany(oneWord(NOTIFICATION_EVENTS)),
  ),
});

const HEARTBEAT = mapping('a mapping with the keys "url" and "every"', {
  url: required('Where it is sent, as "${env:NAME}".', SECRET),
  every: required("How often it is sent.", duration("positive")),
});

/** Every key of a session file. */
export const FILE_FIELDS = {
  version: optional("The version of the format: 1.", VERSION),
  timezone: optional("The zone of every time without one of its own.", ZONE),
  calendar: optional("The calendar of every session without one.", CALENDAR),
  broker: optional('Shorthand for one account named "main".', ACCOUNT),
  accounts: optional("Accounts by name.", ACCOUNTS),
  journal: optional(
    "Where the journal lies; .carillon/<file>.db beside the file if left out.",
    nullable(FILE_PATH),
  ),
  onStop: optional(
    "What happens to positions and orders when the user stops the run.",
    oneWord(["leave", "cancel_orders", "close"]),
  ),
  defaults: optional("What holds for every session below.", DEFAULTS),
  sessions: required("The sessions.", listOf(SESSION, "a list of sessions")),
  calendars: optional("Calendars by name.", CALENDARS),
  notify: optional("Who is told of what.", oneOrMany(NOTIFICATION)),
  heartbeat: optional("A sign of life.", nullable(HEARTBEAT)),
  limits: optional(
    "Loss limits (reserved: not carried out yet).",
    nullable(LIMITS),
  ),
} satisfies Fields;

/** A whole file as written. */
export type FileSpec = Mapped<typeof FILE_FIELDS>;

/** The whole file. */
export const FILE: Shape<FileSpec> = mapping(
  'a mapping with the key "sessions"',
  FILE_FIELDS,
);

/** Reads what a file says; `undefined` where it is not even a mapping. */
export function decode(node: Node, context: Decoding): FileSpec | undefined {
  return FILE.read(node, context);
}
