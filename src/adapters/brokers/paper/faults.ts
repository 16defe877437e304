/**
 * What a paper broker is made to get wrong, for tests and drills.
 *
 * @module
 */

import {
  count,
  flag,
  isRecord,
  list,
  maybe,
  object,
  oneOf,
  type Reader,
  ShapeError,
  text,
  word,
} from "../protocol/reading.ts";

/** The kinds of requests that a rule can be about. */
export const FAULT_TARGETS = [
  "account",
  "instruments",
  "positions",
  "quotes",
  "orders",
  "fills",
  "submit",
  "close",
  "cancel",
  "find",
  "any",
] as const;

/** The kind of request that a rule is about. */
export type FaultTarget = typeof FAULT_TARGETS[number];

/** One rule; the first that applies to a request decides what becomes of it. */
export interface FaultRule {
  /** The kind of request it is about. */
  readonly on: FaultTarget;
  /** Only requests about this symbol. */
  readonly symbol?: string | null;
  /** How many requests pass first; none by default. */
  readonly after?: number | null;
  /** How many times it applies, then never again; for ever by default. */
  readonly times?: number | null;
  /** What goes wrong. */
  readonly do: Fault;
}

/**
 * What goes wrong; names and fields are those of the JSON that `POST /v1/paper/faults` takes.
 *
 * @units `status`: that of HTTP; `percent`: hundredths; names in `ms`: milliseconds
 */
export type Fault =
  /** Answers with this status; carried out all the same where it says so. */
  | {
    readonly kind: "status";
    readonly status: number;
    readonly retry_after_ms?: number | null;
    readonly carry_out?: boolean | null;
  }
  /** Carries the request out and never answers. */
  | { readonly kind: "no_answer" }
  /** Neither carries it out nor answers. */
  | { readonly kind: "lost" }
  /** Waits before carrying it out. */
  | { readonly kind: "delay"; readonly ms: number }
  /** Fills this many hundredths of an order at once; the rest is cancelled, or fills later (never without `fill_after_ms`). */
  | {
    readonly kind: "partial";
    readonly percent: number;
    readonly rest?: "cancel" | "working" | null;
    readonly fill_after_ms?: number | null;
  }
  /** Rejects an order. */
  | {
    readonly kind: "reject";
    readonly reason: string;
    readonly message?: string | null;
  }
  /** Rejects an order because the market is closed. */
  | { readonly kind: "market_closed" }
  /** Says that the order is filled and does nothing. */
  | { readonly kind: "lie_filled" }
  /** Accepts an order and lets it work; it fills after this time, or when it is released. */
  | { readonly kind: "working"; readonly fill_after_ms?: number | null }
  /** Answers with the list as it was so many reads ago, as of then or as if it were of now. */
  | {
    readonly kind: "stale_positions";
    readonly reads: number;
    readonly as_of_now?: boolean | null;
  }
  /** Carries the request out and answers with something that is no JSON. */
  | { readonly kind: "garbage" }
  /** Answers 500 with a body that would read as an empty list. */
  | { readonly kind: "empty_500" };

const percent: Reader<number> = (value, path) => {
  const read = count(value, path);
  if (read <= 100) return read;
  throw new ShapeError(path, "a number from 0 to 100", value);
};

const status: Reader<number> = (value, path) => {
  const read = count(value, path);
  if (read >= 200 && read <= 599) return read;
  throw new ShapeError(path, "a status from 200 to 599", value);
};

const READERS: { readonly [K in Fault["kind"]]: Reader<object> } = {
  status: object({
    status,
    retry_after_ms: maybe(count),
    carry_out: maybe(flag),
  }),
  no_answer: object({}),
  lost: object({}),
  delay: object({ ms: count }),
  partial: object({
    percent,
    rest: maybe(oneOf("cancel", "working")),
    fill_after_ms: maybe(count),
  }),
  reject: object({ reason: word, message: maybe(text) }),
  market_closed: object({}),
  lie_filled: object({}),
  working: object({ fill_after_ms: maybe(count) }),
  stale_positions: object({ reads: count, as_of_now: maybe(flag) }),
  garbage: object({}),
  empty_500: object({}),
};

/** Reads one fault. */
function readFault(value: unknown, path: string): Fault {
  const kinds = Object.keys(READERS);
  const kind = oneOf(...kinds)(
    isRecord(value) ? value.kind : value,
    `${path}.kind`,
  );
  const reader = READERS[kind as Fault["kind"]];
  // The reader of this very kind has just read its fields.
  return { kind, ...reader(value, path) } as Fault;
}

/** Reads a list of rules, as `POST /v1/paper/faults` takes it. */
export const readFaultRules: Reader<readonly FaultRule[]> = list(
  object<FaultRule>({
    on: oneOf(...FAULT_TARGETS),
    symbol: maybe(word),
    after: maybe(count),
    times: maybe(count),
    do: readFault,
  }),
);

/** The rules, and how often each has been met and applied. */
export interface FaultBox {
  readonly rules: readonly FaultRule[];
  readonly met: readonly number[];
}

/** Rules that nothing has met yet. */
export function faultBox(rules: readonly FaultRule[]): FaultBox {
  return { rules, met: rules.map(() => 0) };
}

/** The fault that befalls a request, if any, and the box afterwards. */
export function takeFault(
  box: FaultBox,
  target: FaultTarget,
  symbol: string | null,
): readonly [FaultBox, Fault | null] {
  const met = [...box.met];
  for (const [at, rule] of box.rules.entries()) {
    const about = (rule.on === "any" || rule.on === target) &&
      (!rule.symbol || rule.symbol === symbol);
    if (!about) continue;
    const before = met[at] ?? 0;
    met[at] = before + 1;
    const skipped = rule.after ?? 0;
    const due = before >= skipped &&
      before < skipped + (rule.times ?? Infinity);
    if (due) return [{ ...box, met }, rule.do];
  }
  return [{ ...box, met }, null];
}
