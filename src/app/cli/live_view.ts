/**
 * The picture below the lines: what is open, what comes next, and how long until then.
 *
 * @module
 */

import { openAt } from "../../domain/next.ts";
import type { Edge } from "../../domain/occurrence.ts";
import type { State } from "../../domain/state.ts";
import { rows } from "../../domain/table.ts";
import { SECOND_MS } from "../../domain/time.ts";
import type { EpochMs } from "../../domain/time.ts";
import type { Clock } from "../../runtime/ports.ts";
import type { Runtime } from "../../runtime/runtime.ts";
import type { Console } from "./console.ts";
import {
  countdownText,
  durationText,
  instantText,
  localDateText,
} from "./format_time.ts";
import type { Voice } from "./say.ts";

/** A view that stays at the bottom of the terminal while lines go by above it. */
export interface LiveView {
  readonly start: () => void;
  /** Writes a line above the view. */
  readonly print: (line: string) => void;
  readonly stop: () => void;
}

/** What the view shows and where. */
export interface LiveViewParts {
  readonly console: Console;
  readonly clock: Clock;
  readonly runtime: Runtime;
  readonly voice: Voice;
  /** How many milliseconds of the clock go by in a real one. */
  readonly factor: number;
  readonly title: string;
}

/** At most so many sessions and edges are listed. */
const LISTED_MAX = 6;

/** A view that is not shown yet. */
export function createLiveView(parts: LiveViewParts): LiveView {
  const { console, clock, factor } = parts;
  const over = new AbortController();
  let shown = 0;
  const erase = () => {
    if (shown > 0) console.draw(`\x1b[${shown}A\x1b[J`);
    shown = 0;
  };
  const show = () => {
    const lines = viewLines(parts).map((line) => fit(line, console.columns()));
    console.draw(lines.map((line) => `${line}\n`).join(""));
    shown = lines.length;
  };
  const keepShowing = async () => {
    while (!over.signal.aborted) {
      erase();
      show();
      // To the next full second that people see pass.
      const step = SECOND_MS * factor;
      const next = (Math.floor(clock.now() / step) + 1) * step;
      await clock.sleepUntil(next, over.signal);
    }
  };
  return {
    start: () => void keepShowing().catch(() => {/* stopped */}),
    print: (line) => {
      erase();
      console.draw(`${line}\n`);
      if (!over.signal.aborted) show();
    },
    stop: () => {
      over.abort();
      erase();
    },
  };
}

function viewLines({ clock, runtime, voice, title }: LiveViewParts): string[] {
  const now = Math.floor(clock.now() / SECOND_MS) * SECOND_MS;
  const { state } = runtime;
  const { paint } = voice;
  const head = `${title}  ${localDateText(now, voice.here)} ${
    instantText(now, "UTC", voice.here)
  }`;
  return [
    paint.dim("\u2500".repeat(8)) + ` ${paint.bold(head)}`,
    ...openLines(state, now, voice),
    ...underWayLines(state, now, voice),
    ...nextLines(state, now, voice),
    paint.dim(
      "Ctrl-C once finishes what is under way and reports; twice leaves at once.",
    ),
  ];
}

function openLines(state: State, now: EpochMs, voice: Voice): string[] {
  const sessions = rows(state.sessions).map(({ session }) => session);
  const open = openAt(sessions, now);
  if (open.length === 0) return [`open   ${voice.paint.dim("nothing")}`];
  return capped(
    open,
    (occurrence) =>
      `${voice.paint.active("open")}   ${occurrence.key}  closes ${
        instantText(
          occurrence.closesAt,
          voice.zoneOf(occurrence.key),
          voice.here,
        )
      }, ${countdownText(occurrence.closesAt, now)}`,
  );
}

function underWayLines(state: State, now: EpochMs, voice: Voice): string[] {
  return capped(Object.values(state.jobs), (job) => {
    const open = job.closings.flatMap((closing) => closing.targets ?? [])
      .filter((target) => target.status === "open").length;
    return `${voice.paint.caution("now")}    ${job.plan.key}  since ${
      durationText(now - job.firedAt)
    }, ${open} to close`;
  });
}

function nextLines(state: State, now: EpochMs, voice: Voice): string[] {
  const waiting = rows(state.sessions)
    .flatMap((session) => session.waiting)
    .sort((a, b) => a.dueAt - b.dueAt || a.rank - b.rank)
    .slice(0, LISTED_MAX);
  if (waiting.length === 0) return [`next   ${voice.paint.dim("nothing")}`];
  return waiting.map((edge) => nextLine(edge, now, voice));
}

function nextLine(edge: Edge, now: EpochMs, voice: Voice): string {
  const actions = edge.actions.length === 0
    ? ""
    : `  ${voice.paint.active(edge.actions.join(", "))}`;
  return `next   ${edge.key}  ${
    instantText(edge.dueAt, voice.zoneOf(edge.key), voice.here)
  }, ${countdownText(edge.dueAt, now)}${actions}`;
}

function capped<T>(items: readonly T[], line: (item: T) => string): string[] {
  const lines = items.slice(0, LISTED_MAX).map(line);
  const more = items.length - lines.length;
  return more > 0 ? [...lines, `       and ${more} more`] : lines;
}

/** Cuts a line to the terminal's width without cutting a colour code in two. */
function fit(line: string, columns: number): string {
  let width = 0;
  let result = "";
  // deno-lint-ignore no-control-regex -- these are the codes that `paint` writes
  for (const part of line.split(/(\x1b\[\d+m)/)) {
    if (part.startsWith("\x1b[")) {
      result += part;
      continue;
    }
    const room = Math.max(columns - 1 - width, 0);
    const text = [...part].slice(0, room).join("");
    width += [...text].length;
    result += text;
  }
  return result;
}
