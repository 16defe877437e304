/**
 * `tests/golden/sessions/04_every_key.yaml` as an object literal.
 *
 * @module
 */

import type { SessionsSpec } from "../../dsl/mod.ts";

/** Every key that a session file knows. */
export const everyKey: SessionsSpec = {
  version: 1,
  timezone: "UTC",
  calendar: "none",
  accounts: {
    fx: {
      kind: "oanda",
      id: "101-004-1",
      token: "${env:OANDA_TOKEN}",
      live: false,
      environment: "practice",
    },
    bridge: {
      kind: "http",
      url: "https://bridge.example.com",
      id: "7",
      token: "${env:BRIDGE_TOKEN}",
      gateway: true,
      live: true,
    },
    demo: {
      kind: "paper",
      mode: "hedging",
      cash: "25000.50",
      currency: "EUR",
      positions: [
        {
          symbol: "EURUSD",
          side: "long",
          qty: 1000,
          price: "1.2345",
          tag: "swing",
        },
        { symbol: "USDJPY", side: "short", qty: "0.10" },
      ],
      prices: {
        EURUSD: "prices/eurusd.csv",
        USDJPY: { bid: "prices/usdjpy-bid.csv", ask: "prices/usdjpy-ask.csv" },
      },
      seed: 42,
      commission: 0.02,
      latency: "250ms",
      gateway: { shards: 2, reserve: 4 },
    },
  },
  journal: ".carillon/desk.db",
  onStop: "cancel_orders",
  defaults: { cancelOrders: false, deadline: "90s", account: "demo" },
  sessions: [
    {
      name: "london",
      account: "fx",
      start: 8,
      end: "16:30",
      timezone: "Europe/London",
      days: "mon-fri",
      dates: ["2026-12-01..2026-12-18"],
      exceptDates: [Temporal.PlainDate.from("2026-12-08")],
      calendar: ["XLON", "my-desk"],
      hours: "ignore",
      halfDays: "skip",
      breaks: "split",
      dst: { gap: "shift", overlap: "last" },
      onStart: "custom_start",
      onEnd: ["custom_end", "close_all"],
      customStart: "hooks/open.ts#onOpen",
      customEnd: {
        module: "hooks/report.ts",
        export: "report",
        permissions: {
          net: ["hooks.example.com"],
          read: ["prices"],
          write: ["reports"],
          env: ["REPORT_TOKEN"],
          import: ["jsr.io"],
        },
        isolation: "process",
        timeout: "10s",
        onFailure: "refuse_entries",
        overlap: "buffer_one",
        params: { fast: 12, name: "12", deep: [1.5, true, null, { x: "y" }] },
      },
      moments: [
        { name: "lunch", at: "12:00", do: "close_loss" },
        { name: "late", at: "close-30m", do: ["close_win"] },
      ],
      scope: {
        symbols: ["EURUSD"],
        except: ["VTI"],
        tag: "swing",
        session: "london",
      },
      cancelOrders: true,
      lead: "2m",
      deadline: "60s",
      ifClosed: "next_open+5m",
      profit: "gross",
      entries: { from: "open+15m", until: "XNYS:close-5m" },
      noNewEntries: "5m",
      blackouts: [
        { from: "13:25", to: "13:40", entries: "refuse", do: "close_loss" },
        { from: "14:00", to: "14:05", entries: "allow" },
      ],
      catchUp: { start: "5m", end: "until_next_start" },
      strategies: [
        {
          module: "strategies/ema.ts",
          every: "5m",
          symbols: ["EURUSD"],
          overlap: "skip",
          params: { fast: 12, slow: 26 },
        },
      ],
    },
    {
      name: "inline",
      start: "sun 22:00",
      end: "fri 21:00",
      scope: "account",
      customStart: { code: "export default (s) => s.note(`${s.name}`)" },
      onEnd: null,
      entries: null,
      noNewEntries: null,
      catchUp: { end: "2h" },
    },
    {
      name: "bridged",
      account: "bridge",
      start: "open",
      end: "close-10m",
      calendar: "XNYS",
      scope: "account",
      onEnd: "close_win",
    },
  ],
  calendars: {
    "my-desk": {
      base: "XLON",
      closed: ["2026-12-24", "2026-12-28..2026-12-30"],
      earlyCloses: { "2026-12-31": "12:30" },
      lateOpens: { "2026-12-23": 9 },
      specialSessions: { "2026-12-27": ["10:00", "14:00"] },
      ics: "closures.ics",
    },
  },
  notify: [
    {
      webhook: "${env:ALERT_URL}",
      form: "slack",
      events: ["close_failed", "unknown", "missed", "hook_failed", "flat"],
    },
    { webhook: "https://alerts.example.com/${env:ALERT_KEY}" },
  ],
  heartbeat: { url: "${env:PING_URL}", every: "1m" },
  limits: {
    dailyLoss: "4%",
    reset: "00:00 Europe/Prague",
    do: "close_all",
    then: "halt",
  },
};
