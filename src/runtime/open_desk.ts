/**
 * What the user's code may ask of the run, put together out of the run itself.
 *
 * @module
 */

import { inScope } from "../domain/closing.ts";
import type { CloseAction, Session } from "../domain/definition.ts";
import { holdOn } from "../domain/entry_hold.ts";
import { type EntryRight, entryRight } from "../domain/entry_right.ts";
import { CarillonError } from "../domain/error.ts";
import type {
  EdgeSettled,
  OrderAnswered,
  OrderRefused,
} from "../domain/notice.ts";
import type { Snapshot } from "../domain/position.ts";
import type { Bar, BarWish } from "../domain/bar.ts";
import type { MarketQuote } from "../domain/quote.ts";
import { ownPart } from "../domain/session_share.ts";
import type { State } from "../domain/state.ts";
import { getRow } from "../domain/table.ts";
import type { HookDesk, OrderWish } from "./hook_desk.ts";
import type { Broker, Clock } from "./ports.ts";
import type { PriceSamples } from "./price_samples.ts";

/** The run behind a desk. */
export interface DeskRun {
  readonly state: () => State;
  readonly clock: Clock;
  readonly brokers: ReadonlyMap<string, Broker>;
  /** What was asked for since the run began, where brokers give no bars. */
  readonly samples: PriceSamples;
  look(account: string): Promise<Snapshot>;
  place(
    wish: OrderWish & { readonly account: string; readonly session: string },
  ): Promise<OrderRefused | OrderAnswered>;
  close(
    wish: {
      readonly account: string;
      readonly session: string;
      readonly action: CloseAction;
      readonly positions: null;
      readonly ordersOnly: false;
    },
  ): Promise<EdgeSettled>;
}

/** The desk of one session. */
export function openDesk(run: DeskRun, name: string): HookDesk {
  const find = () => getRow(run.state().sessions, name)?.session ?? null;
  const need = (): Session => {
    const session = find();
    if (session !== null) return session;
    throw new CarillonError(
      "session/unknown",
      `Cannot act for session "${name}": it has left the run`,
      { details: { session: name } },
    );
  };
  return {
    get session() {
      return find();
    },
    now: () => run.clock.now(),
    entries() {
      const session = find();
      return session === null ? null : entriesOf(run, session);
    },
    async look() {
      const session = need();
      const snapshot = await run.look(session.account);
      return reachOf(run.state(), session, snapshot);
    },
    async account() {
      const { account: name } = need();
      const broker = run.brokers.get(name);
      if (broker?.account !== undefined) return await broker.account();
      return run.state().accounts[name]?.info ?? null;
    },
    async quote(symbol) {
      return await askQuote(run, need(), symbol);
    },
    async bars(symbol, wish) {
      return await askBars(run, need(), symbol, wish);
    },
    async order(wish) {
      const { account } = need();
      return await run.place({ ...wish, account, session: name });
    },
    async close(action) {
      const { account } = need();
      return await run.close({
        account,
        session: name,
        action,
        positions: null,
        ordersOnly: false,
      });
    },
  };
}

function entriesOf(run: DeskRun, session: Session): EntryRight {
  const at = run.clock.now();
  const hold = holdOn(run.state().entryHolds, session.name, at);
  const right = entryRight(session, at);
  if (hold === null || !right.allowed) return right;
  const message = `"${hold.call}" failed: nothing new is opened`;
  return {
    allowed: false,
    reason: "hook_failed",
    message,
    until: hold.untilAt,
  };
}

/** What a session's scope reaches of an account's lists; executions are nobody else's business. */
function reachOf(
  state: State,
  { scope, account: name }: Session,
  snapshot: Snapshot,
): Snapshot {
  const account = state.accounts[name];
  const own = scope.session === null || account === undefined
    ? snapshot
    : ownPart(account, scope.session, snapshot);
  return {
    seq: own.seq,
    positions: own.positions.filter((position) => inScope(scope, position)),
    orders: own.orders.filter((order) => inScope(scope, order)),
    fills: [],
  };
}

async function askQuote(
  { brokers }: DeskRun,
  session: Session,
  symbol: string,
): Promise<MarketQuote> {
  refuseOutOfScope(session, symbol);
  const { account } = session;
  const broker = brokers.get(account);
  if (broker?.quote === undefined) {
    throw new CarillonError(
      "broker/no-quotes",
      `Cannot quote "${symbol}": the broker of account "${account}" gives no prices`,
      { details: { account, symbol } },
    );
  }
  return await broker.quote(symbol);
}

async function askBars(
  run: DeskRun,
  session: Session,
  symbol: string,
  wish: BarWish,
): Promise<readonly Bar[]> {
  const { account } = session;
  const broker = run.brokers.get(account);
  if (broker?.bars === undefined) {
    // Says what is wrong where nothing can be told of the symbol at all.
    const quote = await askQuote(run, session, symbol);
    run.samples.note(account, quote, run.clock.now());
    return run.samples.bars(account, symbol, wish, run.clock.now());
  }
  refuseOutOfScope(session, symbol);
  return await broker.bars(symbol, wish);
}

function refuseOutOfScope({ name, scope }: Session, symbol: string): void {
  if (inScope(scope, { symbol, tag: scope.tag })) return;
  throw new CarillonError(
    "hook/out-of-scope",
    `Cannot quote "${symbol}": it is outside the scope of session "${name}"`,
    { details: { session: name, symbol } },
  );
}
