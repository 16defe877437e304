/**
 * Where things stand in the picture of a plan.
 *
 * @module
 */

import { dateOf } from "../../domain/date.ts";
import { HOUR_MS } from "../../domain/time.ts";
import type { DurationMs } from "../../domain/time.ts";
import type { Area } from "./areas.ts";
import type { DayRun, PlanView } from "./plan_view.ts";

/** Room at the left for the hours. @units pixels */
export const LEFT = 66;

/** Where the legend begins. @units pixels */
export const LEGEND_TOP = 58;

const RIGHT = 66;
const MARKS_HEIGHT = 28;
const FOOT = 40;
const PLOT_WIDTH = 1098;
/** Even a picture of a day has a title and a legend. @units pixels */
const PLOT_WIDTH_MIN = 520;
const DAY_WIDTH_MAX = 56;
const DAY_WIDTH_MIN = 3;
/** With more sessions than this open at once, stripes can no longer be told apart. */
const TOGETHER_MAX = 3;
const HOUR_HEIGHT = 18;
const PANELS_HOUR_HEIGHT = 36;
const PANEL_HOUR_HEIGHT_MIN = 3;

/** Room for the name of a session above its panel. @units pixels */
export const PANEL_TITLE_HEIGHT = 22;

/** One strip of hours. */
export interface Panel {
  /** Places of its sessions among all. */
  readonly sessions: readonly number[];
  /** Whether its session is named above it. */
  readonly isNamed: boolean;
  readonly top: number;
  readonly height: number;
  readonly hourHeight: number;
}

/** The whole picture, measured. */
export interface Layout {
  readonly view: PlanView;
  readonly width: number;
  readonly height: number;
  readonly dayWidth: number;
  readonly plotWidth: number;
  /** All sessions in one, or one for each where too many are open together. */
  readonly panels: readonly Panel[];
}

/** Where a place in a panel is. */
export type Place = Pick<Layout, "view" | "dayWidth">;

/** How wide the days are together. @units pixels */
export function plotWidthOf(view: DayRun): number {
  return round(daysIn(view) * dayWidthOf(view));
}

/** Whether each session needs a panel of its own. */
export function needsPanels(areas: readonly Area[]): boolean {
  return areas.some(({ open }) => open.length > TOGETHER_MAX);
}

/** Measures a picture whose legend is that high. */
export function layOut(
  view: PlanView,
  legendHeight: number,
  isSplit: boolean,
): Layout {
  const plotWidth = plotWidthOf(view);
  const panels = stack(view, LEGEND_TOP + legendHeight + MARKS_HEIGHT, isSplit);
  const last = panels.at(-1);
  return {
    view,
    width: Math.ceil(LEFT + plotWidth + RIGHT),
    height: Math.ceil((last === undefined ? 0 : bottomOf(last)) + FOOT),
    dayWidth: dayWidthOf(view),
    plotWidth,
    panels,
  };
}

function stack(
  { sessions }: PlanView,
  top: number,
  isSplit: boolean,
): readonly Panel[] {
  const all = sessions.map((_, index) => index);
  if (!isSplit) {
    const height = 24 * HOUR_HEIGHT;
    const hourHeight = HOUR_HEIGHT;
    return [{ sessions: all, isNamed: false, top, height, hourHeight }];
  }
  const hourHeight = Math.max(
    PANEL_HOUR_HEIGHT_MIN,
    Math.floor(PANELS_HOUR_HEIGHT / all.length),
  );
  const height = 24 * hourHeight;
  return all.map((index) => ({
    sessions: [index],
    isNamed: true,
    top: top + PANEL_TITLE_HEIGHT + index * (height + PANEL_TITLE_HEIGHT),
    height,
    hourHeight,
  }));
}

/** Where a panel ends. */
export function bottomOf({ top, height }: Panel): number {
  return top + height;
}

/** From where to where days reach. */
export function across(
  { view, dayWidth }: Place,
  { fromDay, toDay }: DayRun,
): { readonly x: number; readonly width: number } {
  const x = round(LEFT + (fromDay - view.fromDay) * dayWidth);
  const end = round(LEFT + (toDay + 1 - view.fromDay) * dayWidth);
  return { x, width: round(end - x) };
}

/** How far down a time of day is. */
export function down({ top, hourHeight }: Panel, ms: DurationMs): number {
  return round(top + ms / HOUR_MS * hourHeight);
}

/** Each month of the picture, as far as it is in it. */
export function monthsOf({ fromDay, toDay }: DayRun): readonly DayRun[] {
  const runs: DayRun[] = [];
  for (let day = fromDay; day <= toDay; day++) {
    const last = runs.at(-1);
    if (last === undefined || dateOf(day).endsWith("-01")) {
      runs.push({ fromDay: day, toDay: day });
    } else runs.splice(-1, 1, { ...last, toDay: day });
  }
  return runs;
}

/** To hundredths of a pixel, so that sums do not trail digits. */
export function round(value: number): number {
  return Math.round(value * 100) / 100;
}

/** Text that stands between tags, or in an attribute. */
export function escapeXml(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;").replaceAll('"', "&quot;");
}

function daysIn({ fromDay, toDay }: DayRun): number {
  return toDay - fromDay + 1;
}

function dayWidthOf(view: DayRun): number {
  const days = daysIn(view);
  const widest = Math.max(DAY_WIDTH_MAX, PLOT_WIDTH_MIN / days);
  return Math.min(widest, Math.max(DAY_WIDTH_MIN, PLOT_WIDTH / days));
}
