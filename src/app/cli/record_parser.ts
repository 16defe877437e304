/**
 * The grammar of the commands that read what was recorded.
 *
 * @module
 */

import { object, or } from "@optique/core/constructs";
import { message } from "@optique/core/message";
import { withDefault } from "@optique/core/modifiers";
import type { Parser } from "@optique/core/parser";
import { argument, command, constant, option } from "@optique/core/primitives";
import { choice, integer, string } from "@optique/core/valueparser";
import type { JournalArgs, StatusArgs } from "./grammar.ts";
import { json } from "./json_option.ts";
import { dayValue, instantValue, journalFile } from "./option_values.ts";

const recordFile = argument(journalFile(), {
  description:
    message`The session file whose journal is meant, or the journal itself.`,
});

/** What `status` may be told. */
export const statusArgs: Parser<"sync", StatusArgs, unknown> = object({
  file: recordFile,
  json,
  now: withDefault(
    option("--now", instantValue(), {
      description: message`Takes this instant for now.`,
    }),
    null,
  ),
});

const show = command(
  "show",
  object({
    action: constant("show"),
    file: recordFile,
    edge: withDefault(
      option("--edge", string({ metavar: "KEY" }), {
        description:
          message`What is about this edge, or about every edge of this occurrence.`,
      }),
      null,
    ),
    session: withDefault(
      option("--session", string({ metavar: "NAME" }), {
        description: message`What is about this session.`,
      }),
      null,
    ),
    type: withDefault(
      option("--type", string({ metavar: "TYPE" }), {
        description:
          message`Events of this type, or that led to a notice of it; a family such as ${"order"} too.`,
      }),
      null,
    ),
    since: withDefault(
      option("--since", dayValue(), {
        description: message`From this date or instant on, in UTC.`,
      }),
      null,
    ),
    until: withDefault(
      option("--until", dayValue(), {
        description:
          message`Until this date or instant, itself counted, in UTC.`,
      }),
      null,
    ),
    last: withDefault(
      option("--last", integer({ metavar: "N", min: 1, max: 1_000_000 }), {
        description: message`The last ones only.`,
      }),
      null,
    ),
    effects: option("--effects", {
      description: message`With everything that each event led to.`,
    }),
    json,
  }),
  {
    brief: message`Shows what was recorded, a line for each event.`,
    description:
      message`Shows what was recorded, a line for each event; beside a run that goes on, too.`,
  },
);

const verify = command(
  "verify",
  object({
    action: constant("verify"),
    file: recordFile,
    from: withDefault(
      option("--from", dayValue(), {
        description:
          message`Audits edges due from this date or instant on, in UTC.`,
      }),
      null,
    ),
    to: withDefault(
      option("--to", dayValue(), {
        description:
          message`Audits edges due until this date or instant, itself counted, in UTC.`,
      }),
      null,
    ),
    json,
  }),
  {
    brief:
      message`Says whether the record is whole, and what was due without one.`,
    description:
      message`Checks that the record is what was written, places every edge anew, and names each one without a record.`,
  },
);

const exportRecord = command(
  "export",
  object({
    action: constant("export"),
    file: recordFile,
    format: withDefault(
      option("--format", choice(["jsonl", "csv"]), {
        description: message`JSON lines, or a table for a spreadsheet.`,
      }),
      "jsonl" as const,
    ),
    out: withDefault(
      option("--out", string({ metavar: "PATH" }), {
        description:
          message`Where to, in place of standard output; a file that exists is not overwritten.`,
      }),
      null,
    ),
  }),
  {
    brief: message`Writes the whole record for other programs.`,
    description: message`Writes the whole record for other programs.`,
  },
);

/** What `journal` may be told. */
export const journalArgs: Parser<"sync", JournalArgs, unknown> = or(
  show,
  verify,
  exportRecord,
);
