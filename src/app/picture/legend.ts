/**
 * What the colours and signs of a picture stand for.
 *
 * @module
 */

import type { Session } from "../../domain/definition.ts";
import { zoneText } from "../../domain/zone_text.ts";
import { escapeXml, LEFT, LEGEND_TOP, plotWidthOf, round } from "./layout.ts";
import type { DayMark, PlanView } from "./plan_view.ts";
import { SVG_COLORS } from "./style.ts";

const ROW_HEIGHT = 20;
const SYMBOL_WIDTH = 18;
const NAME_LENGTH_MAX = 32;

/** How wide a letter is at most. @units pixels */
export const LETTER = 6.4;

/** A legend, drawn. */
export interface Legend {
  readonly lines: readonly string[];
  readonly height: number;
}

type Draw = (x: number, y: number) => string;
type Entry = readonly [symbol: Draw, text: string];

/** Draws the legend: the sessions, unless they are named elsewhere, then what else there is. */
export function drawLegend(view: PlanView, withSessions: boolean): Legend {
  const groups = [
    withSessions ? sessionEntries(view) : [],
    signEntries(view, withSessions),
  ];
  const lines: string[] = [];
  let row = 0;
  for (const entries of groups) {
    let x = 0;
    for (const [symbol, text] of entries) {
      const width = SYMBOL_WIDTH + text.length * LETTER + SYMBOL_WIDTH;
      if (x > 0 && x + width > plotWidthOf(view)) [x, row] = [0, row + 1];
      const y = LEGEND_TOP + row * ROW_HEIGHT + 12;
      lines.push(
        symbol(LEFT + x, y),
        `<text class="label" x="${round(LEFT + x + SYMBOL_WIDTH)}" y="${y}">${
          escapeXml(text)
        }</text>`,
      );
      x += width;
    }
    if (x > 0) row++;
  }
  return { lines, height: row * ROW_HEIGHT + 6 };
}

function sessionEntries({ sessions, timezone }: PlanView): readonly Entry[] {
  return sessions.map(({ session }, index) => [
    box(`${colorOf(index)} bar`),
    sessionText(session, timezone),
  ]);
}

/** A session's name, and its zone where that is not the picture's. */
export function sessionText(
  { name, timezone }: Session,
  pictureZone: string,
): string {
  const short = name.length <= NAME_LENGTH_MAX
    ? name
    : `${name.slice(0, NAME_LENGTH_MAX - 1)}…`;
  return timezone === pictureZone ? short : `${short} (${zoneText(timezone)})`;
}

/** The signs that the picture has, and no others. */
function signEntries(
  { marks, closed, sessions }: PlanView,
  together: boolean,
): readonly Entry[] {
  const sign = (kind: DayMark["kind"], text: string): readonly Entry[] =>
    marks.some((mark) => mark.kind === kind)
      ? [[(x, y) => markShape(kind, x + 6, y - 4), text]]
      : [];
  const moment: Draw = (x, y) =>
    `<path class="moment" d="M${round(x)} ${y - 4}h12"/>`;
  const isShaded = together
    ? closed.length > 0
    : sessions.some((view) => view.closed.length > 0);
  const hasMoments = sessions.some(({ moments }) => moments.length > 0);
  return [
    ...sign("half-day", "half day, or other hours than usual"),
    ...sign("clock", "the clock changes"),
    ...sign("skipped", "skipped"),
    ...(isShaded ? [[box("closed"), "nothing is open"] as const] : []),
    ...(hasMoments ? [[moment, "moment"] as const] : []),
  ];
}

/** A swatch. */
export function box(style: string): Draw {
  return (x, y) =>
    `<rect class="${style}" x="${round(x)}" y="${
      y - 10
    }" width="12" height="12" rx="2"/>`;
}

/** The sign of a day that is to be noticed. */
export function markShape(
  kind: DayMark["kind"],
  x: number,
  y: number,
): string {
  const at = `M${round(x)} ${y}`;
  switch (kind) {
    case "half-day":
      return `<path class="half-day" d="${at}m-4.5 -3.5h9l-4.5 8z"/>`;
    case "clock":
      return `<path class="clock" d="${at}m0 -5l4.5 5l-4.5 5l-4.5 -5z"/>`;
    case "skipped":
      return `<path class="skipped" d="${at}m-3 -3l6 6m0 -6l-6 6"/>`;
  }
}

/** The class that gives a session its colour. */
export function colorOf(index: number): string {
  return `c${index % SVG_COLORS.length}`;
}
