/**
 * Says when another edition of the time zone data moves edges that were armed.
 *
 * @module
 */

import type { State } from "./state.ts";
import { rows } from "./table.ts";
import type { EpochMs } from "./time.ts";
import { tell, type Turn } from "./turn.ts";

/**
 * Tells of every edge that the run before had armed for another instant, where the file is the same.
 *
 * The edge comes due where it is armed now; what an edited file moves is the file's own affair.
 */
export function tellMovedEdges(turn: Turn, earlier: State): void {
  const { run } = turn.state;
  if (run === null || earlier.run === null || earlier.run.hash !== run.hash) {
    return;
  }
  const before = new Map(
    rows(earlier.sessions).flatMap(({ waiting }) => waiting)
      .map(({ key, at }) => [key, at]),
  );
  const why = whyMoved(earlier.run.zoneData, run.zoneData);
  const armed = rows(turn.state.sessions).flatMap(({ waiting }) => waiting);
  for (const { key, at } of armed) {
    const wasAt = before.get(key);
    if (wasAt === undefined || wasAt === at) continue;
    const message = `The edge is armed for ${
      text(at)
    }, and the run before had it at ${text(wasAt)}: ${why}`;
    tell(turn, { type: "anomaly", at: turn.at, about: key, message });
  }
}

function whyMoved(before: string | undefined, now: string | undefined): string {
  return before === now
    ? "this version of carillon counts its calendar or its zone otherwise"
    : `the time zone data is of edition ${now ?? "unknown"}, and was ${
      before ?? "unknown"
    }`;
}

function text(at: EpochMs): string {
  return Temporal.Instant.fromEpochMilliseconds(at).toString();
}
