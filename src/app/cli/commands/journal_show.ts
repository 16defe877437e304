/**
 * `carillon journal show FILE`: what happened, a line for each event.
 *
 * @module
 */

import { nearestWord } from "../../../../dsl/mod.ts";
import { openJournalForReading } from "../../../adapters/journal/journal_reader.ts";
import { SECOND_MS } from "../../../domain/time.ts";
import type { EpochMs } from "../../../domain/time.ts";
import type { Entry } from "../../../runtime/ports.ts";
import { entryForm } from "../../record/entry_form.ts";
import {
  chooseEntries,
  type ChosenEntry,
  type EntryFilter,
} from "../../record/entry_filter.ts";
import { keptState } from "../../record/kept_state.ts";
import { KnownZones } from "../../record/known_zones.ts";
import { CallError } from "../call_error.ts";
import { type Console, EXIT, type ExitCode } from "../console.ts";
import { readDayOption } from "../day_option.ts";
import {
  clockText,
  hereText,
  localDateText,
  zoneText,
} from "../format_time.ts";
import type { JournalShowArgs } from "../grammar.ts";
import { makePaint, type Paint } from "../paint.ts";
import { ENTRY_TYPES, sayEffects, sayEntry } from "../say_entry.ts";

/** Shows entries one by one, so that a long journal needs no more memory than a short one. */
export function showJournal(
  path: string,
  args: JournalShowArgs,
  console: Console,
): ExitCode {
  const filter = readFilter(args);
  using journal = openJournalForReading(path);
  const zones = new KnownZones();
  const definition = keptState(journal)?.state.run?.definition;
  // What the record no longer begins with is known from the state that stands for it.
  if (definition !== undefined) zones.learn(definition);
  const chosen = chooseEntries(
    journal.entries(),
    filter,
    ({ event }) => zones.take(event),
  );
  const show = args.json
    ? ({ entry }: ChosenEntry<Entry>) =>
      console.print(JSON.stringify(entryForm(entry, args.effects)))
    : lineTeller(zones, args.effects, console);
  let shown = 0;
  for (const each of chosen) {
    show(each);
    shown += 1;
  }
  if (shown === 0 && !args.json) {
    console.print(`Nothing in ${path} fits.`);
  }
  return EXIT.done;
}

function readFilter(args: JournalShowArgs): EntryFilter {
  const { edge, session, type, last } = args;
  if (type !== null) refuseUnknownType(type);
  return {
    edge,
    session,
    type,
    last,
    sinceAt: readDayOption("--since", args.since, "first"),
    untilAt: readDayOption("--until", args.until, "last"),
  };
}

function refuseUnknownType(type: string): void {
  const families = ENTRY_TYPES.map((known) => known.split(".", 1)[0] ?? "");
  const known = [...new Set([...ENTRY_TYPES, ...families])];
  if (known.includes(type)) return;
  const nearest = nearestWord(type, known);
  throw new CallError(
    `--type "${type}" is no type of event or notice${
      nearest === null ? "" : `. Did you mean "${nearest}"?`
    }`,
  );
}

/** Tells entries in lines, with a line of its own where the date changes. */
function lineTeller(
  zones: KnownZones,
  withEffects: boolean,
  console: Console,
): (chosen: ChosenEntry<Entry>) => void {
  const paint = makePaint(console.color);
  let date = "";
  return ({ entry, keys }) => {
    const { seq, event } = entry;
    const today = localDateText(event.at, "UTC");
    if (today !== date) console.print(paint.bold(`${today} UTC`));
    date = today;
    // A run begins for every session, whatever it tells of one of them.
    const [key] = event.type === "file.loaded" ? [] : keys;
    const head = `${String(seq).padStart(SEQ_WIDTH)}  ${
      timeColumns(event.at, key, zones, paint)
    }`;
    console.print(`${head}  ${sayEntry(entry, paint)}`);
    if (!withEffects) return;
    for (const line of sayEffects(entry)) {
      console.print(paint.dim(`${" ".repeat(SEQ_WIDTH)}    ${line}`));
    }
  };
}

/** Wide enough for a year of most journals. */
const SEQ_WIDTH = 6;

/** Without a weekday, which few exchanges need. */
const TIME_WIDTH = "00:00:00 ".length;

/** The clock of UTC, and beside it the one of the session's exchange where there are others. */
function timeColumns(
  at: EpochMs,
  key: string | undefined,
  zones: KnownZones,
  paint: Paint,
): string {
  const second = Math.floor(at / SECOND_MS) * SECOND_MS;
  const utc = clockText(second, "UTC");
  const names = zones.all.map(zoneText);
  const width = Math.max(...names.map((name) => name.length));
  if (names.every((name) => name === "UTC")) return utc;
  const zone = zones.of(key);
  const there = hereText(second, "UTC", zone);
  const text = there === null ? "" : `${there} ${zoneText(zone)}`;
  return `${utc}  ${paint.dim(text.padEnd(TIME_WIDTH + width))}`;
}
