/**
 * What a guest asks for, read strictly: it is a stranger's text.
 *
 * @module
 */

import { parseDecimal } from "../../domain/decimal.ts";
import type { Decimal } from "../../domain/decimal.ts";
import type { CloseAction } from "../../domain/definition.ts";
import { isCloseAction } from "../../domain/definition.ts";
import { CarillonError } from "../../domain/error.ts";
import type { Json, JsonObject } from "../../runtime/isolation.ts";
import { BARS_MAX, BARS_REACH_MS } from "../../domain/bar.ts";
import type { BarWish } from "../../domain/bar.ts";
import { SECOND_MS } from "../../domain/time.ts";
import type { OrderWish } from "../../runtime/hook_desk.ts";

/** How long a name may be. @units characters */
const NAME_MAX = 128;

/** How many digits a quantity or a price may have. @units characters */
const DIGITS_MAX = 40;

/** A close of one position. */
export interface CloseWish {
  readonly position: string;
  /** `null` for all of it. */
  readonly qty: Decimal | null;
}

/**
 * Reads `{symbol, side, qty, limitPrice}`.
 *
 * @throws {CarillonError} "hook/bad-request"
 */
export function readOrderWish(args: Json): OrderWish {
  const keys = ["symbol", "side", "qty", "limitPrice"];
  const wish = readObject("order", args, keys);
  return {
    symbol: readName("symbol", wish.symbol),
    side: readSide(wish.side),
    qty: readDecimal("qty", wish.qty),
    limitPrice: wish.limitPrice === undefined || wish.limitPrice === null
      ? null
      : readDecimal("limitPrice", wish.limitPrice),
    closes: null,
  };
}

/**
 * Reads `{position, qty}`.
 *
 * @throws {CarillonError} "hook/bad-request"
 */
export function readCloseWish(args: Json): CloseWish {
  const wish = readObject("close", args, ["position", "qty"]);
  return {
    position: readName("position", wish.position),
    qty: wish.qty === undefined || wish.qty === null
      ? null
      : readDecimal("qty", wish.qty),
  };
}

/**
 * Reads `{action}`, or nothing for a close of everything.
 *
 * @throws {CarillonError} "hook/bad-request"
 */
export function readCloseAll(args: Json): CloseAction {
  if (args === null) return "close_all";
  const { action = "close_all" } = readObject("closeAll", args, ["action"]);
  const known = ["close_all", "close_win", "close_loss"] as const;
  const found = known.find((each) => each === action);
  if (found !== undefined && isCloseAction(found)) return found;
  throw wrong(
    `"action" must be "close_all", "close_win" or "close_loss", not ${
      shown(action)
    }`,
  );
}

/**
 * Reads a symbol.
 *
 * @throws {CarillonError} "hook/bad-request"
 */
export function readSymbol(args: Json): string {
  return readName("symbol", args);
}

/** Bars of a symbol. */
export interface BarsWish extends BarWish {
  readonly symbol: string;
}

/**
 * Reads `{symbol, everyMs, count}`.
 *
 * @throws {CarillonError} "hook/bad-request"
 */
export function readBarsWish(args: Json): BarsWish {
  const wish = readObject("bars", args, ["symbol", "everyMs", "count"]);
  const symbol = readName("symbol", wish.symbol);
  const everyMs = readCount("everyMs", wish.everyMs, BARS_REACH_MS);
  const count = readCount("count", wish.count, BARS_MAX);
  if (everyMs >= SECOND_MS && everyMs * count <= BARS_REACH_MS) {
    return { symbol, everyMs, count };
  }
  throw wrong("bars() takes bars of a second or more, of seven days at most");
}

function readCount(key: string, value: Json | undefined, max: number): number {
  const isCount = typeof value === "number" && Number.isInteger(value) &&
    value > 0 && value <= max;
  if (isCount) return value;
  throw wrong(
    `"${key}" must be a whole number from 1 to ${max}, not ${shown(value)}`,
  );
}

function readObject(
  what: string,
  value: Json,
  keys: readonly string[],
): JsonObject {
  if (!isObject(value)) {
    throw wrong(`${what}() takes an object, not ${shown(value)}`);
  }
  const odd = Object.keys(value).find((key) => !keys.includes(key));
  if (odd === undefined) return value;
  throw wrong(`${what}() knows no "${odd}", only ${keys.join(", ")}`);
}

function isObject(value: Json): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function readName(key: string, value: Json | undefined): string {
  const isName = typeof value === "string" && value !== "" &&
    value.length <= NAME_MAX && !/[\p{Cc}\p{Cf}\s]/u.test(value);
  if (isName) return value;
  throw wrong(`"${key}" must be a name, not ${shown(value)}`);
}

function readSide(value: Json | undefined): "buy" | "sell" {
  if (value === "buy" || value === "sell") return value;
  throw wrong(`"side" must be "buy" or "sell", not ${shown(value)}`);
}

/** A number is refused: what it was meant to be is lost in it. */
function readDecimal(key: string, value: Json | undefined): Decimal {
  const found = typeof value === "string" && value.length <= DIGITS_MAX
    ? parseDecimal(value)
    : null;
  if (found !== null) return found;
  throw wrong(
    `"${key}" must be decimal text such as "0.1", not ${shown(value)}`,
  );
}

function shown(value: Json | undefined): string {
  const text = value === undefined ? "nothing" : JSON.stringify(value);
  return text.length <= NAME_MAX ? text : `${text.slice(0, NAME_MAX)}...`;
}

function wrong(why: string): CarillonError {
  return new CarillonError("hook/bad-request", `Cannot do this: ${why}`);
}
