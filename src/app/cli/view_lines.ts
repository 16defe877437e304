/**
 * What a run looks like at an instant: what is open, what is under way, what comes next.
 *
 * @module
 */

import { openAt } from "../../domain/next.ts";
import { leftOutBy } from "../../domain/left_out.ts";
import type { Edge } from "../../domain/occurrence.ts";
import { closesNextAt } from "../../domain/open_window.ts";
import type { State } from "../../domain/state.ts";
import { rows } from "../../domain/table.ts";
import type { EpochMs } from "../../domain/time.ts";
import {
  countdownText,
  durationText,
  instantText,
  localDateText,
  toSecond,
} from "./format_time.ts";
import type { Voice } from "./voice.ts";
import { cutTo, widthOf } from "./table.ts";

/** A line about an occurrence or an edge, in parts of which some may be shortened. */
interface KeyLine {
  readonly before: string;
  /** `session/date` or `session/date/edge`. */
  readonly key: string;
  /** When; never cut. */
  readonly after: string;
  /** When, by the session's clock alone. */
  readonly brief: string;
  /** What goes first where there is no room. */
  readonly extra: string;
}

/** At most so many sessions and edges are listed. */
const LISTED_MAX = 6;

/** Shorter than this a session's name goes only where even its time would not fit. */
const NAME_MIN = 8;

/**
 * The view's lines, none of them wider than the terminal.
 *
 * A session's name is shortened before anything else, and its times last.
 *
 * @units `now`: EpochMs; `columns`: columns of the terminal
 */
export function viewLines(
  state: State,
  title: string,
  now: EpochMs,
  voice: Voice,
  columns: number,
): readonly string[] {
  const { paint, here } = voice;
  const clock = `${localDateText(now, here)} ${instantText(now, "UTC", here)}`;
  const room = columns - 1;
  const name = cutTo(title, Math.max(NAME_MIN, room - widthOf(clock) - 11));
  const lines: readonly (string | KeyLine)[] = [
    `${paint.dim("\u2500".repeat(8))} ${paint.bold(`${name}  ${clock}`)}`,
    ...pausedLines(state, voice),
    ...openLines(state, now, voice),
    ...underWayLines(state, now, voice),
    ...nextLines(state, now, voice),
    paint.dim(
      "Ctrl-C once finishes what is under way and reports; twice leaves at once.",
    ),
  ];
  return lines.map((line) =>
    cutTo(typeof line === "string" ? line : fitKey(line, room), room)
  );
}

function fitKey(line: KeyLine, room: number): string {
  const { before, key, after, brief, extra } = line;
  const space = room - widthOf(before);
  const choices = [
    [shortenName(key, space - widthOf(after + extra), NAME_MIN), after + extra],
    [shortenName(key, space - widthOf(after), 1), after],
    [shortenName(key, space - widthOf(brief), 1), brief],
  ] as const;
  const [name, when] =
    choices.find(([name, when]) => widthOf(name) + widthOf(when) <= space) ??
      [cutTo(key, Math.max(1, space - widthOf(brief))), brief];
  return `${before}${name}${when}`;
}

/** A key whose session's name is cut so that the whole fits, but to no less than `least`. */
function shortenName(key: string, columns: number, least: number): string {
  const slash = key.indexOf("/");
  const name = slash < 0 ? key : key.slice(0, slash);
  const rest = slash < 0 ? "" : key.slice(slash);
  return cutTo(name, Math.max(least, columns - widthOf(rest))) + rest;
}

function pausedLines(
  { controls }: State,
  { paint, zoneOf, here }: Voice,
): readonly string[] {
  return controls.pauses.map(({ session, sinceAt }) => {
    const zone = zoneOf(session === null ? "" : `${session}/`);
    const whose = session === null ? "every session" : session;
    const since = instantText(toSecond(sinceAt), zone, here);
    return `${paint.bad("PAUSED")} ${whose}, since ${since}`;
  });
}

function openLines(
  state: State,
  now: EpochMs,
  voice: Voice,
): readonly (string | KeyLine)[] {
  const { paint, zoneOf, here } = voice;
  const sessions = rows(state.sessions).map(({ session }) => session);
  const open = openAt(sessions, now);
  if (open.length === 0) return [`open   ${paint.dim("nothing")}`];
  return capped(open, (occurrence) => {
    const { key } = occurrence;
    const closesAt = closesNextAt(occurrence, now);
    return {
      before: `${paint.active("open")}   `,
      key,
      after: `  closes ${when(closesAt, zoneOf(key), here, now)}`,
      brief: `  closes ${when(closesAt, zoneOf(key), zoneOf(key), now)}`,
      extra: "",
    };
  });
}

function underWayLines(
  state: State,
  now: EpochMs,
  { paint }: Voice,
): readonly (string | KeyLine)[] {
  return capped(Object.values(state.jobs), (job) => {
    const open = job.closings.flatMap((closing) => closing.targets ?? [])
      .filter((target) => target.status === "open").length;
    const since = `  since ${durationText(now - job.firedAt)}`;
    return {
      before: `${paint.caution("now")}    `,
      key: job.plan.key,
      after: `${since}, ${open} to close`,
      brief: since,
      extra: "",
    };
  });
}

function nextLines(
  state: State,
  now: EpochMs,
  voice: Voice,
): readonly (string | KeyLine)[] {
  const waiting = rows(state.sessions)
    .flatMap((session) => session.waiting)
    .sort((a, b) => a.dueAt - b.dueAt || a.rank - b.rank)
    .slice(0, LISTED_MAX);
  if (waiting.length === 0) return [`next   ${voice.paint.dim("nothing")}`];
  return waiting.map((edge) => {
    const isLeftOut = leftOutBy(state.controls, edge) !== null;
    return nextLine(edge, isLeftOut, now, voice);
  });
}

function nextLine(
  { key, dueAt, actions }: Edge,
  isLeftOut: boolean,
  now: EpochMs,
  { paint, zoneOf, here }: Voice,
): KeyLine {
  return {
    before: "next   ",
    key,
    after: `  ${when(dueAt, zoneOf(key), here, now)}`,
    brief: `  ${when(dueAt, zoneOf(key), zoneOf(key), now)}`,
    extra: isLeftOut
      ? `  ${paint.caution("left out")}`
      : actions.length === 0
      ? ""
      : `  ${paint.active(actions.join(", "))}`,
  };
}

function when(at: EpochMs, zone: string, here: string, now: EpochMs): string {
  return `${instantText(at, zone, here)}, ${countdownText(at, now)}`;
}

function capped<T>(
  items: readonly T[],
  line: (item: T) => KeyLine,
): readonly (string | KeyLine)[] {
  const lines = items.slice(0, LISTED_MAX).map(line);
  const more = items.length - lines.length;
  return more > 0 ? [...lines, `       and ${more} more`] : lines;
}
