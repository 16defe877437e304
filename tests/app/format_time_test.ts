import assert from "node:assert/strict";
import {
  clockText,
  countdownText,
  dateText,
  durationText,
  hereText,
  instantText,
  localDateText,
  shortClockText,
  zoneText,
} from "../../src/app/cli/format_time.ts";
import { instant } from "../support/clock_session.ts";

const CLOSE_AT = instant("2026-11-23T16:30:00Z");

Deno.test("zoneText() gives the city, with spaces, and keeps what is no city", () => {
  assert.equal(zoneText("America/Argentina/Buenos_Aires"), "Buenos Aires");
  assert.equal(zoneText("UTC"), "UTC");
  assert.equal(zoneText("Etc/GMT+5"), "Etc/GMT+5");
});

Deno.test("clockText() has seconds always and a fraction only where there is one", () => {
  assert.equal(clockText(CLOSE_AT, "Europe/London"), "16:30:00");
  assert.equal(clockText(CLOSE_AT + 250, "UTC"), "16:30:00.250");
  assert.equal(clockText(CLOSE_AT, "Asia/Kathmandu"), "22:15:00");
});

Deno.test("shortClockText() leaves out seconds that are zero", () => {
  assert.equal(shortClockText(CLOSE_AT, "UTC"), "16:30");
  assert.equal(shortClockText(CLOSE_AT + 5_000, "UTC"), "16:30:05");
});

Deno.test("dateText() and localDateText() name the weekday", () => {
  assert.equal(dateText("2026-11-23"), "Mon 2026-11-23");
  assert.equal(localDateText(CLOSE_AT, "Asia/Tokyo"), "Tue 2026-11-24");
});

Deno.test("instantText() leaves out the reader's clock where it shows the same", () => {
  assert.equal(
    instantText(CLOSE_AT, "Europe/London", "Europe/Lisbon"),
    "16:30:00 London",
  );
  assert.equal(hereText(CLOSE_AT, "UTC", "UTC"), null);
});

Deno.test("instantText() names the reader's weekday where the date differs", () => {
  assert.equal(
    instantText(CLOSE_AT, "Europe/London", "Pacific/Auckland"),
    "16:30:00 London (Tue 05:30:00 here)",
  );
});

Deno.test("durationText() says two units and drops the rest", () => {
  const cases: readonly (readonly [number, string])[] = [
    [0, "0s"],
    [0.4, "0s"],
    [350, "350ms"],
    [1_999, "1s"],
    [298_000, "4m58s"],
    [300_000, "5m"],
    [30_600_000, "8h30m"],
    [30_659_999, "8h30m"],
    [86_400_000, "1d"],
    [97_200_000, "1d3h"],
    [-298_000, "4m58s"],
  ];
  for (const [ms, text] of cases) assert.equal(durationText(ms), text);
});

Deno.test("countdownText() looks both ways", () => {
  assert.equal(countdownText(CLOSE_AT + 298_000, CLOSE_AT), "in 4m58s");
  assert.equal(countdownText(CLOSE_AT, CLOSE_AT + 298_000), "4m58s ago");
  assert.equal(countdownText(CLOSE_AT, CLOSE_AT), "now");
});
