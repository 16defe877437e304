import assert from "node:assert/strict";
import fc from "fast-check";
import ICAL from "ical.js";
import { main } from "../../src/app/cli/main.ts";
import { planToIcs } from "../../src/app/plan_ics.ts";
import { instant, isoText } from "../support/clock_session.ts";
import { expectGolden } from "../support/golden.ts";
import { recordedConsole } from "../support/recorded_console.ts";

const CALL = ["plan", "tests/golden/cli/year.yaml"];
const WEEKEND = ["--from", "2026-03-27", "--to", "2026-03-30"];
const NOW = ["--now", "2026-03-20T12:00:00Z"];

async function written(...words: readonly string[]): Promise<string> {
  const { console, out, err } = recordedConsole();
  assert.equal(await main([...CALL, ...words], console), 0, err());
  return out();
}

function eventsIn(text: string): readonly ICAL.Event[] {
  return new ICAL.Component(ICAL.parse(text)).getAllSubcomponents("vevent")
    .map((component) => new ICAL.Event(component));
}

Deno.test("plan --ics says what it should", async () => {
  const text = await written("--ics", ...WEEKEND, ...NOW);
  // The golden file has the line ends of the project.
  expectGolden("cli/plan_weekend.ics", text.replaceAll("\r\n", "\n"));
  assert.ok(
    text.split("\r\n").slice(0, -1).every((line) => !/[\r\n]/.test(line)),
  );
});

Deno.test("plan --ics gives another program the same occurrences as plan --json", async () => {
  const events = eventsIn(await written("--ics", ...WEEKEND, ...NOW));
  const { occurrences, warnings } = JSON.parse(
    await written("--json", ...WEEKEND, ...NOW),
  );
  const timed = events.filter(({ startDate }) => !startDate.isDate);
  assert.deepEqual(
    timed.map(({ uid, startDate, endDate }) => [
      uid,
      startDate.toJSDate().getTime(),
      endDate.toJSDate().getTime(),
    ]),
    occurrences.map((each: Readonly<Record<string, string>>) => [
      `${each.occurrence}@carillon`,
      instant(each.opens_at ?? ""),
      instant(each.closes_at ?? ""),
    ]),
  );
  const skipped = events.filter(({ startDate }) => startDate.isDate);
  assert.deepEqual(
    skipped.map(({ uid, description }) => [uid, description]),
    warnings.map((each: Readonly<Record<string, string>>) => [
      `${each.occurrence}@carillon`,
      each.message,
    ]),
  );
  assert.equal(skipped.length, 1);
});

Deno.test("plan --ics names edges by both clocks, and hazards", async () => {
  const events = eventsIn(await written("--ics", ...WEEKEND, ...NOW));
  const monday = events.find(({ uid }) => uid === "london/2026-03-30@carillon");
  assert.equal(monday?.summary, "london: lunch close_loss, end close_all");
  assert.deepEqual(monday.description.split("\n"), [
    "london/2026-03-30",
    "start Mon 08:00 London (07:00 UTC)",
    "lunch Mon 12:00 London (11:00 UTC): close_loss, due 1m before",
    "end Mon 16:30 London (15:30 UTC): close_all, due 1m before",
  ]);
  const friday = events.find(({ uid }) => uid === "gap/2026-03-27@carillon");
  assert.equal(friday?.summary, "! gap");
  assert.match(friday.description, /! New York is 4 hours behind London/);
});

Deno.test("plan --ics is the same text whenever it is made, but for its stamp", async () => {
  const [one, two] = await Promise.all([
    written("--ics", ...WEEKEND, ...NOW),
    written("--ics", ...WEEKEND, "--now", "2026-03-21T12:00:00Z"),
  ]);
  const unstamped = (text: string) => text.replaceAll(/^DTSTAMP:.*$/gm, "");
  assert.notEqual(one, two);
  assert.equal(unstamped(one), unstamped(two));
});

Deno.test("plan --ics goes on for a year where no end is given", async () => {
  const events = eventsIn(await written("--ics", ...NOW));
  const last = events.filter(({ uid }) => uid.startsWith("night/")).at(-1);
  assert.equal(last?.uid, "night/2027-03-19@carillon");
});

Deno.test("planToIcs() folds and escapes so that any text comes back whole", () => {
  const madeAt = instant("2026-01-01T00:00:00Z");
  const text = fc.oneof(
    fc.string({ unit: "grapheme", maxLength: 200 }),
    fc.string({ unit: "grapheme-ascii", maxLength: 200 }),
  ).map((each) => `x${each}x`);
  fc.assert(fc.property(text, text, (name, message) => {
    const ics = planToIcs({
      occurrences: [],
      skips: [{
        key: `${name}/2026-01-02`,
        session: name,
        tradeDate: "2026-01-02",
        at: madeAt,
        reason: "empty_window",
        message: `a;b,c\\d\n${message}`,
      }],
      warnings: [],
    }, { name, sessions: [], madeAt });
    const encoder = new TextEncoder();
    for (const line of ics.split("\r\n")) {
      assert.ok(encoder.encode(line).length <= 75, line);
    }
    const [event] = eventsIn(ics);
    assert.equal(event?.description, `a;b,c\\d\n${message}`);
    assert.equal(event.summary, `${name}: skipped`);
    assert.equal(event.uid, `${name}/2026-01-02@carillon`);
  }));
});

Deno.test("planToIcs() gives an occurrence shorter than a second an end after its beginning", () => {
  const opensAt = instant("2026-01-02T08:00:00.250Z");
  const [event] = eventsIn(planToIcs({
    occurrences: [{
      key: "blink/2026-01-02",
      session: "blink",
      tradeDate: "2026-01-02",
      opensAt,
      closesAt: opensAt + 100,
      pauses: [],
      entryStops: [],
      edges: [],
      leftOut: [],
      hazards: [],
    }],
    skips: [],
    warnings: [],
  }, { name: "blink", sessions: [], madeAt: opensAt }));
  const at = (time: ICAL.Time | undefined) =>
    isoText(time?.toJSDate().getTime() ?? 0);
  assert.deepEqual([at(event?.startDate), at(event?.endDate)], [
    "2026-01-02T08:00:00Z",
    "2026-01-02T08:00:01Z",
  ]);
});

Deno.test("planToIcs() fills lines of ASCII to 75 octets, and leaves a line that fits whole", () => {
  const name = "n".repeat(75 - "X-WR-CALNAME:".length);
  const plan = { occurrences: [], skips: [], warnings: [] };
  const linesOf = (text: string) =>
    planToIcs(plan, { name: text, sessions: [], madeAt: 0 }).split("\r\n")
      .filter((line) => /^(?:X-WR-CALNAME| )/.test(line));
  assert.deepEqual(linesOf(name), [`X-WR-CALNAME:${name}`]);
  assert.deepEqual(linesOf(`${name}${"m".repeat(75)}`), [
    `X-WR-CALNAME:${name}`,
    ` ${"m".repeat(74)}`,
    " m",
  ]);
});

Deno.test("planToIcs() leaves out control characters, and keeps tabs", () => {
  const plan = { occurrences: [], skips: [], warnings: [] };
  const name = "a\u0000b\u007fc\td\re\r\nf\ng";
  const ics = planToIcs(plan, { name, sessions: [], madeAt: 0 });
  assert.match(ics, /^X-WR-CALNAME:abc\td\\ne\\nf\\ng$/m);
});

Deno.test("planToIcs() tells a hazard once an event, and of many how many more there are", () => {
  const opensAt = instant("2026-01-02T08:00:00Z");
  const hazards = Array.from({ length: 50 }, (_, index) => ({
    code: "overlap-conflict" as const,
    message: `conflict ${index % 25 + 1}`,
  }));
  const [event] = eventsIn(planToIcs({
    occurrences: [{
      key: "desk/2026-01-02",
      session: "desk",
      tradeDate: "2026-01-02",
      opensAt,
      closesAt: opensAt + 3_600_000,
      pauses: [],
      entryStops: [],
      edges: [],
      leftOut: [],
      hazards,
    }],
    skips: [],
    warnings: [],
  }, { name: "desk", sessions: [], madeAt: opensAt }));
  assert.deepEqual(event?.description.split("\n"), [
    "desk/2026-01-02",
    ...hazards.slice(0, 20).map(({ message }) => `! ${message}`),
    "! and 5 more",
  ]);
});
