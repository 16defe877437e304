/**
 * The grammar as a parser: options, arguments and their help.
 *
 * @module
 */

import { object, or } from "@optique/core/constructs";
import { type Message, message } from "@optique/core/message";
import { multiple, withDefault } from "@optique/core/modifiers";
import type { Parser } from "@optique/core/parser";
import { argument, command, constant, option } from "@optique/core/primitives";
import { choice, integer, string } from "@optique/core/valueparser";
import { decimal } from "../../domain/decimal.ts";
import type { Call } from "./grammar.ts";
import { json } from "./json_option.ts";
import {
  GATEWAY_DEFAULTS,
  SHARDS_MAX,
} from "../../adapters/brokers/paper/gateway/limits.ts";
import {
  amountValue,
  dateValue,
  dayValue,
  instantValue,
  sessionFile,
  speedValue,
  symbolFileValue,
  symbolPositionValue,
} from "./option_values.ts";
import { journalArgs, statusArgs } from "./record_parser.ts";

const DEFAULTS = {
  initFile: "sessions.yaml",
  nextCount: 5,
  drillSeed: 1,
  paperPort: 8787,
  paperCash: decimal("100000"),
  paperSeed: 1,
  paperShards: GATEWAY_DEFAULTS.shards,
  paperMaxConcurrency: GATEWAY_DEFAULTS.maxConcurrency,
  paperSessionStarts: GATEWAY_DEFAULTS.sessionStarts,
} as const;

function describeCommand<const Name extends string, Args, State>(
  name: Name,
  brief: Message,
  description: Message,
  args: Parser<"sync", Args, State>,
) {
  return command(name, object({ command: constant(name), args }), {
    brief,
    description,
  });
}

const file = argument(sessionFile(), {
  description:
    message`The session file: YAML, TypeScript, or - for YAML on standard input.`,
});

const now = withDefault(
  option("--now", instantValue(), {
    description: message`Takes this instant for now.`,
  }),
  null,
);

const dryRun = option("--dry-run", {
  description: message`Reads the real account and sends nothing.`,
});

const prices = multiple(
  option("--prices", symbolFileValue(), {
    description:
      message`Past prices of a symbol for the paper broker, from a CSV file; may be given again.`,
  }),
);

const run = describeCommand(
  "run",
  message`Runs a file live until it is stopped.`,
  message`Runs a session file until it is stopped. Ctrl-C once finishes what is under way and says what stays open; twice leaves at once. carillon FILE is the same.`,
  object({
    file,
    dryRun,
    json,
    onStop: withDefault(
      option("--on-stop", choice(["leave", "cancel_orders", "close"]), {
        description:
          message`What happens to positions and orders at the end; the file's on_stop if left out.`,
      }),
      null,
    ),
    now: withDefault(
      option("--now", instantValue(), {
        description:
          message`Plays the file from this instant on; paper accounts only.`,
      }),
      null,
    ),
    until: withDefault(
      option("--until", instantValue(), {
        description: message`Ends the run at this instant.`,
      }),
      null,
    ),
    speed: withDefault(
      option("--speed", speedValue(), {
        description:
          message`How many times faster than the world; max needs --until; paper accounts only.`,
      }),
      null,
    ),
    prices,
    watch: option("--watch", {
      description:
        message`Reads the file again when it, or a file that it names, is edited. SIGHUP asks for the same once.`,
    }),
  }),
);

const check = describeCommand(
  "check",
  message`Says everything that is wrong with a file.`,
  message`Reports every problem of a file at once, with line and column, and warns of nights on which the clock changes an edge, and of what sessions do to one another.`,
  object({ file, json, now }),
);

const plan = describeCommand(
  "plan",
  message`Lists what a file will do, day by day.`,
  message`Lists the sessions of each trade date with their edges, in the zone of the session and in UTC.`,
  object({
    file,
    from: withDefault(
      option("--from", dayValue(), {
        description:
          message`The first trade date, or an instant; today if left out.`,
      }),
      null,
    ),
    to: withDefault(
      option("--to", dayValue(), {
        description:
          message`The last trade date, itself counted, or an instant; a week after the first if left out, a year with --ics or --svg.`,
      }),
      null,
    ),
    session: withDefault(
      option("--session", string({ metavar: "NAME" }), {
        description: message`This session only.`,
      }),
      null,
    ),
    json,
    ics: option("--ics", {
      description:
        message`Answers with a calendar (iCalendar) that a phone can subscribe to.`,
    }),
    svg: option("--svg", {
      description:
        message`Answers with a picture (SVG): days across, hours down; the whole year of today if neither end is given.`,
    }),
    now,
  }),
);

const next = describeCommand(
  "next",
  message`Says what is open now and what comes next.`,
  message`Says what is open now and which edges come due next, with the time until them.`,
  object({
    file,
    count: withDefault(
      option("--count", integer({ metavar: "N", min: 1, max: 1000 }), {
        description: message`How many of the next edges.`,
      }),
      DEFAULTS.nextCount,
    ),
    json,
    now,
  }),
);

const flatten = describeCommand(
  "flatten",
  message`Closes what is in scope, now.`,
  message`The panic button: closes every position in scope of the file, or of one session, and proves from the broker's own list that they are closed.`,
  object({
    file,
    session: withDefault(
      argument(string({ metavar: "SESSION" }), {
        description: message`This session's scope only.`,
      }),
      null,
    ),
    json,
    dryRun,
  }),
);

const status = describeCommand(
  "status",
  message`Says what the running or the last run knows.`,
  message`Says whether a file runs and who owns its journal, what is open, under way and next, how the last edges ended, and what each account held when it was last read.`,
  statusArgs,
);

const journal = describeCommand(
  "journal",
  message`Shows, verifies or exports what was recorded.`,
  message`Shows, verifies or exports what was recorded.`,
  journalArgs,
);

const skip = describeCommand(
  "skip",
  message`Leaves out one edge when it comes due.`,
  message`Leaves out one edge, as in london/2026-11-23/end: when it comes due it settles as skipped, and a close does not run. A run that is under way hears of it at once, and answers; otherwise the next run finds it in its journal.`,
  object({
    file,
    edge: argument(string({ metavar: "EDGE" }), {
      description: message`The edge's key: SESSION/DATE/NAME.`,
    }),
    undo: option("--undo", {
      description: message`Lets the edge run after all.`,
    }),
    json,
  }),
);

const pause = describeCommand(
  "pause",
  message`Leaves out every edge until told otherwise.`,
  message`Leaves out everything that comes due, closes too, of the file or of one session, until carillon resume. It outlives the run: the next one is paused as well.`,
  object({
    file,
    session: withDefault(
      argument(string({ metavar: "SESSION" }), {
        description: message`This session only.`,
      }),
      null,
    ),
    json,
  }),
);

const resume = describeCommand(
  "resume",
  message`Ends a pause.`,
  message`Lets edges run again that come due from now on. What came due in the pause is not made up for.`,
  object({
    file,
    session: withDefault(
      argument(string({ metavar: "SESSION" }), {
        description:
          message`The pause of this session only; every pause if left out.`,
      }),
      null,
    ),
    json,
  }),
);

const drill = describeCommand(
  "drill",
  message`Plays a day with everything going wrong, and says what survived.`,
  message`Plays the file's next trading day against the paper broker on a virtual clock, once for each thing that can go wrong: crashes, lost answers, a broker that is down, a clock that jumps, a full disk. Nothing real is touched. The exit code is 1 where something due did not come true, or was told falsely.`,
  object({
    file,
    date: withDefault(
      option("--date", dateValue(), {
        description:
          message`The trade date to play; the next on which the file closes something if left out.`,
      }),
      null,
    ),
    seed: withDefault(
      option("--seed", integer({ metavar: "N", min: 0 }), {
        description:
          message`Seed of positions and prices; the same seed plays the same drill.`,
      }),
      DEFAULTS.drillSeed,
    ),
    only: withDefault(
      option("--only", string({ metavar: "FAULT,..." }), {
        description: message`Plays these cases only; --list names them.`,
      }),
      null,
    ),
    list: option("--list", {
      description: message`Says what would be played, and plays nothing.`,
    }),
    json,
    prices,
  }),
);

const permissions = describeCommand(
  "permissions",
  message`Says which permissions a file needs, and no more.`,
  message`Prints the smallest set of flags for deno run under which the file runs.`,
  object({ file, json }),
);

const init = describeCommand(
  "init",
  message`Writes a commented file to start from.`,
  message`Writes a commented session file that passes check and runs. A file that exists is never overwritten.`,
  object({
    file: withDefault(
      argument(sessionFile(), {
        description: message`Where to; - for standard output.`,
      }),
      DEFAULTS.initFile,
    ),
  }),
);

const schema = describeCommand(
  "schema",
  message`Prints the JSON Schema of session files.`,
  message`Prints the JSON Schema of session files, for editors.`,
  object({}),
);

const paper = describeCommand(
  "paper",
  message`Runs the paper broker as a server of its own.`,
  message`Serves one paper account over HTTP and WebSocket on this computer, until it is stopped.`,
  object({
    port: withDefault(
      option("--port", integer({ metavar: "N", min: 0, max: 65535 }), {
        description: message`Where it listens; 0 takes any free port.`,
      }),
      DEFAULTS.paperPort,
    ),
    token: withDefault(
      option("--token", string({ metavar: "TOKEN" }), {
        description: message`What clients must show; made anew if left out.`,
      }),
      null,
    ),
    mode: withDefault(
      option("--mode", choice(["netting", "hedging"]), {
        description:
          message`Whether orders of one symbol add up or stay apart.`,
      }),
      "netting" as const,
    ),
    cash: withDefault(
      option("--cash", amountValue(), {
        description: message`What the account holds at the start.`,
      }),
      DEFAULTS.paperCash,
    ),
    seed: withDefault(
      option("--seed", integer({ metavar: "N", min: 0 }), {
        description: message`Seed of the prices of symbols without a file.`,
      }),
      DEFAULTS.paperSeed,
    ),
    prices,
    positions: multiple(
      option("--position", symbolPositionValue(), {
        description:
          message`A position at the start, below 0 for short; may be given again.`,
      }),
    ),
    shards: withDefault(
      option("--shards", integer({ metavar: "N", min: 1, max: SHARDS_MAX }), {
        description: message`How many shards its gateway asks for.`,
      }),
      DEFAULTS.paperShards,
    ),
    maxConcurrency: withDefault(
      option("--max-concurrency", integer({ metavar: "N", min: 1 }), {
        description: message`Identifies that its gateway takes in 5 seconds.`,
      }),
      DEFAULTS.paperMaxConcurrency,
    ),
    sessionStarts: withDefault(
      option("--session-starts", integer({ metavar: "N", min: 0 }), {
        description: message`Sessions that its gateway lets start in a day.`,
      }),
      DEFAULTS.paperSessionStarts,
    ),
    json,
  }),
);

/** Every command with what it may be told. */
export const callParser: Parser<"sync", Call, unknown> = or(
  run,
  check,
  plan,
  next,
  flatten,
  status,
  journal,
  skip,
  pause,
  resume,
  drill,
  permissions,
  init,
  schema,
  paper,
);
