/**
 * The stations of a program's life: every write of its journal and every call of a broker, counted.
 *
 * @module
 */

import type { EdgeSettled } from "../../domain/notice.ts";
import type { EpochMs } from "../../domain/time.ts";
import type { Entry } from "../../runtime/ports.ts";
import type { StationPlace } from "./play_plan.ts";

/** What a broker is asked for. */
export type CallKind = "open" | "read" | "submit" | "cancel" | "find";

/** A station that a program passed, and what it did there. */
export type Station =
  & StationPlace
  & {
    /** By the world's clock. @units EpochMs */
    readonly at: EpochMs;
  }
  & (
    | {
      readonly kind: "append";
      /** Edges that came due with it. */
      readonly due: readonly string[];
      /** Edges that ended with it. */
      readonly settled: readonly string[];
      /** Whether it takes in how a cancellation ended. */
      readonly takesCancel: boolean;
    }
    | { readonly kind: "call"; readonly call: CallKind }
  );

/** What a batch of entries means for the edges. */
export function appendAt(
  n: number,
  at: EpochMs,
  entries: readonly Entry[],
): Station {
  return {
    kind: "append",
    n,
    at,
    due: entries.flatMap(({ event }) =>
      event.type === "edge.due" ? [event.edge] : []
    ),
    settled: settledIn(entries).map(({ edge }) => edge),
    takesCancel: entries.some(({ event }) => event.type === "cancel.answered"),
  };
}

/** How edges ended, as entries tell it. */
export function settledIn(entries: Iterable<Entry>): readonly EdgeSettled[] {
  const settled: EdgeSettled[] = [];
  for (const { effects } of entries) {
    for (const effect of effects) {
      if (effect.type !== "tell") continue;
      if (effect.notice.type === "edge.settled") settled.push(effect.notice);
    }
  }
  return settled;
}

/** The stations from the instant at which any of some edges comes due until the last of them ended. */
export function stationsOfEdges(
  stations: readonly Station[],
  edges: ReadonlySet<string>,
): readonly Station[] {
  const underWay = new Set<string>();
  return stations.filter((station) => {
    if (station.kind === "call") return underWay.size > 0;
    for (const edge of station.due) if (edges.has(edge)) underWay.add(edge);
    const isIn = underWay.size > 0;
    for (const edge of station.settled) underWay.delete(edge);
    return isIn;
  });
}
