/**
 * The picture below the lines: what is open, what comes next, and how long until then.
 *
 * @module
 */

import { SECOND_MS } from "../../domain/time.ts";
import type { Clock } from "../../runtime/ports.ts";
import type { Runtime } from "../../runtime/runtime.ts";
import type { Console } from "./console.ts";
import type { Voice } from "./voice.ts";
import { widthOf } from "./table.ts";
import { viewLines } from "./view_lines.ts";

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

/** A view that is not shown yet. */
export function createLiveView(parts: LiveViewParts): LiveView {
  const { console, clock, factor, runtime, title, voice } = parts;
  const over = new AbortController();
  let shown: readonly string[] = [];
  const erase = () => {
    if (shown.length > 0) console.draw(erasure(shown, console.columns()));
    shown = [];
  };
  const show = () => {
    const now = Math.floor(clock.now() / SECOND_MS) * SECOND_MS;
    shown = viewLines(runtime.state, title, now, voice, console.columns());
    console.draw(shown.map((line) => `${line}\n`).join(""));
  };
  const redraw = () => {
    if (over.signal.aborted) return;
    erase();
    show();
  };
  const keepShowing = async () => {
    while (!over.signal.aborted) {
      redraw();
      // To the next full second that people see pass.
      const step = SECOND_MS * factor;
      const next = (Math.floor(clock.now() / step) + 1) * step;
      await clock.sleepUntil(next, over.signal);
    }
  };
  const forget = console.onResize?.(redraw);
  return {
    start: () => void keepShowing().catch(() => {/* stopped */}),
    print: (line) => {
      erase();
      console.draw(`${line}\n`);
      if (!over.signal.aborted) show();
    },
    stop: () => {
      over.abort();
      forget?.();
      erase();
    },
  };
}

/**
 * Takes lines away that stand above the cursor.
 *
 * A terminal that has become narrower has wrapped them meanwhile. The cursor may not be in the first
 * column any more: an interrupt is echoed as `^C`.
 */
function erasure(lines: readonly string[], columns: number): string {
  const wide = Math.max(1, columns);
  const rows = lines
    .map((line) => Math.max(1, Math.ceil(widthOf(line) / wide)))
    .reduce((sum, height) => sum + height, 0);
  return `\r\x1b[2K${"\x1b[A\x1b[2K".repeat(rows)}`;
}
