/**
 * Notices that a file was edited, however its editor writes it: in place, or as another file that
 * takes its name.
 *
 * @module
 */

import type { DurationMs } from "../../domain/time.ts";
import type { Clock } from "../../runtime/ports.ts";
import { folderOf } from "../source_file.ts";
import { isChanged, stampFiles, type Stamps } from "./file_stamps.ts";

/** What is watched, and who hears of it. */
export interface WatchParts {
  /** The files, asked for anew after each change: an edit may name others. */
  readonly files: () => readonly string[];
  /** Real time, whatever the run's own clock says. */
  readonly clock: Clock;
  /** Ends the watch. */
  readonly signal: AbortSignal;
  /** Hears that something changed; the next change waits for it. */
  readonly onChange: () => Promise<void>;
}

/** A file that was touched is read when nothing has touched it for so long. @units milliseconds */
export const QUIET_MS: DurationMs = 150;

/** How many times it may be touched before it is read all the same. */
const TOUCHES_MAX = 20;

/** How long until the next look where the system gives no watch. @units milliseconds */
const LOOK_MS: DurationMs = 1_000;

/**
 * Watches until the signal is aborted.
 *
 * The system's notices only wake us. Whether something changed is told by the files' stamps, so that
 * nothing is missed between two watches, and nothing is read that is as it was.
 */
export async function watchFiles(parts: WatchParts): Promise<void> {
  const { files, signal, onChange } = parts;
  // What was edited between its reading and now would be missed: the first look counts as a change.
  let known: Stamps = new Map();
  while (!signal.aborted) {
    const watch = openWatch(files());
    try {
      // What changed before the watch was there would not wake us.
      if (!isChanged(known, await stampFiles(files()))) {
        await touched(watch, parts);
      }
      await settled(parts);
    } finally {
      watch?.close();
    }
    if (signal.aborted) return;
    const now = await stampFiles(files());
    if (!isChanged(known, now)) continue;
    await onChange();
    // Files that the edit names are new to us; the others count as they were before they were read.
    known = new Map([...await stampFiles(files()), ...now]);
  }
}

/** A watch on the folders, or on the files alone where we may not see more; `null` for neither. */
function openWatch(files: readonly string[]): Deno.FsWatcher | null {
  const folders = [...new Set(files.map(folderOf))];
  for (const paths of [folders, [...files]]) {
    try {
      return Deno.watchFs(paths, { recursive: false });
    } catch {
      // Not permitted, not there just now, or more than the system watches: there is another way.
    }
  }
  return null;
}

/** Waits for the first notice; without a watch, for some time. */
async function touched(
  watch: Deno.FsWatcher | null,
  { clock, signal }: WatchParts,
): Promise<void> {
  if (watch === null) return await sleep(clock, LOOK_MS, signal);
  const stop = () => watch.close();
  signal.addEventListener("abort", stop);
  try {
    if (!signal.aborted) await watch[Symbol.asyncIterator]().next();
  } finally {
    signal.removeEventListener("abort", stop);
  }
}

/** Waits until whoever writes has finished. */
async function settled(
  { files, clock, signal }: WatchParts,
): Promise<void> {
  let before = await stampFiles(files());
  for (let touches = 0; touches < TOUCHES_MAX && !signal.aborted; touches++) {
    await sleep(clock, QUIET_MS, signal);
    const now = await stampFiles(files());
    if (!isChanged(before, now)) return;
    before = now;
  }
}

async function sleep(
  clock: Clock,
  ms: DurationMs,
  signal: AbortSignal,
): Promise<void> {
  try {
    await clock.sleepUntil(clock.now() + ms, signal);
  } catch (error) {
    // Woken since the run is over.
    if (!signal.aborted) throw error;
  }
}
