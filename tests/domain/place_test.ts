import assert from "node:assert/strict";
import type { Session } from "../../src/domain/definition.ts";
import type { Occurrence, Skip } from "../../src/domain/occurrence.ts";
import {
  firstOccurrenceEndingAfter,
  nextOccurrence,
  occurrenceAt,
  placementsBetween,
  placeOn,
} from "../../src/domain/place.ts";
import { MINUTE_MS } from "../../src/domain/time.ts";
import {
  clockSession,
  clockWindow,
  closeMoment,
  instant,
  isoText,
} from "../support/clock_session.ts";

/** A daily session of one zone. */
function daily(
  start: string,
  end: string,
  timezone = "UTC",
  given: Partial<Session> = {},
): Session {
  const window = clockWindow(start, end, timezone);
  return clockSession({ timezone, window, ...given });
}

function occurrenceOn(session: Session, date: string): Occurrence {
  const placement = placeOn(session, date);
  assert.ok(placement?.kind === "occurrence", `${date} has no occurrence`);
  return placement.occurrence;
}

function skipOn(session: Session, date: string): Skip {
  const placement = placeOn(session, date);
  assert.ok(placement?.kind === "skip", `${date} is not skipped`);
  return placement.skip;
}

/** `2026-11-23T08:00:00Z to 2026-11-23T16:30:00Z` */
function windowText({ opensAt, closesAt }: Occurrence): string {
  return `${isoText(opensAt)} to ${isoText(closesAt)}`;
}

/** `end@2026-11-23T16:30:00Z`, by due time. */
function edgeTexts({ edges }: Occurrence): readonly string[] {
  return edges.map(({ name, dueAt }) => `${name}@${isoText(dueAt)}`);
}

interface Case {
  readonly says: string;
  readonly session: Session;
  readonly date: string;
  readonly window: string;
}

const CASES: readonly Case[] = [
  {
    says: "places a day session by the zone's winter time",
    session: daily("08:00", "16:30", "Europe/London"),
    date: "2026-11-23",
    window: "2026-11-23T08:00:00Z to 2026-11-23T16:30:00Z",
  },
  {
    says: "places a day session by the zone's summer time",
    session: daily("08:00", "16:30", "Europe/London"),
    date: "2026-07-01",
    window: "2026-07-01T07:00:00Z to 2026-07-01T15:30:00Z",
  },
  {
    says: "lets a window cross midnight when it ends before it starts",
    session: daily("22:00", "06:00"),
    date: "2026-12-31",
    window: "2026-12-31T22:00:00Z to 2027-01-01T06:00:00Z",
  },
  {
    says: "ends a whole day at the next date's midnight",
    session: daily("00:00", "24:00", "America/New_York"),
    date: "2026-06-01",
    window: "2026-06-01T04:00:00Z to 2026-06-02T04:00:00Z",
  },
  {
    says: "makes the whole day of a spring night 23 hours long",
    session: daily("00:00", "24:00", "America/New_York"),
    date: "2026-03-08",
    window: "2026-03-08T05:00:00Z to 2026-03-09T04:00:00Z",
  },
  {
    says: "spans days from one weekday to another",
    session: daily("sun 17:00", "fri 17:00", "America/New_York"),
    date: "2026-11-22",
    window: "2026-11-22T22:00:00Z to 2026-11-27T22:00:00Z",
  },
  {
    says: "spans a whole week when start and end are one time",
    session: daily("mon 17:00", "mon 17:00"),
    date: "2026-11-23",
    window: "2026-11-23T17:00:00Z to 2026-11-30T17:00:00Z",
  },
  {
    says: "ends on the same weekday when the end is later that day",
    session: daily("mon 08:00", "mon 16:00"),
    date: "2026-11-23",
    window: "2026-11-23T08:00:00Z to 2026-11-23T16:00:00Z",
  },
  {
    says: "ends on the first such weekday after a daily start",
    session: daily("08:00", "fri 16:00"),
    date: "2026-11-25",
    window: "2026-11-25T08:00:00Z to 2026-11-27T16:00:00Z",
  },
  {
    says: "ends at the first instant after the opening when zones differ",
    session: daily("08:00 Europe/London", "16:00 America/New_York"),
    date: "2026-11-23",
    window: "2026-11-23T08:00:00Z to 2026-11-23T21:00:00Z",
  },
  {
    says: "ends on the same morning across the date line",
    session: daily("08:00 Asia/Tokyo", "20:00 America/New_York"),
    date: "2026-11-24",
    window: "2026-11-23T23:00:00Z to 2026-11-24T01:00:00Z",
  },
  {
    says: "lasts a day when another zone's end comes at the very opening",
    session: daily("08:00 UTC", "08:00 Europe/London"),
    date: "2026-11-23",
    window: "2026-11-23T08:00:00Z to 2026-11-24T08:00:00Z",
  },
  {
    says:
      "is an hour shorter while one zone's summer has come and the other's not",
    session: daily("08:00 Europe/London", "16:00 America/New_York"),
    date: "2026-03-20",
    window: "2026-03-20T08:00:00Z to 2026-03-20T20:00:00Z",
  },
  {
    says: "moves a start in the gap to the gap's end",
    session: daily("02:30", "10:00", "America/New_York"),
    date: "2026-03-08",
    window: "2026-03-08T07:00:00Z to 2026-03-08T14:00:00Z",
  },
  {
    says: "moves a start in the gap by the gap's length with shift",
    session: daily("02:30", "10:00", "America/New_York", {
      dst: { gap: "shift", overlap: "first" },
    }),
    date: "2026-03-08",
    window: "2026-03-08T07:30:00Z to 2026-03-08T14:00:00Z",
  },
  {
    says: "takes the first instant of both edges in an overlap",
    session: daily("00:30", "01:30", "America/New_York"),
    date: "2026-11-01",
    window: "2026-11-01T04:30:00Z to 2026-11-01T05:30:00Z",
  },
  {
    says: "takes the last instant of an end in an overlap when told so",
    session: daily("00:30", "01:30", "America/New_York", {
      dst: { gap: "end", overlap: "last" },
    }),
    date: "2026-11-01",
    window: "2026-11-01T04:30:00Z to 2026-11-01T06:30:00Z",
  },
  {
    says: "keeps a night that ends on a date the zone went without",
    session: daily("20:00", "08:00", "Pacific/Apia"),
    date: "2011-12-29",
    window: "2011-12-30T06:00:00Z to 2011-12-30T10:00:00Z",
  },
  {
    says: "keeps a night that starts on a date the zone went without",
    session: daily("20:00", "08:00", "Pacific/Apia"),
    date: "2011-12-30",
    window: "2011-12-30T10:00:00Z to 2011-12-30T18:00:00Z",
  },
  {
    says: "takes a start at 24:00 as the midnight that begins the trade date",
    session: daily("24:00", "06:00"),
    date: "2026-11-24",
    window: "2026-11-24T00:00:00Z to 2026-11-24T06:00:00Z",
  },
];

for (const { says, session, date, window } of CASES) {
  Deno.test(`placeOn() ${says}`, () => {
    assert.equal(windowText(occurrenceOn(session, date)), window);
  });
}

Deno.test("placeOn() gives keys, edges and no hazards on an ordinary day", () => {
  const session = daily("08:00", "16:30", "UTC", {
    name: "london",
    onStart: ["custom_start"],
    onEnd: ["custom_end", "close_all"],
  });
  assert.deepEqual(occurrenceOn(session, "2026-11-23"), {
    key: "london/2026-11-23",
    session: "london",
    tradeDate: "2026-11-23",
    opensAt: instant("2026-11-23T08:00Z"),
    closesAt: instant("2026-11-23T16:30Z"),
    pauses: [],
    entryStops: [],
    edges: [
      {
        key: "london/2026-11-23/start",
        session: "london",
        tradeDate: "2026-11-23",
        name: "start",
        at: instant("2026-11-23T08:00Z"),
        dueAt: instant("2026-11-23T08:00Z"),
        rank: 2,
        actions: ["custom_start"],
        marketClosesAt: null,
      },
      {
        key: "london/2026-11-23/end",
        session: "london",
        tradeDate: "2026-11-23",
        name: "end",
        at: instant("2026-11-23T16:30Z"),
        dueAt: instant("2026-11-23T16:30Z"),
        rank: 0,
        actions: ["custom_end", "close_all"],
        marketClosesAt: null,
      },
    ],
    leftOut: [],
    hazards: [],
  });
});

Deno.test("placeOn() leaves out what days, dates and exceptDates leave out", () => {
  const session = daily("08:00", "16:00", "UTC", {
    days: [{ kind: "weekday", weekday: 1 }, { kind: "weekday", weekday: 2 }],
    dates: [
      { from: "2026-11-01", to: "2026-11-30" },
      { from: "2027-01-04", to: "2027-01-04" },
    ],
    exceptDates: [{ from: "2026-11-23", to: "2026-11-23" }],
  });
  const runs = (date: string) => placeOn(session, date) !== null;
  assert.equal(runs("2026-11-22"), false, "a Sunday");
  assert.equal(runs("2026-11-23"), false, "a Monday left out by date");
  assert.equal(runs("2026-11-24"), true, "a Tuesday");
  assert.equal(runs("2026-11-30"), true, "the last of a range");
  assert.equal(runs("2026-12-01"), false, "a Tuesday outside the ranges");
  assert.equal(runs("2027-01-04"), true, "a range of one day");
});

Deno.test("placeOn() gives nothing on a date that is not the start's weekday", () => {
  const session = daily("sun 17:00", "fri 17:00");
  assert.equal(placeOn(session, "2026-11-23"), null);
  assert.notEqual(placeOn(session, "2026-11-22"), null);
});

Deno.test("placeOn() counts trade dates in the start's own zone", () => {
  const session = daily("08:00 Asia/Tokyo", "16:00 Asia/Tokyo", "UTC", {
    days: [{ kind: "weekday", weekday: 1 }],
  });
  const { opensAt, tradeDate } = occurrenceOn(session, "2026-11-23");
  assert.equal(isoText(opensAt), "2026-11-22T23:00:00Z");
  assert.equal(tradeDate, "2026-11-23");
});

Deno.test("placeOn() skips a window that lies inside one gap, and says why", () => {
  const session = daily("02:15", "02:45", "America/New_York");
  assert.deepEqual(skipOn(session, "2026-03-08"), {
    key: "desk/2026-03-08",
    session: "desk",
    tradeDate: "2026-03-08",
    at: instant("2026-03-08T07:00Z"),
    reason: "empty_window",
    message:
      "The clock skips over the window: 2026-03-08 02:15 America/New_York " +
      "comes to 03:00 and 2026-03-08 02:45 America/New_York to 03:00, so " +
      "nothing opens",
  });
});

Deno.test("placeOn() skips a window that ends where the gap does", () => {
  const session = daily("02:15", "03:00", "America/New_York");
  assert.equal(skipOn(session, "2026-03-08").reason, "empty_window");
});

Deno.test("placeOn() skips a day that the zone went without", () => {
  const session = daily("08:00", "16:00", "Pacific/Apia");
  assert.equal(
    skipOn(session, "2011-12-30").message,
    "The clock skips over the window: 2011-12-30 08:00 Pacific/Apia comes " +
      "to 2011-12-31 00:00 and 2011-12-30 16:00 Pacific/Apia to " +
      "2011-12-31 00:00, so nothing opens",
  );
});

Deno.test("placeOn() never runs one day twice when a whole date is shifted", () => {
  const session = daily("08:00", "16:00", "Pacific/Apia", {
    dst: { gap: "shift", overlap: "first" },
  });
  assert.equal(
    skipOn(session, "2011-12-30").message,
    "Pacific/Apia went without 2011-12-30: its window is the next date's, " +
      "so nothing opens twice",
  );
  assert.equal(
    windowText(occurrenceOn(session, "2011-12-31")),
    "2011-12-30T18:00:00Z to 2011-12-31T02:00:00Z",
  );
});

Deno.test("placeOn() skips a window that shift turns inside out", () => {
  const session = daily("02:45", "03:15", "America/New_York", {
    dst: { gap: "shift", overlap: "first" },
  });
  assert.equal(skipOn(session, "2026-03-08").reason, "empty_window");
});

Deno.test("placeOn() takes the lead off edges that close, and off no others", () => {
  const session = daily("08:00", "16:00", "UTC", {
    leadMs: 2 * MINUTE_MS,
    onStart: ["custom_start"],
    onEnd: ["close_loss"],
    moments: [closeMoment("lunch", "12:00", "UTC")],
  });
  const occurrence = occurrenceOn(session, "2026-11-23");
  assert.deepEqual(edgeTexts(occurrence), [
    "start@2026-11-23T08:00:00Z",
    "lunch@2026-11-23T11:58:00Z",
    "end@2026-11-23T15:58:00Z",
  ]);
  assert.equal(occurrence.edges[2]?.at, instant("2026-11-23T16:00Z"));
  assert.equal(occurrence.closesAt, instant("2026-11-23T16:00Z"));
});

Deno.test("placeOn() runs moments before the start at a shared instant, in the order written", () => {
  const session = daily("08:00", "16:00", "UTC", {
    moments: [
      closeMoment("second", "08:00", "UTC"),
      closeMoment("first", "08:00", "UTC"),
    ],
  });
  assert.deepEqual(
    occurrenceOn(session, "2026-11-23").edges.map(({ name }) => name),
    ["second", "first", "start", "end"],
  );
});

Deno.test("placeOn() gives a session of moments the whole local day and no other edges", () => {
  const session = clockSession({
    timezone: "Europe/London",
    moments: [closeMoment("noon", "12:00", "Europe/London")],
  });
  const occurrence = occurrenceOn(session, "2026-07-01");
  assert.equal(
    windowText(occurrence),
    "2026-06-30T23:00:00Z to 2026-07-01T23:00:00Z",
  );
  assert.deepEqual(edgeTexts(occurrence), ["noon@2026-07-01T11:00:00Z"]);
  assert.deepEqual(occurrenceOn(session, "2026-03-29").hazards, []);
});

Deno.test("placeOn() puts a moment after midnight on the next date", () => {
  const session = daily("22:00", "06:00", "UTC", {
    moments: [
      closeMoment("late", "23:00", "UTC"),
      closeMoment("midnight", "24:00", "UTC"),
      closeMoment("early", "05:00", "UTC"),
    ],
  });
  assert.deepEqual(edgeTexts(occurrenceOn(session, "2026-11-23")), [
    "start@2026-11-23T22:00:00Z",
    "late@2026-11-23T23:00:00Z",
    "midnight@2026-11-24T00:00:00Z",
    "early@2026-11-24T05:00:00Z",
    "end@2026-11-24T06:00:00Z",
  ]);
});

Deno.test("placeOn() puts a moment with a weekday on the first such day of the window", () => {
  const session = daily("sun 17:00", "fri 17:00", "UTC", {
    moments: [
      closeMoment("midweek", "wed 12:00", "UTC"),
      closeMoment("opening", "sun 17:00", "UTC"),
    ],
  });
  const { edges } = occurrenceOn(session, "2026-11-22");
  assert.deepEqual(
    edges.map(({ name, at }) => `${name}@${isoText(at)}`),
    [
      "opening@2026-11-22T17:00:00Z",
      "start@2026-11-22T17:00:00Z",
      "midweek@2026-11-25T12:00:00Z",
      "end@2026-11-27T17:00:00Z",
    ],
  );
});

Deno.test("placeOn() finds a moment of another zone by its instant", () => {
  const session = daily("08:00", "23:00", "Asia/Tokyo", {
    moments: [closeMoment("york", "19:00 America/New_York", "Asia/Tokyo")],
  });
  const york = occurrenceOn(session, "2026-11-24").edges
    .find(({ name }) => name === "york");
  assert.equal(isoText(york?.at ?? 0), "2026-11-24T00:00:00Z");
});

Deno.test("placeOn() names a moment outside the window instead of dropping it silently", () => {
  const session = daily("08:00", "16:00", "UTC", {
    moments: [
      closeMoment("evening", "20:00", "UTC"),
      closeMoment("closing", "16:00", "UTC"),
      closeMoment("dawn", "07:00", "UTC"),
    ],
  });
  const { edges, hazards } = occurrenceOn(session, "2026-11-23");
  assert.deepEqual(edges.map(({ name }) => name), ["start", "end"]);
  assert.deepEqual(hazards.map(({ code }) => code), [
    "moment-outside",
    "moment-outside",
    "moment-outside",
  ]);
  assert.equal(
    hazards[0]?.message,
    "evening: 2026-11-23 20:00 UTC lies outside the window from " +
      "2026-11-23 08:00 UTC to 2026-11-23 16:00 UTC, it does not run",
  );
});

Deno.test("placeOn() keeps a moment that the gap would push out of the window", () => {
  const session = daily("01:00", "03:00", "America/New_York", {
    moments: [closeMoment("late", "02:30", "America/New_York")],
  });
  const { edges, hazards } = occurrenceOn(session, "2026-03-08");
  assert.deepEqual(
    edges.map(({ name, at }) => `${name}@${isoText(at)}`),
    [
      "start@2026-03-08T06:00:00Z",
      "late@2026-03-08T06:59:59.999Z",
      "end@2026-03-08T07:00:00Z",
    ],
  );
  assert.deepEqual(hazards[0], {
    code: "dst-gap",
    message: "late: the clock skips a stretch of the window in " +
      "America/New_York, 2026-03-08 02:30 America/New_York runs at " +
      "01:59:59.999 so as to stay inside",
  });
});

Deno.test("placeOn() keeps a moment that shift would leave before the opening", () => {
  const session = daily("02:45", "10:00", "America/New_York", {
    dst: { gap: "shift", overlap: "first" },
    moments: [closeMoment("soon", "03:15", "America/New_York")],
  });
  const { edges, opensAt } = occurrenceOn(session, "2026-03-08");
  const soon = edges.find(({ name }) => name === "soon");
  assert.equal(soon?.at, opensAt);
  assert.equal(isoText(opensAt), "2026-03-08T07:45:00Z");
});

Deno.test("placeOn() says what the clock does to each edge", () => {
  const zone = "Europe/London";
  const messages = (session: Session, date: string) =>
    occurrenceOn(session, date).hazards
      .map(({ code, message }) => `${code} ${message}`);
  assert.deepEqual(messages(daily("01:30", "09:00", zone), "2026-03-29"), [
    "dst-gap start: 01:30 does not exist in Europe/London on 2026-03-29, " +
    "it runs at 02:00 instead",
    "dst-change the clock changes in Europe/London: open for 7h, 30m " +
    "shorter than usual",
  ]);
  assert.deepEqual(messages(daily("22:00", "01:30", zone), "2026-10-24"), [
    "dst-overlap end: 01:30 comes twice in Europe/London on 2026-10-25, " +
    "it runs at the first (UTC+01:00)",
  ]);
  const last = daily("22:00", "01:30", zone, {
    dst: { gap: "end", overlap: "last" },
  });
  assert.deepEqual(messages(last, "2026-10-24"), [
    "dst-overlap end: 01:30 comes twice in Europe/London on 2026-10-25, " +
    "it runs at the second (UTC+00:00)",
    "dst-change the clock changes in Europe/London: open for 4h 30m, 1h " +
    "longer than usual",
  ]);
  assert.deepEqual(
    messages(daily("20:00", "24:00", "America/Sao_Paulo"), "2018-11-03"),
    [
      "dst-gap end: 24:00 does not exist in America/Sao_Paulo on " +
      "2018-11-03, it runs at 2018-11-04 01:00 instead",
    ],
  );
});

Deno.test("placeOn() refuses a calendar that is not built in", () => {
  const calendar = [{ kind: "code", code: "XXXX" }] as const;
  assert.throws(
    () => placeOn(daily("08:00", "16:00", "UTC", { calendar }), "2026-11-23"),
    { name: "CarillonError", code: "calendar/unknown" },
  );
});

Deno.test("placeOn() refuses a text that is no date", () => {
  assert.throws(
    () => placeOn(daily("08:00", "16:00"), "23.11.2026"),
    RangeError,
  );
});

function keys(
  session: Session,
  from: string,
  to: string,
): readonly string[] {
  return placementsBetween(session, instant(from), instant(to)).map((
    placement,
  ) =>
    placement.kind === "occurrence"
      ? placement.occurrence.tradeDate
      : `skip ${placement.skip.tradeDate}`
  );
}

Deno.test("placementsBetween() is half-open at both ends", () => {
  const session = daily("08:00", "16:00");
  assert.deepEqual(
    keys(session, "2026-11-23T16:00Z", "2026-11-24T08:00Z"),
    [],
  );
  assert.deepEqual(
    keys(session, "2026-11-23T15:59Z", "2026-11-24T08:01Z"),
    ["2026-11-23", "2026-11-24"],
  );
  assert.deepEqual(keys(session, "2026-11-23T12:00Z", "2026-11-23T12:00Z"), []);
});

Deno.test("placementsBetween() finds a week that began before the stretch", () => {
  const session = daily("mon 17:00", "mon 17:00", "Pacific/Kiritimati");
  assert.deepEqual(
    keys(session, "2026-11-30T02:59:59Z", "2026-11-30T03:00Z"),
    ["2026-11-23"],
  );
});

Deno.test("placementsBetween() finds windows that a missing date made longer", () => {
  const dst = { gap: "shift", overlap: "first" } as const;
  const night = daily("20:00", "08:00", "Pacific/Apia", { dst });
  const week = daily("fri 08:00", "fri 08:00", "Pacific/Apia", { dst });
  const from = "2011-12-30T17:00Z";
  const to = "2011-12-30T17:01Z";
  assert.deepEqual(keys(night, from, to), ["2011-12-29"]);
  assert.deepEqual(keys(week, from, to), ["2011-12-23"]);
});

Deno.test("placementsBetween() finds an opening after which the clock goes back over midnight", () => {
  const session = daily("00:00", "06:00", "America/St_Johns");
  assert.deepEqual(
    keys(session, "2010-11-07T02:00Z", "2010-11-07T03:00Z"),
    ["2010-11-07"],
  );
});

Deno.test("placementsBetween() tells of a skip once, where it would have opened", () => {
  const session = daily("02:15", "02:45", "America/New_York");
  assert.deepEqual(
    keys(session, "2026-03-08T07:00Z", "2026-03-09T00:00Z"),
    ["skip 2026-03-08"],
  );
  assert.deepEqual(keys(session, "2026-03-08T00:00Z", "2026-03-08T07:00Z"), []);
});

Deno.test("occurrenceAt() holds the opening and not the closing", () => {
  const session = daily("08:00", "16:00");
  const dateAt = (at: string) => occurrenceAt(session, instant(at))?.tradeDate;
  assert.equal(dateAt("2026-11-23T07:59:59.999Z"), undefined);
  assert.equal(dateAt("2026-11-23T08:00Z"), "2026-11-23");
  assert.equal(dateAt("2026-11-23T15:59:59.999Z"), "2026-11-23");
  assert.equal(dateAt("2026-11-23T16:00Z"), undefined);
});

Deno.test("occurrenceAt() gives the one that opened first where several are open", () => {
  const session = daily("08:00", "fri 16:00");
  assert.equal(
    occurrenceAt(session, instant("2026-11-25T12:00Z"))?.tradeDate,
    "2026-11-21",
  );
});

Deno.test("nextOccurrence() leaves out one that opens at the very instant", () => {
  const session = daily("08:00", "16:00");
  const dateAfter = (at: string) =>
    nextOccurrence(session, instant(at))?.tradeDate;
  assert.equal(dateAfter("2026-11-23T07:59:59.999Z"), "2026-11-23");
  assert.equal(dateAfter("2026-11-23T08:00Z"), "2026-11-24");
});

Deno.test("nextOccurrence() leaps over dates that are left out, however many", () => {
  const session = daily("08:00", "16:00", "UTC", {
    days: [{ kind: "weekday", weekday: 4 }],
    dates: [{ from: "2026-01-01", to: "9999-12-31" }],
    exceptDates: [{ from: "2026-01-02", to: "2199-12-31" }],
  });
  const next = nextOccurrence(session, instant("2026-01-01T08:00Z"));
  assert.equal(next?.tradeDate, "2200-01-02");
});

Deno.test("nextOccurrence() goes on with the day after a range that is left out", () => {
  const session = daily("08:00", "16:00", "UTC", {
    exceptDates: [{ from: "2026-12-24", to: "2026-12-26" }],
  });
  const next = nextOccurrence(session, instant("2026-12-23T12:00Z"));
  assert.equal(next?.tradeDate, "2026-12-27");
});

Deno.test("nextOccurrence() is null where none comes any more", () => {
  const past = daily("08:00", "16:00", "UTC", {
    dates: [{ from: "2020-01-01", to: "2020-12-31" }],
  });
  const never = daily("mon 08:00", "fri 16:00", "UTC", {
    days: [{ kind: "weekday", weekday: 2 }],
  });
  const at = instant("2026-11-23T12:00Z");
  assert.equal(nextOccurrence(past, at), null);
  assert.equal(nextOccurrence(never, at), null);
  assert.equal(
    nextOccurrence(daily("08:00", "16:00"), instant("9999-12-31T12:00Z")),
    null,
  );
});

Deno.test("firstOccurrenceEndingAfter() is the open one, else the next", () => {
  const session = daily("08:00", "16:00");
  const dateAfter = (at: string) =>
    firstOccurrenceEndingAfter(session, instant(at))?.tradeDate;
  assert.equal(dateAfter("2026-11-23T15:59Z"), "2026-11-23");
  assert.equal(dateAfter("2026-11-23T16:00Z"), "2026-11-24");
});
