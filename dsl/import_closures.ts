/**
 * Puts what files of closures say into a definition that names them.
 *
 * The files are read by whoever may; here is only their text.
 *
 * @module
 */

import type {
  Definition,
  MarketCalendar,
  NamedClosure,
  Session,
  TimeValue,
  UserCalendar,
} from "../src/domain/definition.ts";
import type { Issue } from "./issue.ts";
import { IssueLog } from "./issue_log.ts";
import type { NodeBase } from "./node.ts";
import type { Places } from "./places.ts";
import { readIcs } from "./read_ics.ts";

/** The text of a file of closures, or why there is none. */
export type ClosureText =
  | { readonly ok: true; readonly text: string }
  | { readonly ok: false; readonly why: string };

/** A definition with its closures, and what is wrong with the files. */
export interface ClosureImport {
  readonly definition: Definition;
  /** Errors and warnings, in the order of the text. */
  readonly issues: readonly Issue[];
}

/** The files of closures that a definition names, as written, each once. */
export function closureFiles(definition: Definition): readonly string[] {
  const paths = definition.calendars.flatMap(({ ics }) => ics?.path ?? []);
  return [...new Set(paths)];
}

/** Puts the closures in; a file that is not there or is no calendar is reported at its key. */
export function importClosures(
  definition: Definition,
  places: Places,
  texts: ReadonlyMap<string, ClosureText>,
): ClosureImport {
  const log = new IssueLog();
  const closures = new Map<string, readonly NamedClosure[]>();
  for (const { name, ics } of definition.calendars) {
    const text = ics === null ? undefined : texts.get(ics.path);
    if (ics === null || text === undefined) continue;
    const place = places.calendarKey(name, "ics") ?? { path: null, span: null };
    const read = readClosures(ics.path, text, place, log);
    if (read !== null) closures.set(ics.path, read);
  }
  return {
    definition: withClosures(definition, closures),
    issues: log.inOrder(),
  };
}

function readClosures(
  path: string,
  text: ClosureText,
  place: NodeBase,
  log: IssueLog,
): readonly NamedClosure[] | null {
  if (!text.ok) {
    log.place(place, "calendar/ics-unreadable", {
      received: text.why,
      hint: "the path is relative to the session file",
    });
    return null;
  }
  const reading = readIcs(text.text);
  if (!reading.ok) {
    const { why, expected, hint } = reading.fault;
    log.place(place, "calendar/ics-form", {
      received: `${path}, ${why}`,
      expected,
      hint,
    });
    return null;
  }
  if (reading.closures.length + reading.leftOut.length === 0) {
    log.place(place, "calendar/ics-empty", {
      severity: "warning",
      received: path,
      expected: "at least one event that takes a whole day",
      hint: 'look whether it is the right file, or drop "ics"',
    });
  }
  for (const left of reading.leftOut) {
    log.place(place, "calendar/ics-left-out", {
      severity: "warning",
      received: `${path}, ${left}`,
      hint: "write such a day under early_closes, late_opens or closed",
    });
  }
  return reading.closures;
}

type Closures = ReadonlyMap<string, readonly NamedClosure[]>;

function withClosures(definition: Definition, closures: Closures): Definition {
  if (closures.size === 0) return definition;
  const made = new Map<UserCalendar, UserCalendar>();
  const own = (calendar: UserCalendar): UserCalendar => {
    const known = made.get(calendar) ?? fillIn(calendar, closures, market);
    made.set(calendar, known);
    return known;
  };
  const market = (calendar: MarketCalendar): MarketCalendar =>
    calendar.kind === "own"
      ? { kind: "own", calendar: own(calendar.calendar) }
      : calendar;
  return {
    ...definition,
    calendars: definition.calendars.map(own),
    sessions: definition.sessions.map((session) => rewrite(session, market)),
  };
}

type Rewrite = (calendar: MarketCalendar) => MarketCalendar;

function fillIn(
  calendar: UserCalendar,
  closures: Closures,
  market: Rewrite,
): UserCalendar {
  const { base, ics } = calendar;
  return {
    ...calendar,
    base: base === null ? null : market(base),
    ics: ics === null
      ? null
      : { ...ics, closures: closures.get(ics.path) ?? null },
  };
}

/** The same session with each of its calendars rewritten. */
function rewrite(session: Session, market: Rewrite): Session {
  const time = <T extends TimeValue | null>(value: T): T =>
    value?.kind === "market" && value.calendar !== null
      ? { ...value, calendar: market(value.calendar) }
      : value;
  const { window, entries } = session;
  return {
    ...session,
    calendar: session.calendar.map(market),
    window: window === null
      ? null
      : { start: time(window.start), end: time(window.end) },
    moments: session.moments.map((moment) => ({
      ...moment,
      at: time(moment.at),
    })),
    entries: entries === null
      ? null
      : { from: time(entries.from), until: time(entries.until) },
    blackouts: session.blackouts.map((blackout) => ({
      ...blackout,
      from: time(blackout.from),
      to: time(blackout.to),
    })),
  };
}
