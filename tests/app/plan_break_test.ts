import assert from "node:assert/strict";
import { main } from "../../src/app/cli/main.ts";
import { viewPlan } from "../../src/app/picture/plan_view.ts";
import { planSessions } from "../../src/app/plan_sessions.ts";
import { dayOf } from "../../src/domain/date.ts";
import { HOUR_MS } from "../../src/domain/time.ts";
import { marketSession } from "../support/market_session.ts";
import { recordedConsole } from "../support/recorded_console.ts";

const FILE = "tests/golden/cli/break.yaml";
const DAY = ["--from", "2026-11-24", "--to", "2026-11-24"];
const PAUSES = [{ from: "2026-11-24T02:30:00Z", to: "2026-11-24T03:30:00Z" }];

async function told(...words: readonly string[]): Promise<string> {
  const { console, out, err } = recordedConsole();
  assert.equal(await main(words, console), 0, err());
  return out();
}

Deno.test("plan shows both parts of a session that is split at a break, and what the break does", async () => {
  const text = await told("plan", FILE, ...DAY);
  assert.match(text, /09:00-11:30 12:30-15:30 Tokyo/);
  assert.match(text, /00:00-02:30 03:30-06:30 UTC/);
  assert.match(
    text,
    /break_start 11:30: close_all, due 2m before; end: close_all, due 2m before/,
  );
});

Deno.test("plan --json gives the pauses of an occurrence", async () => {
  const { occurrences } = JSON.parse(
    await told("plan", FILE, ...DAY, "--json"),
  );
  assert.equal(occurrences.length, 1);
  assert.equal(occurrences[0].occurrence, "tokyo/2026-11-24");
  assert.deepEqual(occurrences[0].pauses, PAUSES);
});

Deno.test("plan --ics gives each part of a split session an event of its own", async () => {
  const text = await told("plan", FILE, ...DAY, "--ics");
  const lines = (key: string) =>
    text.split("\r\n").filter((line) => line.startsWith(`${key}:`))
      .map((line) => line.slice(key.length + 1));
  assert.deepEqual(lines("UID"), [
    "tokyo/2026-11-24@carillon",
    "tokyo/2026-11-24/break_end@carillon",
  ]);
  assert.deepEqual(lines("DTSTART"), ["20261124T000000Z", "20261124T033000Z"]);
  assert.deepEqual(lines("DTEND"), ["20261124T023000Z", "20261124T063000Z"]);
  assert.deepEqual(lines("SUMMARY"), [
    "tokyo: break_start close_all",
    "tokyo: end close_all",
  ]);
});

Deno.test("viewPlan() leaves the break of a split session blank, and draws no moment for it", () => {
  const session = marketSession("XTKS", "open", "close", "Asia/Tokyo", {
    breaks: "split",
  });
  const date = "2026-11-24";
  const plan = planSessions([session], { kind: "dates", from: date, to: date });
  const days = { fromDay: dayOf(date), toDay: dayOf(date) };
  const [view] = viewPlan(plan, [session], "Asia/Tokyo", days).sessions;
  assert.deepEqual(
    view?.bars.map(({ fromMs, toMs }) => [fromMs / HOUR_MS, toMs / HOUR_MS]),
    [[9, 11.5], [12.5, 15.5]],
  );
  assert.deepEqual(view?.moments, []);
});

Deno.test("next closes at the break, opens nothing in it, and names its edges", async () => {
  const at = (time: string, ...words: readonly string[]) =>
    told("next", FILE, "--now", `2026-11-24T${time}+09:00`, ...words);
  assert.match(await at("10:00"), /tokyo\/2026-11-24 +closes 11:30:00 Tokyo/);
  const morning = JSON.parse(await at("10:00", "--json"));
  assert.deepEqual(morning.open[0].pauses, PAUSES);
  const noon = await at("12:00");
  assert.match(noon, /Nothing is open now/);
  assert.match(noon, /tokyo\/2026-11-24\/break_end +12:30:00 Tokyo/);
});
