/**
 * Sessions of one account whose closes reach each other's positions.
 *
 * Without a scope a close takes everything in its account, also what another session that is still
 * open has just bought, whatever the scope of that one. The session that closes must say that this is
 * meant, or keep to its own.
 *
 * One sweep over a sample week: openings, closings and closing edges in the order of time, with the
 * set of what is open. Its cost grows with the number of edges, never with the number of pairs.
 *
 * @module
 */

import { momentsOf } from "../src/domain/blackout.ts";
import { isCloseAction } from "../src/domain/definition.ts";
import { DAY_MS } from "../src/domain/time.ts";
import { type IssueLog, relatedTo } from "./issue_log.ts";
import type { Lowered } from "./lower_session.ts";
import { OpenSessions } from "./open_sessions.ts";
import { type Node, quote } from "./node.ts";
import { clippingHours, regularTime, regularWindow } from "./regular_window.ts";
import {
  type ClockWindow,
  type SampleWeeks,
  type Stretch,
  WEEK_MS,
  weekdaysOf,
} from "./sample_weeks.ts";

/** Reports each session whose close reaches into another that is open, once. */
export function checkOverlaps(
  sessions: readonly Lowered[],
  weeks: SampleWeeks,
  log: IssueLog,
): void {
  for (const group of byAccount(sessions).values()) {
    if (group.every(({ lowered }) => lowered.session.scope.written)) continue;
    const found = new Map<number, number>();
    const zones = new Set(group.flatMap(({ zones }) => zones));
    for (const week of weeks.numbers) {
      if (weeks.isNews(week, zones)) sweep(group, weeks, week, found);
    }
    report(group, found, log);
  }
}

interface Candidate {
  readonly lowered: Lowered;
  readonly window: ClockWindow;
  /** The market's hours that clip the window. */
  readonly hours: ClockWindow | null;
  /** A session of moments alone closes, but opens nothing that could be closed. */
  readonly opens: boolean;
  readonly zones: readonly string[];
}

/** What is done by the clock, by account: who closes without a scope may reach any of the others. */
function byAccount(
  sessions: readonly Lowered[],
): ReadonlyMap<string, readonly Candidate[]> {
  const groups = new Map<string, Candidate[]>();
  for (const lowered of sessions) {
    const { session } = lowered;
    const window = session.window === null
      ? wholeDay(session.timezone)
      : regularWindow(session);
    if (window === null) continue;
    const group = groups.get(session.account) ?? [];
    const hours = clippingHours(session);
    const zones = [window, hours ?? window].flatMap(({ start, end }) => [
      start.timezone,
      end.timezone,
    ]);
    const opens = session.window !== null;
    group.push({ lowered, window, hours, opens, zones });
    groups.set(session.account, group);
  }
  return groups;
}

function wholeDay(timezone: string): ClockWindow {
  const midnight = { kind: "clock", weekday: null, timezone } as const;
  return {
    start: { ...midnight, timeMs: 0 },
    end: { ...midnight, timeMs: DAY_MS },
  };
}

/**
 * What happens at one instant, in this order: a close at a session's end or moment, the end of the
 * session itself, a close at a session's start, the opening. An end reaches what ends with it; a
 * start does not reach what has just ended.
 */
const ORDER = { reach: 0, close: 1, reachAtStart: 2, open: 3 } as const;

interface Mark {
  /** @units milliseconds from Monday 00:00 UTC, within the week */
  readonly at: number;
  readonly order: number;
  readonly index: number;
}

function sweep(
  group: readonly Candidate[],
  weeks: SampleWeeks,
  week: number,
  found: Map<number, number>,
): void {
  const marks: Mark[] = [];
  const open = new OpenSessions(group.map(({ lowered }) => lowered.session));
  for (const [index, candidate] of group.entries()) {
    const wrapped = mark(candidate, index, weeks, week, marks);
    for (let count = 0; count < wrapped; count++) open.open(index);
  }
  marks.sort((a, b) => a.at - b.at || a.order - b.order || a.index - b.index);
  for (const { order, index } of marks) {
    if (order === ORDER.open) open.open(index);
    else if (order === ORDER.close) open.close(index);
    else if (!found.has(index)) {
      const other = open.otherThan(index);
      if (other !== null) found.set(index, other);
    }
  }
}

/** Adds a session's marks of one week; gives how many of its windows are open as the week begins. */
function mark(
  { lowered: { session }, window, hours, opens: isOpened }: Candidate,
  index: number,
  weeks: SampleWeeks,
  week: number,
  marks: Mark[],
): number {
  let wrapped = 0;
  const put = (at: number, order: number): number => {
    const inWeek = ((at % WEEK_MS) + WEEK_MS) % WEEK_MS;
    marks.push({ at: inWeek, order, index });
    return inWeek;
  };
  const reaches = !session.scope.written;
  const days = window.start.weekday === null
    ? weekdaysOf(session.days)
    : [window.start.weekday];
  for (const day of days) {
    const asked = weeks.stretch(window, day, week);
    const { from, to } = hours === null
      ? asked
      : clip(asked, weeks.stretch(hours, day, week));
    if (isOpened) {
      const opens = put(from, ORDER.open);
      const closes = put(to, ORDER.close);
      if (closes <= opens) wrapped++;
    }
    if (!reaches) continue;
    if (session.onStart.some(isCloseAction)) put(from, ORDER.reachAtStart);
    if (session.onEnd.some(isCloseAction)) put(to, ORDER.reach);
    for (const moment of momentsOf(session)) {
      const time = regularTime(moment.at, session);
      if (moment.actions.length === 0 || time === null) continue;
      const at = asked.from + weeks.into(asked, time, day, week);
      if (from <= at && at < to) put(at, ORDER.reach);
    }
  }
  return wrapped;
}

/** What a market's hours leave of a window: those of the day that it has most of in common. */
function clip(asked: Stretch, hours: Stretch): Stretch {
  const pieces = [-DAY_MS, 0, DAY_MS].map((step) => ({
    from: Math.max(asked.from, hours.from + step),
    to: Math.min(asked.to, hours.to + step),
  }));
  const longest = pieces.reduce((best, piece) =>
    piece.to - piece.from > best.to - best.from ? piece : best
  );
  // A window outside of all hours has been reported, and overlaps nothing.
  return longest.to > longest.from ? longest : asked;
}

function report(
  group: readonly Candidate[],
  found: ReadonlyMap<number, number>,
  log: IssueLog,
): void {
  for (const [index, other] of [...found].sort(([a], [b]) => a - b)) {
    const one = group[index]?.lowered;
    const two = group[other]?.lowered;
    if (one === undefined || two === undefined) continue;
    log.place(closingNode(one), "session/overlapping-closes", {
      received: quote(one.session.name),
      expected: `the key "scope" in ${quote(one.session.name)}`,
      hint:
        'everything in the account, also what the other has open, is scope: "account"',
      related: relatedTo(
        `${quote(two.session.name)} is open then`,
        two.spec.node,
      ),
    });
  }
}

/** Where the session says that it closes. */
function closingNode({ session, spec, values }: Lowered): Node {
  if (session.onEnd.some(isCloseAction)) return values.onEnd?.node ?? spec.node;
  const moment = session.moments.findIndex(({ actions }) => actions.length > 0);
  if (moment >= 0) {
    return values.moments?.value[moment]?.value.keys.do?.node ?? spec.node;
  }
  const blackout = session.blackouts.findIndex(({ actions }) =>
    actions.length > 0
  );
  if (blackout >= 0) {
    return values.blackouts?.value[blackout]?.value.keys.do?.node ?? spec.node;
  }
  return values.onStart?.node ?? spec.node;
}
