/**
 * One effect, one call of a port, one event in answer.
 *
 * @module
 */

import type { Effect, HookRun } from "../domain/effect.ts";
import { CarillonError } from "../domain/error.ts";
import type { FailureOutcome } from "../domain/error.ts";
import type { Failure, OrderLost } from "../domain/event.ts";
import type { HookEnd } from "../domain/hook_end.ts";
import type { OrderReport } from "../domain/order.ts";
import type { DurationMs } from "../domain/time.ts";
import { boundedAnswer } from "./bounded_answer.ts";
import type { HookDesk } from "./hook_desk.ts";
import type { DueTimes } from "./due_times.ts";
import type { NewEvent } from "./engine.ts";
import type { Broker, Clock, HookRunner } from "./ports.ts";

/** The world that effects are performed on. */
export interface World {
  /** Of the accounts that are open. */
  readonly brokers: ReadonlyMap<string, Broker>;
  readonly hooks: HookRunner;
  /** What the code of a session may ask for. */
  readonly deskOf: (session: string) => HookDesk;
  /** Gives up a call of the user's code, by its name; kept here while it runs. */
  readonly calls: Map<string, AbortController>;
  readonly clock: Clock;
  readonly due: DueTimes;
  /** Takes the answers. */
  readonly post: (event: NewEvent) => void;
  /** Something in the due queue changed, or the run is over. */
  readonly wake: (ended: boolean) => void;
  readonly signal: AbortSignal;
}

/** Performs an effect; returns at once, and whatever comes of it is posted. */
export function performEffect(world: World, effect: Effect): void {
  switch (effect.type) {
    case "timer.set":
      world.due.set(effect);
      return world.wake(false);
    case "timer.drop":
      return world.due.drop(effect);
    case "positions.read":
      return void readPositions(world, effect);
    case "order.submit":
      return void submitOrder(world, effect);
    case "order.find":
      return void findOrder(world, effect);
    case "order.cancel":
      return void cancelOrder(world, effect);
    case "hook.run":
      return void runHook(world, effect);
    case "hook.cancel":
      return world.calls.get(effect.call)?.abort(givenUp(effect.call));
    case "run.end":
      return world.wake(true);
    case "tell":
      return;
  }
}

async function readPositions(
  world: World,
  effect: Effect & { readonly type: "positions.read" },
): Promise<void> {
  const { account, request, sinceSeq } = effect;
  let event: NewEvent;
  try {
    // The lists are asked first, so that what the book leads to cannot hold them up.
    const reading = brokerOf(world, account).read(sinceSeq);
    if (effect.bookFirst) askBook(world, effect);
    const snapshot = await boundedAnswer(world.clock, reading);
    event = {
      type: "positions.read",
      account,
      request,
      snapshot,
      source: "rest",
    };
  } catch (error) {
    const failure = failureOf(error);
    event = { type: "positions.unread", account, request, failure };
  }
  world.post(event);
}

/** The book's word, where there is one now; the lists answer the same question after it. */
function askBook(
  world: World,
  { account, request }: Effect & { readonly type: "positions.read" },
): void {
  const view = brokerOf(world, account).peek?.() ?? null;
  if (view === null) return;
  world.post({
    type: "positions.read",
    account,
    request,
    snapshot: view.snapshot,
    source: "book",
    provenSeq: view.provenSeq,
  });
}

async function submitOrder(
  world: World,
  { account, intent }: Effect & { readonly type: "order.submit" },
): Promise<void> {
  const { clientOrderId } = intent;
  let event: NewEvent;
  try {
    const tell = (report: OrderReport): NewEvent => (
      { type: "order.reported", account, clientOrderId, report }
    );
    const report = await boundedAnswer(
      world.clock,
      brokerOf(world, account).submit(intent),
      (late) => world.post(tell(late)),
    );
    event = tell(report);
  } catch (error) {
    event = orderLost(account, clientOrderId, "submit", error);
  }
  world.post(event);
}

async function findOrder(
  world: World,
  { account, clientOrderId }: Effect & { readonly type: "order.find" },
): Promise<void> {
  let event: NewEvent;
  try {
    const report = await boundedAnswer(
      world.clock,
      brokerOf(world, account).find(clientOrderId),
    );
    event = report === null
      ? { type: "order.absent", account, clientOrderId }
      : { type: "order.reported", account, clientOrderId, report };
  } catch (error) {
    event = orderLost(account, clientOrderId, "find", error);
  }
  world.post(event);
}

async function cancelOrder(
  world: World,
  { account, orderId }: Effect & { readonly type: "order.cancel" },
): Promise<void> {
  let event: NewEvent;
  try {
    const report = await boundedAnswer(
      world.clock,
      brokerOf(world, account).cancel(orderId),
    );
    event = { type: "cancel.answered", account, orderId, report };
  } catch (error) {
    event = orderLost(account, orderId, "cancel", error);
  }
  world.post(event);
}

async function runHook(world: World, call: HookRun): Promise<void> {
  const from = world.clock.elapsed();
  const elapsedMs = () => Math.max(world.clock.elapsed() - from, 0);
  const stop = new AbortController();
  const signal = AbortSignal.any([world.signal, stop.signal]);
  world.calls.set(call.call, stop);
  let event: NewEvent;
  try {
    const desk = world.deskOf(call.session);
    const end = await world.hooks.run(call, signal, desk);
    event = endEvent(call, elapsedMs(), end ?? NOTHING);
  } catch (error) {
    const kind = isTimeout(error) ? "timed_out" : "failed";
    const message = messageOf(error);
    const end = { kind, message, place: null, logs: [] } as const;
    event = endEvent(call, elapsedMs(), end);
  } finally {
    world.calls.delete(call.call);
  }
  world.post(event);
}

function givenUp(call: string): CarillonError {
  return new CarillonError("hook/failed", `"${call}" was given up`);
}

const NOTHING: HookEnd = { kind: "returned", value: null, logs: [] };

function endEvent(
  { call }: HookRun,
  elapsedMs: DurationMs,
  end: HookEnd,
): NewEvent {
  const { logs } = end;
  if (end.kind === "returned") {
    const { value } = end;
    return { type: "hook.returned", call, elapsedMs, value, logs };
  }
  const { kind: outcome, message, place } = end;
  return {
    type: "hook.failed",
    call,
    elapsedMs,
    outcome,
    message,
    place,
    logs,
  };
}

function brokerOf(world: World, account: string): Broker {
  const broker = world.brokers.get(account);
  if (broker !== undefined) return broker;
  throw new CarillonError(
    "broker/unreachable",
    `Cannot reach account "${account}": it is not open yet`,
    { details: { outcome: "unsent" } },
  );
}

function orderLost(
  account: string,
  order: string,
  during: OrderLost["during"],
  error: unknown,
): NewEvent {
  const failure = failureOf(error);
  return { type: "order.lost", account, order, during, failure };
}

/** A failure as data; one that does not say what became of the request is `unknown`. */
export function failureOf(error: unknown): Failure {
  if (!(error instanceof CarillonError)) {
    return {
      code: "broker/unknown",
      message: messageOf(error),
      outcome: "unknown",
      retryAfterMs: null,
    };
  }
  const { outcome, brokerCode, retryAfterMs } = error.details;
  return {
    code: typeof brokerCode === "string" ? brokerCode : error.code,
    message: error.message,
    outcome: isOutcome(outcome) ? outcome : "unknown",
    retryAfterMs: typeof retryAfterMs === "number" ? retryAfterMs : null,
  };
}

function isOutcome(value: unknown): value is FailureOutcome {
  return value === "unsent" || value === "refused" || value === "unknown";
}

function isTimeout(error: unknown): boolean {
  return error instanceof CarillonError && error.code === "hook/timed-out";
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
