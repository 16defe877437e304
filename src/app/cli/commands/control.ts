/**
 * `carillon skip`, `pause` and `resume`: what a run is to leave out, and when it is to go on.
 *
 * @module
 */

import {
  localTimeZone,
  SystemClock,
} from "../../../adapters/clock/system_clock.ts";
import { CarillonError } from "../../../domain/error.ts";
import { askForControl, type Control } from "../../control/ask_for_control.ts";
import type { ControlRequest } from "../../control/control_request.ts";
import { placeJournal } from "../../journal_place.ts";
import { loadDefinition } from "../../load_file.ts";
import type { LoadedFile } from "../../loaded_file.ts";
import { wireForm } from "../../wire_form.ts";
import { type Console, EXIT, type ExitCode } from "../console.ts";
import type { PauseArgs, SkipArgs } from "../grammar.ts";
import { makePaint } from "../paint.ts";
import { reportFault, reportProblems } from "../report.ts";
import { sayControl } from "../say_control.ts";
import type { Voice } from "../voice.ts";

/** Has an edge left out, or takes that back. */
export function skipCommand(
  args: SkipArgs,
  console: Console,
): Promise<ExitCode> {
  const { edge, undo } = args;
  const wish = undo ? "run" : "skip";
  return control({ command: "skip", edge, wish }, args, console);
}

/** Has everything left out that comes due, of one session or of all. */
export function pauseCommand(
  args: PauseArgs,
  console: Console,
): Promise<ExitCode> {
  const { session } = args;
  return control({ command: "pause", session }, args, console);
}

/** Ends a pause. */
export function resumeCommand(
  args: PauseArgs,
  console: Console,
): Promise<ExitCode> {
  const { session } = args;
  return control({ command: "resume", session }, args, console);
}

async function control(
  request: ControlRequest,
  args: Pick<SkipArgs, "file" | "json">,
  console: Console,
): Promise<ExitCode> {
  const file = await loadDefinition(args.file);
  if ("problems" in file) return reportProblems(file, args, console);
  const done = await askForControl({
    file,
    journal: journalOf(file),
    request,
    clock: new SystemClock(),
  });
  const { answer } = done;
  if (answer.kind === "refused") {
    const { code, message } = answer;
    return reportFault(new CarillonError(code, message), args, console);
  }
  if (args.json) {
    const { at, type, ...rest } = answer.notice;
    const { notedBy } = done;
    const line = wireForm({ at, type, ...rest, notedBy });
    console.print(JSON.stringify(line));
    return EXIT.done;
  }
  const voice = voiceOf(file, args, console);
  sayControl(answer.notice, voice).forEach(console.print);
  console.print(sayNotedBy(done, voice));
  for (const hint of hints(request, args.file)) console.print(hint);
  return EXIT.done;
}

/** Where the file's run records; in memory nobody could find it. */
function journalOf(file: LoadedFile): string {
  const place = placeJournal({
    ...file,
    isVirtual: false,
    purpose: { kind: "run" },
  });
  if (place.kind === "disk") return place.path;
  throw new CarillonError(
    "permission/missing",
    `Cannot reach the journal of "${file.name}": ${place.why}`,
  );
}

function sayNotedBy({ notedBy }: Control, { paint }: Voice): string {
  if (notedBy.kind === "run") {
    const who = notedBy.pid === null ? "" : ` (process ${notedBy.pid})`;
    return paint.dim(`Noted by the run that is under way${who}.`);
  }
  return paint.caution(
    "No run holds this journal: noted in it for the next one. A run with its journal in memory hears nothing of it.",
  );
}

function hints(request: ControlRequest, file: string): readonly string[] {
  if (request.command === "skip" && request.wish === "skip") {
    return [`Undo it: carillon skip ${file} ${request.edge} --undo`];
  }
  if (request.command !== "pause") return [];
  const session = request.session === null ? "" : ` ${request.session}`;
  return [`End it: carillon resume ${file}${session}`];
}

function voiceOf(
  { definition }: LoadedFile,
  { file }: Pick<SkipArgs, "file">,
  console: Console,
): Voice {
  const zones = new Map(
    definition.sessions.map(({ name, timezone }) => [name, timezone]),
  );
  return {
    paint: makePaint(console.color),
    here: localTimeZone(),
    kindOf: () => "http",
    zoneOf: (edge) =>
      zones.get(edge.split("/")[0] ?? "") ?? definition.timezone,
    accounts: definition.accounts.length,
    flattenHint: `carillon flatten ${file}`,
  };
}
