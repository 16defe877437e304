/**
 * What may stand behind an option or as an argument, checked as it is read.
 *
 * @module
 */

import { type Message, message } from "@optique/core/message";
import type { ValueParser } from "@optique/core/valueparser";
import { type Decimal, parseDecimal, ZERO } from "../../domain/decimal.ts";
import { dayOf } from "../../domain/date.ts";
import { readInstant } from "./play_time.ts";

/** A word of the command line that keeps the form in which it was written. */
type TextValue = ValueParser<"sync", string>;

const SESSION_EXTENSIONS = [".yaml", ".yml", ".ts"];

/** A session file's path, or `-`; shells complete it. */
export function sessionFile(): TextValue {
  return textValue({
    metavar: "FILE",
    accepts: (text) => text !== "",
    refusal: () => message`A file needs a name, or - for standard input.`,
    extensions: SESSION_EXTENSIONS,
  });
}

/** A session file's path, `-`, or a journal's own path; shells complete it. */
export function journalFile(): TextValue {
  return textValue({
    metavar: "FILE",
    accepts: (text) => text !== "",
    refusal: () => message`A file needs a name, or - for standard input.`,
    extensions: [...SESSION_EXTENSIONS, ".db"],
  });
}

/** An instant such as `2026-11-23T08:00:00Z`. */
export function instantValue(): TextValue {
  return textValue({
    metavar: "INSTANT",
    accepts: isInstant,
    refusal: (text) =>
      message`Expected an instant such as ${"2026-11-23T08:00:00Z"}, but got ${text}.`,
  });
}

/** A date such as `2026-11-23`. */
export function dateValue(): TextValue {
  return textValue({
    metavar: "DATE",
    accepts: isDate,
    refusal: (text) =>
      message`Expected a date such as ${"2026-11-23"}, but got ${text}.`,
  });
}

/** A date such as `2026-11-23`, or an instant. */
export function dayValue(): TextValue {
  return textValue({
    metavar: "DAY",
    accepts: (text) => isDate(text) || isInstant(text),
    refusal: (text) =>
      message`Expected a date such as ${"2026-11-23"} or an instant, but got ${text}.`,
  });
}

/** `max`, or how many times faster than the world. */
export function speedValue(): TextValue {
  return textValue({
    metavar: "N",
    accepts: (text) => text === "max" || isPositive(text),
    refusal: (text) =>
      message`Expected ${"max"} or a number above 0, but got ${text}.`,
    words: ["max", "60"],
  });
}

/** `SYMBOL=FILE`, or `SYMBOL=BID_FILE,ASK_FILE`. */
export function symbolFileValue(): TextValue {
  return textValue({
    metavar: "SYMBOL=FILE[,ASK]",
    accepts: (text) => /^[^=]+=.+$/.test(text),
    refusal: (text) =>
      message`Expected a symbol and a file such as ${"EURUSD=prices.csv"}, but got ${text}.`,
  });
}

/** `SYMBOL=QTY` or `SYMBOL=QTY@PRICE`. */
export function symbolPositionValue(): TextValue {
  return textValue({
    metavar: "SYMBOL=QTY[@PRICE]",
    accepts: isPosition,
    refusal: (text) =>
      message`Expected a symbol and a quantity such as ${"EURUSD=-10000@1.085"}, but got ${text}.`,
  });
}

/** An exact amount of money. */
export function amountValue(): ValueParser<"sync", Decimal> {
  return {
    mode: "sync",
    metavar: "AMOUNT",
    placeholder: ZERO,
    parse(text) {
      const value = parseDecimal(text);
      return value === null || value.startsWith("-")
        ? {
          success: false,
          error:
            message`Expected an amount such as ${"100000"}, but got ${text}.`,
        }
        : { success: true, value };
    },
    format: (value) => value,
  };
}

/** Whether a text is a date of the calendar. */
export function isDate(text: string): boolean {
  try {
    dayOf(text);
    return true;
  } catch {
    // Not being a date is the answer, not a fault.
    return false;
  }
}

function isInstant(text: string): boolean {
  try {
    readInstant("", text);
    return true;
  } catch {
    // Not being an instant is the answer, not a fault.
    return false;
  }
}

function isPositive(text: string): boolean {
  const value = parseDecimal(text);
  return value !== null && Number(value) > 0;
}

function isPosition(text: string): boolean {
  const [, qty, price] = /^[^=]+=([^@]+)(?:@(.+))?$/.exec(text) ?? [];
  if (qty === undefined) return false;
  const size = parseDecimal(qty);
  if (size === null || size === ZERO) return false;
  return price === undefined || isPositive(price);
}

interface TextRules {
  readonly metavar: `${string}${string}`;
  readonly accepts: (text: string) => boolean;
  readonly refusal: (text: string) => Message;
  readonly words?: readonly string[];
  readonly extensions?: readonly string[];
}

function textValue(rules: TextRules): TextValue {
  const { accepts, refusal, words = [], extensions } = rules;
  return {
    mode: "sync",
    // The one cast: every name above has a letter.
    metavar: rules.metavar as TextValue["metavar"],
    placeholder: "",
    parse: (text) =>
      accepts(text)
        ? { success: true, value: text }
        : { success: false, error: refusal(text) },
    format: (value) => value,
    *suggest(prefix) {
      if (extensions !== undefined) {
        yield { kind: "file", type: "file", pattern: prefix, extensions };
      }
      for (const word of words) {
        if (word.startsWith(prefix)) yield { kind: "literal", text: word };
      }
    },
  };
}
