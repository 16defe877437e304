/**
 * The core alone, with a test in the broker's place: every answer is written by hand.
 *
 * @module
 */

import type {
  AccountMode,
  Definition,
  Session,
} from "../../src/domain/definition.ts";
import type { Effect } from "../../src/domain/effect.ts";
import { decimal } from "../../src/domain/decimal.ts";
import type { EdgeSettled, Notice } from "../../src/domain/notice.ts";
import type { OrderIntent, ReportedStatus } from "../../src/domain/order.ts";
import type {
  AccountInfo,
  Fill,
  Position,
  Snapshot,
  WorkingOrder,
} from "../../src/domain/position.ts";
import type { NewEvent } from "../../src/runtime/engine.ts";
import { emptyState, type State } from "../../src/domain/state.ts";
import { step } from "../../src/domain/step.ts";
import type { Event } from "../../src/domain/event.ts";
import { clockSession, instant } from "./clock_session.ts";

/** A definition with one account called `main` at a broker of its own. */
export function plainDefinition(sessions: readonly Session[]): Definition {
  return {
    version: 1,
    timezone: "UTC",
    accounts: [{
      kind: "http",
      name: "main",
      id: "A-1",
      live: false,
      url: "http://127.0.0.1:1/",
      token: null,
      options: {},
    }],
    journal: null,
    onStop: "leave",
    sessions,
    calendars: [],
    notify: [],
    heartbeat: null,
    limits: null,
  };
}

/** What a broker says of the account `main`. */
export function plainInfo(mode: AccountMode = "netting"): AccountInfo {
  return {
    id: "A-1",
    live: false,
    mode,
    currency: "USD",
    equity: null,
    inFlightMax: 4,
    epoch: null,
  };
}

/** A position; `-5` is short. Its profit counts net and gross alike, `null` for none given. */
export function position(
  id: string,
  signed: string,
  profit: string | null = "0",
): Position {
  const isShort = signed.startsWith("-");
  const given = profit === null ? null : decimal(profit);
  return {
    id,
    symbol: id,
    side: isShort ? "short" : "long",
    qty: decimal(isShort ? signed.slice(1) : signed),
    entryPrice: decimal("1"),
    netProfit: given,
    grossProfit: given,
    profitCurrency: given === null ? null : "USD",
    openedAt: null,
    tag: null,
  };
}

/** A working order of somebody. */
export function working(
  orderId: string,
  symbol: string,
  more: Partial<WorkingOrder> = {},
): WorkingOrder {
  return {
    orderId,
    clientOrderId: null,
    symbol,
    side: "buy",
    qty: decimal("1"),
    filledQty: decimal("0"),
    limitPrice: decimal("1"),
    positionId: null,
    tag: null,
    ...more,
  };
}

/** An execution; `-5` is sold. */
export function fill(
  seq: number,
  positionId: string,
  signed: string,
  clientOrderId: string | null = null,
): Fill {
  const isSold = signed.startsWith("-");
  return {
    seq,
    orderId: `o${seq}`,
    clientOrderId,
    positionId,
    symbol: positionId,
    side: isSold ? "sell" : "buy",
    qty: decimal(isSold ? signed.slice(1) : signed),
    price: decimal("1"),
    at: 0,
  };
}

/** A core that is fed by hand. */
export class CoreRun {
  /** What the core remembers. */
  state: State = emptyState();
  /** Everything told so far. */
  readonly notices: Notice[] = [];
  /** Orders that left and were not answered, in order. */
  readonly sent: OrderIntent[] = [];
  /** Questions for positions that were not answered. */
  readonly reads: number[] = [];
  /** Cancellations that were not answered. */
  readonly cancels: string[] = [];
  /** Everything asked of the world. */
  readonly effects: Effect[] = [];
  #at: number;

  /** Loads sessions at an instant. */
  constructor(sessions: readonly Partial<Session>[], from: string) {
    this.#at = instant(from);
    const definition = plainDefinition(sessions.map(clockSession));
    this.take(
      {
        type: "file.loaded",
        runId: "run",
        hash: "",
        definition,
        dryRun: false,
        fromAt: this.#at,
        armed: true,
      },
      { type: "account.opened", account: "main", info: plainInfo() },
    );
  }

  /** The time. @units EpochMs */
  get now(): number {
    return this.#at;
  }

  /** Moves the time on. */
  pass(ms: number): void {
    this.#at += ms;
  }

  /** Takes events in. */
  take(...events: readonly NewEvent[]): void {
    for (const event of events) {
      // The cast puts together what NewEvent took apart.
      const [state, effects] = step(
        this.state,
        { ...event, at: this.#at } as Event,
      );
      this.state = state;
      for (const effect of effects) this.#keep(effect);
    }
  }

  /** Fires an armed edge at its own time. */
  fire(edge: string): void {
    const armed = this.effects.findLast((effect) =>
      effect.type === "timer.set" && effect.key === edge
    );
    if (armed?.type !== "timer.set") throw new Error(`"${edge}" is not armed`);
    this.#at = Math.max(this.#at, armed.dueAt);
    this.take({ type: "edge.due", edge, dueAt: armed.dueAt });
  }

  /** Lets the earliest wait of one kind come due. */
  wake(kind: "look" | "deadline" | "find" | "strategy"): void {
    const waits = new Map<string, number>();
    for (const effect of this.effects) {
      if (effect.type === "timer.set") waits.set(effect.key, effect.dueAt);
      if (effect.type === "timer.drop") waits.delete(effect.key);
    }
    const found = [...waits].filter(([key]) => key.startsWith(`${kind} `))
      .sort(([, a], [, b]) => a - b)[0];
    if (found === undefined) throw new Error(`nothing waits for "${kind}"`);
    const [timer, dueAt] = found;
    this.#at = Math.max(this.#at, dueAt);
    this.effects.push({ type: "timer.drop", what: "timer", key: timer });
    this.take({ type: "timer.due", timer, dueAt });
  }

  /** Answers every open question for positions with one snapshot. */
  show(
    seq: number,
    positions: readonly Position[],
    more: Partial<Snapshot> = {},
  ): void {
    const snapshot = { seq, positions, orders: [], fills: [], ...more };
    for (const request of this.reads.splice(0)) {
      this.take({ type: "positions.read", account: "main", request, snapshot });
    }
  }

  /** Answers the oldest order that left; it is filled as far as said, wholly where nothing is. */
  answer(
    status: ReportedStatus,
    filledQty?: string,
    reason: string | null = null,
  ): OrderIntent {
    const intent = this.sent.shift();
    if (intent === undefined) throw new Error("no order has left");
    const { clientOrderId, symbol, side, qty } = intent;
    this.take({
      type: "order.reported",
      account: "main",
      clientOrderId,
      report: {
        orderId: `o-${clientOrderId}`,
        clientOrderId,
        status,
        symbol,
        side,
        qty,
        filledQty: filledQty === undefined ? qty : decimal(filledQty),
        averagePrice: null,
        reason,
        message: null,
      },
    });
    return intent;
  }

  /** How things ended. */
  get settled(): readonly EdgeSettled[] {
    return this.notices.filter((notice) => notice.type === "edge.settled");
  }

  #keep(effect: Effect): void {
    this.effects.push(effect);
    if (effect.type === "tell") this.notices.push(effect.notice);
    if (effect.type === "order.submit") this.sent.push(effect.intent);
    if (effect.type === "positions.read") this.reads.push(effect.request);
    if (effect.type === "order.cancel") this.cancels.push(effect.orderId);
  }
}
