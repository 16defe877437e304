/**
 * Sessions whose entries are refused since a hook of theirs failed, as their file asks.
 *
 * @module
 */

import { entryRight } from "./entry_right.ts";
import type { Hook, Session } from "./definition.ts";
import type { HookLine } from "./notice.ts";
import type { JobPlan } from "./job.ts";
import type { Occurrence } from "./occurrence.ts";
import { occurrenceAt, placeOn } from "./place.ts";
import type { EntryHold } from "./state.ts";
import type { EpochMs } from "./time.ts";
import type { Turn } from "./turn.ts";

/** The occurrence that a job belongs to; `null` for a request at a time at which none is open. */
export function occurrenceOf(
  session: Session,
  { edge }: Pick<JobPlan, "edge">,
  at: EpochMs,
): Occurrence | null {
  if (edge === null) return occurrenceAt(session, at);
  const placement = placeOn(session, edge.tradeDate);
  return placement?.kind === "occurrence" ? placement.occurrence : null;
}

/** The hook behind an action's name. */
export function hookNamed(
  session: Session,
  name: HookLine["name"],
): Hook | null {
  return name === "custom_start" ? session.customStart : session.customEnd;
}

/** Refuses a session's entries for the rest of the occurrence, and gives until when. */
export function holdEntries(
  turn: Turn,
  { session, plan, call }: {
    readonly session: Session;
    readonly plan: Pick<JobPlan, "edge">;
    readonly call: string;
  },
): EpochMs | null {
  const occurrence = occurrenceOf(session, plan, turn.at);
  if (occurrence === null || occurrence.closesAt <= turn.at) return null;
  const untilAt = occurrence.closesAt;
  const hold: EntryHold = { session: session.name, call, untilAt };
  turn.state = {
    ...turn.state,
    entryHolds: [
      ...keptHolds(turn.state.entryHolds, turn.at)
        .filter((each) => each.session !== session.name),
      hold,
    ],
  };
  return untilAt;
}

/** The holds that still hold at an instant. */
export function keptHolds(
  holds: readonly EntryHold[],
  at: EpochMs,
): readonly EntryHold[] {
  return holds.filter(({ untilAt }) => at < untilAt);
}

/** The hold on a session's entries; `null` where there is none. */
export function holdOn(
  holds: readonly EntryHold[],
  session: string,
  at: EpochMs,
): EntryHold | null {
  return keptHolds(holds, at).find((hold) => hold.session === session) ?? null;
}

/** When entries are let in again after a hold; `null` where that is not in reach. */
export function openAgainAt(
  session: Session,
  { untilAt }: EntryHold,
): EpochMs | null {
  const right = entryRight(session, untilAt);
  return right.allowed ? untilAt : right.until;
}
