/**
 * Draws a plan: days across, hours down, sessions as bars.
 *
 * @module
 */

import { dateOf } from "../../domain/date.ts";
import { DAY_MS } from "../../domain/time.ts";
import type { DurationMs } from "../../domain/time.ts";
import { dateText } from "../cli/format_time.ts";
import { type Area, areasOf } from "./areas.ts";
import { drawAxes, drawGrid } from "./axes.ts";
import {
  across,
  bottomOf,
  down,
  escapeXml,
  type Layout,
  layOut,
  LEFT,
  needsPanels,
  type Panel,
  PANEL_TITLE_HEIGHT,
  round,
} from "./layout.ts";
import { box, colorOf, drawLegend, markShape, sessionText } from "./legend.ts";
import type { Bar, DayMark, DayRun, PlanView } from "./plan_view.ts";
import { SVG_STYLE } from "./style.ts";

/** The most days that a picture holds: a year, and what belongs to it on either side. */
export const PICTURE_DAYS_MAX = 400;

/**
 * Draws the picture: all sessions over one another, those that are open together in stripes, or a
 * panel for each session where too many are open together.
 *
 * @shape a whole SVG document; the same view gives the same text
 */
export function planToSvg(view: PlanView, title: string): string {
  const areas = areasOf(view.sessions);
  const isSplit = needsPanels(areas);
  const legend = drawLegend(view, !isSplit);
  const layout = layOut(view, legend.height, isSplit);
  const { width, height } = layout;
  const lines = [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" role="img" aria-labelledby="title desc">`,
    `<title id="title">${escapeXml(title)}</title>`,
    `<desc id="desc">${escapeXml(descriptionOf(view))}</desc>`,
    `<style>${SVG_STYLE}</style>`,
    ...(isSplit ? [] : stripes(areas)),
    `<rect class="card" x="0.5" y="0.5" width="${width - 1}" height="${
      height - 1
    }" rx="10"/>`,
    ...heading(view, title),
    ...legend.lines,
    ...layout.panels.flatMap((panel) => drawPanel(layout, panel, areas)),
    ...drawAxes(layout),
    ...view.marks.map((mark) => drawMark(layout, mark)),
    "</svg>",
  ];
  return lines.map((line) => `${line}\n`).join("");
}

function heading(view: PlanView, title: string): readonly string[] {
  const [first, last] = [view.fromDay, view.toDay]
    .map((day) => dateText(dateOf(day)));
  const note = `${first} to ${last}, hours in ${view.timezone}`;
  return [
    `<text class="title" x="${LEFT}" y="30">${escapeXml(title)}</text>`,
    `<text class="note" x="${LEFT}" y="48">${escapeXml(note)}</text>`,
  ];
}

function descriptionOf({ sessions, timezone }: PlanView): string {
  const names = sessions.map(({ session }) => session.name).join(", ");
  return `Days from left to right, hours of ${timezone} from top to bottom, a bar where a session is open: ${names}`;
}

function drawPanel(
  layout: Layout,
  panel: Panel,
  areas: readonly Area[],
): readonly string[] {
  const frame =
    `x="${LEFT}" y="${panel.top}" width="${layout.plotWidth}" height="${panel.height}"`;
  const place = { layout, panel };
  return [
    ...(panel.isNamed ? panelTitle(layout, panel) : []),
    `<rect class="plot" ${frame}/>`,
    ...closedDays(place).map((run) =>
      rect(place, run, { style: 'class="closed"', fromMs: 0, toMs: DAY_MS })
    ),
    ...drawGrid(layout, panel),
    ...(panel.isNamed ? ownAreas(place) : areas).map((area) =>
      rect(place, area, { ...area, style: styleOf(area) })
    ),
    ...sessionLines(place),
    `<rect class="frame" ${frame}/>`,
  ];
}

interface PanelPlace {
  readonly layout: Layout;
  readonly panel: Panel;
}

function panelTitle(
  { view }: Layout,
  { sessions, top }: Panel,
): readonly string[] {
  return sessions.flatMap((index) => {
    const session = view.sessions[index]?.session;
    if (session === undefined) return [];
    const text = sessionText(session, view.timezone);
    return [
      box(`${colorOf(index)} bar`)(LEFT, top - 6),
      `<text class="label" x="${LEFT + 18}" y="${top - 6}">${
        escapeXml(text)
      }</text>`,
    ];
  });
}

function closedDays({ layout, panel }: PanelPlace): readonly DayRun[] {
  const [only = 0] = panel.sessions;
  return panel.isNamed
    ? layout.view.sessions[only]?.closed ?? []
    : layout.view.closed;
}

/** The bars of a panel that has one session. */
function ownAreas({ layout, panel }: PanelPlace): readonly Area[] {
  return panel.sessions.flatMap((index) =>
    (layout.view.sessions[index]?.bars ?? [])
      .map((bar) => ({ ...bar, open: [index] }))
  );
}

function styleOf({ open, isUnusual }: Area): string {
  const [only = 0] = open;
  return open.length > 1
    ? `fill="url(#${patternOf({ open, isUnusual })})"`
    : `class="${colorOf(only)} ${barStyle(isUnusual)}"`;
}

function rect(
  { layout, panel }: PanelPlace,
  run: DayRun,
  { style, fromMs, toMs }: {
    readonly style: string;
    readonly fromMs: DurationMs;
    readonly toMs: DurationMs;
  },
): string {
  const { x, width } = across(layout, run);
  const y = down(panel, fromMs);
  const height = Math.max(1, round(down(panel, toMs) - y));
  return `<rect ${style} x="${x}" y="${y}" width="${width}" height="${height}"/>`;
}

/** Lines where sessions open and close, so that both show in an overlap; moments on top of them. */
function sessionLines(place: PanelPlace): readonly string[] {
  const { layout: { view }, panel } = place;
  const views = panel.sessions.flatMap((index) => {
    const session = view.sessions[index];
    return session === undefined ? [] : [{ index, ...session }];
  });
  const edges = views.map(({ index, session, bars }) =>
    `<path class="${colorOf(index)} edge" d="${
      bars.map((bar) => edgesPath(place, bar)).join("")
    }"><title>${escapeXml(session.name)}</title></path>`
  );
  const moments = views.filter(({ moments }) => moments.length > 0)
    .map(({ session, moments }) =>
      `<path class="moment" d="${
        moments.map((moment) => line(place, moment, moment.fromMs)).join("")
      }"><title>${escapeXml(session.name)}</title></path>`
    );
  return [...edges, ...moments];
}

function edgesPath(place: PanelPlace, bar: Bar): string {
  return [bar.fromMs, bar.toMs].filter((ms) => ms > 0 && ms < DAY_MS)
    .map((ms) => line(place, bar, ms)).join("");
}

function line(
  { layout, panel }: PanelPlace,
  run: DayRun,
  ms: DurationMs,
): string {
  const { x, width } = across(layout, run);
  return `M${x} ${down(panel, ms)}h${width}`;
}

/** How wide a stripe is. @units pixels */
const STRIPE = 3;

/** One pattern for each set of sessions that are open together: a stripe for each. */
function stripes(areas: readonly Area[]): readonly string[] {
  const sets = new Map(
    areas.filter(({ open }) => open.length > 1)
      .map((area) => [patternOf(area), area]),
  );
  const patterns = [...sets].map(([id, { open, isUnusual }]) => {
    const bands = open.map((index, place) =>
      `<rect class="${colorOf(index)} ${barStyle(isUnusual)}" x="${
        place * STRIPE
      }" width="${STRIPE}" height="8"/>`
    );
    const width = open.length * STRIPE;
    return `<pattern id="${id}" width="${width}" height="8" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">${
      bands.join("")
    }</pattern>`;
  });
  return patterns.length === 0 ? [] : ["<defs>", ...patterns, "</defs>"];
}

function patternOf({ open, isUnusual }: Pick<Area, "open" | "isUnusual">) {
  return `together-${open.join("-")}${isUnusual ? "-unusual" : ""}`;
}

function barStyle(isUnusual: boolean): string {
  return isUnusual ? "bar unusual" : "bar";
}

/** How far above the others the sign of a skip is, since a half day of one is often a holiday of another. */
const SKIP_ROW = 11;

function drawMark(layout: Layout, mark: DayMark): string {
  const { x, width } = across(layout, { fromDay: mark.day, toDay: mark.day });
  const middle = round(x + width / 2);
  const lines = layout.panels.map((panel) =>
    `M${middle} ${panel.top}V${bottomOf(panel)}`
  );
  const through = mark.kind === "clock"
    ? `<path class="clock-line" d="${lines.join("")}"/>`
    : "";
  const [first] = layout.panels;
  // Above the name of the first panel, where it has one.
  const row = (first?.top ?? 0) - (first?.isNamed ? PANEL_TITLE_HEIGHT + 4 : 8);
  const y = mark.kind === "skipped" ? row - SKIP_ROW : row;
  return `<g><title>${escapeXml(markText(mark))}</title>${through}${
    markShape(mark.kind, middle, y)
  }</g>`;
}

function markText({ day, kind, text }: DayMark): string {
  const date = dateText(dateOf(day));
  return kind === "clock"
    ? `${date}: the clock changes in ${text}`
    : `${date}: ${text}`;
}
