/**
 * `--now`, `--until` and `--speed`: whether time is lived or played.
 *
 * @module
 */

import type { Definition } from "../../domain/definition.ts";
import type { EpochMs } from "../../domain/time.ts";
import type { TimePlan } from "../compose.ts";
import type { RunArgs } from "./grammar.ts";
import { CallError } from "./call_error.ts";

/** How time passes, and when it ends. */
export interface PlayTime {
  readonly plan: TimePlan;
  /** `null` for a run that goes on until it is stopped. @units EpochMs */
  readonly untilAt: EpochMs | null;
}

/**
 * Reads the three options; played time refuses every broker but paper.
 *
 * @throws {CallError} if they do not go together, or not with the file
 */
export function planTime(
  args: Pick<RunArgs, "now" | "until" | "speed">,
  definition: Definition,
  systemNow: EpochMs,
): PlayTime {
  const startAt = args.now === null
    ? systemNow
    : readInstant("--now", args.now);
  const untilAt = args.until === null
    ? null
    : readInstant("--until", args.until);
  const plan = readPlan(args, startAt);
  if (plan.kind !== "live") refuseRealBrokers(definition);
  if (plan.kind === "virtual" && untilAt === null) {
    throw new CallError(
      "--speed max needs --until: a clock that runs as fast as it goes has to stop somewhere",
    );
  }
  if (untilAt !== null && untilAt < startAt) {
    throw new CallError(
      `--until lies before ${args.now === null ? "now" : "--now"}`,
    );
  }
  return { plan, untilAt };
}

function readPlan(
  args: Pick<RunArgs, "now" | "speed">,
  startAt: EpochMs,
): TimePlan {
  if (args.speed === "max") return { kind: "virtual", startAt };
  if (args.speed === null) {
    return args.now === null
      ? { kind: "live" }
      : { kind: "scaled", startAt, factor: 1 };
  }
  const factor = Number(args.speed);
  if (!(factor > 0) || !Number.isFinite(factor)) {
    throw new CallError(
      `--speed "${args.speed}" is neither "max" nor a number above 0`,
    );
  }
  return { kind: "scaled", startAt, factor };
}

/**
 * Reads an instant: with an offset or `Z`, or a date and time that are taken as UTC.
 *
 * @throws {CallError} if the text is none
 */
export function readInstant(option: string, text: string): EpochMs {
  try {
    return Temporal.Instant.from(text).epochMilliseconds;
  } catch {
    return readUtc(option, text);
  }
}

function readUtc(option: string, text: string): EpochMs {
  try {
    return Temporal.PlainDateTime.from(text, { overflow: "reject" })
      .toZonedDateTime("UTC").epochMilliseconds;
  } catch {
    throw new CallError(
      `${option} "${text}" is not an instant; write it like 2026-11-23T08:00:00Z`,
    );
  }
}

function refuseRealBrokers(definition: Definition): void {
  const real = definition.accounts.filter(({ kind }) => kind !== "paper");
  if (real.length === 0) return;
  const names = real.map(({ name, kind }) => `"${name}" (${kind})`).join(", ");
  throw new CallError(
    `Time can be played against the paper broker only; the file names ${names}`,
  );
}
