/**
 * Answers what a guest asks for while its call runs, within bounds.
 *
 * @module
 */

import { CarillonError } from "../../domain/error.ts";
import type { HookLog } from "../../domain/hook_end.ts";
import type {
  EdgeSettled,
  OrderAnswered,
  OrderRefused,
} from "../../domain/notice.ts";
import { closingSide } from "../../domain/position.ts";
import type { HookDesk } from "../../runtime/hook_desk.ts";
import type { HookHost, Json, LogLevel } from "../../runtime/isolation.ts";
import { formatInstant } from "../wire_form.ts";
import type { Lane } from "./broker_lane.ts";
import { barData, orderData, positionData, quoteData } from "./context_data.ts";
import {
  LOG_LENGTH_MAX,
  LOG_LINES_MAX,
  ORDERS_MAX,
  REQUESTS_MAX,
} from "./hook_limits.ts";
import {
  type CloseWish,
  readBarsWish,
  readCloseAll,
  readCloseWish,
  readOrderWish,
  readSymbol,
} from "./hook_wishes.ts";
import type { SecretFilter } from "./secret_filter.ts";
import type { TimeHold } from "./time_hold.ts";

/** What a context can ask for, by its dotted name. */
export const HOOK_METHODS = [
  "broker.positions",
  "broker.orders",
  "broker.quote",
  "broker.bars",
  "broker.order",
  "broker.close",
  "broker.closeAll",
] as const;

/** What a host works with. */
export interface HostParts {
  readonly desk: HookDesk;
  readonly secrets: SecretFilter;
  readonly lane: Lane;
  readonly hold: TimeHold;
}

/** The host of one call. */
export class CallHost implements HookHost {
  readonly #parts: HostParts;
  readonly #logs: HookLog[] = [];
  #requests = 0;
  #orders = 0;
  #logLength = 0;
  #leftOut = 0;

  /** A host that nothing was asked of yet. */
  constructor(parts: HostParts) {
    this.#parts = parts;
  }

  /** What was logged, and how much more there was. */
  get logs(): readonly HookLog[] {
    if (this.#leftOut === 0) return this.#logs;
    const text = `${this.#leftOut} further lines were left out`;
    const at = this.#parts.desk.now();
    return [...this.#logs, { at, level: "warn", text }];
  }

  /** Keeps a line of log, where there is room for it. */
  log(level: LogLevel, text: string): void {
    const line = this.#parts.secrets.clean(text);
    this.#logLength += line.length;
    const isFull = this.#logs.length >= LOG_LINES_MAX ||
      this.#logLength > LOG_LENGTH_MAX;
    if (isFull) this.#leftOut++;
    else this.#logs.push({ at: this.#parts.desk.now(), level, text: line });
  }

  /**
   * Answers one request.
   *
   * @throws {CarillonError} a code that the guest is told
   */
  async request(name: string, args: Json, signal: AbortSignal): Promise<Json> {
    const { secrets, hold } = this.#parts;
    this.#requests++;
    if (this.#requests > REQUESTS_MAX) {
      throw tooMany(`${REQUESTS_MAX} requests`);
    }
    if (secrets.isInData(args)) {
      throw new CarillonError(
        "hook/bad-request",
        "Cannot do this: it holds the value of a variable, and would be written into the journal",
      );
    }
    return await hold.whileWaiting(() => this.#answer(name, args, signal));
  }

  async #answer(name: string, args: Json, signal: AbortSignal): Promise<Json> {
    const { desk, lane } = this.#parts;
    switch (name) {
      case "broker.positions": {
        const { positions } = await lane.run(signal, () => desk.look());
        return positions.map(positionData);
      }
      case "broker.orders": {
        const { orders } = await lane.run(signal, () => desk.look());
        return orders.map(orderData);
      }
      case "broker.quote": {
        const symbol = readSymbol(args);
        return quoteData(await lane.run(signal, () => desk.quote(symbol)));
      }
      case "broker.bars": {
        const { symbol, ...wish } = readBarsWish(args);
        const bars = await lane.run(signal, () => desk.bars(symbol, wish));
        return bars.map(barData);
      }
      case "broker.order": {
        const wish = readOrderWish(args);
        this.#countOrder();
        return answerData(await lane.run(signal, () => desk.order(wish)));
      }
      case "broker.close": {
        const wish = readCloseWish(args);
        this.#countOrder();
        return await lane.run(signal, () => this.#close(wish));
      }
      case "broker.closeAll": {
        const action = readCloseAll(args);
        this.#countOrder();
        // It takes as long as it takes, and asks the broker by itself: others need not wait for it.
        return closedData(await desk.close(action));
      }
      default:
        throw new CarillonError(
          "hook/bad-request",
          `Cannot do this: there is no "${name}"`,
        );
    }
  }

  async #close({ position: id, qty }: CloseWish): Promise<Json> {
    const { desk } = this.#parts;
    const { positions } = await desk.look();
    const position = positions.find((each) => each.id === id);
    if (position === undefined) return noPosition(id);
    return answerData(
      await desk.order({
        symbol: position.symbol,
        side: closingSide(position.side),
        qty: qty ?? position.qty,
        limitPrice: null,
        closes: id,
      }),
    );
  }

  #countOrder(): void {
    this.#orders++;
    if (this.#orders > ORDERS_MAX) throw tooMany(`${ORDERS_MAX} orders`);
  }
}

function tooMany(what: string): CarillonError {
  return new CarillonError(
    "hook/too-many-requests",
    `Cannot ask for more: one call may ask for ${what}`,
  );
}

function answerData(notice: OrderRefused | OrderAnswered): Json {
  if (notice.type === "order.refused") {
    const { reason, message, untilAt } = notice;
    const until = untilAt === null ? null : formatInstant(untilAt);
    return { ...UNSENT, reason, message, until };
  }
  const { answer, reason, message, clientOrderId, status, filledQty } = notice;
  return {
    outcome: answer,
    reason,
    message,
    until: null,
    clientOrderId,
    status,
    filledQty,
  };
}

const UNSENT = {
  outcome: "refused",
  reason: null,
  message: null,
  until: null,
  clientOrderId: null,
  status: null,
  filledQty: "0",
} as const;

function noPosition(id: string): Json {
  const message = `No position "${id}" is open in the session's scope`;
  return { ...UNSENT, reason: "unknown_position", message };
}

function closedData(settled: EdgeSettled): Json {
  const { outcome, closed, remaining, message } = settled;
  return { outcome, closed, remaining, message };
}
