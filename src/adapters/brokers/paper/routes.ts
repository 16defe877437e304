/**
 * What the paper broker can be asked, path by path.
 *
 * @module
 */

import type { Clock } from "../../../runtime/ports.ts";
import type { OrderIntent } from "../../../domain/order.ts";
import { type Decimal, ZERO } from "../../../domain/decimal.ts";
import { count, maybe, object, readJson, word } from "../protocol/reading.ts";
import { readCloseRequest, readOrderRequest } from "../protocol/wire.ts";
import type { PaperAudit } from "./audit.ts";
import { availableToClose, findByClientId } from "./book.ts";
import {
  type FaultBox,
  type FaultTarget,
  type PaperFaultRule,
  readFaultRules,
  readGatewayFault,
} from "./faults.ts";
import {
  gatewayAuditJson,
  type PaperGatewayAudit,
} from "./gateway/gateway_audit.ts";
import type { GatewayFault } from "./gateway/gateway_faults.ts";
import { lookUp } from "./ledger.ts";
import {
  accountJson,
  fillsJson,
  instrumentsJson,
  type Json,
  orderJson,
  ordersJson,
  positionsJson,
  quotesJson,
} from "./replies.ts";
import {
  BadRequest,
  errorReply,
  jsonReply,
  type PaperReply,
  type PaperRequest,
} from "./reply.ts";
import type {
  EngineReply,
  EngineRequest,
  FillPlan,
  PaperState,
  PaperWorld,
} from "./state.ts";
import { isSymbol } from "./symbols.ts";

/** The account that requests are about. */
export interface PaperDesk {
  readonly world: PaperWorld;
  readonly state: PaperState;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  readonly gateway: RoutedGateway;
  faults: FaultBox;
  ask(request: EngineRequest): EngineReply;
  setFaults(rules: readonly PaperFaultRule[]): void;
  audit(): PaperAudit;
}

/** The gateway as far as requests are about it. */
export interface RoutedGateway {
  botJson(base: string): Json;
  inflict(fault: GatewayFault, shardId: number | null): number;
  audit(): PaperGatewayAudit;
}

/** One request as a route sees it. */
export interface Visit {
  readonly desk: PaperDesk;
  readonly request: PaperRequest;
  /** The `{...}` of the path, decoded. */
  readonly parameter: string;
  /** How an order is to be treated. */
  readonly plan: FillPlan;
}

/** One path and method. */
export interface Route {
  readonly method: "GET" | "POST" | "DELETE";
  /** At most one `{parameter}`. */
  readonly path: string;
  /** What fault rules call it; `null` where none can befall it. */
  readonly target: FaultTarget | null;
  /** The symbol that the request is about, as far as fault rules care. */
  symbol?(visit: Omit<Visit, "plan">): string | null;
  answer(visit: Visit): PaperReply;
}

/** Every route; the paper broker's own come last and are no part of the open protocol. */
export const ROUTES: readonly Route[] = [
  {
    method: "GET",
    path: "/v1/account",
    target: "account",
    answer: ({ desk }) =>
      jsonReply(200, accountJson(desk.world, desk.state, desk.clock.now())),
  },
  {
    method: "GET",
    path: "/v1/instruments",
    target: "instruments",
    answer: ({ desk, request }) => {
      const asked = request.query.has("symbols") ? symbolsOf(request) : null;
      const now = desk.clock.now();
      return jsonReply(
        200,
        instrumentsJson(desk.world, desk.state, asked, now),
      );
    },
  },
  {
    method: "GET",
    path: "/v1/positions",
    target: "positions",
    answer: ({ desk }) =>
      jsonReply(200, positionsJson(desk.world, desk.state, desk.clock.now())),
  },
  {
    method: "POST",
    path: "/v1/positions/{position_id}/close",
    target: "close",
    symbol: ({ desk, parameter }) =>
      desk.state.positions.get(parameter)?.symbol ?? null,
    answer: closePosition,
  },
  {
    method: "GET",
    path: "/v1/quotes",
    target: "quotes",
    answer: ({ desk, request }) => {
      const symbols = symbolsOf(request);
      return jsonReply(200, quotesJson(desk.world, symbols, desk.clock.now()));
    },
  },
  {
    method: "GET",
    path: "/v1/orders",
    target: "orders",
    answer: ({ desk, request }) => {
      const status = request.query.get("status");
      if (status === "working") return jsonReply(200, ordersJson(desk.state));
      throw new BadRequest('the query must be "status=working"');
    },
  },
  {
    method: "POST",
    path: "/v1/orders",
    target: "submit",
    symbol: ({ request }) =>
      readJson(request.body ?? "", object({ symbol: word })).symbol,
    answer: ({ desk, request, plan }) => {
      const wire = readJson(request.body ?? "", readOrderRequest);
      return submit(desk, plan, {
        clientOrderId: wire.client_order_id,
        symbol: wire.symbol,
        side: wire.side,
        qty: wire.qty,
        limitPrice: limitOf(wire.type, wire.limit_price),
        closes: null,
        tag: wire.tag,
      });
    },
  },
  {
    method: "GET",
    path: "/v1/orders/by-client-id/{client_order_id}",
    target: "find",
    symbol: ({ desk, parameter }) =>
      findByClientId(desk.state, parameter)?.intent.symbol ?? null,
    answer: ({ desk, parameter }) => {
      const order = findByClientId(desk.state, parameter);
      return order === undefined
        ? notFound(`no order has the client order id "${parameter}"`)
        : jsonReply(200, orderJson(order));
    },
  },
  {
    method: "DELETE",
    path: "/v1/orders/{order_id}",
    target: "cancel",
    symbol: ({ desk, parameter }) =>
      lookUp(desk.state.orders, parameter)?.intent.symbol ?? null,
    answer: ({ desk, parameter }) => {
      const reply = desk.ask({ type: "cancel", orderId: parameter });
      return reply.type === "order"
        ? jsonReply(200, orderJson(reply.order))
        : notFound(`no order has the id "${parameter}"`);
    },
  },
  {
    method: "GET",
    path: "/v1/fills",
    target: "fills",
    answer: ({ desk, request }) => {
      const since = request.query.get("since") ?? "0";
      if (!/^\d{1,15}$/.test(since)) {
        throw new BadRequest('"since" must be a whole number from 0 up');
      }
      return jsonReply(200, fillsJson(desk.state, Number(since)));
    },
  },
  ...["/v1/stream", "/gateway", "/gateway/resume"].map((path): Route => ({
    method: "GET",
    path,
    target: null,
    // The server takes a WebSocket before it gets here.
    answer: () =>
      errorReply(426, "request/upgrade-required", "this is a WebSocket"),
  })),
  // Clients of gateways ask below a version, or not.
  ...["/gateway/bot", "/v1/gateway/bot"].map((path): Route => ({
    method: "GET",
    path,
    target: "gateway_bot",
    answer: ({ desk, request }) =>
      jsonReply(200, desk.gateway.botJson(`ws://${request.host ?? "paper"}`)),
  })),
  {
    method: "GET",
    path: "/v1/paper/audit",
    target: null,
    answer: ({ desk }) => {
      const { exposures, duplicates } = desk.audit();
      return jsonReply(200, {
        duplicate_exposure: duplicates.length,
        duplicates: duplicates.map((one) => ({
          client_order_id: one.clientOrderId,
          position_id: one.positionId,
          asked_qty: one.askedQty,
          available_qty: one.availableQty,
        })),
        exposures: exposures.map((one) => ({
          key: one.key,
          position_id: one.positionId,
          symbol: one.symbol,
          side: one.side,
          opened_qty: one.openedQty,
          closed_qty: one.closedQty,
          closings: one.closings.map((closing) => ({
            order_id: closing.orderId,
            client_order_id: closing.clientOrderId,
            qty: closing.qty,
          })),
        })),
        gateway: gatewayAuditJson(desk.gateway.audit()),
      });
    },
  },
  {
    method: "GET",
    path: "/v1/paper/faults",
    target: null,
    answer: ({ desk }) =>
      jsonReply(200, { rules: desk.faults.rules, met: desk.faults.met }),
  },
  {
    method: "POST",
    path: "/v1/paper/faults",
    target: null,
    answer: ({ desk, request }) => {
      const reader = object<{ readonly rules: readonly PaperFaultRule[] }>({
        rules: readFaultRules,
      });
      desk.setFaults(readJson(request.body ?? "", reader).rules);
      return jsonReply(200, { rules: desk.faults.rules });
    },
  },
  {
    method: "POST",
    path: "/v1/paper/gateway",
    target: null,
    answer: ({ desk, request }) => {
      const reader = object<{
        readonly do: GatewayFault;
        readonly shard: number | null;
      }>({ do: readGatewayFault, shard: maybe(count) });
      const { do: fault, shard } = readJson(request.body ?? "", reader);
      return jsonReply(200, { hit: desk.gateway.inflict(fault, shard) });
    },
  },
  {
    method: "POST",
    path: "/v1/paper/release",
    target: null,
    answer: ({ desk, request }) => {
      const reader = object<{ readonly order_id: string | null }>({
        order_id: maybe(word),
      });
      const { order_id } = readJson(request.body ?? "{}", reader);
      desk.ask({ type: "release", orderId: order_id });
      return jsonReply(200, { seq: desk.state.seq });
    },
  },
];

function closePosition({ desk, request, parameter, plan }: Visit): PaperReply {
  const wire = readJson(request.body ?? "", readCloseRequest);
  // All that is open, less what other closing orders claim: never more than can be closed.
  const qty = wire.qty ?? availableToClose(desk.state, parameter);
  return submit(desk, plan, {
    clientOrderId: wire.client_order_id,
    symbol: wire.symbol,
    side: wire.side,
    qty,
    limitPrice: limitOf(wire.type, wire.limit_price),
    closes: parameter,
    tag: wire.tag,
  });
}

function submit(
  desk: PaperDesk,
  plan: FillPlan,
  intent: OrderIntent,
): PaperReply {
  const reply = desk.ask({ type: "submit", intent, plan });
  if (reply.type !== "order") throw new Error("An order answers a submit");
  return jsonReply(reply.created ? 201 : 200, orderJson(reply.order));
}

function limitOf(
  type: "market" | "limit",
  price: Decimal | null,
): Decimal | null {
  if (type === "market" && price !== null) {
    throw new BadRequest("a market order has no limit_price");
  }
  // An absent price is refused as an order, with a reason, not as a request.
  return type === "market" ? null : price ?? ZERO;
}

function symbolsOf(request: PaperRequest): readonly string[] {
  const symbols = (request.query.get("symbols") ?? "").split(",");
  const wrong = symbols.find((symbol) => !isSymbol(symbol));
  if (wrong === undefined) return symbols;
  throw new BadRequest(`no symbol is called "${wrong}"`);
}

function notFound(message: string): PaperReply {
  return errorReply(404, "order/not-found", message);
}
