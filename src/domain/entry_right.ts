/**
 * Whether a session lets orders in that open exposure, by its times alone.
 *
 * @module
 */

import { lengthText } from "./blackout.ts";
import { placedAt } from "./window.ts";
import { isCloseAction } from "./definition.ts";
import type { Session } from "./definition.ts";
import { shownIn } from "./hazard.ts";
import type { EntryStop, EntryStopReason, Occurrence } from "./occurrence.ts";
import { nextWindow } from "./open_window.ts";
import { isOpenAt, placementsBetween } from "./place.ts";
import type { EpochMs } from "./time.ts";

/** Whether entries are let in at an instant. */
export type EntryRight = { readonly allowed: true } | EntryRefusal;

/** Why entries are not let in, and when they are again. */
export interface EntryRefusal {
  /** Tells it from a right. */
  readonly allowed: false;
  /** Why, as a word for programs. */
  readonly reason: EntryRefusalReason;
  /** Why, in a sentence. */
  readonly message: string;
  /** The next instant at which they are let in; `null` where none is in reach. */
  readonly until: EpochMs | null;
}

/** The closed list of reasons that lie in a session's times. */
export type EntryRefusalReason =
  | EntryStopReason
  /** No occurrence of the session is open. */
  | "session_closed"
  /** An edge that closes has come due: what is open is being judged. */
  | "close_due"
  /** A hook of the session failed, and its file asks for no entries then. */
  | "hook_failed";

/** How many refusals in a row are looked through for the instant at which entries are let in again. */
const REFUSALS_MAX = 32;

/** A stretch in which entries are refused, and its reason in a sentence. */
interface Stretch {
  readonly reason: EntryRefusalReason;
  readonly message: string;
  /** `null` where it does not end. */
  readonly toAt: EpochMs | null;
}

/**
 * Whether a session lets entries in at an instant.
 *
 * Entries are placed from the session's opening on; from the instant at which a closing edge is due
 * they are refused until that edge's own instant, and after the end until the session opens again.
 *
 * @units `at`: EpochMs
 */
export function entryRight(session: Session, at: EpochMs): EntryRight {
  const refused = refusalAt(session, at);
  if (refused === null) return { allowed: true };
  const { reason, message } = refused;
  let untilAt = refused.toAt;
  for (let tried = 0; untilAt !== null && tried < REFUSALS_MAX; tried++) {
    const next = refusalAt(session, untilAt);
    if (next === null) {
      return { allowed: false, reason, message, until: untilAt };
    }
    untilAt = next.toAt;
  }
  return { allowed: false, reason, message, until: null };
}

function refusalAt(session: Session, at: EpochMs): Stretch | null {
  const open = placementsBetween(session, at, at + 1).flatMap((placement) =>
    placement.kind === "occurrence" && isOpenAt(placement.occurrence, at)
      ? [placement.occurrence]
      : []
  );
  if (open.length === 0) return closedStretch(session, at);
  // Of windows that overlap each keeps to its own times: what one refuses is refused.
  for (const occurrence of open) {
    const due = dueClose(occurrence, at);
    if (due !== null) return due;
    const stop = occurrence.entryStops.find(({ fromAt, toAt }) =>
      fromAt <= at && at < toAt
    );
    if (stop !== undefined) return stopStretch(session, stop);
  }
  return null;
}

function closedStretch(session: Session, at: EpochMs): Stretch {
  const toAt = nextWindow(session, at)?.opensAt ?? null;
  const opens = toAt === null ? "" : `; it opens at ${shown(session, toAt)}`;
  const message = `Session "${session.name}" is closed${opens}`;
  return { reason: "session_closed", message, toAt };
}

function dueClose({ edges }: Occurrence, at: EpochMs): Stretch | null {
  const edge = edges.find((each) =>
    each.dueAt <= at && at < each.at && each.actions.some(isCloseAction)
  );
  if (edge === undefined) return null;
  const message = `${edge.key} is due: nothing new is opened from then on`;
  return { reason: "close_due", message, toAt: edge.at };
}

function stopStretch(
  session: Session,
  { reason, fromAt, toAt }: EntryStop,
): Stretch {
  const { name, noNewEntriesMs } = session;
  const when = `from ${shown(session, fromAt)} to ${shown(session, toAt)}`;
  switch (reason) {
    case "outside_entries":
      return {
        reason,
        toAt,
        message: `Session "${name}" lets no entries in ${when}`,
      };
    case "no_new_entries": {
      const last = lengthText(noNewEntriesMs ?? 0);
      const message = `Session "${name}" lets no entries in during its last ` +
        `${last}, ${when}`;
      return { reason, toAt, message };
    }
    case "blackout":
      return {
        reason,
        toAt,
        message: `Session "${name}" has a blackout ${when}`,
      };
  }
}

function shown({ timezone }: Session, at: EpochMs): string {
  return shownIn(placedAt(at, timezone));
}
