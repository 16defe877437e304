import assert from "node:assert/strict";
import fc from "fast-check";
import {
  closureFiles,
  type ClosureText,
  defineSessions,
  importClosures,
  makeSource,
  positionAt,
  readSessions,
  unsupported,
} from "../../dsl/mod.ts";
import { readIcs } from "../../dsl/read_ics.ts";
import { placeOn } from "../../src/domain/place.ts";
import { told } from "../support/market_session.ts";

function calendar(...lines: readonly string[]): string {
  return ["BEGIN:VCALENDAR", "VERSION:2.0", ...lines, "END:VCALENDAR", ""]
    .join("\r\n");
}

function event(...lines: readonly string[]): string {
  return ["BEGIN:VEVENT", ...lines, "END:VEVENT"].join("\r\n");
}

/** What a file says, one line a closure. */
function closures(text: string): readonly string[] {
  const reading = readIcs(text);
  assert.ok(reading.ok, reading.ok ? "" : reading.fault.why);
  assert.deepEqual(reading.leftOut, []);
  return reading.closures.map(({ name, from, to }) => `${from}..${to} ${name}`);
}

function why(text: string): string {
  const reading = readIcs(text);
  assert.ok(!reading.ok);
  return reading.fault.why;
}

Deno.test("readIcs() reads days, stretches of days, and names with escapes and folds", () => {
  const text = calendar(
    event("DTSTART;VALUE=DATE:20261224", "SUMMARY:Eve\\, at noon"),
    event(
      "DTSTART;VALUE=DATE:20261228",
      "DTEND;VALUE=DATE:20261231",
      "SUMMARY:Between",
      "  the years",
    ),
    event("DTSTART;VALUE=DATE:20270101", "DURATION:P2D", "SUMMARY:New Year"),
    event("DTSTART:20270501T000000", "DTEND:20270502T000000"),
    event("DTSTART;VALUE=DATE:20270601", "STATUS:CANCELLED"),
  );
  assert.deepEqual(closures(text), [
    "2026-12-24..2026-12-24 Eve, at noon",
    "2026-12-28..2026-12-30 Between the years",
    "2027-01-01..2027-01-02 New Year",
    "2027-05-01..2027-05-01 Closed",
  ]);
  assert.deepEqual(closures(calendar()), []);
});

Deno.test("readIcs() takes a byte order mark, and dates that do not say that they are", () => {
  const text = "\uFEFF" + calendar(
    event("DTSTART:20261201", "SUMMARY:One"),
    event("DTSTART:20261203", "DURATION:P2D", "SUMMARY:Two"),
    event("DTSTART:20261207", "DTEND;TZID=Europe/London:20261210"),
    event(
      "DTSTART:20261225",
      "RRULE:FREQ=YEARLY;COUNT=3",
      "EXDATE:20271225,20281225",
    ),
  );
  assert.deepEqual(closures(text), [
    "2026-12-01..2026-12-01 One",
    "2026-12-03..2026-12-04 Two",
    "2026-12-07..2026-12-09 Closed",
    "2026-12-25..2026-12-25 Closed",
  ]);
});

Deno.test("readIcs() follows rules of repetition, and leaves exceptions out", () => {
  const text = calendar(
    event(
      "DTSTART;VALUE=DATE:20261225",
      "RRULE:FREQ=YEARLY;COUNT=3",
      "EXDATE;VALUE=DATE:20271225",
      "SUMMARY:Christmas",
    ),
  );
  assert.deepEqual(closures(text), [
    "2026-12-25..2026-12-25 Christmas",
    "2028-12-25..2028-12-25 Christmas",
  ]);
  const forever = calendar(
    event("DTSTART;VALUE=DATE:20261225", "RRULE:FREQ=YEARLY"),
  );
  assert.equal(closures(forever).at(-1), "2050-12-25..2050-12-25 Closed");
});

Deno.test("readIcs() leaves out what is about a part of a day, and names it", () => {
  const reading = readIcs(calendar(
    event("DTSTART:20261224T130000", "DTEND:20261224T180000", "SUMMARY:Half"),
    event("DTSTART;VALUE=DATE:20261225", "SUMMARY:Full"),
    event(
      "DTSTART;VALUE=DATE:20261225",
      "RRULE:FREQ=HOURLY",
      "SUMMARY:Clockwork",
    ),
  ));
  assert.ok(reading.ok);
  assert.deepEqual(reading.closures.map(({ name }) => name), ["Full"]);
  assert.deepEqual(reading.leftOut, [
    'line 3: "Half" is about a part of a day',
    'line 12: "Clockwork" is repeated hourly',
  ]);
});

Deno.test("readIcs() says what is wrong with a file that is none", () => {
  assert.equal(why(""), "the file is empty");
  assert.match(why("hello"), /invalid line.*hello/);
  assert.match(why("BEGIN:VCARD\r\nEND:VCARD\r\n"), /BEGIN:VCALENDAR/);
  assert.match(why("<html>: a\n</html>"), /BEGIN:VCALENDAR/);
  assert.match(why("BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\n"), /did not end/);
  assert.equal(
    why(calendar(event("DTSTART;VALUE=DATE:20260231"))),
    'line 3: DTSTART "20260231" is not a date',
  );
  assert.equal(
    why(calendar(event("SUMMARY:x"))),
    "line 3: an event has no DTSTART",
  );
  assert.equal(
    why(calendar(
      event("DTSTART;VALUE=DATE:20261224", "DTEND;VALUE=DATE:20261224"),
    )),
    'line 3: "Closed" ends before it begins',
  );
  assert.match(
    why(calendar(event("DTSTART;VALUE=DATE:20261224", "RRULE:FREQ=BOGUS"))),
    /invalid frequency/,
  );
  assert.match(
    why(calendar(
      event("DTSTART;VALUE=DATE:19000101", "RRULE:FREQ=DAILY"),
    )),
    /line 3: .*more than 4000 closures/,
  );
  assert.equal(
    why(calendar(event("DTSTART:20261224", "DTEND:20261324"))),
    'line 3: DTEND "20261324" is not a date',
  );
  assert.equal(
    why(calendar(event("DTSTART:soon"))),
    'line 3: DTSTART "soon" is not a date',
  );
});

Deno.test("readIcs() never throws, whatever the text", () => {
  const word = fc.constantFrom(
    "BEGIN:VCALENDAR",
    "END:VCALENDAR",
    "BEGIN:VEVENT",
    "END:VEVENT",
    "DTSTART;VALUE=DATE:20261224",
    "DTSTART:20261224T000000Z",
    "DTSTART;VALUE=DATE:2026",
    "DTEND;VALUE=DATE:20261324",
    "DURATION:P1D",
    "DURATION:soon",
    "RRULE:FREQ=YEARLY;COUNT=2",
    "RRULE:FREQ=MONTHLY;BYMONTHDAY=32",
    "RDATE;VALUE=DATE:20270101",
    "RECURRENCE-ID;VALUE=DATE:20270101",
    "SUMMARY:a\\, b",
    " folded",
    ":",
    ";",
  );
  const line = fc.oneof({ weight: 4, arbitrary: word }, fc.string());
  fc.assert(
    fc.property(fc.array(line), (lines) => {
      const inside = lines.join("\r\n");
      for (const text of [inside, calendar(event(inside))]) {
        assert.equal(typeof readIcs(text).ok, "boolean");
      }
    }),
    { numRuns: 500 },
  );
});

const SOURCE = makeSource(
  "desk.yaml",
  `calendars:
  my-desk: {base: XLON, ics: closures.ics}
  ours: {base: my-desk, closed: 2026-12-30}
sessions:
  - {name: one, start: open, end: close-5m, calendar: ours}
  - {name: two, start: "08:00", end: my-desk:close-5m}
`,
);

function load(text: ClosureText) {
  const reading = readSessions(SOURCE);
  assert.ok(reading.ok);
  const { definition, places } = reading;
  assert.deepEqual(closureFiles(definition), ["closures.ics"]);
  return importClosures(
    definition,
    places,
    new Map([["closures.ics", text]]),
  );
}

const GOOD_EVENT = event("DTSTART;VALUE=DATE:20261229", "SUMMARY:Moving house");
const GOOD = calendar(GOOD_EVENT);

Deno.test("importClosures() reaches every calendar and time that starts from the file", () => {
  const { definition, issues } = load({ ok: true, text: GOOD });
  assert.deepEqual(issues, []);
  assert.deepEqual(unsupported(definition), []);
  const [one, two] = definition.sessions;
  assert.ok(one && two);
  assert.equal(
    told(one, "2026-12-29"),
    "holiday: ours is closed on 2026-12-29: Moving house",
  );
  assert.equal(
    told(one, "2026-12-30"),
    "holiday: ours is closed on 2026-12-30: Closed by ours",
  );
  assert.equal(
    told(two, "2026-12-29"),
    "holiday: my-desk is closed on 2026-12-29: Moving house",
  );
  assert.equal(placeOn(one, "2026-12-23")?.kind, "occurrence");
  // Plain data: it is written down, and read back as the same.
  assert.deepEqual(JSON.parse(JSON.stringify(definition)), definition);
});

Deno.test("importClosures() reports a file that cannot be used, at its key", () => {
  const reported = (text: ClosureText) =>
    load(text).issues.map(({ code, severity, span, received }) => {
      assert.ok(span);
      const { line, column } = positionAt(SOURCE, span.start);
      return `${severity} ${code} ${line}:${column} ${received}`;
    });
  assert.deepEqual(reported({ ok: false, why: "there is no such file" }), [
    "error calendar/ics-unreadable 2:30 there is no such file",
  ]);
  assert.deepEqual(reported({ ok: true, text: "" }), [
    "error calendar/ics-form 2:30 closures.ics, the file is empty",
  ]);
  assert.deepEqual(reported({ ok: true, text: calendar() }), [
    "warning calendar/ics-empty 2:30 closures.ics",
  ]);
  const half = calendar(
    event("DTSTART:20261224T130000", "DTEND:20261224T180000", "SUMMARY:Half"),
  );
  assert.deepEqual(reported({ ok: true, text: half }), [
    "warning calendar/ics-left-out 2:30 closures.ics, line 3: " +
    '"Half" is about a part of a day',
  ]);
});

Deno.test("importClosures() says what an event should have said, and on which line it is", () => {
  const advice = (...lines: readonly string[]) =>
    load({ ok: true, text: calendar(GOOD_EVENT, event(...lines)) }).issues
      .map(({ received, expected, hint }) => [received, expected, hint]);
  assert.deepEqual(advice("DTSTART:20261224", "DTEND:20261223"), [[
    'closures.ics, line 7: "Closed" ends before it begins',
    "a DTEND after DTSTART: the first day that the event no longer takes",
    "put the day after its last into DTEND, or drop DTEND for a single day: " +
    "the event begins in line 7",
  ]]);
  assert.deepEqual(advice("DTSTART:20260231"), [[
    'closures.ics, line 7: DTSTART "20260231" is not a date',
    'a date that exists, as in "DTSTART;VALUE=DATE:20261224"',
    "correct DTSTART: the event begins in line 7",
  ]]);
  assert.deepEqual(advice("DTSTART:19000101", "RRULE:FREQ=DAILY"), [[
    "closures.ics, line 7: the file comes to more than 4000 closures with this event",
    "at most 4000 closures in one file",
    "end the rule of an event that is repeated with UNTIL or COUNT: " +
    "the event begins in line 7",
  ]]);
});

Deno.test("unsupported() names a file of closures that nobody has read", () => {
  const { definition } = defineSessions({
    calendars: { "my-desk": { base: "XLON", ics: "closures.ics" } },
    sessions: [{ start: "open", end: "close-5m", calendar: "my-desk" }],
  });
  const issues = unsupported(definition);
  assert.deepEqual(issues.map(({ path }) => path), ["calendars"]);
});
