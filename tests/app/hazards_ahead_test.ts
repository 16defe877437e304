import assert from "node:assert/strict";
import { makeSource, readSessions } from "../../dsl/mod.ts";
import { hazardsAhead } from "../../src/app/hazards_ahead.ts";
import { instant } from "../support/clock_session.ts";

/** What `check` warns of in the year after the autumn of 2026, one line a hazard. */
function ahead(...sessions: readonly string[]): readonly string[] {
  const text = `defaults: {scope: account, on_end: close_all}\nsessions:\n${
    sessions.map((session) => `  - {${session}}\n`).join("")
  }`;
  const reading = readSessions(makeSource("desk.yaml", text));
  assert.ok(reading.ok);
  const { sessions: read } = reading.definition;
  return hazardsAhead(read, instant("2026-11-01T12:00:00Z"))
    .map(({ session, tradeDate, code }) => `${session} ${tradeDate} ${code}`);
}

Deno.test("hazardsAhead() warns of half days that are too short, of holidays never", () => {
  assert.deepEqual(
    ahead(
      "name: fits, calendar: XNYS, start: open, end: close-5m",
      "name: short, calendar: XNYS, start: open, end: close-4h",
      "name: skips, calendar: XNYS, start: open, end: close-4h, half_days: skip",
    ),
    [
      "short 2026-11-27 offset_outside_day",
      "short 2026-12-24 offset_outside_day",
    ],
  );
});

Deno.test("hazardsAhead() has no word for a close that a half day moves: it is due a minute before", () => {
  assert.deepEqual(
    ahead(
      'name: late, calendar: XNYS, start: open, end: "15:30"',
      'name: led, calendar: XNYS, start: open, end: "15:30", lead: 5m',
    ),
    [],
  );
});

Deno.test("hazardsAhead() warns of moments that a half day cuts off", () => {
  assert.deepEqual(
    ahead(
      'name: tea, calendar: XLON, start: open, end: close-5m, moments: [{name: tea, at: "15:00", do: close_loss}]',
    ),
    ["tea 2026-12-24 moment-outside", "tea 2026-12-31 moment-outside"],
  );
});
