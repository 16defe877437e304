/**
 * What a session was told lately, to be told again: bounded in count and in age.
 *
 * @module
 */

import type { DurationMs } from "../../../../domain/time.ts";

/** One piece of news as it was sent. */
export interface Told {
  readonly seq: number;
  /** The frame up to its number; shared by all sessions that were told. */
  readonly head: string;
  /** When, by the monotonic clock. @units milliseconds */
  readonly at: DurationMs;
}

/** How much is kept: so much at least, and twice that at most. */
export interface BufferBounds {
  readonly resumeEventsMin: number;
  /** @units milliseconds */
  readonly resumeMs: DurationMs;
}

interface Link {
  readonly told: Told;
  readonly before: Link | null;
}

/**
 * Two generations, latest first: when the young one has as much as must be kept, or has grown as
 * old, it takes the place of the old one. So adding costs the same however much is kept, and
 * nothing is ever changed.
 */
export interface ResumeBuffer {
  readonly young: Link | null;
  readonly youngCount: number;
  readonly youngSinceAt: DurationMs;
  readonly old: Link | null;
  /** The latest number that has been let go; 0 before the first. */
  readonly goneSeq: number;
}

/** Nothing yet. */
export const EMPTY_BUFFER: ResumeBuffer = {
  young: null,
  youngCount: 0,
  youngSinceAt: 0,
  old: null,
  goneSeq: 0,
};

/** The buffer with one piece of news more. */
export function keep(
  buffer: ResumeBuffer,
  told: Told,
  bounds: BufferBounds,
): ResumeBuffer {
  const { young, youngCount, youngSinceAt, old } = buffer;
  const isFull = youngCount >= bounds.resumeEventsMin ||
    told.at - youngSinceAt > bounds.resumeMs;
  if (young === null || isFull) {
    return {
      young: { told, before: null },
      youngCount: 1,
      youngSinceAt: told.at,
      old: young,
      goneSeq: old?.told.seq ?? buffer.goneSeq,
    };
  }
  return {
    ...buffer,
    young: { told, before: young },
    youngCount: youngCount + 1,
  };
}

/** What came after a number, oldest first; `null` where some of it has been let go. @units `at`: milliseconds */
export function missedSince(
  buffer: ResumeBuffer,
  seq: number,
  at: DurationMs,
  bounds: BufferBounds,
): readonly Told[] | null {
  if (seq < buffer.goneSeq) return null;
  const missed: Told[] = [];
  for (const generation of [buffer.young, buffer.old]) {
    let link = generation;
    while (link !== null && link.told.seq > seq) {
      missed.push(link.told);
      link = link.before;
    }
  }
  const oldest = missed.at(-1);
  if (oldest !== undefined && at - oldest.at > bounds.resumeMs) return null;
  return missed.reverse();
}
