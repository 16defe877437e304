/**
 * A run that hears of edits of its file: by SIGHUP, and with `--watch` by looking itself.
 *
 * @module
 */

import { SystemClock } from "../../adapters/clock/system_clock.ts";
import type { RunComposition } from "../compose.ts";
import { loadHooks } from "../hooks/plan_hooks.ts";
import { loadFile } from "../load_file.ts";
import type { LoadedFile, LoadFailure } from "../loaded_file.ts";
import { Reloader } from "../reload/reloader.ts";
import { watchFiles } from "../reload/watch_files.ts";
import { dropSourceFile } from "../source_file.ts";
import { CallError } from "./call_error.ts";
import type { RunArgs } from "./grammar.ts";
import type { PlayTime } from "./play_time.ts";
import { listenForHangUp } from "./reload_signal.ts";
import { refuseUnsupported } from "./supported.ts";
import type { Teller } from "./teller.ts";

/** Requests to read the file again, from the beginning of a run to its end. */
export interface RunEdits extends Disposable {
  /** Carries out what was asked for so far, and from now on at once. */
  readonly follow: (run: FollowedRun) => void;
}

/** A run whose file may be edited. */
export interface FollowedRun {
  readonly file: LoadedFile;
  readonly args: Pick<RunArgs, "file" | "watch">;
  readonly composition: RunComposition;
  readonly teller: Teller;
  /** Ends the watch. */
  readonly signal: AbortSignal;
}

/**
 * Refuses a watch on what does not change, or on time that does not pass.
 *
 * @throws {CallError} if `--watch` does not go with the rest of the call
 */
export function refuseWatch(
  { file, watch }: Pick<RunArgs, "file" | "watch">,
  { plan }: PlayTime,
): void {
  if (!watch) return;
  if (file === "-") {
    throw new CallError(
      "--watch needs a file: standard input can be read only once",
    );
  }
  if (plan.kind === "virtual") {
    throw new CallError(
      "--watch does not go with --speed max: time is over before a file is edited",
    );
  }
}

/** Listens for SIGHUP; a terminal that has gone calls `stop`. */
export function listenForEdits(
  { plan }: PlayTime,
  stop: () => void,
): RunEdits {
  let isAsked = false;
  let ask = () => {
    isAsked = true;
  };
  // Time that is played as fast as it goes is over before anybody edits a file.
  const hangUp = plan.kind === "virtual"
    ? listenForHangUp({ reload: stop, stop })
    : listenForHangUp({ reload: () => ask(), stop });
  return {
    follow(run) {
      const reloader = createReloader(run);
      ask = () => void reloader.reload();
      if (isAsked) ask();
      if (run.args.watch) void watch(reloader, run.signal);
    },
    [Symbol.dispose]: () => hangUp[Symbol.dispose](),
  };
}

function createReloader(
  { file, args, composition, teller }: FollowedRun,
): Reloader {
  const { runtime, clock } = composition;
  return new Reloader({
    file,
    runtime,
    clock,
    stageHooks: composition.stageHooks,
    load: () => load(args.file),
    onKept: teller.kept,
    onTaken: teller.warned,
  });
}

async function load(path: string): Promise<LoadedFile | LoadFailure> {
  if (path === "-") return NOT_AGAIN;
  dropSourceFile(path);
  const loaded = await loadFile(path);
  if ("problems" in loaded) return loaded;
  return refuseUnsupported(loaded) ?? await loadHooks(loaded);
}

const NOT_AGAIN: LoadFailure = {
  name: "-",
  source: null,
  problems: [],
  fault: {
    code: "file/unreadable",
    message: "Cannot read standard input again",
  },
};

async function watch(reloader: Reloader, signal: AbortSignal): Promise<void> {
  await watchFiles({
    files: () => reloader.files,
    clock: new SystemClock(),
    signal,
    onChange: () => reloader.reload(false),
  });
}
