/**
 * Texts that mean days of the week, of the month, or before a closure.
 *
 * @module
 */

import type { DayRule } from "../src/domain/definition.ts";
import type { Weekday } from "../src/domain/time.ts";
import { literalText } from "./decoders.ts";
import { type Node, quote } from "./node.ts";
import type { Decoding, Shape } from "./shape.ts";
import { nearestWord } from "./suggest.ts";

/** Weekdays by number; Monday is 1. */
export const WEEKDAY_WORDS = [
  "mon",
  "tue",
  "wed",
  "thu",
  "fri",
  "sat",
  "sun",
] as const;

const WEEKDAY_NAMES = [
  "monday",
  "tuesday",
  "wednesday",
  "thursday",
  "friday",
  "saturday",
  "sunday",
] as const;

/** The weekday of a word such as `mon` or `Monday`; `null` where it is none. */
export function parseWeekday(word: string): Weekday | null {
  const folded = word.toLowerCase();
  const index = WEEKDAY_WORDS.findIndex((known, at) =>
    known === folded || WEEKDAY_NAMES[at] === folded
  );
  // The one cast: an index into seven words, plus one.
  return index < 0 ? null : (index + 1) as Weekday;
}

/** The words of `days` that are not weekdays. */
const DAY_WORDS = [
  "all",
  "week_end",
  "month_end",
  "before_closure",
  ...WEEKDAY_WORDS,
] as const;

const DAYS_EXPECTED =
  'weekdays ("mon-fri", [mon, wed]), week_end, month_end, "month_end-3", before_closure, or all';

/** Which days, by one or several words. */
export const DAYS: Shape<readonly DayRule[]> = {
  schema: {
    anyOf: [
      { type: "string" },
      { type: "array", items: { type: "string" }, minItems: 1 },
    ],
  },
  read(node, context) {
    const nodes = node.kind === "sequence" ? node.items : [node];
    const rules = nodes.map((item) => readDays(item, context));
    if (nodes.length === 0) {
      context.log.at(node, "value/empty", { expected: DAYS_EXPECTED });
    }
    const good = rules.filter((rule) => rule !== undefined);
    if (good.length < Math.max(1, rules.length)) return undefined;
    return good.includes("all") ? [] : canonicalDays(
      good.flatMap((rule) => rule === "all" ? [] : rule),
    );
  },
};

function readDays(
  node: Node,
  context: Decoding,
): readonly DayRule[] | "all" | undefined {
  const written = literalText(node, context, DAYS_EXPECTED);
  if (written === undefined) return undefined;
  if (written.trim() === "all") return "all";
  const words = written.split(",").map((word) => word.trim());
  const rules: DayRule[] = [];
  for (const word of words) {
    const parsed = parseDays(word);
    if (parsed === null) {
      context.log.at(node, "days/form", {
        expected: DAYS_EXPECTED,
        received: quote(word),
        nearest: nearestWord(word, DAY_WORDS),
      });
      return undefined;
    }
    rules.push(...parsed);
  }
  return rules;
}

function parseDays(word: string): readonly DayRule[] | null {
  const one = parseWeekday(word);
  if (one !== null) return [{ kind: "weekday", weekday: one }];
  if (word === "week_end" || word === "before_closure") return [{ kind: word }];
  const monthEnd = /^month_end(?:-(\d{1,2}))?$/.exec(word);
  if (monthEnd !== null) {
    return [{ kind: "month_end", daysBefore: Number(monthEnd[1] ?? 0) }];
  }
  const [from, to, ...more] = word.split("-").map((part) =>
    parseWeekday(part.trim())
  );
  if (!from || !to || more.length > 0) return null;
  const count = (to - from + 7) % 7 + 1;
  return Array.from({ length: count }, (_, step) => ({
    kind: "weekday",
    // The one cast: a remainder of seven, plus one.
    weekday: ((from - 1 + step) % 7 + 1) as Weekday,
  }));
}

/** Each rule once, weekdays first and from Monday on. */
function canonicalDays(rules: readonly DayRule[]): readonly DayRule[] {
  const order = (rule: DayRule): number =>
    rule.kind === "weekday" ? rule.weekday : 8;
  const byText = new Map(rules.map((rule) => [JSON.stringify(rule), rule]));
  return [...byText.values()].sort((a, b) => order(a) - order(b));
}
