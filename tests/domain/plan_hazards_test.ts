import assert from "node:assert/strict";
import fc from "fast-check";
import type { Calendar } from "../../src/domain/calendars/calendar.ts";
import { calendarOf } from "../../src/domain/calendars/registry.ts";
import { cutOffOf } from "../../src/domain/cut_off.ts";
import { isCloseAction } from "../../src/domain/definition.ts";
import type { Account, Scope, Session } from "../../src/domain/definition.ts";
import { desyncsBetween } from "../../src/domain/desync.ts";
import type { HazardCode, Occurrence } from "../../src/domain/occurrence.ts";
import { placementsBetween } from "../../src/domain/place.ts";
import { planHazards } from "../../src/domain/plan_hazards.ts";
import { MINUTE_MS, SECOND_MS } from "../../src/domain/time.ts";
import {
  clockSession,
  clockWindow,
  closeMoment,
  instant,
} from "../support/clock_session.ts";

const SCOPE: Scope = {
  written: true,
  symbols: null,
  except: [],
  tag: null,
  session: null,
};

interface Given {
  readonly sessions: readonly Session[];
  readonly from: string;
  readonly to: string;
  readonly accounts?: readonly Account[];
  /** Of every session. */
  readonly calendars?: readonly string[];
}

function occurrencesOf({ sessions, from, to }: Given): readonly Occurrence[] {
  const [fromAt, toAt] = [from, to].map((date) => instant(`${date}T00:00Z`));
  return sessions.flatMap((session) =>
    placementsBetween(session, fromAt ?? 0, toAt ?? 0).flatMap((each) =>
      each.kind === "occurrence" ? [each.occurrence] : []
    )
  ).sort((a, b) => a.opensAt - b.opensAt);
}

function planned(given: Given) {
  const calendars = (given.calendars ?? []).map((code): Calendar => {
    const calendar = calendarOf(code);
    assert.ok(calendar !== null, code);
    return calendar;
  });
  return planHazards({
    sessions: given.sessions,
    accounts: given.accounts ?? [],
    calendarsOf: () => calendars,
  }, occurrencesOf(given));
}

/** `key: message` of every hazard of one kind. */
function told(given: Given, code: HazardCode): readonly string[] {
  return planned(given).occurrences.flatMap(({ key, hazards }) =>
    hazards.filter((hazard) => hazard.code === code)
      .map(({ message }) => `${key}: ${message}`)
  );
}

function windowed(
  name: string,
  start: string,
  end: string,
  given: Partial<Session> = {},
): Session {
  const timezone = given.timezone ?? "UTC";
  return clockSession({
    name,
    window: clockWindow(start, end, timezone),
    onEnd: ["close_all"],
    scope: SCOPE,
    ...given,
  });
}

const london = windowed("london", "08:00", "16:30", {
  timezone: "Europe/London",
  account: "one",
});
const newYork = windowed("new-york", "09:30", "16:00", {
  timezone: "America/New_York",
  account: "two",
});

Deno.test("planHazards() tells a pair of zones once a week while one changed its clock before the other", () => {
  const spring = { from: "2026-01-01", to: "2026-06-01" };
  assert.deepEqual(
    told({ sessions: [london, newYork], ...spring }, "desync-week"),
    ["2026-03-08", "2026-03-09", "2026-03-16", "2026-03-23"].map((date) =>
      `london/${date}: ` +
      "New York is 4 hours behind London until 2026-03-29, not 5"
    ),
  );
  assert.deepEqual(told({ sessions: [london], ...spring }, "desync-week"), []);
});

Deno.test("planHazards() tells zones that show the same as one", () => {
  const paris = windowed("paris", "09:00", "17:30", {
    timezone: "Europe/Paris",
    account: "three",
  });
  const berlin = { ...paris, name: "berlin", timezone: "Europe/Berlin" };
  const week = { from: "2026-10-26", to: "2026-10-31" };
  assert.deepEqual(
    told({ sessions: [paris, berlin, newYork], ...week }, "desync-week"),
    [
      "paris/2026-10-26: New York is 5 hours behind Paris until 2026-11-01, not 6",
    ],
  );
});

Deno.test("desyncsBetween() takes what lasts for months as a season, and names both sides of a step", () => {
  const year = [instant("2026-01-01T00:00Z"), instant("2027-01-01T00:00Z")];
  const messages = (...zones: readonly string[]) =>
    desyncsBetween(zones, year[0] ?? 0, year[1] ?? 0)
      .map(({ message }) => message);
  assert.deepEqual(messages("Europe/London", "Asia/Tokyo"), []);
  assert.deepEqual(messages("Europe/London", "Europe/London"), []);
  assert.deepEqual(messages("Europe/London", "Australia/Sydney"), [
    "London is 10 hours behind Sydney until 2026-04-05, not 11 as before or 9 as after",
    "London is 10 hours behind Sydney until 2026-10-25, not 9 as before or 11 as after",
  ]);
  assert.deepEqual(messages("Africa/Casablanca", "Europe/London"), [
    "Casablanca and London show the same time until 2026-03-22, not 1 hour apart",
    "London is 1 hour behind Casablanca until 2026-03-29, not level",
  ]);
});

Deno.test("planHazards() tells a close that reaches what another session has open", () => {
  const early = windowed("early", "08:00", "12:00");
  const late = windowed("late", "10:00", "16:00", {
    moments: [closeMoment("tea", "15:00", "UTC")],
  });
  const day = { from: "2026-11-23", to: "2026-11-24" };
  assert.deepEqual(
    told({ sessions: [early, late], ...day }, "overlap-conflict"),
    [
      'early/2026-11-23: end: close_all reaches what "late" has open on account "main"',
    ],
  );
  const apart = { ...late, account: "other" };
  assert.deepEqual(
    told({ sessions: [early, apart], ...day }, "overlap-conflict"),
    [],
  );
});

Deno.test("planHazards() finds no conflict between sessions that only touch", () => {
  const sessions = [
    windowed("one", "08:00", "12:00"),
    windowed("two", "12:00", "16:00", { onStart: ["close_loss"] }),
    windowed("whole", "08:00", "16:00", {
      onEnd: [],
      scope: { ...SCOPE, tag: "whole" },
    }),
  ];
  const day = { from: "2026-11-23", to: "2026-11-24" };
  assert.deepEqual(
    told({ sessions: sessions.slice(0, 2), ...day }, "overlap-conflict"),
    [],
  );
  assert.deepEqual(told({ sessions, ...day }, "overlap-conflict"), [
    'one/2026-11-23: end: close_all reaches what "whole" has open on account "main"',
    'two/2026-11-23: start: close_loss reaches what "whole" has open on account "main"',
  ]);
});

Deno.test("planHazards() names two of the sessions that a close reaches, and says that there are more", () => {
  const sessions = ["a", "b", "c", "d"].map((name, index) =>
    windowed(name, "08:00", `1${index}:00`)
  );
  assert.deepEqual(
    told(
      { sessions, from: "2026-11-23", to: "2026-11-24" },
      "overlap-conflict",
    ),
    [
      'a/2026-11-23: end: close_all reaches what "b", "c" and others have open on account "main"',
      'b/2026-11-23: end: close_all reaches what "c" and "d" have open on account "main"',
      'c/2026-11-23: end: close_all reaches what "d" has open on account "main"',
    ],
  );
});

const word = (...words: readonly string[]) => fc.constantFrom(...words);
const scope: fc.Arbitrary<Scope> = fc.record({
  written: fc.constant(true),
  symbols: fc.option(fc.uniqueArray(word("A", "B", "C"), { minLength: 1 })),
  except: fc.uniqueArray(word("A", "B"), { maxLength: 1 }),
  tag: fc.option(word("x", "y")),
  session: fc.option(word("s0", "s1")),
});
const stretch = fc.record({
  start: fc.integer({ min: 0, max: 10 }),
  length: fc.integer({ min: 1, max: 13 }),
  account: word("one", "two"),
  scope,
});

Deno.test("planHazards() finds the conflicts that comparing every pair finds", () => {
  const hour = (value: number) => `${String(value).padStart(2, "0")}:00`;
  fc.assert(
    fc.property(fc.array(stretch, { maxLength: 8 }), (stretches) => {
      const sessions = stretches.map(({ start, length, ...rest }, index) =>
        windowed(`s${index}`, hour(start), hour(start + length), rest)
      );
      const given = { sessions, from: "2026-11-23", to: "2026-11-24" };
      const found = planned(given).occurrences
        .filter(({ hazards }) => hazards.length > 0)
        .map(({ session }) => session);
      assert.deepEqual(found.toSorted(), pairwise(given).toSorted());
    }),
    { numRuns: 400 },
  );
});

function pairwise(given: Given): readonly string[] {
  const all = occurrencesOf(given);
  const sessionOf = ({ session }: Occurrence) =>
    given.sessions.find(({ name }) => name === session) as Session;
  return all.filter((one) =>
    one.edges.some(({ actions, dueAt }) =>
      actions.some(isCloseAction) &&
      all.some((other) =>
        other !== one && other.opensAt < dueAt && dueAt < other.closesAt &&
        reach(sessionOf(one), sessionOf(other))
      )
    )
  ).map(({ session }) => session);
}

function reach(one: Session, other: Session): boolean {
  const [mine, theirs] = [one.scope, other.scope];
  // "D" stands for a symbol that nobody names.
  const both = ["A", "B", "C", "D"].some((symbol) =>
    [mine, theirs].every(({ symbols, except }) =>
      (symbols === null || symbols.includes(symbol)) &&
      !except.includes(symbol)
    )
  );
  return one.account === other.account && both &&
    (mine.session === null || mine.session === other.name) &&
    (mine.tag === null || theirs.tag === null || mine.tag === theirs.tag);
}

const alpaca: Account = {
  kind: "alpaca",
  name: "main",
  id: null,
  live: false,
  url: null,
  token: "",
  options: { time_in_force: "cls" },
};

Deno.test("planHazards() tells a close that comes too late for the market's own, on half days as well", () => {
  const desk = windowed("desk", "09:30", "16:00", {
    timezone: "America/New_York",
    leadMs: 10 * SECOND_MS,
  });
  const given = { sessions: [desk], calendars: ["XNYS"] };
  assert.deepEqual(
    told({ ...given, from: "2026-11-23", to: "2026-11-24" }, "cut-off"),
    [
      "desk/2026-11-23: end: due at 15:59:50 New York, 10s before XNYS closes; closing with proof takes 30s",
    ],
  );
  assert.deepEqual(
    told({ ...given, from: "2026-11-27", to: "2026-11-28" }, "cut-off"),
    [
      "desk/2026-11-27: end: due at 15:59:50 New York, when XNYS is closed: nothing can be closed then",
    ],
  );
});

Deno.test("planHazards() knows the cut-off of the account's own kind of order", () => {
  const desk = windowed("desk", "09:30", "15:55", {
    timezone: "America/New_York",
  });
  const given = {
    sessions: [desk],
    calendars: ["XNYS"],
    from: "2026-11-23",
    to: "2026-11-24",
  };
  assert.deepEqual(told(given, "cut-off"), []);
  assert.deepEqual(told({ ...given, accounts: [alpaca] }, "cut-off"), [
    "desk/2026-11-23: end: due at 15:55 New York, 5m before XNYS closes; a market-on-close order takes 10m",
  ]);
  assert.equal(cutOffOf({ ...alpaca, options: {} }).beforeMs, MINUTE_MS / 2);
  assert.equal(cutOffOf(undefined).beforeMs, MINUTE_MS / 2);
});

Deno.test("planHazards() says a close at the very close is one", () => {
  const desk = windowed("desk", "09:30", "16:00", {
    timezone: "America/New_York",
  });
  assert.deepEqual(
    told({
      sessions: [desk],
      calendars: ["XNYS"],
      from: "2026-11-23",
      to: "2026-11-24",
    }, "cut-off"),
    [
      "desk/2026-11-23: end: due at 16:00 New York, at the very close of XNYS; closing with proof takes 30s",
    ],
  );
});

Deno.test("planHazards() says the same of an occurrence once, its own hazards first", () => {
  const [one, other] = [
    windowed("one", "08:00", "12:00", { onEnd: ["close_all"] }),
    windowed("other", "09:00", "17:00"),
  ];
  assert.ok(one !== undefined && other !== undefined);
  const sessions = [one, other];
  const given = { sessions, from: "2026-11-27", to: "2026-11-28" };
  const half = { code: "half-day", message: "XNYS closes early" } as const;
  const late = { code: "late-open", message: half.message } as const;
  const occurrences = occurrencesOf(given)
    .map((each) => ({ ...each, hazards: [half, late, half] }));
  const context = { sessions, accounts: [], calendarsOf: () => [] };
  const found = planHazards(context, occurrences).occurrences;
  assert.deepEqual(
    found.map(({ key, hazards }) => [key, hazards.map(({ code }) => code)]),
    [
      ["one/2026-11-27", ["half-day", "late-open", "overlap-conflict"]],
      ["other/2026-11-27", ["half-day", "late-open"]],
    ],
  );
});

Deno.test("planHazards() warns once of a calendar that is not known so far, and of those it concerns", () => {
  const sessions = [london, {
    ...london,
    name: "short",
    dates: [{ from: "2026-01-01", to: "2026-01-02" }],
  }];
  const { warnings } = planned({
    sessions,
    calendars: ["XLON"],
    from: "2039-12-30",
    to: "2040-01-10",
  });
  assert.deepEqual(
    warnings.map((
      { code, sessions, tradeDate },
    ) => [code, sessions, tradeDate]),
    [["calendar-unknown", ["london"], "2039-12-30"]],
  );
  assert.match(warnings[0]?.message ?? "", /^XLON is known until \d{4}-/);
});

Deno.test("planHazards() looks through a year of 100 overlapping sessions without comparing pairs", () => {
  const sessions = Array.from(
    { length: 100 },
    (_, index) =>
      windowed(`s${index}`, "08:00", `${10 + index % 12}:${10 + index % 50}`, {
        scope: { ...SCOPE, tag: `t${index % 50}` },
      }),
  );
  const given = { sessions, from: "2026-01-01", to: "2027-01-01" };
  const all = occurrencesOf(given);
  assert.equal(all.length, 100 * 365);
  const conflicts = told(given, "overlap-conflict");
  // Of each two with one tag the first to end reaches the other, unless both end at once.
  assert.ok(conflicts.length >= 365 && conflicts.length <= 50 * 365);
});
