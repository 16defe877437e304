/**
 * What came of the user's own code, in lines.
 *
 * @module
 */

import type { HookPlace } from "../../domain/hook_end.ts";
import type { HookEnded } from "../../domain/notice.ts";
import { shortClockText } from "./format_time.ts";
import { clean } from "./clean_text.ts";
import type { Voice } from "./voice.ts";

/** How much of what a hook returned is shown. */
const VALUE_SHOWN_MAX = 200;

/** A hook's log, what it returned, and what its failure leads to; that it failed is told of its edge. */
export function sayHookEnded(
  notice: HookEnded,
  voice: Voice,
): readonly string[] {
  const { paint } = voice;
  const { name, logs, value, refusedUntilAt } = notice;
  const lines = logs.map(({ level, text }) => {
    const line = `  ${name} | ${clean(text)}`;
    if (level === "error") return paint.bad(line);
    if (level === "warn") return paint.caution(line);
    return level === "debug" ? paint.dim(line) : line;
  });
  if (value !== null) {
    lines.push(paint.dim(`  ${name} returned ${shortened(value)}`));
  }
  if (refusedUntilAt !== null) {
    const zone = voice.zoneOf(notice.edge);
    const until = shortClockText(refusedUntilAt, zone);
    lines.push(
      paint.caution(`  ${notice.session} opens nothing new until ${until}.`),
    );
  }
  return lines;
}

/** A place in code as `hooks/open.ts:3:5`. */
export function placeText({ file, line, column }: HookPlace): string {
  return `${clean(file)}:${line}:${column}`;
}

function shortened(text: string): string {
  const plain = clean(text);
  return plain.length <= VALUE_SHOWN_MAX
    ? plain
    : `${plain.slice(0, VALUE_SHOWN_MAX)}...`;
}
