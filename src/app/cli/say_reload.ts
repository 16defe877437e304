/**
 * What is said of a file that was edited while it runs: what it changes, in lines.
 *
 * @module
 */

import type {
  FileReloaded,
  PlannedEdge,
  ReplannedEdge,
} from "../../domain/notice.ts";
import { dueText } from "./say_not_run.ts";
import type { Voice } from "./voice.ts";

/** More than these of a kind are not worth a line each. */
const EDGE_LINES = 8;

/** What the edited file changes: sessions, then the edges of the next days. */
export function sayReloaded(
  { sessions, edges, untold }: FileReloaded,
  voice: Voice,
): readonly string[] {
  const { paint } = voice;
  const { added, removed, changed } = sessions;
  const parts = [
    nameList("added", added),
    nameList("changed", changed),
    nameList("removed", removed),
  ].filter((part) => part !== "");
  const what = parts.length === 0
    ? "no session is other than before"
    : parts.join("; ");
  const lines = [
    ...edges.changed.map((edge) => sayChanged(edge, voice)),
    ...edges.added.map((edge) =>
      `  + ${edgeText(edge)}: due ${dueOf(edge, voice)}`
    ),
    ...edges.removed.map((edge) =>
      paint.caution(
        `  - ${edgeText(edge)} WILL NOT RUN: was due ${dueOf(edge, voice)}`,
      )
    ),
  ];
  const rest = Math.max(lines.length - 3 * EDGE_LINES, 0) + untold;
  return [
    `${paint.bold("File edited, carried out from now on:")} ${what}.`,
    ...lines.slice(0, 3 * EDGE_LINES),
    ...rest === 0 ? [] : [`  and ${rest} more in the next 7 days`],
  ];
}

function nameList(verb: string, names: readonly string[]): string {
  if (names.length === 0) return "";
  const shown = names.slice(0, EDGE_LINES).join(", ");
  const rest = names.length - EDGE_LINES;
  return `${verb} ${shown}${rest > 0 ? ` and ${rest} more` : ""}`;
}

function sayChanged(edge: ReplannedEdge, voice: Voice): string {
  const { dueAt, wasDueAt, actions, wasActions } = edge;
  const parts = [
    dueAt === wasDueAt
      ? `due ${dueOf(edge, voice)}`
      : `due ${dueOf(edge, voice)}, was ${dueText(wasDueAt, edge.edge, voice)}`,
    actions.join() === wasActions.join()
      ? ""
      : `did ${wasActions.join(", ") || "nothing"}`,
  ].filter((part) => part !== "");
  return `  ~ ${edgeText(edge)}: ${parts.join("; ")}`;
}

function edgeText({ edge, actions }: PlannedEdge): string {
  return actions.length === 0 ? edge : `${edge} (${actions.join(", ")})`;
}

function dueOf({ dueAt, edge }: PlannedEdge, voice: Voice): string {
  return dueText(dueAt, edge, voice);
}
