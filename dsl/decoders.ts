/**
 * The small values: text, words, numbers, yes and no.
 *
 * @module
 */

import { relatedTo } from "./issue_log.ts";
import {
  type Decimal,
  isPositive,
  parseDecimal,
  ZERO,
} from "../src/domain/decimal.ts";
import type { SecretText } from "../src/domain/definition.ts";
import { isNull, type Node, quote } from "./node.ts";
import type { Decoding, Shape } from "./shape.ts";
import { nearestWord } from "./suggest.ts";

/** The text of a scalar that is not empty; reports and gives `undefined` otherwise. */
export function scalarText(
  node: Node,
  context: Decoding,
  expected: string,
): string | undefined {
  if (node.kind === "broken") return undefined;
  if (node.kind === "scalar" && !isNull(node)) {
    if (node.text.trim() !== "") return node.text;
    context.log.at(node, "value/empty", { expected });
    return undefined;
  }
  const code = isNull(node) ? "value/empty" : "value/form";
  context.log.at(node, code, { expected });
  return undefined;
}

/** The same, for a text that is taken as it is: nothing in it is put in from elsewhere. */
export function literalText(
  node: Node,
  context: Decoding,
  expected: string,
): string | undefined {
  const written = scalarText(node, context, expected);
  if (written === undefined || !written.includes("${")) return written;
  context.log.at(node, "value/interpolation", {
    expected,
    hint:
      "${env:NAME} may only stand for a secret: a token, a webhook, a heartbeat's url, a broker's own options",
  });
  return undefined;
}

/** Any text. */
export function text(expected: string): Shape<string> {
  return {
    schema: { type: ["string", "number"] },
    read: (node, context) => literalText(node, context, expected),
  };
}

/** Text of a certain form. */
export function textLike(expected: string, pattern: RegExp): Shape<string> {
  return {
    schema: { type: ["string", "number"], pattern: pattern.source },
    read(node, context) {
      const written = literalText(node, context, expected);
      if (written === undefined || pattern.test(written)) return written;
      context.log.at(node, "value/form", { expected });
      return undefined;
    },
  };
}

/** What messages and the schema say of a session's, account's, moment's or calendar's name. */
export const NAME_EXPECTED =
  "up to 64 letters (a-z), digits, spaces and _ - . : +, with a letter or digit at both ends";

/** No `/`, since a name is part of keys such as `london/2026-11-23/end`. */
export const NAME_PATTERN =
  /^(?=.{1,64}$)[A-Za-z0-9](?:[A-Za-z0-9_.:+ -]*[A-Za-z0-9])?$/;

/** The name of a session, account, moment or calendar. */
export const NAME: Shape<string> = {
  schema: { type: ["string", "number"], pattern: NAME_PATTERN.source },
  read(node, context) {
    const written = literalText(node, context, NAME_EXPECTED);
    if (written === undefined || NAME_PATTERN.test(written)) return written;
    context.log.at(node, "name/form", { expected: NAME_EXPECTED });
    return undefined;
  },
};

/** A symbol as the broker writes it. */
export const SYMBOL: Shape<string> = textLike(
  'a symbol such as "EURUSD"',
  /^[^\s,]{1,64}$/,
);

/** A path, relative to the file. */
export const FILE_PATH: Shape<string> = text("a path, relative to the file");

/** One of a few words. */
export function oneWord<const W extends string>(
  words: readonly W[],
): Shape<W> {
  const expected = words.length === 1
    ? quote(words[0] ?? "")
    : `one of ${words.join(", ")}`;
  return {
    schema: { enum: words },
    read(node, context) {
      const written = literalText(node, context, expected);
      if (written === undefined) return undefined;
      const word = words.find((known) => known === written);
      if (word !== undefined) return word;
      context.log.at(node, "value/unknown-word", {
        expected,
        nearest: nearestWord(written, words),
      });
      return undefined;
    },
  };
}

/** `true` or `false`, and no other word for them. */
export const BOOLEAN: Shape<boolean> = {
  schema: { type: "boolean" },
  read(node, context) {
    if (node.kind === "broken") return undefined;
    if (node.kind === "scalar" && node.isPlain) {
      if (node.text === "true") return true;
      if (node.text === "false") return false;
    }
    const written = node.kind === "scalar" ? node.text.toLowerCase() : "";
    const meant = /^(?:true|yes|y|on|1)$/.test(written)
      ? "true"
      : /^(?:false|no|n|off|0)$/.test(written)
      ? "false"
      : null;
    context.log.at(node, "value/boolean", {
      expected: "true or false",
      hint: meant === null ? null : `write ${meant}, without quotes`,
    });
    return undefined;
  },
};

/** Which numbers are let through. */
export type DecimalBound = "any" | "not_negative" | "positive";

/** An exact decimal number. */
export function decimalNumber(bound: DecimalBound): Shape<Decimal> {
  const expected = {
    any: 'a decimal number such as "0.5"',
    not_negative: 'a decimal number of at least 0, such as "0.5"',
    positive: 'a decimal number above 0, such as "0.5"',
  }[bound];
  return {
    schema: { type: ["number", "string"], pattern: "^[+-]?[0-9]*\\.?[0-9]*$" },
    read(node, context) {
      const written = literalText(node, context, expected);
      if (written === undefined) return undefined;
      const value = parseDecimal(written);
      if (value === null) {
        context.log.at(node, "value/number", { expected });
        return undefined;
      }
      const isGood = bound === "any" || isPositive(value) ||
        (bound === "not_negative" && value === ZERO);
      if (isGood) return value;
      context.log.at(node, "value/out-of-range", { expected });
      return undefined;
    },
  };
}

/**
 * A whole number.
 *
 * @units `min` and `max`: the smallest and the largest that are let through
 */
export function wholeNumber(min: number, max: number): Shape<number> {
  const expected = `a whole number from ${min} to ${max}`;
  return {
    schema: { type: "integer", minimum: min, maximum: max },
    read(node, context) {
      const written = literalText(node, context, expected);
      if (written === undefined) return undefined;
      if (!/^[+-]?\d{1,15}$/.test(written)) {
        context.log.at(node, "value/number", { expected });
        return undefined;
      }
      const value = Number(written);
      if (value >= min && value <= max) return value;
      context.log.at(node, "value/out-of-range", { expected });
      return undefined;
    },
  };
}

const INTERPOLATION = /\$\{env:[A-Za-z_][A-Za-z0-9_]*\}/g;

/** Text in which `${env:NAME}` stands for what the environment holds. */
export const SECRET: Shape<SecretText> = {
  schema: { type: ["string", "number"] },
  read(node, context) {
    const expected = 'text, or "${env:NAME}"';
    const written = scalarText(node, context, expected);
    if (written === undefined) return undefined;
    if (!written.replaceAll(INTERPOLATION, "").includes("${")) return written;
    context.log.at(node, "value/interpolation", {
      expected,
      hint: "a name has letters, digits and _, and env: is the only source",
    });
    return undefined;
  },
};

const LIST = new Intl.ListFormat("en");

/** A broker's address over HTTP: what else a url can hold would end up in every log on the way. */
export const HTTP_URL: Shape<string> = {
  schema: { type: "string", pattern: "^https?://[^/?#@]*(/[^?#]*)?$" },
  read(node, context) {
    const expected = 'an address such as "https://bridge.example.com"';
    const surplus = node.kind === "scalar" ? urlSurplus(node.text) : [];
    if (surplus.length > 0) {
      context.log.at(node, "account/secret-in-url", {
        expected: "scheme, host, port and path, and no more",
        received: LIST.format(surplus),
        hint: 'put the key to the account under token: "${env:NAME}"',
      });
      return undefined;
    }
    const written = literalText(node, context, expected);
    if (written === undefined) return undefined;
    if (/^https?:\/\//.test(written) && URL.canParse(written)) return written;
    context.log.at(node, "value/form", { expected });
    return undefined;
  },
};

/** What a url holds beside its address; looks for it also in what is no url, which may be a slip. */
function urlSurplus(written: string): readonly string[] {
  const [beforeFragment = "", ...fragment] = written.split("#");
  const [address = "", ...query] = beforeFragment.split("?");
  const scheme = /^https?:[\\/]{2,}/i.exec(address)?.[0];
  const authority = scheme === undefined
    ? address
    : address.slice(scheme.length).split(/[\\/]/)[0] ?? "";
  return [
    ...(authority.includes("@") ? ["user info"] : []),
    ...(query.length > 0 ? ["a query"] : []),
    ...(fragment.length > 0 ? ["a fragment"] : []),
  ];
}

/** Reports an item that stands in a list twice; `false` where one does. */
export function isUnique(
  items: readonly { readonly value: unknown; readonly node: Node }[],
  context: Decoding,
): boolean {
  const first = new Map<unknown, Node>();
  for (const { value, node } of items) {
    const known = first.get(value);
    if (known === undefined) {
      first.set(value, node);
      continue;
    }
    context.log.at(node, "value/duplicate", {
      expected: "each once",
      related: relatedTo("first written here", known),
    });
  }
  return first.size === items.length;
}
