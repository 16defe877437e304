/**
 * `carillon run FILE`: carries a file out until it is stopped.
 *
 * @module
 */

import type { StopPolicy } from "../../../domain/definition.ts";
import { SystemClock } from "../../../adapters/clock/system_clock.ts";
import { VirtualClock } from "../../../adapters/clock/virtual_clock.ts";
import {
  type ComposeOptions,
  composeRun,
  type Composition,
  type RunComposition,
} from "../../compose.ts";
import { serveRequests } from "../../control/serve_requests.ts";
import { loadHooks } from "../../hooks/plan_hooks.ts";
import { type LoadedFile, loadFile } from "../../load_file.ts";
import type { Console, ExitCode } from "../console.ts";
import type { RunArgs } from "../grammar.ts";
import {
  reportListenerFault,
  reportNotStarted,
  reportProblems,
  reportWarnings,
} from "../report.ts";
import { planTime, type PlayTime } from "../play_time.ts";
import { readPriceOptions } from "../price_option.ts";
import { createTeller, type Teller } from "../teller.ts";
import { refuseUnsupported } from "../supported.ts";
import {
  createNotifier,
  failureOf,
  heartbeatReport,
  remarkSilence,
} from "../run_alarms.ts";
import { Verdict } from "../run_verdict.ts";
import { listenForEdits, refuseWatch } from "../run_edits.ts";
import { listenForStop } from "../stop_signals.ts";

/** Runs a file; every problem of the call or the file ends it before anything is started. */
export async function runCommand(
  args: RunArgs,
  console: Console,
): Promise<ExitCode> {
  const found = await loadFile(args.file);
  if ("problems" in found) return reportProblems(found, args, console);
  const refused = refuseUnsupported(found);
  if (refused !== null) return reportProblems(refused, args, console);
  const loaded = await loadHooks(found);
  if ("problems" in loaded) return reportProblems(loaded, args, console);
  const time = planTime(args, loaded.definition, new SystemClock().now());
  refuseWatch(args, time);
  reportWarnings(loaded, args, console);
  if (time.plan.kind !== "live") remarkSilence(loaded, args, console);
  return await play(loaded, time, args, console);
}

async function play(
  file: LoadedFile,
  time: PlayTime,
  args: RunArgs,
  console: Console,
): Promise<ExitCode> {
  const early = new AbortController();
  const onStop = { finish: () => early.abort(), leave: () => early.abort() };
  using stop = listenForStop(() => onStop.finish(), () => onStop.leave(), {
    hangUp: false,
  });
  using edits = listenForEdits(time, stop.ask);
  let teller: Teller | null = null;
  await using composition = await compose(file, time, args, {
    signal: early.signal,
    onStream: (account, event) => teller?.stream(account, event),
    onHeartbeat: (change) => teller?.alarm(heartbeatReport(change)),
    onListenerFault: (error) => reportListenerFault(error, console),
  });
  if (composition === null || early.signal.aborted) {
    return reportNotStarted(args, console);
  }
  const voice = teller = createTeller({ file, args, console, composition });
  const notifier = createNotifier({ file, args, composition, voice });
  const leaving = new AbortController();
  const verdict = new Verdict();
  const { runtime } = composition;
  runtime.listen((notice) => {
    verdict.hear(notice);
    voice.tell(notice);
  });
  runtime.listen((notice) => notifier.tell(notice));
  const policy = () =>
    args.onStop ?? (runtime.state.run?.definition ?? file.definition).onStop;
  onStop.finish = () => void runtime.stop(policy(), "user").catch(() => {});
  onStop.leave = () => {
    runtime.abandon();
    leaving.abort();
  };
  voice.open();
  runtime.start();
  void stopAt(composition, time, policy);
  const over = new AbortController();
  void serve(composition, over.signal, console);
  const { signal } = over;
  edits.follow({ file, args, composition, teller: voice, signal });
  try {
    await carryOn(composition);
  } catch (error) {
    voice.broken();
    notifier.broken(failureOf(error, composition));
    throw error;
  } finally {
    over.abort();
    // Whoever cuts the wait for messages short leaves nothing else in the middle.
    const stops = stop.count;
    await notifier.close(leaving.signal);
    voice.close(stops);
  }
  return verdict.exitCode(stop.count);
}

/** Opens the accounts; `null` where the user stopped meanwhile. */
async function compose(
  file: LoadedFile,
  time: PlayTime,
  args: RunArgs,
  options: Required<
    Pick<
      ComposeOptions,
      "signal" | "onStream" | "onListenerFault" | "onHeartbeat"
    >
  >,
): Promise<RunComposition | null> {
  try {
    return await composeRun(file, {
      ...options,
      time: time.plan,
      dryRun: args.dryRun,
      prices: readPriceOptions(args.prices, file.definition),
    });
  } catch (error) {
    if (options.signal.aborted) return null;
    throw error;
  }
}

/** Lets the run go on until it ends; a virtual clock has to be moved for that. */
async function carryOn({ clock, runtime }: Composition): Promise<void> {
  if (clock instanceof VirtualClock) await clock.runFor(runtime.ended);
  else await runtime.ended;
}

/** Ends the run just after its last instant, so that what is due at that instant still fires. */
async function stopAt(
  { clock, runtime }: Composition,
  { untilAt }: PlayTime,
  policy: () => StopPolicy,
): Promise<void> {
  if (untilAt === null) return;
  const over = new AbortController();
  const end = () => over.abort();
  runtime.ended.then(end, end);
  try {
    while (clock.now() <= untilAt) {
      await clock.sleepUntil(untilAt + 1, over.signal);
    }
    await runtime.stop(policy(), "until");
  } catch {
    // The run was over before its time, or failed; whoever waits for its end hears of it.
  }
}

/** Hears what other processes want to be left out; a journal in memory is nobody's to find. */
async function serve(
  { runtime, journal }: Composition,
  signal: AbortSignal,
  console: Console,
): Promise<void> {
  if (journal.kind !== "disk") return;
  await serveRequests({
    runtime,
    clock: new SystemClock(),
    journal: journal.path,
    signal,
    onFault: (error) => reportListenerFault(error, console),
  });
}
