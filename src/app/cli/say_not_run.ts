/**
 * Names the edges that will not run.
 *
 * @module
 */

import type { PlannedEdge } from "../../domain/notice.ts";
import {
  localDateText,
  shortClockText,
  toSecond,
  zoneText,
} from "./format_time.ts";
import type { Voice } from "./voice.ts";

/** More than these are not worth a line each. */
const NOT_RUN_LINES = 5;

/** Edges that will not run, the next ones in a line each. */
export function sayNotRun(
  edges: readonly PlannedEdge[],
  voice: Voice,
): readonly string[] {
  return edges.slice(0, NOT_RUN_LINES).map(({ edge, dueAt, actions }) =>
    voice.paint.caution(
      `${edge} (${actions.join(", ")}) WILL NOT RUN: due ${
        dueText(dueAt, edge, voice)
      }.`,
    )
  );
}

/** When an edge is due, by its session's clock: `2026-11-23 16:30 London`. */
export function dueText(dueAt: number, edge: string, voice: Voice): string {
  const zone = voice.zoneOf(edge);
  return `${localDateText(dueAt, zone)} ${
    shortClockText(toSecond(dueAt), zone)
  } ${zoneText(zone)}`;
}
