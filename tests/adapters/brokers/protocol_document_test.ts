import assert from "node:assert/strict";
import { Ajv2020, type ValidateFunction } from "ajv/dist/2020.js";
import { load } from "js-yaml";
import { VirtualClock } from "../../../src/adapters/clock/virtual_clock.ts";
import { submitCall } from "../../../src/adapters/brokers/protocol/translate.ts";
import {
  createPaperBroker,
  type PaperBroker,
} from "../../../src/adapters/brokers/paper/paper_broker.ts";
import { CLOSE as CLOSE_CODES } from "../../../src/adapters/brokers/paper/gateway/close_code.ts";
import { gatewayAuditJson } from "../../../src/adapters/brokers/paper/gateway/gateway_audit.ts";
import {
  GATEWAY_FAULT_READERS,
  GATEWAY_FAULT_TARGETS,
} from "../../../src/adapters/brokers/paper/gateway/gateway_faults.ts";
import { eventJson } from "../../../src/adapters/brokers/paper/replies.ts";
import { ROUTES } from "../../../src/adapters/brokers/paper/routes.ts";
import { decimal } from "../../../src/domain/decimal.ts";
import type { OrderIntent } from "../../../src/domain/order.ts";
import { MemoryClient } from "./gateway/memory_client.ts";
import { PLAIN_ACCOUNT } from "./paper_account.ts";

const DOCUMENT_ID = "https://carillon.invalid/broker-api";
const DOCUMENT = new URL("../../../docs/broker-api.yaml", import.meta.url);

interface ApiDocument {
  readonly paths: Readonly<
    Record<
      string,
      Readonly<
        Record<
          string,
          { readonly responses: Readonly<Record<string, unknown>> }
        >
      >
    >
  >;
}

const document = load(await Deno.readTextFile(DOCUMENT)) as ApiDocument;
const ajv = new Ajv2020({ strict: false, allErrors: true });
ajv.addSchema(document, DOCUMENT_ID);

function schema(name: string): ValidateFunction {
  const found = ajv.getSchema(`${DOCUMENT_ID}#/components/schemas/${name}`);
  assert.ok(found, `The document has no schema "${name}"`);
  return found;
}

function assertFits(name: string, value: unknown): void {
  const fits = schema(name);
  assert.ok(
    fits(value),
    `${JSON.stringify(value)} is no ${name}: ${ajv.errorsText(fits.errors)}`,
  );
}

/** Which schema a documented answer has. */
function schemaOf(path: string, method: string, status: number): string {
  const { responses } = document.paths[path]?.[method.toLowerCase()] ??
    assert.fail(`${method} ${path} is not in the document`);
  let response = responses[String(status)];
  if (response === undefined) {
    assert.ok(status >= 400, `${method} ${path} may not answer ${status}`);
    response = responses.default;
  }
  const text = JSON.stringify(response);
  const shared = /#\/components\/responses\/(\w+)/.exec(text)?.[1];
  if (shared === "NewOrder" || shared === "KnownOrder") return "Order";
  return shared ?? /#\/components\/schemas\/(\w+)/.exec(text)?.[1] ?? "";
}

function account(): PaperBroker {
  const clock = new VirtualClock(Date.UTC(2026, 10, 23, 8));
  const position = {
    symbol: "EURUSD",
    side: "long",
    qty: decimal("1000"),
    price: null,
    tag: "swing",
  } as const;
  return createPaperBroker({
    account: {
      ...PLAIN_ACCOUNT,
      commission: decimal("0.01"),
      positions: [position, { ...position, symbol: "EURJPY", tag: null }],
    },
    prices: [],
    clock,
  });
}

const ORDER = {
  client_order_id: "a",
  symbol: "EURUSD",
  side: "buy",
  qty: "100",
  type: "market",
};
const CLOSE = {
  client_order_id: "c",
  symbol: "EURUSD",
  side: "sell",
  type: "market",
};

/** Requests that bring out every documented path, in order, and the status each must have. */
const REQUESTS: readonly (readonly [string, string, unknown, number])[] = [
  ["GET", "/v1/account", null, 200],
  ["GET", "/v1/instruments", null, 200],
  ["GET", "/v1/instruments?symbols=BTCUSD,zzz", null, 200],
  ["GET", "/v1/instruments?symbols=,", null, 400],
  ["GET", "/v1/positions", null, 200],
  ["GET", "/v1/quotes?symbols=EURUSD,AAPL", null, 200],
  ["GET", "/v1/quotes", null, 400],
  ["POST", "/v1/orders", ORDER, 201],
  ["POST", "/v1/orders", ORDER, 200],
  ["POST", "/v1/orders", { ...ORDER, client_order_id: "b", qty: "-1" }, 201],
  ["POST", "/v1/orders", { ...ORDER, qty: 100 }, 400],
  ["POST", "/v1/orders", { ...ORDER, limit_price: "1" }, 400],
  ["POST", "/v1/orders", {
    ...ORDER,
    client_order_id: "l",
    type: "limit",
    limit_price: "0.5",
    tag: "x",
  }, 201],
  [
    "POST",
    "/v1/orders",
    { ...ORDER, client_order_id: "m", type: "limit" },
    201,
  ],
  ["GET", "/v1/orders?status=working", null, 200],
  ["GET", "/v1/orders", null, 400],
  ["GET", "/v1/orders/by-client-id/a", null, 200],
  ["GET", "/v1/orders/by-client-id/none", null, 404],
  ["POST", "/v1/positions/T1/close", { ...CLOSE, qty: "10" }, 201],
  ["POST", "/v1/positions/T1/close", { ...CLOSE, qty: "10" }, 200],
  ["POST", "/v1/positions/T1/close", { ...CLOSE, client_order_id: "d" }, 201],
  ["POST", "/v1/positions/T1/close", { ...CLOSE, client_order_id: "e" }, 201],
  ["POST", "/v1/positions/T9/close", { ...CLOSE, client_order_id: "f" }, 201],
  ["POST", "/v1/positions/T1/close", {}, 400],
  ["DELETE", "/v1/orders/P3", null, 200],
  ["DELETE", "/v1/orders/P99", null, 404],
  ["GET", "/v1/fills", null, 200],
  ["GET", "/v1/fills?since=1", null, 200],
  ["GET", "/v1/fills?since=-1", null, 400],
  ["GET", "/v1/stream", null, 426],
  ["GET", "/gateway/bot", null, 200],
  ["GET", "/v1/gateway/bot", null, 200],
  ["GET", "/gateway", null, 426],
  ["GET", "/gateway/resume", null, 426],
];

Deno.test("the protocol's document names what is served, and nothing else is", () => {
  const documented = Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.keys(methods).map((method) => `${method.toUpperCase()} ${path}`)
  );
  const served = ROUTES.map(({ method, path }) => `${method} ${path}`)
    .filter((route) => !route.includes(" /v1/paper/"));
  assert.deepEqual(documented.sort(), served.sort());
});

Deno.test("the paper broker's answers fit the protocol's document", async () => {
  await using broker = account();
  const asked = new Set<string>();
  for (const [method, address, body, wanted] of REQUESTS) {
    const [path = "", query] = address.split("?");
    const reply = await broker.router({
      method,
      path,
      query: new URLSearchParams(query),
      body: body === null ? null : JSON.stringify(body),
    });
    const told =
      `${method} ${address} answered ${reply?.status}: ${reply?.body}`;
    assert.equal(reply?.status, wanted, told);
    const route = documentedPath(path);
    asked.add(`${method} ${route}`);
    const name = schemaOf(route, method, reply.status);
    assertFits(name, JSON.parse(reply.body));
  }
  const left = ROUTES.filter((route) => !route.path.startsWith("/v1/paper/"))
    .filter((route) => !asked.has(`${route.method} ${route.path}`));
  assert.deepEqual(left, []);
});

Deno.test("the paper broker's frames fit the protocol's document", async () => {
  await using broker = account();
  const told: string[] = [];
  broker.listen((event) => {
    told.push(event.type);
    assertFits("Frame", eventJson(event));
  });
  for (const [method, path, body] of REQUESTS) {
    if (method !== "POST") continue;
    const query = new URLSearchParams();
    await broker.router({ method, path, query, body: JSON.stringify(body) });
  }
  assert.ok(told.includes("fill") && told.includes("order"));
  assertFits("Frame", { type: "hello", seq: 0, heartbeat_ms: 5_000 });
  assertFits("Frame", { type: "heartbeat", at: "2026-11-23T08:00:00Z" });
});

Deno.test("the gateway's frames fit the protocol's document", async () => {
  await using broker = account();
  const client = new MemoryClient(broker);
  const identify = { token: "none", shard: [0, 1], intents: 15 };
  assertFits("GatewayIdentify", identify);
  client.say(2, identify);
  for (const [method, path, body] of REQUESTS) {
    if (method !== "POST") continue;
    const query = new URLSearchParams();
    await broker.router({ method, path, query, body: JSON.stringify(body) });
  }
  const { clock } = broker;
  assert.ok(clock instanceof VirtualClock);
  await clock.advance(1_000);
  client.beat();
  broker.gateway.inflict({ kind: "ask_heartbeat" });
  broker.gateway.inflict({ kind: "reconnect" });
  broker.gateway.inflict({ kind: "invalid_session", resumable: true });
  const resume = { token: "none", session_id: client.sessionId, seq: 1 };
  assertFits("GatewayResume", resume);
  client.say(6, resume);
  for (const frame of client.frames) assertFits("GatewayFrame", frame);
  const told = new Set(client.told);
  const all = [10, 11, 1, 7, 9, "READY", "RESUMED", "ORDER_UPDATE"];
  const more = ["FILL_CREATE", "POSITION_UPDATE", "QUOTE_UPDATE"];
  assert.deepEqual([...all, ...more].filter((one) => !told.has(one)), []);
});

Deno.test("the stream's page names every code of the gateway, and no other", async () => {
  const page = await Deno.readTextFile(
    new URL("../../../docs/broker-stream.md", import.meta.url),
  );
  const table = page.slice(page.indexOf("| close code"));
  const named = [...table.matchAll(/^\| (4\d{3}|1001)(?:, (4\d{3}))? /gm)]
    .flatMap(([, one, other]) => [one, other])
    .filter((code) => code !== undefined).map(Number);
  assert.deepEqual(named, Object.values(CLOSE_CODES));
});

Deno.test("the paper broker's page names every fault of the gateway, and all that it counts", async () => {
  await using broker = account();
  const page = await Deno.readTextFile(
    new URL("../../../docs/paper-broker.md", import.meta.url),
  );
  const names = [
    ...GATEWAY_FAULT_TARGETS,
    ...Object.keys(GATEWAY_FAULT_READERS),
    ...Object.keys(gatewayAuditJson(broker.gateway.audit())),
  ];
  assert.deepEqual(names.filter((name) => !page.includes(`\`${name}\``)), []);
});

Deno.test("submitCall() writes what the protocol's document asks for", () => {
  const intent: OrderIntent = {
    clientOrderId: "london/2026-11-23/end",
    symbol: "EURUSD",
    side: "sell",
    qty: decimal("0.5"),
    limitPrice: null,
    closes: null,
    tag: null,
  };
  const body = (change: Partial<OrderIntent>) =>
    JSON.parse(submitCall({ ...intent, ...change }).body ?? "");
  assertFits("OrderRequest", body({}));
  assertFits("OrderRequest", body({ limitPrice: decimal("1"), tag: "swing" }));
  assertFits("CloseRequest", body({ closes: "T/1" }));
  assert.equal(
    submitCall({ ...intent, closes: "T/1" }).path,
    "/v1/positions/T%2F1/close",
  );
});

Deno.test("the protocol's schemas refuse what they should", () => {
  assert.equal(schema("Decimal")("1e3"), false);
  assert.equal(schema("Instant")("2026-11-23 08:00"), false);
  assert.equal(schema("Positions")({ positions: [] }), false);
  assert.equal(schema("Order")({ order_id: "P1" }), false);
  const news = { op: 0, t: "FILL_CREATE", s: 1, d: {} };
  assert.equal(schema("GatewayNews")(news), false);
  assert.equal(schema("GatewayFrame")({ op: 2, d: null }), false);
  assert.equal(schema("GatewayFrame")({ op: 9, d: null }), false);
});

function documentedPath(path: string): string {
  const segments = path.split("/");
  const found = Object.keys(document.paths).filter((pattern) => {
    const parts = pattern.split("/");
    return parts.length === segments.length &&
      parts.every((part, at) => part.startsWith("{") || part === segments[at]);
  });
  // A literal path comes before one with a parameter in the same place.
  return found.find((pattern) => pattern === path) ?? found[0] ?? "";
}
