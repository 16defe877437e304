/**
 * One event, effect and notice of every kind, with what is hard to write down and read back.
 *
 * The tables are keyed by type, so that a kind that is added and forgotten here does not compile.
 *
 * @module
 */

import { decimal } from "../../src/domain/decimal.ts";
import type { Definition, Hook } from "../../src/domain/definition.ts";
import type { Effect } from "../../src/domain/effect.ts";
import type { Event, Failure } from "../../src/domain/event.ts";
import type { OrderIntent, OrderReport } from "../../src/domain/order.ts";
import type { Position, Snapshot } from "../../src/domain/position.ts";
import type { Entry } from "../../src/runtime/ports.ts";
import { clockSession, clockWindow, closeMoment } from "./clock_session.ts";

const AT = 1_795_450_200_123;

/** Quotes, line ends, a null character, a lone surrogate, an emoji, right-to-left text. */
const ODD_TEXT =
  "\"'\\ \n\r\t\u0000 \u2028 \ud800 \u{1f514} \u05d0\u05d1 ${env:X} -- ;";

const LONG = decimal("123456789012345678901234567890.123456789012345678901");
const TINY = decimal("-0.0000000000000000000000000000000000001");

const HOOK: Hook = {
  source: { kind: "inline", code: `export default () => "${ODD_TEXT}";` },
  permissions: { net: ["a:1"], read: [], write: [], env: ["X"], import: [] },
  isolation: "auto",
  timeoutMs: 10_000,
  onFailure: "continue",
  overlap: "skip",
  params: '{"a":[1,null,"\\u0000"]}',
};

const SESSION = clockSession({
  name: "Zürich abends",
  window: clockWindow("22:00", "02:00", "Europe/Zurich"),
  customStart: HOOK,
  onEnd: ["custom_end", "close_all"],
  moments: [closeMoment("mittag", "12:00", "UTC")],
});

const DEFINITION: Definition = {
  version: 1,
  timezone: "UTC",
  accounts: [
    {
      kind: "paper",
      name: "__proto__",
      mode: "hedging",
      cash: LONG,
      currency: "USD",
      positions: [
        { symbol: "EURUSD", side: "short", qty: TINY, price: null, tag: null },
      ],
      prices: [{ symbol: "EURUSD", bid: "ü/bid.csv", ask: null }],
      seed: 7,
      commission: TINY,
      latencyMs: 0,
    },
    {
      kind: "http",
      name: "main",
      id: null,
      live: null,
      url: "http://127.0.0.1:1/",
      token: "${env:TOKEN}",
      options: { "a b": "", constructor: "x" },
    },
  ],
  journal: null,
  onStop: "leave",
  sessions: [SESSION],
  calendars: [{
    name: "desk",
    timezone: "UTC",
    base: null,
    closed: [{ from: "2026-12-24", to: "2026-12-26" }],
    earlyCloses: { "2026-12-31": 45_000_000 },
    lateOpens: {},
    specialSessions: { "2026-12-27": [0, 86_400_000] },
    ics: null,
  }],
  notify: [{ webhook: "${env:URL}", form: "json", events: ["flat"] }],
  heartbeat: null,
  limits: {
    dailyLoss: { percent: decimal("4") },
    reset: {
      kind: "clock",
      weekday: null,
      timeMs: 0,
      timezone: "Europe/Prague",
    },
    action: "close_all",
    then: "halt",
  },
};

const FAILURE: Failure = {
  code: "broker/unknown",
  message: ODD_TEXT,
  outcome: "unknown",
  retryAfterMs: null,
};

const INTENT: OrderIntent = {
  clientOrderId: "c0123456789abcdefghjkmnpq",
  symbol: "EURUSD",
  side: "sell",
  qty: LONG,
  limitPrice: null,
  closes: "EURUSD",
  tag: ODD_TEXT,
};

const REPORT: OrderReport = {
  orderId: "9",
  clientOrderId: null,
  status: "canceled",
  symbol: "EURUSD",
  side: "sell",
  qty: LONG,
  filledQty: TINY,
  averagePrice: null,
  reason: "order/held",
  message: ODD_TEXT,
};

const POSITION: Position = {
  id: "EURUSD",
  symbol: "EURUSD",
  side: "long",
  qty: LONG,
  entryPrice: decimal("1.1"),
  netProfit: TINY,
  grossProfit: null,
  profitCurrency: null,
  openedAt: null,
  tag: null,
};

const SNAPSHOT: Snapshot = {
  seq: 0,
  positions: [POSITION],
  orders: [{
    orderId: "9",
    clientOrderId: null,
    symbol: "EURUSD",
    side: "buy",
    qty: LONG,
    filledQty: TINY,
    limitPrice: decimal("0.5"),
    positionId: null,
    tag: null,
  }],
  fills: [{
    seq: 1,
    orderId: "9",
    clientOrderId: "__proto__",
    positionId: "EURUSD",
    symbol: "EURUSD",
    side: "buy",
    qty: TINY,
    price: LONG,
    at: AT,
  }],
};

/** One event of every type. */
export const EVERY_EVENT: {
  readonly [T in Event["type"]]: Extract<Event, { readonly type: T }>;
} = {
  "file.loaded": {
    type: "file.loaded",
    at: AT,
    runId: "run",
    hash: "h",
    definition: DEFINITION,
    dryRun: false,
    fromAt: AT,
    armed: true,
  },
  "account.opened": {
    type: "account.opened",
    at: AT,
    account: "main",
    info: {
      id: "1",
      live: null,
      mode: "netting",
      currency: "USD",
      equity: null,
      inFlightMax: 4,
      epoch: null,
    },
  },
  "account.unopened": {
    type: "account.unopened",
    at: AT,
    account: "main",
    failure: {
      code: "broker/unreachable",
      message: 'Cannot open account "main": nobody answers there',
      outcome: "unsent",
      retryAfterMs: null,
    },
    nextAt: AT + 1_000,
  },
  "edge.due": { type: "edge.due", at: AT + 1, edge: "a/b/end", dueAt: AT },
  "edge.advanced": { type: "edge.advanced", at: AT, edge: "a/b/end" },
  "timer.due": { type: "timer.due", at: AT, timer: "look a#0", dueAt: -1 },
  "positions.read": {
    type: "positions.read",
    at: AT,
    account: "main",
    request: 1,
    snapshot: SNAPSHOT,
    source: "book",
    provenSeq: 0,
  },
  "book.differed": {
    type: "book.differed",
    at: AT,
    account: "main",
    differences: [{
      what: "position",
      id: "EURUSD",
      book: null,
      broker: SNAPSHOT.positions[0] ?? null,
    }],
  },
  "positions.unread": {
    type: "positions.unread",
    at: AT,
    account: "main",
    request: 2,
    failure: FAILURE,
  },
  "order.reported": {
    type: "order.reported",
    at: AT,
    account: "main",
    clientOrderId: INTENT.clientOrderId,
    report: REPORT,
  },
  "order.lost": {
    type: "order.lost",
    at: AT,
    account: "main",
    order: INTENT.clientOrderId,
    during: "find",
    failure: { ...FAILURE, retryAfterMs: 0.5 },
  },
  "order.absent": {
    type: "order.absent",
    at: AT,
    account: "main",
    clientOrderId: "",
  },
  "cancel.answered": {
    type: "cancel.answered",
    at: AT,
    account: "main",
    orderId: "9",
    report: REPORT,
  },
  "hook.returned": {
    type: "hook.returned",
    at: AT,
    call: "a/b/end/custom_end",
    elapsedMs: 0.1 + 0.2,
    value: JSON.stringify({ text: ODD_TEXT, at: 7, __proto__: 1 }),
    logs: [{ at: AT, level: "warn", text: ODD_TEXT }],
  },
  "hook.failed": {
    type: "hook.failed",
    at: AT,
    call: "a/b/end/custom_end",
    elapsedMs: 0,
    outcome: "timed_out",
    message: ODD_TEXT,
    place: { file: "hooks/open.ts", line: 3, column: 5 },
    logs: [],
  },
  "close.requested": {
    type: "close.requested",
    at: AT,
    request: "r1",
    session: null,
    account: "main",
    action: "close_win",
    positions: [],
    ordersOnly: true,
  },
  "actions.requested": {
    type: "actions.requested",
    at: AT,
    request: "r2",
    session: "desk",
    actions: ["close_all", "custom_end"],
  },
  "order.requested": {
    type: "order.requested",
    at: AT,
    request: "r3",
    account: "main",
    session: null,
    symbol: "EURUSD",
    side: "buy",
    qty: LONG,
    limitPrice: TINY,
    closes: null,
  },
  "lists.requested": {
    type: "lists.requested",
    at: AT,
    request: "r1",
    account: "main",
  },
  "file.reloaded": {
    type: "file.reloaded",
    at: AT,
    hash: "h2",
    definition: DEFINITION,
    fromAt: AT - 1,
  },
  "session.added": { type: "session.added", at: AT, session: SESSION },
  "session.removed": { type: "session.removed", at: AT, session: "desk" },
  "edge.skip_requested": {
    type: "edge.skip_requested",
    at: AT,
    edge: "desk/2026-11-23/end",
    wish: "skip",
  },
  "pause.requested": { type: "pause.requested", at: AT, session: null },
  "resume.requested": { type: "resume.requested", at: AT, session: ODD_TEXT },
  "stop.requested": {
    type: "stop.requested",
    at: AT,
    policy: "cancel_orders",
    reason: "user",
  },
};

/** One effect of every type. */
export const EVERY_EFFECT: {
  readonly [T in Effect["type"]]: Extract<Effect, { readonly type: T }>;
} = {
  "timer.set": {
    type: "timer.set",
    what: "edge",
    key: "a/b/end",
    dueAt: AT,
    rank: 0,
  },
  "timer.drop": { type: "timer.drop", what: "timer", key: "look a#0" },
  "positions.read": {
    type: "positions.read",
    account: "main",
    request: 1,
    sinceSeq: null,
    bookFirst: true,
  },
  "order.submit": { type: "order.submit", account: "main", intent: INTENT },
  "order.find": { type: "order.find", account: "main", clientOrderId: "c1" },
  "order.cancel": { type: "order.cancel", account: "main", orderId: "9" },
  "hook.run": {
    type: "hook.run",
    call: "a/b/end/custom_end",
    session: "a",
    edge: "a/b/end",
    name: "custom_end",
    hook: HOOK,
    dueAt: AT,
    occurrence: {
      key: "a/2026-11-23",
      tradeDate: "2026-11-23",
      opensAt: AT,
      closesAt: AT + 1,
    },
  },
  "hook.cancel": { type: "hook.cancel", call: "a/2026-11-23/ema@b" },
  tell: {
    type: "tell",
    notice: {
      type: "run.stopped",
      at: AT,
      reason: "until",
      open: [{ account: "main", positions: null }, {
        account: "__proto__",
        positions: [POSITION],
      }],
      notRun: [{ edge: "a/b/end", dueAt: AT, actions: [] }],
    },
  },
  "run.end": { type: "run.end" },
};

/** Every event in a row, each with every effect. */
export function everyEntry(firstSeq = 1): readonly Entry[] {
  return Object.values(EVERY_EVENT).map((event, index) => ({
    seq: firstSeq + index,
    recordedAt: AT + index,
    event,
    effects: index % 2 === 0 ? Object.values(EVERY_EFFECT) : [],
  }));
}

/** A small entry whose content says which one it is. */
export function numberedEntry(seq: number): Entry {
  return {
    seq,
    recordedAt: AT + seq,
    event: { type: "timer.due", at: AT + seq, timer: `t ${seq}`, dueAt: seq },
    effects: [{ type: "timer.drop", what: "timer", key: `t ${seq}` }],
  };
}

/** Small entries from one number to another, both counted. */
export function numberedEntries(from: number, to: number): readonly Entry[] {
  return Array.from(
    { length: Math.max(to - from + 1, 0) },
    (_, index) => numberedEntry(from + index),
  );
}
