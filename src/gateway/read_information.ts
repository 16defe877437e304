/**
 * Asks a gateway where it is and how many sessions may be started.
 *
 * @module
 */

import { CarillonError } from "../domain/error.ts";
import {
  decodeGatewayBotInfo,
  type GatewayBotInfo,
} from "../domain/gateway_bot_info.ts";
import { type DurationMs, SECOND_MS } from "../domain/time.ts";
import type { Clock, Random } from "../runtime/ports.ts";
import { pauseFor } from "./pause.ts";
import type { GatewayAnswer, GatewayTransport } from "./ports.ts";

/** How often it is asked before it counts as unreachable. */
export const ASKED_MAX = 4;
/** How long one answer is waited for. @units milliseconds */
export const ANSWER_MS_MAX: DurationMs = 15 * SECOND_MS;
/** The bound of the first pause between two tries; it doubles. @units milliseconds */
const PAUSE_MS_MIN: DurationMs = SECOND_MS;
/** A gateway that asks for a longer pause is not waited for. @units milliseconds */
const PAUSE_MS_MAX: DurationMs = 30 * SECOND_MS;

/** What the question needs. */
export interface InformationOptions {
  readonly transport: GatewayTransport;
  readonly clock: Clock;
  readonly random: Random;
  readonly signal: AbortSignal;
}

/** Another try may bring an answer. */
interface Failure {
  readonly why: string;
  readonly cause: unknown;
  readonly pauseMs: DurationMs | null;
}

/**
 * Asks `GET /gateway/bot`, again where no answer comes; the limit is stamped with the instant of
 * receipt.
 *
 * @throws {CarillonError} "gateway/unauthorized", "gateway/unreachable", "gateway/undecodable"
 * @throws the signal's reason once it is aborted
 */
export async function readInformation(
  options: InformationOptions,
): Promise<GatewayBotInfo> {
  const { clock, random, signal, transport } = options;
  for (let asked = 1;; asked++) {
    const answer = await ask(options);
    if (answer instanceof CarillonError) throw answer;
    if ("info" in answer) return answer.info;
    if (asked >= ASKED_MAX) throw unreachable(transport.name, answer);
    const jitterMs = random.fraction() * PAUSE_MS_MIN * 2 ** (asked - 1);
    await pauseFor(clock, Math.max(jitterMs, answer.pauseMs ?? 0), signal);
  }
}

type Asked = { readonly info: GatewayBotInfo } | CarillonError | Failure;

async function ask(options: InformationOptions): Promise<Asked> {
  let answer: GatewayAnswer;
  try {
    answer = await answerInTime(options);
  } catch (cause) {
    options.signal.throwIfAborted();
    const why = cause instanceof Error ? cause.message : String(cause);
    return { why, cause, pauseMs: null };
  }
  return readAnswer(answer, options);
}

function readAnswer(
  { status, body, retryAfterMs }: GatewayAnswer,
  { transport, clock }: InformationOptions,
): Asked {
  if (status === 200) {
    const at = Temporal.Instant.fromEpochMilliseconds(Math.floor(clock.now()));
    return { info: decodeGatewayBotInfo(parse(body), at) };
  }
  const why = `it answered with ${status}`;
  if (status === 401 || status === 403) {
    return new CarillonError(
      "gateway/unauthorized",
      `Cannot use gateway "${transport.name}": ${why}; check the token`,
      { details: { status } },
    );
  }
  const failure = { why, cause: undefined, pauseMs: retryAfterMs };
  const mayHelp = status === 429 || status >= 500;
  return mayHelp && (retryAfterMs ?? 0) <= PAUSE_MS_MAX
    ? failure
    : unreachable(transport.name, failure);
}

/** Text that is no JSON is no object either, which is what is said of it. */
function parse(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    // The parser's own words would quote the answer.
    return undefined;
  }
}

async function answerInTime(
  { transport, clock, signal }: InformationOptions,
): Promise<GatewayAnswer> {
  const over = new AbortController();
  const either = AbortSignal.any([signal, over.signal]);
  const late = pauseFor(clock, ANSWER_MS_MAX, either).then(
    () => over.abort(new Error(`no answer within ${ANSWER_MS_MAX} ms`)),
    // The answer came first, or nobody waits for it any more.
    () => undefined,
  );
  try {
    return await transport.information(either);
  } finally {
    over.abort();
    await late;
  }
}

function unreachable(
  name: string,
  { why, cause }: Pick<Failure, "why" | "cause">,
): CarillonError {
  return new CarillonError(
    "gateway/unreachable",
    `Cannot ask gateway "${name}" what it allows: ${why}`,
    cause === undefined ? {} : { cause },
  );
}
