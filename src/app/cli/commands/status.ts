/**
 * `carillon status FILE`: what the running or the last run knows.
 *
 * @module
 */

import {
  localTimeZone,
  SystemClock,
} from "../../../adapters/clock/system_clock.ts";
import { holderOf } from "../../../adapters/journal/lease.ts";
import { isJournalHeld } from "../../../adapters/journal/lease_probe.ts";
import { isSuspended } from "../../../adapters/journal/holder.ts";
import { openJournalForReading } from "../../../adapters/journal/journal_reader.ts";
import { readStatus } from "../../record/run_status.ts";
import { type Console, EXIT, type ExitCode } from "../console.ts";
import type { StatusArgs } from "../grammar.ts";
import { openRecord } from "../open_record.ts";
import { makePaint } from "../paint.ts";
import { readInstant } from "../play_time.ts";
import { statusForm } from "../status_form.ts";
import { statusLines } from "../status_text.ts";
import { isWell, type StatusPicture } from "../status_picture.ts";

/** Looks at a journal and its lock; exit code 1 where something due did not come true. */
export async function statusCommand(
  args: StatusArgs,
  console: Console,
): Promise<ExitCode> {
  return await openRecord(args.file, args, console, (path) => {
    const picture = takePicture(args, path);
    if (args.json) console.print(JSON.stringify(statusForm(picture)));
    else {
      const paint = makePaint(console.color);
      statusLines(picture, paint).forEach(console.print);
    }
    return isWell(picture) ? EXIT.done : EXIT.failed;
  });
}

function takePicture(
  { file, now }: StatusArgs,
  path: string,
): StatusPicture {
  // Asked first: a run that ends meanwhile has written its end when we read.
  const isHeld = isJournalHeld(path);
  const holder = holderOf(path);
  using journal = openJournalForReading(path);
  return {
    file,
    path,
    now: now === null ? new SystemClock().now() : readInstant("--now", now),
    here: localTimeZone(),
    isHeld,
    holder,
    isSuspended: isHeld && holder !== null && isSuspended(holder),
    status: readStatus(journal),
  };
}
