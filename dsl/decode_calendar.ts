/**
 * Calendars that a session file writes itself.
 *
 * @module
 */

import { type DurationMs, MINUTE_MS } from "../src/domain/time.ts";
import { DATE_RANGE, isDateKey } from "./decode_date.ts";
import { DAY_TIME } from "./decode_time.ts";
import { FILE_PATH, text } from "./decoders.ts";
import { describe } from "./node.ts";
import {
  type JsonSchema,
  type Mapped,
  mapping,
  named,
  oneOrMany,
  optional,
  recordOf,
  type Shape,
} from "./shape.ts";

const DATE_KEY: JsonSchema = {
  type: "string",
  pattern: "^[0-9]{4}-[0-9]{2}-[0-9]{2}$",
};

/** A time of day in whole minutes, as exchanges keep them. */
const MINUTE_TIME: Shape<DurationMs> = {
  schema: DAY_TIME.schema,
  read(node, context) {
    const timeMs = DAY_TIME.read(node, context);
    if (timeMs === undefined || timeMs % MINUTE_MS === 0) return timeMs;
    context.log.at(node, "value/out-of-range", {
      expected: 'a time of day in whole minutes such as "12:30"',
    });
    return undefined;
  },
};

const TIMES_BY_DATE = recordOf(
  "a mapping from dates to times of day",
  isDateKey,
  MINUTE_TIME,
  DATE_KEY,
);

/** From when to when, on one day. */
const HOURS: Shape<readonly [DurationMs, DurationMs]> = {
  schema: {
    type: "array",
    items: DAY_TIME.schema,
    minItems: 2,
    maxItems: 2,
  },
  read(node, context) {
    const expected = 'two times of day, as in ["10:00", "14:00"]';
    if (node.kind === "broken") return undefined;
    const [open, close, ...more] = node.kind === "sequence" ? node.items : [];
    if (!open || !close || more.length > 0) {
      context.log.at(node, "value/form", { expected });
      return undefined;
    }
    const openMs = MINUTE_TIME.read(open, context);
    const closeMs = MINUTE_TIME.read(close, context);
    if (openMs === undefined || closeMs === undefined) return undefined;
    if (openMs < closeMs) return [openMs, closeMs];
    const [first, last] = [describe(open), describe(close)];
    context.log.at(node, "value/out-of-range", {
      received: `an open at ${first} and a close at ${last}`,
      expected: "the open first, and the close later on the same day",
      hint: openMs === closeMs
        ? 'a day without trading goes under "closed"'
        : `write [${last}, ${first}]`,
    });
    return undefined;
  },
};

const CALENDAR_FIELDS = {
  base: optional("The calendar it starts from.", text("a calendar's code")),
  closed: optional("Days without a market.", oneOrMany(DATE_RANGE)),
  earlyCloses: optional("Days that end early.", TIMES_BY_DATE),
  lateOpens: optional("Days that begin late.", TIMES_BY_DATE),
  specialSessions: optional(
    "Days with hours of their own.",
    recordOf("a mapping from dates to hours", isDateKey, HOURS, DATE_KEY),
  ),
  ics: optional("A file of closures in iCalendar form.", FILE_PATH),
};

/** A calendar as written. */
export type CalendarSpec = Mapped<typeof CALENDAR_FIELDS>;

/** A calendar of the user's own. */
export const USER_CALENDAR: Shape<CalendarSpec> = named(
  "user_calendar",
  mapping("a calendar: a mapping", CALENDAR_FIELDS),
);
