/**
 * Tells of a run as it happens: as JSON, as plain lines, or as lines above a live view.
 *
 * @module
 */

import { localTimeZone } from "../../adapters/clock/system_clock.ts";
import { ScaledClock } from "../../adapters/clock/scaled_clock.ts";
import { VirtualClock } from "../../adapters/clock/virtual_clock.ts";
import type { Notice, RunStopped } from "../../domain/notice.ts";
import type { State } from "../../domain/state.ts";
import { getRow, rows } from "../../domain/table.ts";
import type { BrokerEvent } from "../../runtime/ports.ts";
import type { Composition } from "../compose.ts";
import type { LoadedFile } from "../load_file.ts";
import type { AlarmReport } from "../notify/alarm_report.ts";
import { wireForm } from "../wire_form.ts";
import type { Console } from "./console.ts";
import type { RunArgs } from "./grammar.ts";
import { createLiveView, type LiveView } from "./live_view.ts";
import { makePaint } from "./paint.ts";
import { sayAlarm } from "./say_alarm.ts";
import { sayNotice } from "./say.ts";
import { sayNotRun } from "./say_not_run.ts";
import type { KeptFile } from "../reload/kept_file.ts";
import { reportWarnings, sayWarnings } from "./report.ts";
import { keptForm, sayKept } from "./say_kept.ts";
import type { Voice } from "./voice.ts";

/** Tells of one run. */
export interface Teller {
  /** Before the run starts. */
  readonly open: () => void;
  /** Something happened. */
  readonly tell: (notice: Notice) => void;
  /** A broker's stream came up or went down. */
  readonly stream: (account: string, event: BrokerEvent) => void;
  /** A message or a sign of life did not get through, or does again. */
  readonly alarm: (report: AlarmReport) => void;
  /** An edited file is not carried out. */
  readonly kept: (kept: KeptFile) => void;
  /** What the author of an edited file should look at although it is carried out. */
  readonly warned: (file: LoadedFile) => void;
  /** The run could not go on: nothing fires any more. */
  readonly broken: () => void;
  /** After the run's end. @units `stops`: how often the user asked for it */
  readonly close: (stops: number) => void;
}

/** What a teller works with. */
export interface TellerParts {
  readonly file: LoadedFile;
  readonly args: Pick<RunArgs, "json" | "file">;
  readonly console: Console;
  readonly composition: Composition;
  /** Whether a picture stands below the lines where people watch; it does by default. */
  readonly hasView?: boolean;
}

/** The teller that fits the call and the terminal. */
export function createTeller(parts: TellerParts): Teller {
  return parts.args.json ? jsonTeller(parts) : lineTeller(parts);
}

function jsonTeller({ console, composition }: TellerParts): Teller {
  const print = (value: object, asIs: object = {}) =>
    console.print(
      JSON.stringify(Object.assign({}, wireForm(value), asIs)),
    );
  return {
    open: () => {
      const { clock, journal } = composition;
      print({ at: clock.now(), type: "run.opened", journal });
    },
    tell: (notice) => {
      const { at, type, ...rest } = notice;
      // What a hook returned is the user's own, keys and numbers as they are.
      const { value = null } = notice.type === "hook.ended" ? notice : {};
      const own = value === null ? {} : { value: JSON.parse(value) };
      print({ at, type, ...rest }, own);
    },
    stream: (account, event) => {
      if (event.type !== "stream") return;
      const { state, message } = event;
      print({
        at: composition.clock.now(),
        type: "stream.changed",
        account,
        state,
        message,
      });
    },
    alarm: ({ type, ...rest }) =>
      print({ at: composition.clock.now(), type, ...rest }),
    kept: (kept) => console.print(JSON.stringify(keptForm(kept))),
    warned: (file) => reportWarnings(file, { json: true }, console),
    broken: () => print({ at: composition.clock.now(), type: "run.abandoned" }),
    close: (stops) => {
      if (stops < 2) return;
      print({ at: composition.clock.now(), type: "run.abandoned" });
    },
  };
}

function lineTeller(parts: TellerParts): Teller {
  const { console, composition } = parts;
  const voice = voiceOf(parts);
  const view = viewFor(parts, voice);
  const print = (line: string) =>
    view === null ? console.print(line) : view.print(line);
  return {
    open: () => {
      print(sayJournal(composition, voice));
      view?.start();
    },
    tell: (notice) => sayNotice(notice, voice).forEach(print),
    stream: (account, event) => {
      if (event.type !== "stream" || event.state === "up") return;
      print(
        voice.paint.caution(
          `${account}: the broker's stream is down: ${event.message}.`,
        ),
      );
    },
    alarm: (report) => print(voice.paint.caution(sayAlarm(report))),
    kept: (kept) => sayKept(kept, voice, console).forEach(print),
    warned: (file) => sayWarnings(file, console).forEach(print),
    broken: () => {
      view?.stop();
      console.warn(
        voice.paint.bad(
          "The run cannot go on: nothing fires any more. Look at the broker.",
        ),
      );
      const edges = armedCloses(composition.runtime.state);
      sayNotRun(edges, voice).forEach(console.warn);
    },
    close: (stops) => {
      view?.stop();
      if (stops >= 2) {
        console.print(
          voice.paint.bad(
            "Left at once. What was under way is unknown; look at the broker.",
          ),
        );
      }
    },
  };
}

/** People watch time that passes; time that is played as fast as it goes is gone before they look. */
function viewFor(
  { console, composition, file, hasView = true }: TellerParts,
  voice: Voice,
): LiveView | null {
  const { clock, runtime } = composition;
  if (!hasView || !console.isTerminal || clock instanceof VirtualClock) {
    return null;
  }
  const factor = clock instanceof ScaledClock ? clock.factor : 1;
  return createLiveView({
    console,
    clock,
    runtime,
    voice,
    factor,
    title: file.name,
  });
}

/** The edges ahead that do something, soonest first. */
export function armedCloses(state: State): RunStopped["notRun"] {
  return rows(state.sessions).flatMap(({ waiting }) => waiting)
    .filter(({ actions }) => actions.length > 0)
    .sort((a, b) => a.dueAt - b.dueAt || a.rank - b.rank)
    .map(({ key, dueAt, actions }) => ({ edge: key, dueAt, actions }));
}

function sayJournal({ journal }: Composition, { paint }: Voice): string {
  if (journal.kind === "disk") {
    const cutOff = journal.cutOffBytes === undefined ? "" : paint.caution(
      " A crash cut its last write off; nothing of that had been acted on.",
    );
    return `Journal ${journal.path}.${cutOff}`;
  }
  return paint.caution(
    `Journal in memory: a crash forgets this run (${journal.why}).`,
  );
}

/** Who speaks of a run: knows its zones, its accounts and the call that closes by hand. */
export function voiceOf(
  { file, composition, console, args }: Omit<TellerParts, "console"> & {
    readonly console: Pick<Console, "color">;
  },
): Voice {
  const { definition } = file;
  const kinds = new Map(
    definition.accounts.map(({ name, kind }) => [name, kind]),
  );
  const zones = new Map(
    definition.sessions.map(({ name, timezone }) => [name, timezone]),
  );
  const here = localTimeZone();
  return {
    paint: makePaint(console.color),
    here,
    kindOf: (account) => kinds.get(account) ?? "http",
    zoneOf: (edge) => {
      const name = edge.slice(0, Math.max(edge.indexOf("/"), 0));
      // What runs is asked first: the file may have been edited since.
      return getRow(composition.runtime.state.sessions, name)?.session
        .timezone ?? zones.get(name) ?? definition.timezone;
    },
    accounts: definition.accounts.length,
    flattenHint: `carillon flatten ${args.file}`,
  };
}
