/**
 * What a hook of a file is given: the types that its author writes against.
 *
 * Everything is plain data: instants are text such as `2026-11-23T08:00:00Z`, amounts of money and
 * quantities decimal text such as `"0.1"`.
 *
 * @module
 */

import type { CloseAction, HookAction } from "../../domain/definition.ts";
import type { HookLogLevel } from "../../domain/hook_end.ts";
import type { Outcome } from "../../domain/notice.ts";
import type { OrderStatus } from "../../domain/order.ts";
import type { OrderSide } from "../../domain/position.ts";

/**
 * What a hook of a session file is called with.
 *
 * @example A hook that logs what is open
 * ```ts
 * import type { FileHookContext } from "./hook_context.ts";
 *
 * export default function open(ctx: FileHookContext): { readonly open: number } {
 *   const positions = ctx.snapshot?.positions ?? [];
 *   ctx.log(`${positions.length} open before ${ctx.occurrence?.key ?? ctx.edge}`);
 *   return { open: positions.length };
 * }
 * ```
 */
export interface FileHookContext<Params = unknown> {
  /** Which of the session's functions this is. */
  readonly action: HookAction | "strategy";
  /** The edge's key, or `request/...` for what was asked for by hand. */
  readonly edge: string;
  /** When the edge was due. */
  readonly dueAt: string;
  /** The dated session; `null` where none is open. */
  readonly occurrence: FileHookOccurrence | null;
  /** The session, as the file defines it. */
  readonly session: FileHookSession;
  /** Whether orders that open exposure are let through now. */
  readonly entries: FileHookEntries;
  /** The account, read for this call; `null` where it could not be. */
  readonly account: FileHookAccount | null;
  /** What the session's scope reaches, read for this call; `null` where it could not be read. */
  readonly snapshot: FileHookSnapshot | null;
  /** Why `snapshot` or `account` is `null`; `null` where neither is. */
  readonly unread: string | null;
  /** What the file passes as `params`. */
  readonly params: Params;
  /** The variables that the file grants, by name. */
  readonly env: Readonly<Record<string, string>>;
  /** Is aborted shortly before the call is ended by force. */
  readonly signal: AbortSignal;
  /** Writes a line into the journal and where the run is told of; `log.warn()` and so on. */
  readonly log: FileHookLog;
  /** What may be asked of the broker, within the session's scope and rules. */
  readonly broker: FileHookBroker;
}

/** What a strategy of a session file is called with. */
export interface FileStrategyContext<Params = unknown, Kept = unknown>
  extends FileHookContext<Params> {
  /** The strategy, as the file defines it. */
  readonly strategy: FileStrategy;
  /** What an earlier call returned as its `state`; `null` where none has. */
  readonly state: Kept | null;
}

/** A strategy, as the file defines it. */
export interface FileStrategy {
  /** Its name: its module's, without folder and ending. */
  readonly name: string;
  /** How often it is called. @units milliseconds */
  readonly everyMs: number;
  /** The symbols it trades. */
  readonly symbols: readonly string[];
}

/** The dated session that a hook is called for. */
export interface FileHookOccurrence {
  /** Its key, as in `london/2026-11-23`. */
  readonly key: string;
  /** The trade date. */
  readonly tradeDate: string;
  /** When it opens. */
  readonly opensAt: string;
  /** When it closes. */
  readonly closesAt: string;
}

/** The session that a hook belongs to. */
export interface FileHookSession {
  /** Its name. */
  readonly name: string;
  /** The name of its account. */
  readonly account: string;
  /** IANA name of its zone. */
  readonly timezone: string;
  /** The symbols that it may touch; `null` for all. */
  readonly symbols: readonly string[] | null;
  /** Symbols that it may not touch. */
  readonly except: readonly string[];
  /** The mark that its orders carry; `null` for none of its own. */
  readonly tag: string | null;
}

/** Whether a session lets entries in. */
export interface FileHookEntries {
  /** Whether it does. */
  readonly allowed: boolean;
  /** Why not, as a word for programs; `null` where it does. */
  readonly reason: string | null;
  /** Why not, in a sentence; `null` where it does. */
  readonly message: string | null;
  /** When it does again; `null` where that is not known. */
  readonly until: string | null;
}

/** What a hook is told of its account; who it is at the broker stays outside. */
export interface FileHookAccount {
  /** Its name in the file. */
  readonly name: string;
  /** The currency it counts in. */
  readonly currency: string;
  /** How its positions are counted. */
  readonly mode: "netting" | "hedging";
  /** Whether it is real money; `null` where the broker does not say. */
  readonly live: boolean | null;
  /** What it is worth with all profits in; `null` where the broker does not give it. */
  readonly equity: string | null;
}

/** What was open when the call began. */
export interface FileHookSnapshot {
  /** Positions that the session's scope reaches. */
  readonly positions: readonly FileHookPosition[];
  /** Working orders that the session's scope reaches. */
  readonly orders: readonly FileHookOrder[];
}

/** An open position. */
export interface FileHookPosition {
  /** The ticket where the account hedges, the symbol where it nets. */
  readonly id: string;
  /** What is held. */
  readonly symbol: string;
  /** Which way it earns. */
  readonly side: "long" | "short";
  /** How much, above zero. */
  readonly qty: string;
  /** The average price it was opened at. */
  readonly entryPrice: string;
  /** Profit with swap and commission in; `null` where the broker does not give it. */
  readonly netProfit: string | null;
  /** Profit by price alone; `null` where the broker does not give it. */
  readonly grossProfit: string | null;
  /** The currency of both profits; `null` where the broker does not give it. */
  readonly profitCurrency: string | null;
  /** When it was opened; `null` where the broker does not give it. */
  readonly openedAt: string | null;
  /** The mark it carries; `null` for none. */
  readonly tag: string | null;
}

/** An order that still can fill. */
export interface FileHookOrder {
  /** The broker's name for it. */
  readonly orderId: string;
  /** What is traded. */
  readonly symbol: string;
  /** Which way. */
  readonly side: OrderSide;
  /** How much was asked for. */
  readonly qty: string;
  /** How much of it is filled. */
  readonly filledQty: string;
  /** `null` for a market order. */
  readonly limitPrice: string | null;
  /** The position it belongs to, where the broker says so. */
  readonly positionId: string | null;
  /** The mark it carries; `null` for none. */
  readonly tag: string | null;
}

/** Writes lines of log; what is no text is written as JSON. */
export interface FileHookLog {
  /** Writes a line of level `info`. */
  (...values: readonly unknown[]): void;
  /** Writes a line that only a closer look is for. */
  readonly debug: FileHookLogLine;
  /** Writes a line. */
  readonly info: FileHookLogLine;
  /** Writes a line that somebody should see. */
  readonly warn: FileHookLogLine;
  /** Writes a line of something that went wrong. */
  readonly error: FileHookLogLine;
}

/** Writes a line of one level. */
export type FileHookLogLine = (...values: readonly unknown[]) => void;

/** The levels of a log's lines. */
export type FileHookLogLevel = HookLogLevel;

/** What may be asked of the broker; each is answered once the run has carried it out. */
export interface FileHookBroker {
  /** Positions that the session's scope reaches, read now. */
  positions(): Promise<readonly FileHookPosition[]>;
  /** Working orders that the session's scope reaches, read now. */
  orders(): Promise<readonly FileHookOrder[]>;
  /** The prices of a symbol in scope, now. */
  quote(symbol: string): Promise<FileHookQuote>;
  /** The last bars that have ended, the newest last; fewer where fewer are known. */
  bars(wish: FileHookBarsWish): Promise<readonly FileHookBar[]>;
  /** Sends an order; one that opens exposure only where the session lets entries in. */
  order(order: FileHookOrderWish): Promise<FileHookAnswer>;
  /** Closes a position in scope, whole or in part. */
  close(close: FileHookCloseWish): Promise<FileHookAnswer>;
  /** Closes all that the session's scope reaches, or the winners or losers of it, and proves it. */
  closeAll(what?: { readonly action?: CloseAction }): Promise<FileHookClosed>;
}

/** The prices of a symbol. */
export interface FileHookQuote {
  /** What is traded. */
  readonly symbol: string;
  /** What it can be sold for. */
  readonly bid: string;
  /** What it can be bought for. */
  readonly ask: string;
  /** Since when these prices stand. */
  readonly at: string;
  /** Whether the market takes orders; `null` where the broker does not say. */
  readonly open: boolean | null;
}

/** Which bars a hook asks for. */
export interface FileHookBarsWish {
  /** What is traded. */
  readonly symbol: string;
  /** How long a bar is; they begin at multiples of it, in UTC. @units milliseconds */
  readonly everyMs: number;
  /** How many at most. @units a count */
  readonly count: number;
}

/** The prices of one stretch of time: what the symbol could be sold for. */
export interface FileHookBar {
  /** When it begins. */
  readonly at: string;
  /** The first price. */
  readonly open: string;
  /** The highest price. */
  readonly high: string;
  /** The lowest price. */
  readonly low: string;
  /** The last price. */
  readonly close: string;
}

/** An order that a hook asks for. */
export interface FileHookOrderWish {
  /** What is traded. */
  readonly symbol: string;
  /** Which way. */
  readonly side: OrderSide;
  /** How much, above zero, as decimal text: `"0.1"`. */
  readonly qty: string;
  /** The limit as decimal text; left out for a market order. */
  readonly limitPrice?: string;
}

/** A close of one position that a hook asks for. */
export interface FileHookCloseWish {
  /** The position's id. */
  readonly position: string;
  /** How much, as decimal text; left out for all of it. */
  readonly qty?: string;
}

/** What became of an order. */
export interface FileHookAnswer {
  /** Whether it was taken; `unknown` is asked about by the run, and must be taken for open. */
  readonly outcome: "accepted" | "refused" | "unknown";
  /** Why not, as a word for programs; `null` where it was taken. */
  readonly reason: string | null;
  /** Why not, in a sentence; `null` where it was taken. */
  readonly message: string | null;
  /** When it would be let through; `null` where that does not hang on the time. */
  readonly until: string | null;
  /** Our own name for the order; `null` where it was not sent. */
  readonly clientOrderId: string | null;
  /** Where it stands; `null` where it was not sent. */
  readonly status: OrderStatus | null;
  /** How much of it is filled. */
  readonly filledQty: string;
}

/** How a close of everything ended. */
export interface FileHookClosed {
  /** How it ended; only `flat_verified` and `closed_verified` are proven. */
  readonly outcome: Outcome;
  /** How many positions are gone. @units a count */
  readonly closed: number;
  /** How many are still there. @units a count */
  readonly remaining: number;
  /** Why it ended so, in a sentence; `null` where there is nothing to say. */
  readonly message: string | null;
}

/** A hook of a session file: what it returns is written into the journal as JSON. */
export type FileHook<Params = unknown> = (
  context: FileHookContext<Params>,
) => unknown;
