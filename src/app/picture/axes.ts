/**
 * The hours, the days and the lines that guide the eye.
 *
 * @module
 */

import { dateOf } from "../../domain/date.ts";
import { DAY_MS, HOUR_MS } from "../../domain/time.ts";
import { zoneText } from "../../domain/zone_text.ts";
import {
  across,
  bottomOf,
  down,
  escapeXml,
  type Layout,
  LEFT,
  monthsOf,
  type Panel,
  round,
} from "./layout.ts";
import { LETTER } from "./legend.ts";

const MONTHS = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split(" ");
const DAY_LABEL_WIDTH = 15;
const ZONE_LENGTH_MAX = 8;

/** Lines behind the bars: every few hours, and between months. */
export function drawGrid(layout: Layout, panel: Panel): readonly string[] {
  const { view, plotWidth } = layout;
  const hours = hoursOf(panel).filter((hour) => hour > 0 && hour < 24)
    .map((hour) => `M${LEFT} ${down(panel, hour * HOUR_MS)}h${plotWidth}`);
  const months = monthsOf(view).slice(1).map((month) =>
    `M${across(layout, month).x} ${panel.top}v${panel.height}`
  );
  return [
    `<path class="grid" d="${hours.join("")}"/>`,
    ...(months.length > 0
      ? [`<path class="month" d="${months.join("")}"/>`]
      : []),
  ];
}

/** What stands around the bars. */
export function drawAxes(layout: Layout): readonly string[] {
  const { view, plotWidth, panels } = layout;
  const right = LEFT + plotWidth;
  const top = (panels[0]?.top ?? 0) - 10;
  const zone = zoneText(view.timezone);
  const short = zone.length <= ZONE_LENGTH_MAX
    ? zone
    : `${zone.slice(0, ZONE_LENGTH_MAX - 1)}…`;
  return [
    `<text class="axis" x="${LEFT - 8}" y="${top}" text-anchor="end">${
      escapeXml(short)
    }</text>`,
    `<text class="axis" x="${right + 8}" y="${top}">UTC</text>`,
    ...panels.flatMap((panel) => [
      ...drawHours(panel),
      ...drawUtc(layout, panel, right),
    ]),
    ...drawDays(layout),
    ...drawMonths(layout),
  ];
}

/** As many as there is room for. */
function hoursOf({ hourHeight }: Panel): readonly number[] {
  const every = hourHeight >= 9 ? 3 : hourHeight >= 5 ? 6 : 12;
  return Array.from({ length: 24 / every + 1 }, (_, index) => index * every);
}

function drawHours(panel: Panel): readonly string[] {
  return hoursOf(panel).map((hour) =>
    hourText(LEFT - 8, down(panel, hour * HOUR_MS), hour, "end")
  );
}

/** UTC's hours; its noon and midnight as lines that step where the picture's own clock changes. */
function drawUtc(
  layout: Layout,
  panel: Panel,
  right: number,
): readonly string[] {
  const { offsets } = layout.view;
  const last = offsets.at(-1)?.offsetMs ?? 0;
  const isUtc = offsets.every(({ offsetMs }) => offsetMs === 0);
  const labels = hoursOf(panel).filter((hour) => hour < 24 || last === 0)
    .map((hour) => {
      const ms = hour * HOUR_MS + last;
      const onDay = hour === 24 ? ms : (ms + DAY_MS) % DAY_MS;
      return hourText(right + 8, down(panel, onDay), hour, "start");
    });
  if (isUtc) return labels;
  const lines = [0, 12].flatMap((hour) =>
    offsets.map((run) => {
      const { x, width } = across(layout, run);
      const ms = (hour * HOUR_MS + run.offsetMs + DAY_MS) % DAY_MS;
      return `M${x} ${down(panel, ms)}h${width}`;
    })
  );
  return [...labels, `<path class="utc" d="${lines.join("")}"/>`];
}

function hourText(
  x: number,
  y: number,
  hour: number,
  anchor: "start" | "end",
): string {
  const text = `${String(hour).padStart(2, "0")}:00`;
  return `<text class="hour" x="${x}" y="${
    round(y + 3.5)
  }" text-anchor="${anchor}">${text}</text>`;
}

/** The days of the month, where there is room for them. */
function drawDays(layout: Layout): readonly string[] {
  const { view, dayWidth } = layout;
  if (dayWidth < DAY_LABEL_WIDTH) return [];
  const lines: string[] = [];
  for (let day = view.fromDay; day <= view.toDay; day++) {
    const { x, width } = across(layout, { fromDay: day, toDay: day });
    const text = Number(dateOf(day).slice("YYYY-MM-".length));
    lines.push(
      `<text class="hour" x="${round(x + width / 2)}" y="${
        footOf(layout) + 15
      }" text-anchor="middle">${text}</text>`,
    );
  }
  return lines;
}

function drawMonths(layout: Layout): readonly string[] {
  const y = footOf(layout) + (layout.dayWidth < DAY_LABEL_WIDTH ? 18 : 31);
  return monthsOf(layout.view).flatMap((month) => {
    const { x, width } = across(layout, month);
    const [year, number] = dateOf(month.fromDay).split("-");
    const name = MONTHS[Number(number) - 1] ?? "";
    if (width < name.length * LETTER) return [];
    const long = `${name} ${year}`;
    const text = width > 2 * long.length * LETTER ? long : name;
    return [
      `<text class="label" x="${
        round(x + width / 2)
      }" y="${y}" text-anchor="middle">${text}</text>`,
    ];
  });
}

function footOf({ panels }: Layout): number {
  const last = panels.at(-1);
  return last === undefined ? 0 : bottomOf(last);
}
