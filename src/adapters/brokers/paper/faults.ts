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
import {
  GATEWAY_FAULT_READERS,
  GATEWAY_FAULT_TARGETS,
  type GatewayFault,
  type GatewayFaultRule,
  type GatewayFaultTarget,
} from "./gateway/gateway_faults.ts";

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
  "gateway_bot",
  "any",
] as const;

/** The kind of request that a rule is about. */
export type FaultTarget = typeof FAULT_TARGETS[number];

/** One rule of any kind. */
export type PaperFaultRule = FaultRule | GatewayFaultRule;

/** One rule about requests; the first that applies to a request decides what becomes of it. */
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

const READERS:
  & Readonly<Record<string, Reader<object>>>
  & {
    readonly [K in Fault["kind"]]: Reader<object>;
  } = {
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

/** Reads a fault of one of some kinds, by the kind's own reader. */
function faultReader<T extends Fault | GatewayFault>(
  readers: Readonly<Record<string, Reader<object>>>,
): Reader<T> {
  return (value, path) => {
    const kind = oneOf(...Object.keys(readers))(
      isRecord(value) ? value.kind : value,
      `${path}.kind`,
    );
    // The reader of this very kind has just read its fields.
    return { kind, ...readers[kind]?.(value, path) } as T;
  };
}

const readRequestRule = object<FaultRule>({
  on: oneOf(...FAULT_TARGETS),
  symbol: maybe(word),
  after: maybe(count),
  times: maybe(count),
  do: faultReader<Fault>(READERS),
});

/** Reads a fault of the gateway. */
export const readGatewayFault: Reader<GatewayFault> = faultReader(
  GATEWAY_FAULT_READERS,
);

const readGatewayRule = object<GatewayFaultRule>({
  on: oneOf(...GATEWAY_FAULT_TARGETS),
  shard: maybe(count),
  after: maybe(count),
  times: maybe(count),
  do: readGatewayFault,
});

/** Reads a list of rules, as `POST /v1/paper/faults` takes it. */
export const readFaultRules: Reader<readonly PaperFaultRule[]> = list(
  (value, path): PaperFaultRule => {
    const { on } = object<{ readonly on: PaperFaultRule["on"] }>({
      on: oneOf(...FAULT_TARGETS, ...GATEWAY_FAULT_TARGETS),
    })(value, path);
    return isGatewayTarget(on)
      ? readGatewayRule(value, path)
      : readRequestRule(value, path);
  },
);

/** The rules, and how often each has been met and applied. */
export interface FaultBox {
  readonly rules: readonly PaperFaultRule[];
  readonly met: readonly number[];
}

/** Rules that nothing has met yet. */
export function faultBox(rules: readonly PaperFaultRule[]): FaultBox {
  return { rules, met: rules.map(() => 0) };
}

/** The fault that befalls a request, if any, and the box afterwards. */
export function takeFault(
  box: FaultBox,
  target: FaultTarget,
  symbol: string | null,
): readonly [FaultBox, Fault | null] {
  const [next, rule] = take(
    box,
    (one): one is FaultRule =>
      !isGatewayRule(one) && (one.on === "any" || one.on === target) &&
      (!one.symbol || one.symbol === symbol),
  );
  return [next, rule?.do ?? null];
}

/** The fault that befalls a connection of the gateway, if any, and the box afterwards. @units `shardId`: `null` while it is not known */
export function takeGatewayFault(
  box: FaultBox,
  target: GatewayFaultTarget,
  shardId: number | null,
): readonly [FaultBox, GatewayFault | null] {
  const [next, rule] = take(
    box,
    (one): one is GatewayFaultRule =>
      isGatewayRule(one) && one.on === target &&
      (one.shard === null || one.shard === undefined || one.shard === shardId),
  );
  return [next, rule?.do ?? null];
}

/** The first rule that is about it and due, with everything that was met on the way counted. */
function take<T extends PaperFaultRule>(
  box: FaultBox,
  isAbout: (rule: PaperFaultRule) => rule is T,
): readonly [FaultBox, T | null] {
  const met = [...box.met];
  for (const [at, rule] of box.rules.entries()) {
    if (!isAbout(rule)) continue;
    const before = met[at] ?? 0;
    met[at] = before + 1;
    const skipped = rule.after ?? 0;
    const due = before >= skipped &&
      before < skipped + (rule.times ?? Infinity);
    if (due) return [{ ...box, met }, rule];
  }
  return [{ ...box, met }, null];
}

function isGatewayRule(rule: PaperFaultRule): rule is GatewayFaultRule {
  return isGatewayTarget(rule.on);
}

function isGatewayTarget(on: PaperFaultRule["on"]): on is GatewayFaultTarget {
  return GATEWAY_FAULT_TARGETS.some((target) => target === on);
}
