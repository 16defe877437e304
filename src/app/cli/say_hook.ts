/**
 * What came of the user's own code, in lines.
 *
 * @module
 */

import { isHookFault } from "../../domain/hook_end.ts";
import type { HookLog, HookPlace } from "../../domain/hook_end.ts";
import type { HookEnded, StrategyEnded } from "../../domain/notice.ts";
import { shortClockText } from "./format_time.ts";
import { clean } from "./clean_text.ts";
import type { Paint } from "./paint.ts";
import type { Voice } from "./voice.ts";

/** How much of what a hook returned is shown. */
const VALUE_SHOWN_MAX = 200;

/** A hook's log, what it returned, and what went wrong with it. */
export function sayHookEnded(
  notice: HookEnded,
  voice: Voice,
): readonly string[] {
  const { paint } = voice;
  const { name, value } = notice;
  const lines = sayLogs(name, notice.logs, paint);
  if (value !== null) {
    lines.push(paint.dim(`  ${name} returned ${shortened(value)}`));
  }
  lines.push(...sayFault(name, notice, paint));
  lines.push(...sayRefusal(notice, voice.zoneOf(notice.edge), paint));
  return lines;
}

/** A strategy's log, and what went wrong with its call. */
export function sayStrategyEnded(
  notice: StrategyEnded,
  voice: Voice,
): readonly string[] {
  const { paint } = voice;
  const name = `${notice.session}/${notice.strategy}`;
  const zone = voice.zoneOf(notice.call);
  const at = shortClockText(notice.dueAt, zone);
  return [
    ...sayLogs(name, notice.logs, paint),
    ...sayFault(`${name} at ${at}`, notice, paint),
    ...sayRefusal(notice, zone, paint),
  ];
}

function sayLogs(
  name: string,
  logs: readonly HookLog[],
  paint: Paint,
): string[] {
  return logs.map(({ level, text }) => {
    const line = `  ${name} | ${clean(text)}`;
    if (level === "error") return paint.bad(line);
    if (level === "warn") return paint.caution(line);
    return level === "debug" ? paint.dim(line) : line;
  });
}

function sayFault(
  name: string,
  { outcome, message, place }: Pick<
    HookEnded | StrategyEnded,
    "outcome" | "message" | "place"
  >,
  paint: Paint,
): readonly string[] {
  if (outcome === "returned") return [];
  const said = `  ${name} ${outcome.replaceAll("_", " ")}: ${
    clean(message ?? "")
  }${place === null ? "" : ` (${placeText(place)})`}`;
  return [isHookFault(outcome) ? paint.bad(said) : paint.caution(said)];
}

function sayRefusal(
  { session, refusedUntilAt }: Pick<HookEnded, "session" | "refusedUntilAt">,
  zone: string,
  paint: Paint,
): readonly string[] {
  if (refusedUntilAt === null) return [];
  const until = shortClockText(refusedUntilAt, zone);
  return [paint.caution(`  ${session} opens nothing new until ${until}.`)];
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
