/**
 * Notes how a strategy's call ended, and tells of it.
 *
 * @module
 */

import { holdEntries } from "./entry_hold.ts";
import { isHookFault } from "./hook_end.ts";
import { addEnd } from "./hook_tally.ts";
import type { StrategyEnded } from "./notice.ts";
import type { StrategyCall } from "./strategy.ts";
import { type Found, putStrategy, rowOf } from "./strategy_row.ts";
import { tell, type Turn } from "./turn.ts";

/** How a call ended, before it is told. */
export type CallEnd = Pick<
  StrategyEnded,
  "outcome" | "message" | "elapsedMs" | "place" | "logs"
>;

/** Ends the call that runs, and answers a fault as the file asks. */
export function endCall(
  turn: Turn,
  ended: Found & { readonly running: StrategyCall },
  end: CallEnd,
): void {
  const row = rowOf(turn, ended);
  if (row === undefined) return;
  const { outcome, message } = end;
  const { running: { call }, session, named } = ended;
  putStrategy(turn, {
    ...row,
    running: null,
    last: { call, at: turn.at, outcome, message },
    counts: outcome === "interrupted"
      ? row.counts
      : addEnd(row.counts, outcome),
  });
  const refuses = isHookFault(outcome) &&
    named.strategy.hook.onFailure === "refuse_entries";
  const refusedUntilAt = refuses
    ? holdEntries(turn, { session, plan: { edge: null }, call })
    : null;
  tellEnd(turn, ended, ended.running, { ...end, refusedUntilAt });
}

/** A call that came back without a word is on record, and nobody is told of it. */
function tellEnd(
  turn: Turn,
  { session, named: { name } }: Found,
  { call, dueAt }: StrategyCall,
  end: CallEnd & Pick<StrategyEnded, "refusedUntilAt">,
): void {
  if (end.outcome === "returned" && end.logs.length === 0) return;
  tell(turn, {
    type: "strategy.ended",
    at: turn.at,
    call,
    session: session.name,
    strategy: name,
    dueAt,
    ...end,
  });
}

/** Leaves a call out, since the last one still runs. */
export function skipCall(
  turn: Turn,
  found: Found,
  skipped: StrategyCall,
): void {
  const row = rowOf(turn, found);
  if (row === undefined) return;
  const outcome = "skipped";
  const message = "Its last call still runs";
  putStrategy(turn, { ...row, counts: addEnd(row.counts, outcome) });
  tellEnd(turn, found, skipped, {
    outcome,
    message,
    elapsedMs: 0,
    place: null,
    logs: [],
    refusedUntilAt: null,
  });
}
