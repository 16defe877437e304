import assert from "node:assert/strict";
import fc from "fast-check";
import { resolveCalendar } from "../../src/domain/market_calendar.ts";
import { tradingDay } from "../../src/domain/calendars/trading_day.ts";
import { addDays } from "../../src/domain/date.ts";
import type { DayRule, Moment, Session } from "../../src/domain/definition.ts";
import type { Placement } from "../../src/domain/occurrence.ts";
import {
  nextOccurrence,
  occurrenceAt,
  placementsBetween,
  placeOn,
} from "../../src/domain/place.ts";
import { clockSession, instant } from "../support/clock_session.ts";
import {
  built,
  local,
  marketSession,
  own,
  time,
  told,
} from "../support/market_session.ts";

const NEW_YORK = "America/New_York";
const LONDON = "Europe/London";
const CHICAGO = "America/Chicago";
const HONG_KONG = "Asia/Hong_Kong";

interface Example {
  readonly says: string;
  readonly session: Session;
  readonly days: Readonly<Record<string, string>>;
}

const EXAMPLES: readonly Example[] = [
  {
    says: "moves an edge relative to the close with a half day",
    session: marketSession("XNYS", "open", "close-5m", NEW_YORK),
    days: {
      "2026-11-25": "2026-11-25 09:30 - 2026-11-25 15:55",
      "2026-11-26": "holiday: XNYS is closed on 2026-11-26: Thanksgiving Day",
      "2026-11-27": "2026-11-27 09:30 - 2026-11-27 12:55 half-day",
      "2026-11-28": "none",
    },
  },
  {
    says: "says once what a market does that both times name",
    session: marketSession("XNYS", "XNYS:open", "XNYS:close-5m", NEW_YORK),
    days: {
      "2026-11-27": "2026-11-27 09:30 - 2026-11-27 12:55 half-day",
    },
  },
  {
    says: "clips clock times to the hours of the day",
    session: marketSession("XLON", "07:00", "17:00", LONDON),
    days: {
      "2026-12-23": "2026-12-23 08:00 - 2026-12-23 16:30",
      "2026-12-24": "2026-12-24 08:00 - 2026-12-24 12:30 half-day",
      "2026-12-25": "holiday: XLON is closed on 2026-12-25: Christmas Day",
    },
  },
  {
    says: "drops closed days only, where hours are ignored",
    session: marketSession("XLON", "07:00", "17:00", LONDON, {
      hours: "ignore",
    }),
    days: {
      "2026-12-24": "2026-12-24 07:00 - 2026-12-24 17:00 half-day",
      "2026-12-25": "holiday: XLON is closed on 2026-12-25: Christmas Day",
      "2026-12-26": "none",
    },
  },
  {
    says: "leaves half days out where they are to be skipped",
    session: marketSession("XLON", "open", "close-5m", LONDON, {
      halfDays: "skip",
    }),
    days: {
      "2026-12-23": "2026-12-23 08:00 - 2026-12-23 16:25",
      "2026-12-24":
        "half_day: XLON closes early on 2026-12-24, at 12:30 Europe/London, and half_days is skip",
    },
  },
  {
    says: "says when an offset is longer than a half day",
    session: marketSession("XNYS", "open", "close-4h", NEW_YORK),
    days: {
      "2026-11-25": "2026-11-25 09:30 - 2026-11-25 12:00",
      "2026-11-27":
        "offset_outside_day: The market's day of 2026-11-27 is too short: it would open at " +
        "2026-11-27 09:30 America/New_York and close at 2026-11-27 09:00 America/New_York",
    },
  },
  {
    says: "never looks for an end on another day than the start's",
    session: marketSession("XNYS", "14:00", "close-5m", NEW_YORK),
    days: {
      "2026-11-25": "2026-11-25 14:00 - 2026-11-25 15:55",
      "2026-11-27":
        "offset_outside_day: The market's day of 2026-11-27 is too short: it would open at " +
        "2026-11-27 14:00 America/New_York and close at 2026-11-27 12:55 America/New_York",
    },
  },
  {
    says: "gives Sunday's evening to Monday, by the clock",
    session: marketSession("CME_EQUITY", "17:00", "16:00", CHICAGO),
    days: {
      "2026-11-22": "none",
      "2026-11-23": "2026-11-22 17:00 - 2026-11-23 16:00",
      "2026-11-26": "2026-11-25 17:00 - 2026-11-26 12:00 half-day",
      "2026-11-27": "2026-11-26 17:00 - 2026-11-27 12:15 half-day",
      "2026-11-28": "none",
    },
  },
  {
    says: "gives Sunday's evening to Monday, by the open",
    session: marketSession("CME_EQUITY", "open+1h", "close-5m", CHICAGO),
    days: {
      "2026-11-23": "2026-11-22 18:00 - 2026-11-23 15:55",
      "2026-12-25":
        "holiday: CME_EQUITY is closed on 2026-12-25: Christmas Day",
    },
  },
  {
    says: "gives a window that reaches the next day's open that day's date",
    session: marketSession("XNYS", "20:00", "12:00", NEW_YORK),
    days: {
      "2026-11-23": "2026-11-23 09:30 - 2026-11-23 12:00",
      "2026-11-24": "2026-11-24 09:30 - 2026-11-24 12:00",
    },
  },
  {
    says: "does not end a session where one trade date meets the next",
    session: marketSession("24/7", "09:00", "21:00", NEW_YORK),
    days: { "2026-11-28": "2026-11-28 09:00 - 2026-11-28 21:00" },
  },
  {
    says: "opens only where all calendars are open",
    session: marketSession("XNYS XLON", "open", "close", "UTC"),
    days: {
      "2026-11-25": "2026-11-25 14:30 - 2026-11-25 16:30",
      "2026-11-26": "holiday: XNYS is closed on 2026-11-26: Thanksgiving Day",
      "2026-12-24":
        "outside_hours: The calendars have no hours in common on 2026-12-24",
      "2026-12-28":
        "holiday: XLON is closed on 2026-12-28: Boxing Day (observed)",
      "2026-03-16": "2026-03-16 13:30 - 2026-03-16 16:30",
    },
  },
  {
    says: "takes a time of another market from that market's day",
    session: marketSession("XLON", "08:00", "XNYS:close-5m", LONDON, {
      hours: "ignore",
    }),
    days: {
      "2026-11-25": "2026-11-25 08:00 - 2026-11-25 20:55",
      "2026-11-26": "holiday: XNYS is closed on 2026-11-26: Thanksgiving Day",
      "2026-11-27": "2026-11-27 08:00 - 2026-11-27 17:55 half-day",
    },
  },
  {
    says: "needs no calendar of the session for a market that a time names",
    session: marketSession("", "08:00", "XNYS:close-5m", LONDON),
    days: {
      "2026-11-26": "holiday: XNYS is closed on 2026-11-26: Thanksgiving Day",
      "2026-11-28": "none",
      "2026-11-30": "2026-11-30 08:00 - 2026-11-30 20:55",
    },
  },
  {
    says: "lets an own calendar overrule its base, and shows it",
    session: marketSession(
      [own({
        timezone: NEW_YORK,
        base: built("XNYS"),
        closed: [{ from: "2026-12-21", to: "2026-12-22" }],
        earlyCloses: { "2026-12-23": 12 * 3_600_000 },
        lateOpens: { "2026-12-28": 11 * 3_600_000 },
        specialSessions: { "2026-12-26": [36_000_000, 50_400_000] },
      })],
      "open",
      "close-5m",
      NEW_YORK,
    ),
    days: {
      "2026-12-18": "2026-12-18 09:30 - 2026-12-18 15:55",
      "2026-12-21":
        "holiday: my-desk is closed on 2026-12-21: Closed by my-desk",
      "2026-12-23": "2026-12-23 09:30 - 2026-12-23 11:55 half-day override",
      "2026-12-25": "holiday: my-desk is closed on 2026-12-25: Christmas Day",
      "2026-12-26":
        "2026-12-26 10:00 - 2026-12-26 13:55 special-session override",
      "2026-12-28": "2026-12-28 11:00 - 2026-12-28 15:55 late-open override",
    },
  },
  {
    says: "opens an own calendar without a base on every other day",
    session: marketSession(
      [own({ closed: [{ from: "2026-12-24", to: "2026-12-26" }] })],
      "08:00",
      "16:00",
      "UTC",
    ),
    days: {
      "2026-12-20": "2026-12-20 08:00 - 2026-12-20 16:00",
      "2026-12-25":
        "holiday: my-desk is closed on 2026-12-25: Closed by my-desk",
    },
  },
  {
    says: "clips a week that meets holidays, and never drops it",
    session: marketSession(
      [own({
        timezone: NEW_YORK,
        base: built("FX"),
        closed: [
          { from: "2026-12-21", to: "2026-12-21" },
          { from: "2026-12-25", to: "2026-12-25" },
          { from: "2027-01-04", to: "2027-01-08" },
        ],
      })],
      "sun 17:00",
      "fri 17:00",
      NEW_YORK,
    ),
    days: {
      "2026-12-14": "2026-12-13 17:00 - 2026-12-18 17:00",
      "2026-12-15": "none",
      "2026-12-21": "2026-12-21 17:00 - 2026-12-24 17:00 holiday holiday",
      "2026-12-28": "2026-12-27 17:00 - 2027-01-01 17:00",
      "2027-01-04":
        "holiday: my-desk is not open at any time from 2027-01-03 17:00 America/New_York to " +
        "2027-01-08 17:00 America/New_York, so 2027-01-04 has no window",
    },
  },
  {
    says: "closes a stock exchange's week on its last trading day",
    session: marketSession("XNYS", "mon 10:00", "fri 15:00", NEW_YORK),
    days: {
      "2026-01-19": "2026-01-20 09:30 - 2026-01-23 15:00 holiday",
      "2026-03-30": "2026-03-30 10:00 - 2026-04-02 16:00 holiday",
      "2026-11-23": "2026-11-23 10:00 - 2026-11-27 13:00 holiday half-day",
    },
  },
];

for (const { says, session, days } of EXAMPLES) {
  Deno.test(`placeOn() ${says}`, () => {
    for (const [date, expected] of Object.entries(days)) {
      assert.equal(told(session, date), expected, date);
    }
  });
}

Deno.test("placeOn() knows the days on which a storm closed Hong Kong", () => {
  const session = marketSession("XHKG", "open", "close-5m", HONG_KONG);
  assert.match(told(session, "2023-07-17"), /^holiday: XHKG is closed on/);
  assert.equal(
    told(session, "2023-07-18"),
    "2023-07-18 09:30 - 2023-07-18 15:55",
  );
});

/** The dates of a month on which a session runs. */
function runsIn(month: string, session: Session): readonly string[] {
  const days = Array.from({ length: 31 }, (_, index) => index + 1)
    .map((day) => `${month}-${String(day).padStart(2, "0")}`)
    .filter((date) =>
      addDays(`${month}-01`, Number(date.slice(8)) - 1) === date
    );
  return days.filter((date) => placeOn(session, date)?.kind === "occurrence");
}

function ruled(calendar: string, ...days: DayRule[]): Session {
  return marketSession(calendar, "10:00", "12:00", NEW_YORK, { days });
}

Deno.test("placeOn() counts trading days for the end of week and month", () => {
  const monthEnd = (daysBefore: number) =>
    ruled("XNYS", { kind: "month_end", daysBefore });
  assert.deepEqual(runsIn("2026-11", monthEnd(0)), ["2026-11-30"]);
  assert.deepEqual(runsIn("2026-11", monthEnd(3)), ["2026-11-24"]);
  assert.deepEqual(runsIn("2026-05", monthEnd(0)), ["2026-05-29"]);
  assert.deepEqual(runsIn("2026-04", ruled("XNYS", { kind: "week_end" })), [
    "2026-04-02",
    "2026-04-10",
    "2026-04-17",
    "2026-04-24",
  ]);
});

Deno.test("placeOn() runs before a closure on a weekday, not before a weekend", () => {
  const session = ruled("XNYS", { kind: "before_closure" });
  assert.deepEqual(runsIn("2026-11", session), ["2026-11-25"]);
  assert.deepEqual(runsIn("2026-04", session), ["2026-04-02"]);
  // New Year's Day 2027 is a Friday.
  assert.deepEqual(runsIn("2026-12", session), ["2026-12-24", "2026-12-31"]);
});

Deno.test("placeOn() counts Monday to Friday without a calendar", () => {
  const session = (rule: DayRule) => ruled("", rule);
  const monthEnd = (daysBefore: number) =>
    session({ kind: "month_end", daysBefore });
  assert.deepEqual(runsIn("2026-05", monthEnd(0)), ["2026-05-29"]);
  assert.deepEqual(runsIn("2026-05", monthEnd(5)), ["2026-05-22"]);
  assert.deepEqual(runsIn("2026-04", session({ kind: "week_end" })), [
    "2026-04-03",
    "2026-04-10",
    "2026-04-17",
    "2026-04-24",
  ]);
});

Deno.test("placeOn() filters trade dates, not the dates on which windows open", () => {
  const session = marketSession("CME_EQUITY", "17:00", "16:00", CHICAGO, {
    days: [{ kind: "weekday", weekday: 1 }],
    exceptDates: [{ from: "2026-11-30", to: "2026-11-30" }],
  });
  assert.deepEqual(runsIn("2026-11", session), [
    "2026-11-02",
    "2026-11-09",
    "2026-11-16",
    "2026-11-23",
  ]);
});

function withMoment(session: Session, at: string): Session {
  const moment: Moment = {
    name: "last",
    at: time(at, session.timezone),
    actions: ["close_all"],
  };
  return { ...session, moments: [moment] };
}

/** When the moment runs, or what is said about it. */
function momentOn(session: Session, date: string): string {
  const placement = placeOn(session, date);
  assert.equal(placement?.kind, "occurrence");
  const { edges, hazards } = placement.occurrence;
  const edge = edges.find(({ name }) => name === "last");
  return edge === undefined
    ? hazards.filter(({ message }) => message.startsWith("last:"))
      .map(({ code, message }) => `${code} ${message}`).join()
    : local(edge.at, session.timezone);
}

Deno.test("placeOn() places moments by the real hours, and says what it leaves out", () => {
  const day = marketSession("XNYS", "open", "close-5m", NEW_YORK);
  const before = withMoment(day, "close-1h");
  assert.equal(momentOn(before, "2026-11-25"), "2026-11-25 15:00");
  assert.equal(momentOn(before, "2026-11-27"), "2026-11-27 12:00");
  assert.equal(
    momentOn(withMoment(day, "close-5h"), "2026-11-27"),
    "moment-outside last: 2026-11-27 08:00 America/New_York lies outside the hours from " +
      "2026-11-27 09:30 America/New_York to 2026-11-27 12:55 America/New_York, it does not run",
  );
  const byClock = marketSession("XNYS", "08:00", "17:00", NEW_YORK);
  assert.equal(
    momentOn(withMoment(byClock, "14:00"), "2026-11-27"),
    "moment-outside last: 2026-11-27 14:00 America/New_York lies outside the hours from " +
      "2026-11-27 09:30 America/New_York to 2026-11-27 13:00 America/New_York, it does not run",
  );
  const london = marketSession("XLON", "08:00", "16:00", LONDON);
  assert.equal(
    momentOn(withMoment(london, "XNYS:open+5m"), "2026-11-25"),
    "2026-11-25 14:35",
  );
  assert.equal(
    momentOn(withMoment(london, "XNYS:open+5m"), "2026-11-26"),
    "holiday last: XNYS is closed on 2026-11-26: Thanksgiving Day, it does not run",
  );
});

Deno.test("placeOn() takes a week's open and close from its first and last trading day", () => {
  const week = marketSession("XNYS", "mon 09:00", "fri 17:00", NEW_YORK);
  assert.equal(
    momentOn(withMoment(week, "close-5m"), "2026-03-30"),
    "2026-04-02 15:55",
  );
  assert.equal(
    momentOn(withMoment(week, "open+5m"), "2026-01-19"),
    "2026-01-20 09:35",
  );
});

Deno.test("placeOn() gives a session of moments its market's day", () => {
  const only = withMoment(
    clockSession({
      timezone: CHICAGO,
      calendar: [built("CME_EQUITY")],
      leadMs: 60_000,
    }),
    "close",
  );
  assert.equal(momentOn(only, "2026-11-27"), "2026-11-27 12:15");
  const placement = placeOn(only, "2026-11-23");
  assert.equal(placement?.kind, "occurrence");
  assert.equal(
    local(placement.occurrence.opensAt, CHICAGO),
    "2026-11-22 17:00",
  );
});

Deno.test("nextOccurrence() leaps over holidays and gives up on what never opens", () => {
  const session = marketSession("XNYS", "open", "close-5m", NEW_YORK);
  const next = nextOccurrence(session, instant("2026-11-25T22:00:00Z"));
  assert.equal(next?.tradeDate, "2026-11-27");
  const never = marketSession("XNYS", "18:00", "20:00", NEW_YORK);
  assert.equal(nextOccurrence(never, instant("2026-11-25T22:00:00Z")), null);
});

Deno.test("occurrenceAt() knows Sunday's evening as Monday's session", () => {
  const session = marketSession("CME_EQUITY", "17:00", "16:00", CHICAGO);
  const at = (text: string) => occurrenceAt(session, instant(text))?.key;
  assert.equal(at("2026-11-22T22:59:59Z"), undefined);
  assert.equal(at("2026-11-22T23:00:00Z"), "desk/2026-11-23");
  assert.equal(at("2026-11-23T21:59:59Z"), "desk/2026-11-23");
  assert.equal(at("2026-11-23T22:00:00Z"), undefined);
});

const CODES = ["XNYS", "XLON", "XETR", "CME_EQUITY", "FX", "XTSE", "24/7"];
const ZONES = [NEW_YORK, LONDON, "Asia/Tokyo", "UTC", CHICAGO];

const anyMinute = fc.integer({ min: 0, max: 24 * 60 - 1 });
const anySession = fc.record({
  code: fc.constantFrom(...CODES),
  zone: fc.constantFrom(...ZONES),
  start: anyMinute,
  end: anyMinute,
  hours: fc.constantFrom("clip" as const, "ignore" as const),
  halfDays: fc.constantFrom("shift" as const, "skip" as const),
}).filter(({ start, end }) => start !== end).map((given) => {
  const { code, zone, start, end, ...rest } = given;
  return marketSession(code, minuteText(start), minuteText(end), zone, rest);
});
const anyDate = fc.integer({ min: 0, max: 4_000 })
  .map((step) => addDays("2016-01-04", step));

function minuteText(minute: number): string {
  const [hours, minutes] = [Math.floor(minute / 60), minute % 60];
  return `${String(hours).padStart(2, "0")}:${
    String(minutes).padStart(2, "0")
  }`;
}

function calendarOfSession({ calendar }: Session) {
  const [first] = calendar;
  assert.ok(first);
  return resolveCalendar(first);
}

Deno.test("placeOn() has no occurrence on a closed day, and clips to days of trading", () => {
  fc.assert(
    fc.property(anySession, anyDate, (session, date) => {
      const placement = placeOn(session, date);
      if (placement?.kind !== "occurrence") return;
      const calendar = calendarOfSession(session);
      assert.ok(tradingDay(calendar, date), "the trade date is a trading day");
      const { opensAt, closesAt } = placement.occurrence;
      assert.ok(opensAt < closesAt);
      if (session.hours === "ignore") return;
      const around = [-2, -1, 0, 1, 2].flatMap((step) =>
        tradingDay(calendar, addDays(date, step)) ?? []
      );
      assert.ok(
        around.some((day) => day.openAt <= opensAt && opensAt < day.closeAt),
      );
      assert.ok(
        around.some((day) => day.openAt < closesAt && closesAt <= day.closeAt),
      );
    }),
    { numRuns: 2_000 },
  );
});

Deno.test("placeOn() between open and close stays in the one trading day", () => {
  fc.assert(
    fc.property(
      fc.constantFrom(...CODES),
      fc.integer({ min: 0, max: 300 }),
      fc.integer({ min: 0, max: 300 }),
      anyDate,
      (code, after, before, date) => {
        const session = marketSession(
          code,
          `open+${after}m`,
          `close-${before}m`,
          "UTC",
        );
        const day = tradingDay(calendarOfSession(session), date);
        const placement = placeOn(session, date);
        if (day === null || placement === null) {
          assert.notEqual(placement?.kind, "occurrence");
          return;
        }
        const opensAt = day.openAt + after * 60_000;
        const closesAt = day.closeAt - before * 60_000;
        assert.equal(placement.kind === "occurrence", opensAt < closesAt);
        if (placement.kind === "skip") return;
        assert.equal(placement.occurrence.opensAt, opensAt);
        assert.equal(placement.occurrence.closesAt, closesAt);
      },
    ),
    { numRuns: 1_000 },
  );
});

function keyOf(placement: Placement): string {
  return placement.kind === "occurrence"
    ? placement.occurrence.key
    : `${placement.skip.key} ${placement.skip.reason}`;
}

Deno.test("placementsBetween() finds what placeOn() gives for each date, and no more", () => {
  fc.assert(
    fc.property(anySession, anyDate, (session, date) => {
      const fromAt = instant(`${date}T00:00:00Z`);
      const toAt = fromAt + 12 * 86_400_000;
      const found = placementsBetween(session, fromAt, toAt);
      const expected: Placement[] = [];
      for (let step = -15; step < 30; step++) {
        const placement = placeOn(session, addDays(date, step));
        if (placement === null) continue;
        const [from, to] = placement.kind === "skip"
          ? [placement.skip.at, placement.skip.at + 1]
          : [placement.occurrence.opensAt, placement.occurrence.closesAt];
        if (from < toAt && to > fromAt) expected.push(placement);
      }
      assert.deepEqual(found.map(keyOf), expected.map(keyOf));
    }),
    { numRuns: 500 },
  );
});

Deno.test("placeOn() gives neighbours one shared instant and no common one, half days too", () => {
  fc.assert(
    fc.property(
      fc.constantFrom("XNYS", "XLON", "CME_EQUITY"),
      fc.integer({ min: 1, max: 180 }),
      anyDate,
      (code, minutes, date) => {
        const middle = `close-${minutes}m`;
        const early = placeOn(marketSession(code, "open", middle, "UTC"), date);
        const late = placeOn(marketSession(code, middle, "close", "UTC"), date);
        if (early?.kind !== "occurrence" || late?.kind !== "occurrence") return;
        assert.equal(early.occurrence.closesAt, late.occurrence.opensAt);
      },
    ),
    { numRuns: 500 },
  );
});

Deno.test("placeOn() keeps each trade date's key apart from every other's window", () => {
  const session = marketSession("CME_EQUITY", "17:00", "16:00", CHICAGO);
  const keys = placementsBetween(
    session,
    instant("2026-01-01T00:00:00Z"),
    instant("2027-01-01T00:00:00Z"),
  ).map(keyOf);
  assert.equal(new Set(keys).size, keys.length);
  assert.ok(keys.length > 250);
});
