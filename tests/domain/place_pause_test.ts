import assert from "node:assert/strict";
import fc from "fast-check";
import { cutOffHazards, cutOffOf } from "../../src/domain/cut_off.ts";
import type { Moment, Session } from "../../src/domain/definition.ts";
import { EdgeTable } from "../../src/domain/edge_table.ts";
import { partByLateness } from "../../src/domain/lateness.ts";
import {
  resolveCalendar,
  sessionCalendars,
} from "../../src/domain/market_calendar.ts";
import { isOpenAt as marketIsOpenAt } from "../../src/domain/calendars/trading_day.ts";
import { nextEdges, openAt } from "../../src/domain/next.ts";
import { EDGE_RANK } from "../../src/domain/occurrence.ts";
import type { Occurrence } from "../../src/domain/occurrence.ts";
import {
  firstWindowEndingAfter,
  nextWindow,
  openWindowsOf,
} from "../../src/domain/open_window.ts";
import {
  isOpenAt,
  occurrenceAt,
  placementsBetween,
  placeOn,
} from "../../src/domain/place.ts";
import {
  DAY_MS,
  HOUR_MS,
  MINUTE_MS,
  SECOND_MS,
} from "../../src/domain/time.ts";
import type { EpochMs } from "../../src/domain/time.ts";
import { instant } from "../support/clock_session.ts";
import {
  built,
  local,
  marketSession,
  time,
  told,
} from "../support/market_session.ts";

const TOKYO = "Asia/Tokyo";
const HONG_KONG = "Asia/Hong_Kong";
const SPLIT = { name: "asia", breaks: "split" } as const;

function split(
  calendar: string,
  start: string,
  end: string,
  more: Partial<Session> = {},
): Session {
  const zone = resolveCalendar(built(calendar.split(" ")[0] ?? "")).timezone;
  return marketSession(calendar, start, end, zone, { ...SPLIT, ...more });
}

function occurrenceOn(session: Session, date: string): Occurrence {
  const placement = placeOn(session, date);
  assert.equal(placement?.kind, "occurrence", date);
  return placement.occurrence;
}

/** `name 09:00` for each edge, in the order in which they come due. */
function edgesOn(session: Session, date: string): string {
  return occurrenceOn(session, date).edges
    .map(({ name, at }) => `${name} ${local(at, session.timezone).slice(11)}`)
    .join(", ");
}

/** `09:00-11:30 12:30-15:30` */
function hoursOn(session: Session, date: string): string {
  const clock = (at: EpochMs) => local(at, session.timezone).slice(11);
  return openWindowsOf(occurrenceOn(session, date))
    .map(({ opensAt, closesAt }) => `${clock(opensAt)}-${clock(closesAt)}`)
    .join(" ");
}

const tokyo = split("XTKS", "open", "close", { onEnd: ["close_all"] });

interface Example {
  readonly says: string;
  readonly session: Session;
  readonly days: Readonly<Record<string, string>>;
}

const EXAMPLES: readonly Example[] = [
  {
    says: "ends at the break and starts again after it",
    session: tokyo,
    days: {
      "2024-11-01":
        "start 09:00, break_start 11:30, break_end 12:30, end 15:00",
      "2026-11-24":
        "start 09:00, break_start 11:30, break_end 12:30, end 15:30",
    },
  },
  {
    says: "has no break on a half day that ends with the morning",
    session: split("XHKG", "open", "close-5m"),
    days: {
      "2026-12-23":
        "start 09:30, break_start 12:00, break_end 13:00, end 15:55",
      "2026-12-24": "start 09:30, end 11:55",
    },
  },
  {
    says: "has no break outside of its window",
    session: split("XTKS", "12:30", "15:00"),
    days: { "2026-11-24": "start 12:30, end 15:00" },
  },
  {
    says: "starts when the break is over, where it would start in it",
    session: split("XTKS", "11:30", "14:00"),
    days: { "2026-11-24": "start 12:30, end 14:00" },
  },
  {
    says: "ends when the break begins, where it would end in it or with it",
    session: split("XTKS", "10:00", "12:30"),
    days: { "2026-11-24": "start 10:00, end 11:30" },
  },
  {
    says: "splits a window that goes beyond the hours as well",
    session: split("XTKS", "08:00", "17:00", { hours: "ignore" }),
    days: {
      "2026-11-24":
        "start 08:00, break_start 11:30, break_end 12:30, end 17:00",
    },
  },
  {
    says: "numbers the breaks of several calendars in the hours they share",
    session: split("XTKS XHKG", "open", "close"),
    days: {
      // Hong Kong opens at 10:30 of Tokyo, and pauses from 13:00 to 14:00 of Tokyo.
      "2026-11-24":
        "start 10:30, break_start 11:30, break_end 12:30, break_start_2 13:00, break_end_2 14:00, end 15:30",
      "2026-12-24":
        "start 10:30, break_start 11:30, break_end 12:30, end 13:00",
    },
  },
  {
    says: "counts breaks that overlap as one",
    session: split("XHKG XSHG", "open", "close"),
    days: {
      "2026-11-24":
        "start 09:30, break_start 11:30, break_end 13:00, end 15:00",
    },
  },
  {
    says: "is left whole without a break, and where breaks are ignored",
    session: split("XTKS", "open", "close", { breaks: "ignore" }),
    days: { "2026-11-24": "start 09:00, end 15:30" },
  },
  {
    says: "is left whole on a market without breaks",
    session: split("XNYS", "open", "close"),
    days: { "2026-11-24": "start 09:30, end 16:00" },
  },
];

for (const { says, session, days } of EXAMPLES) {
  Deno.test(`placeOn() of a session split at breaks ${says}`, () => {
    const found = Object.keys(days).map((day) => [day, edgesOn(session, day)]);
    assert.deepEqual(Object.fromEntries(found), days);
  });
}

Deno.test("placeOn() skips a window that lies in the break", () => {
  assert.equal(
    told(split("XTKS", "11:40", "12:10"), "2026-11-24"),
    "outside_hours: XTKS is not open at any time from 2026-11-24 11:40 Asia/Tokyo to 2026-11-24 12:10 Asia/Tokyo, so 2026-11-24 has no window",
  );
});

Deno.test("placeOn() splits a window of several days at each break, and names each edge", () => {
  const week = split("XTKS", "mon 10:00", "wed 14:00");
  assert.equal(
    hoursOn(week, "2026-11-09"),
    "10:00-11:30 12:30-11:30 12:30-11:30 12:30-14:00",
  );
  const { edges } = occurrenceOn(week, "2026-11-09");
  assert.deepEqual(edges.map(({ name }) => name), [
    "start",
    "break_start",
    "break_end",
    "break_start_2",
    "break_end_2",
    "break_start_3",
    "break_end_3",
    "end",
  ]);
});

Deno.test("placeOn() gives the edges of a break what the end and the start do", () => {
  const session = split("XTKS", "open", "close-5m", {
    onStart: ["custom_start"],
    onEnd: ["custom_end", "close_all"],
    leadMs: 2 * MINUTE_MS,
  });
  const { key, edges } = occurrenceOn(session, "2026-11-24");
  assert.equal(key, "asia/2026-11-24");
  assert.deepEqual(
    edges.map(({ key, rank, actions, at, dueAt }) => [
      key,
      rank,
      actions.join(" "),
      at - dueAt,
    ]),
    [
      ["asia/2026-11-24/start", EDGE_RANK.start, "custom_start", 0],
      [
        "asia/2026-11-24/break_start",
        EDGE_RANK.end,
        "custom_end close_all",
        2 * MINUTE_MS,
      ],
      ["asia/2026-11-24/break_end", EDGE_RANK.start, "custom_start", 0],
      [
        "asia/2026-11-24/end",
        EDGE_RANK.end,
        "custom_end close_all",
        2 * MINUTE_MS,
      ],
    ],
  );
});

Deno.test("placeOn() says that a moment in the break does not run", () => {
  const moment = (name: string, at: string): Moment => ({
    name,
    at: time(at, TOKYO),
    actions: ["close_loss"],
  });
  const session = split("XTKS", "open", "close", {
    moments: [
      moment("before", "11:29"),
      moment("at", "11:30"),
      moment("in", "12:29"),
      moment("after", "12:30"),
      moment("to-the-break", "open+150m"),
      moment("past-the-break", "open+151m"),
    ],
  });
  assert.equal(
    edgesOn(session, "2026-11-24"),
    // A close at the very break is due before it, so it comes first.
    "start 09:00, before 11:29, to-the-break 11:30, break_start 11:30, after 12:30, break_end 12:30, end 15:30",
  );
  assert.deepEqual(
    occurrenceOn(session, "2026-11-24").hazards.map(({ message }) => message),
    [
      "at: 2026-11-24 11:30 Asia/Tokyo lies in the break from 2026-11-24 11:30 Asia/Tokyo to 2026-11-24 12:30 Asia/Tokyo, it does not run",
      "in: 2026-11-24 12:29 Asia/Tokyo lies in the break from 2026-11-24 11:30 Asia/Tokyo to 2026-11-24 12:30 Asia/Tokyo, it does not run",
      "past-the-break: 2026-11-24 11:31 Asia/Tokyo lies in the break from 2026-11-24 11:30 Asia/Tokyo to 2026-11-24 12:30 Asia/Tokyo, it does not run",
    ],
  );
});

Deno.test("occurrenceAt() and openAt() are half-open around a break", () => {
  const openOn = (text: string) => {
    const at = instant(text);
    const found = occurrenceAt(tokyo, at)?.key ?? null;
    assert.deepEqual(
      openAt([tokyo], at).map(({ key }) => key),
      found === null ? [] : [found],
    );
    return found !== null;
  };
  assert.equal(openOn("2026-11-24T11:29:59.999+09:00"), true);
  assert.equal(openOn("2026-11-24T11:30:00+09:00"), false);
  assert.equal(openOn("2026-11-24T12:29:59.999+09:00"), false);
  assert.equal(openOn("2026-11-24T12:30:00+09:00"), true);
});

Deno.test("placementsBetween() finds an occurrence that pauses, so that its edges are armed", () => {
  const noon = instant("2026-11-24T12:00+09:00");
  assert.equal(placementsBetween(tokyo, noon, noon + 1).length, 1);
  assert.deepEqual(
    nextEdges([tokyo], noon, 2).map(({ key }) => key),
    ["asia/2026-11-24/break_end", "asia/2026-11-24/end"],
  );
});

Deno.test("nextWindow() counts the end of a break as an opening", () => {
  const opensAfter = (text: string) =>
    local(nextWindow(tokyo, instant(text))?.opensAt ?? NaN, TOKYO);
  assert.equal(opensAfter("2026-11-24T10:00+09:00"), "2026-11-24 12:30");
  assert.equal(opensAfter("2026-11-24T12:00+09:00"), "2026-11-24 12:30");
  assert.equal(opensAfter("2026-11-24T12:30+09:00"), "2026-11-25 09:00");
});

Deno.test("partByLateness() drops a close at the break once the session has started again", () => {
  const { edges } = occurrenceOn(tokyo, "2026-11-24");
  const atBreak = edges.find(({ name }) => name === "break_start");
  assert.ok(atBreak !== undefined);
  const inTime = (text: string) =>
    partByLateness(tokyo, atBreak, instant(text)).inTime;
  assert.deepEqual(inTime("2026-11-24T12:29+09:00"), ["close_all"]);
  assert.deepEqual(inTime("2026-11-24T12:30+09:00"), []);
});

Deno.test("placeOn() lets a close at the break be due a minute before it, so that no cut-off is told", () => {
  const told = (session: Session) =>
    occurrenceOn(session, "2026-11-24").edges.flatMap((edge) =>
      cutOffHazards(
        edge,
        session,
        sessionCalendars(session),
        cutOffOf(undefined),
      ).map(({ message }) => message.split(";")[0])
    );
  const closing = { onEnd: ["close_all"] } as const;
  const close = split("XTKS", "open", "close-5m", {
    ...closing,
    leadMs: 10 * SECOND_MS,
  });
  // A lead of ten seconds becomes the minute that a close needs before its market stops.
  assert.deepEqual(told(close), []);
  const atBreak = occurrenceOn(close, "2026-11-24").edges
    .find(({ name }) => name === "break_start");
  assert.ok(atBreak !== undefined);
  assert.equal(atBreak.dueAt, atBreak.at - MINUTE_MS);
});

const CALENDARS = ["XTKS", "XHKG", "XSHG", "XTKS XHKG", "XHKG XTKS", "XNYS"];
const ZONES = [TOKYO, HONG_KONG, "America/New_York", "UTC"];

const anyTime = fc.oneof(
  fc.tuple(
    fc.constantFrom("open", "close"),
    fc.integer({ min: -300, max: 300 }),
  )
    .map(([side, minutes]) => `${side}${minutes < 0 ? "" : "+"}${minutes}m`),
  fc.tuple(fc.integer({ min: 0, max: 23 }), fc.constantFrom("00", "15", "30"))
    .map(([hour, minute]) => `${String(hour).padStart(2, "0")}:${minute}`),
);

const anySession: fc.Arbitrary<Session> = fc.record({
  calendar: fc.constantFrom(...CALENDARS),
  zone: fc.constantFrom(...ZONES),
  start: anyTime,
  end: anyTime,
  week: fc.boolean(),
  hours: fc.constantFrom("clip" as const, "ignore" as const),
  leadMs: fc.constantFrom(0, 5 * MINUTE_MS, 4 * HOUR_MS),
}).filter(({ start, end }) => start !== end).map((given) => {
  const { calendar, zone, start, end, week, hours, leadMs } = given;
  const isClock = /^\d/.test(start) && /^\d/.test(end);
  const [from, to] = week && isClock
    ? [`mon ${start}`, `thu ${end}`]
    : [start, end];
  const more = { ...SPLIT, hours, leadMs, onEnd: ["close_all"] } as const;
  return marketSession(calendar, from, to, zone, more);
});

const FROM = instant("2026-09-28T00:00Z");
const TO = FROM + 21 * DAY_MS;

function occurrencesOf(session: Session): readonly Occurrence[] {
  return placementsBetween(session, FROM, TO).flatMap((each) =>
    each.kind === "occurrence" ? [each.occurrence] : []
  );
}

Deno.test("An occurrence is never open in its pause, and has open time on both sides of it", () => {
  fc.assert(
    fc.property(anySession, (session) => {
      const calendars = sessionCalendars(session);
      for (const occurrence of occurrencesOf(session)) {
        for (const { fromAt, toAt } of occurrence.pauses) {
          for (
            const at of [fromAt, Math.floor((fromAt + toAt) / 2), toAt - 1]
          ) {
            assert.equal(isOpenAt(occurrence, at), false);
            assert.ok(!calendars.every((each) => marketIsOpenAt(each, at)));
          }
          assert.equal(isOpenAt(occurrence, fromAt - 1), true);
          assert.equal(isOpenAt(occurrence, toAt), true);
        }
      }
    }),
    { numRuns: 150 },
  );
});

Deno.test("The edges of a split occurrence are in order, and each stands at its own instant", () => {
  fc.assert(
    fc.property(anySession, (session) => {
      for (const occurrence of occurrencesOf(session)) {
        const { edges, opensAt, closesAt, pauses } = occurrence;
        const due = edges.map(({ dueAt }) => dueAt);
        assert.deepEqual(due, due.toSorted((a, b) => a - b));
        assert.equal(new Set(edges.map(({ key }) => key)).size, edges.length);
        const at = (rank: number) =>
          edges.filter((edge) => edge.rank === rank).map((edge) => edge.at)
            .toSorted((a, b) => a - b);
        assert.deepEqual(at(EDGE_RANK.start), [
          opensAt,
          ...pauses.map(({ toAt }) => toAt),
        ]);
        assert.deepEqual(at(EDGE_RANK.end), [
          ...pauses.map(({ fromAt }) => fromAt),
          closesAt,
        ]);
      }
    }),
    { numRuns: 150 },
  );
});

Deno.test("EdgeTable of a split session gives what placing anew gives", () => {
  const steps = fc.array(fc.integer({ min: 0, max: 9 * HOUR_MS }), {
    maxLength: 20,
  });
  fc.assert(
    fc.property(anySession, steps, (session, given) => {
      const table = new EdgeTable(session);
      let at = FROM;
      for (const step of given) {
        at += step;
        const next = nextWindow(session, at)?.opensAt ?? at;
        for (const asked of [at, next - 1, next]) {
          assertSame(table, session, asked);
        }
      }
    }),
    { numRuns: 30 },
  );
});

function assertSame(table: EdgeTable, session: Session, at: EpochMs): void {
  assert.equal(table.isOpenAt(at), occurrenceAt(session, at) !== null);
  assert.deepEqual(
    table.firstEndingAfter(at),
    firstWindowEndingAfter(session, at),
  );
  assert.equal(
    table.nextOpenAfter(at),
    nextWindow(session, at)?.opensAt ?? null,
  );
}
