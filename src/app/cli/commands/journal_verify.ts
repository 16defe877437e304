/**
 * `carillon journal verify FILE`: whether the record is whole, and what was due without one.
 *
 * @module
 */

import { formatInstant } from "../../wire_form.ts";
import { auditRecord } from "../../record/record_audit.ts";
import { auditForm, auditLines } from "../audit_text.ts";
import { type Console, EXIT, type ExitCode } from "../console.ts";
import { readDayOption } from "../day_option.ts";
import type { JournalVerifyArgs } from "../grammar.ts";
import { CallError } from "../call_error.ts";
import { makePaint } from "../paint.ts";

/** Verifies the chain and audits the edges; exit code 1 where anything is found. */
export function verifyRecord(
  path: string,
  args: JournalVerifyArgs,
  console: Console,
): ExitCode {
  const fromAt = readDayOption("--from", args.from, "first");
  const toAt = readDayOption("--to", args.to, "last");
  if (fromAt !== null && toAt !== null && toAt < fromAt) {
    throw new CallError(
      `--to lies before --from: ${formatInstant(toAt)} before ${
        formatInstant(fromAt)
      }`,
    );
  }
  const record = auditRecord(path, { fromAt, toAt });
  if (args.json) console.print(JSON.stringify(auditForm(record)));
  else auditLines(record, makePaint(console.color)).forEach(console.print);
  return record.isClean ? EXIT.done : EXIT.failed;
}
