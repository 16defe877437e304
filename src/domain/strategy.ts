/**
 * A session's strategies as the core remembers them.
 *
 * @module
 */

import type { HookFailure } from "./hook_end.ts";
import type { HookTally } from "./hook_tally.ts";
import type { HookSource, Session, Strategy } from "./definition.ts";
import type { EpochMs } from "./time.ts";

/** A strategy by the name under which it is remembered. */
export interface NamedStrategy {
  /** Tells it from the session's other strategies. */
  readonly name: string;
  readonly strategy: Strategy;
}

/** What is remembered of a strategy. */
export interface StrategyState {
  readonly session: string;
  readonly name: string;
  /** The call that its timer is set for; `null` where none is in reach, or the run calls nobody. */
  readonly next: StrategyCall | null;
  /** The call that runs. */
  readonly running: RunningCall | null;
  /** A call that is made once the one that runs has ended. */
  readonly waiting: StrategyCall | null;
  /** When the last call came due; none of then or earlier comes due again. */
  readonly lastDueAt: EpochMs | null;
  /** What it keeps from call to call, as JSON text; `null` for nothing. */
  readonly kept: string | null;
  /** The occurrence whose start the user left out: nothing is called in it. */
  readonly leftOut: string | null;
  /** How the last call ended. */
  readonly last: LastCall | null;
  /** How the calls of this run ended. */
  readonly counts: HookTally;
}

/** One call of a strategy. */
export interface StrategyCall {
  /** `london/2026-11-23/ema@2026-11-23T08:05:00Z` */
  readonly call: string;
  /** `london/2026-11-23` */
  readonly occurrence: string;
  readonly tradeDate: string;
  readonly dueAt: EpochMs;
}

/** A call that has not ended. */
export interface RunningCall extends StrategyCall {
  /** Whether it was given up: a later call waits for its place, or the run or the session ends. */
  readonly givenUp: boolean;
}

/** A call that has ended. */
export interface LastCall {
  readonly call: string;
  readonly at: EpochMs;
  readonly outcome: HookFailure | "returned" | "interrupted";
  /** What went wrong; `null` where nothing did. */
  readonly message: string | null;
}

/** How much a strategy may keep from call to call, as JSON text. @units characters */
export const KEPT_MAX = 16_384;

/** What the names of a strategy's calls are set off by from their instant. */
const AT = "@";

/**
 * The strategies of a session, named after their modules: `strategies/ema.ts` is `ema`, and
 * `strategies/ema.ts#fast` is `ema.fast`.
 *
 * The name is the durable identity: what a strategy keeps is found again by it, in whichever order
 * the file has them. Of several with one name the second is `ema-2`.
 */
export function strategiesOf(
  { strategies }: Pick<Session, "strategies">,
): readonly NamedStrategy[] {
  const used = new Map<string, number>();
  return strategies.map((strategy) => {
    const plain = nameOf(strategy.hook.source);
    const count = (used.get(plain) ?? 0) + 1;
    used.set(plain, count);
    const name = count === 1 ? plain : `${plain}-${count}`;
    return { name, strategy };
  });
}

function nameOf(source: HookSource): string {
  if (source.kind !== "module") return "strategy";
  const file = source.module.slice(source.module.lastIndexOf("/") + 1);
  const stem = file.includes(".") ? file.slice(0, file.lastIndexOf(".")) : file;
  const whole = source.export === "default" ? stem : `${stem}.${source.export}`;
  // It becomes part of keys, whose own signs it must not hold.
  return whole.replaceAll(/[^\p{L}\p{N}._-]/gu, "_") || "strategy";
}

/** The key under which a strategy is remembered, as in `london/ema`. */
export function strategyKey(session: string, name: string): string {
  return `${session}/${name}`;
}

/** The name of one call of a strategy. @units `dueAt`: EpochMs */
export function callName(
  occurrence: string,
  name: string,
  dueAt: EpochMs,
): string {
  const instant = Temporal.Instant.fromEpochMilliseconds(dueAt).toString();
  return `${occurrence}/${name}${AT}${instant}`;
}

/** The key of the strategy that a call is of; `null` for the call of a hook. */
export function strategyOfCall(call: string): string | null {
  const parts = call.split("/");
  const at = call.lastIndexOf(AT);
  if (parts.length !== 3 || at < 0) return null;
  const [session = "", , last = ""] = parts;
  return strategyKey(session, last.slice(0, last.lastIndexOf(AT)));
}

/** What a call returned, judged: what the strategy keeps from now on, or why that cannot be. */
export type KeptReading =
  /** It said nothing of it: what it kept stays. */
  | { readonly kind: "same" }
  | { readonly kind: "kept"; readonly kept: string | null }
  | { readonly kind: "refused"; readonly message: string };

/** Reads what a strategy wants to keep out of what its call returned, as in `{"state": {}}`. */
export function readKept(value: string | null): KeptReading {
  if (value === null) return { kind: "same" };
  const returned = parse(value);
  if (returned === null || !Object.hasOwn(returned, "state")) {
    return { kind: "same" };
  }
  const { state } = returned;
  if (state === null || state === undefined) {
    return { kind: "kept", kept: null };
  }
  const kept = JSON.stringify(state);
  if (kept.length <= KEPT_MAX) return { kind: "kept", kept };
  const message =
    `Cannot keep its state: it has ${kept.length} characters as JSON, and ${KEPT_MAX} are allowed`;
  return { kind: "refused", message };
}

function parse(text: string): { readonly state?: unknown } | null {
  try {
    const value: unknown = JSON.parse(text);
    const isObject = typeof value === "object" && value !== null &&
      !Array.isArray(value);
    return isObject ? value : null;
  } catch {
    return null;
  }
}
