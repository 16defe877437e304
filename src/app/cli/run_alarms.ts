/**
 * What a run tells elsewhere, in the words of the command line.
 *
 * @module
 */

import type { HeartbeatChange } from "../../adapters/notify/heartbeat.ts";
import { CarillonError } from "../../domain/error.ts";
import type { Composition, RunComposition } from "../compose.ts";
import type { LoadedFile } from "../loaded_file.ts";
import type { AlarmReport } from "../notify/alarm_report.ts";
import type { RunFailure } from "../notify/notice_message.ts";
import { Notifier } from "../notify/notifier.ts";
import type { Console } from "./console.ts";
import type { RunArgs } from "./grammar.ts";
import { armedCloses, type Teller, voiceOf } from "./teller.ts";

/** What a run's notifier is made of. */
export interface RunAlarmParts {
  readonly file: LoadedFile;
  readonly args: RunArgs;
  readonly composition: RunComposition;
  /** Hears what did not get through. */
  readonly voice: Pick<Teller, "alarm">;
}

/** The notifier of a run. */
export function createNotifier(parts: RunAlarmParts): Notifier {
  const { file, args, composition, voice } = parts;
  return new Notifier({
    webhooks: composition.webhooks,
    clock: composition.clock,
    // Its name is enough to know it by; where it lies is no matter for others.
    file: file.name.replace(/^.*[\\/]/, ""),
    dryRun: args.dryRun,
    voice: voiceOf({ file, args, composition, console: { color: false } }),
    report: voice.alarm,
  });
}

/** What is told of a run that cannot go on. */
export function failureOf(
  error: unknown,
  { clock, runtime }: Composition,
): RunFailure {
  // Words that are not ours are not sent to others.
  const message = error instanceof CarillonError
    ? error.message
    : "Its terminal says why";
  return { at: clock.now(), message, notRun: armedCloses(runtime.state) };
}

/** Says that a file's alarms are silent while its time is played; for people only. */
export function remarkSilence(
  { definition: { notify, heartbeat } }: LoadedFile,
  { json }: Pick<RunArgs, "json">,
  console: Console,
): void {
  if (json || (notify.length === 0 && heartbeat === null)) return;
  console.warn(
    "carillon: note: time is played: nobody is notified, and no heartbeat is sent",
  );
}

/** A change of the heartbeat as it is told. */
export function heartbeatReport(change: HeartbeatChange): AlarmReport {
  const message = change.state === "lost" ? change.why : null;
  return { type: "heartbeat.changed", state: change.state, message };
}
