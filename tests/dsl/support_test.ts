import assert from "node:assert/strict";
import {
  decodeSource,
  defineSessions,
  formatIssues,
  readSessions,
  unsupported,
} from "../../dsl/mod.ts";
import { everyKey } from "../support/every_key.ts";
import { expectGolden, goldenBytes } from "../support/golden.ts";

Deno.test("unsupported() names every key that is not carried out, at its line", () => {
  const name = "04_every_key.yaml";
  const reading = decodeSource(name, goldenBytes(`sessions/${name}`));
  assert.ok(reading.ok);
  const result = readSessions(reading.source);
  assert.ok(result.ok);
  const issues = unsupported(result.definition, result.places);
  assert.ok(
    issues.every(({ code, span }) =>
      code === "support/not-yet" && span !== null
    ),
  );
  expectGolden(
    "sessions/04_every_key.support.txt",
    formatIssues(issues, reading.source),
  );
});

Deno.test("unsupported() names keys by their paths where there is no text", () => {
  const { definition, places } = defineSessions(everyKey);
  const paths = unsupported(definition, places).map(({ path }) => path);
  assert.ok(paths.includes("limits"));
  assert.ok(paths.includes("accounts.fx"));
  assert.ok(
    unsupported(definition).some(({ path }) => path === "limits"),
  );
});

Deno.test("unsupported() finds nothing in what is carried out", () => {
  const { definition, places } = defineSessions({
    timezone: "Europe/London",
    accounts: {
      paper: "paper",
      bridge: { kind: "http", url: "https://bridge.example.com", id: "7" },
    },
    onStop: "close",
    journal: "desk.db",
    defaults: { deadline: "30s", profit: "gross" },
    sessions: [
      {
        name: "day",
        account: "paper",
        start: "08:00 America/New_York",
        end: "16:30",
        days: "mon-fri",
        dates: "2026-12-01..2026-12-18",
        exceptDates: "2026-12-10",
        dst: { gap: "shift", overlap: "last" },
        onStart: "close_win",
        onEnd: ["custom_end", "close_all"],
        customEnd: () => {},
        moments: [{ name: "noon", at: "15:00", do: "close_loss" }],
        scope: { symbols: "EURUSD", except: "VTI", tag: "x" },
        lead: "1m",
        cancelOrders: false,
        ifClosed: "report",
        calendar: "none",
        hours: "clip",
        halfDays: "shift",
        breaks: "split",
        entries: { from: "09:00 America/New_York", until: "16:00" },
        noNewEntries: "5m",
        blackouts: [{ from: "15:25", to: "15:40", do: "close_loss" }],
      },
      {
        name: "new-york",
        account: "paper",
        start: "open+15m",
        end: "XNYS:close-5m",
        calendar: ["XNYS", "desk"],
        hours: "ignore",
        halfDays: "skip",
        days: ["week_end", "month_end-3", "before_closure"],
        moments: [{ name: "last", at: "close-1h", do: "close_loss" }],
      },
      {
        name: "week",
        account: "bridge",
        start: "sun 22:00",
        end: "fri 21:00",
        scope: { session: "week" },
      },
    ],
    calendars: { desk: { base: "XNYS", closed: "2026-12-24" } },
  });
  assert.deepEqual(unsupported(definition, places), []);
});
