/**
 * Loss limits, as a session file writes them.
 *
 * @module
 */

import { isPositive, parseDecimal } from "../src/domain/decimal.ts";
import type { Limits } from "../src/domain/definition.ts";
import { TIME } from "./decode_time.ts";
import { literalText, oneWord } from "./decoders.ts";
import {
  type Mapped,
  mapping,
  optional,
  required,
  type Shape,
} from "./shape.ts";

const DAILY_LOSS: Shape<Limits["dailyLoss"]> = {
  schema: { type: ["string", "number"], pattern: "^[0-9]*\\.?[0-9]*%?$" },
  read(node, context) {
    const expected = 'a percentage such as "4%", or an amount such as "500"';
    const written = literalText(node, context, expected);
    if (written === undefined) return undefined;
    const isPercent = written.endsWith("%");
    const value = parseDecimal(isPercent ? written.slice(0, -1) : written);
    if (value === null || !isPositive(value)) {
      context.log.at(
        node,
        value === null ? "value/form" : "value/out-of-range",
        {
          expected,
        },
      );
      return undefined;
    }
    return isPercent ? { percent: value } : { amount: value };
  },
};

const LIMITS_FIELDS = {
  dailyLoss: required("The most a day may lose.", DAILY_LOSS),
  reset: optional("When a new day begins.", TIME),
  do: optional(
    "What is closed.",
    oneWord(["close_all", "close_win", "close_loss"]),
  ),
  then: optional("What follows.", oneWord(["halt", "continue"])),
};

/** Loss limits as written. */
export type LimitsSpec = Mapped<typeof LIMITS_FIELDS>;

/** Loss limits. */
export const LIMITS: Shape<LimitsSpec> = mapping(
  "limits: a mapping",
  LIMITS_FIELDS,
);
