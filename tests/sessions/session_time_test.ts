/**
 * What a session says of time, outside of any run.
 *
 * @module
 */

import assert from "node:assert/strict";
import fc from "fast-check";
import { VirtualClock } from "../../src/adapters/clock/virtual_clock.ts";
import { CarillonError } from "../../src/domain/error.ts";
import { Session, type SessionOptions } from "../../src/sessions/session.ts";
import { Sessions } from "../../src/sessions/sessions.ts";
import { delta } from "../../src/sessions/time_of_day.ts";
import { instant } from "../support/clock_session.ts";

function at(text: string): Temporal.Instant {
  return Temporal.Instant.from(text);
}

function problemsOf(make: () => unknown): readonly string[] {
  try {
    make();
  } catch (error) {
    assert.ok(error instanceof CarillonError);
    assert.equal(error.code, "session/invalid");
    return error.details.problems as readonly string[];
  }
  assert.fail("nothing was wrong");
}

Deno.test("Session takes its edges as hours, as text and as plain times", () => {
  const forms: readonly Pick<SessionOptions, "start" | "end">[] = [
    { start: 8, end: 16 },
    { start: "08:00", end: "16:00:00" },
    { start: "8:00", end: Temporal.PlainTime.from("16:00") },
  ];
  for (const form of forms) {
    const session = new Session(form);
    assert.equal(session.name, "08:00-16:00");
    assert.equal(session.start.toString(), "08:00:00");
    assert.equal(session.end.toString(), "16:00:00");
  }
});

Deno.test("Session has the attributes it was given", () => {
  const customEnd = () => {};
  const session = new Session({
    name: "desk",
    start: "08:45",
    end: 24,
    onStart: "close_loss",
    onEnd: ["custom_end", "close_all"],
    customEnd,
  });
  assert.equal(session.name, "desk");
  assert.equal(session.end.toString(), "00:00:00");
  assert.deepEqual(session.onStart, ["close_loss"]);
  assert.deepEqual(session.onEnd, ["custom_end", "close_all"]);
  assert.equal(session.customStart, null);
  assert.equal(session.customEnd, customEnd);
  assert.equal(session.definition.customEnd?.source.kind, "function");
});

Deno.test("Session runs a custom function at its edge where no action is given", () => {
  const session = new Session({ start: 8, end: 16, customEnd: () => {} });
  assert.deepEqual(session.onStart, []);
  assert.deepEqual(session.onEnd, ["custom_end"]);
});

Deno.test("Session tells every problem at once", () => {
  const wrong: Record<string, unknown> = {
    start: 24,
    end: "16:60",
    onStart: ["custom_start", "custom_end"],
    onEnd: "close_all",
    customEnd: () => {},
    name: "a/b",
    timezone: "Europe/Lodnon",
    days: "mon-fry",
    deadline: "60s",
    lead: { minutes: -1 },
    profit: "nett",
    scope: {},
    onstart: "close_all",
  };
  const make = () => new Session(wrong as unknown as SessionOptions);
  assert.deepEqual(problemsOf(make).map((line) => line.split(":")[0]), [
    "onstart",
    "timezone",
    "end",
    "start",
    "name",
    "onStart",
    "onStart",
    "customEnd",
    "days",
    "scope",
    "lead",
    "deadline",
    "profit",
  ]);
});

Deno.test("Session refuses an action without its function, saying what to give", () => {
  const make = () => new Session({ start: 8, end: 16, onEnd: "custom_end" });
  assert.deepEqual(problemsOf(make), [
    'onEnd: "custom_end" needs a function: give customEnd',
  ]);
});

Deno.test("Session refuses a start that is its end, and says how to write a whole day", () => {
  const make = () => new Session({ start: 8, end: "08:00" });
  assert.deepEqual(problemsOf(make), [
    "end: is the start: a whole day is start: 0 and end: 24",
  ]);
  assert.equal(new Session({ start: 0, end: 24 }).duration().hours, 24);
});

Deno.test("inSession() is half-open, to the millisecond", () => {
  const session = new Session({ start: 8, end: 16 });
  const inside = (text: string) => session.inSession(at(text));
  assert.equal(inside("2026-11-23T07:59:59.5Z"), false);
  assert.equal(inside("2026-11-23T07:59:59.999Z"), false);
  assert.equal(inside("2026-11-23T08:00:00Z"), true);
  assert.equal(inside("2026-11-23T15:59:59.999Z"), true);
  assert.equal(inside("2026-11-23T16:00:00Z"), false);
});

Deno.test("inSession() asks the clock that it was given", async () => {
  const clock = new VirtualClock(instant("2026-11-23T07:59:00Z"));
  const session = new Session({ start: 8, end: 16, clock });
  assert.equal(session.inSession(), false);
  assert.equal(session.until(), 60);
  await clock.advance(60_000);
  assert.equal(session.inSession(), true);
  assert.equal(session.until(), 0);
});

Deno.test("contains() follows the zone through summer time", () => {
  const london = new Session({ start: 8, end: 16, timezone: "Europe/London" });
  assert.equal(london.contains(at("2026-07-01T07:00:00Z")), true);
  assert.equal(london.contains(at("2026-12-01T07:00:00Z")), false);
});

Deno.test("contains() takes a time of day as today's, in the session's zone", () => {
  const clock = new VirtualClock(instant("2026-07-01T12:00:00Z"));
  const london = new Session({
    start: 8,
    end: 16,
    timezone: "Europe/London",
    clock,
  });
  assert.equal(london.contains("08:00"), true);
  assert.equal(london.contains(Temporal.PlainTime.from("07:59")), false);
  assert.equal(london.contains("16:00"), false);
  assert.throws(() => london.contains("noon"), RangeError);
});

Deno.test("contains() reaches over midnight, on the days on which the window opens", () => {
  const night = new Session({ start: 22, end: 6, days: "fri" });
  assert.equal(night.contains(at("2026-11-27T21:59:59Z")), false);
  assert.equal(night.contains(at("2026-11-27T22:00:00Z")), true);
  assert.equal(night.contains(at("2026-11-28T05:59:59Z")), true);
  assert.equal(night.contains(at("2026-11-28T06:00:00Z")), false);
  assert.equal(night.contains(at("2026-11-28T22:00:00Z")), false);
});

Deno.test("until() counts to the next start, 0 at the very start", () => {
  const session = new Session({ start: 8, end: 16 });
  const until = (text: string) => session.until(at(text));
  assert.equal(until("2026-11-23T07:00:00Z"), 3_600);
  assert.equal(until("2026-11-23T07:59:59.5Z"), 1);
  assert.equal(until("2026-11-23T08:00:00Z"), 0);
  assert.equal(until("2026-11-23T08:00:00.001Z"), 86_400);
  assert.equal(until("2026-11-23T12:00:00Z"), 20 * 3_600);
});

Deno.test("until() leaves out the days on which the session does not open", () => {
  const session = new Session({ start: 8, end: 16, days: ["mon", "wed"] });
  assert.equal(session.until(at("2026-11-25T09:00:00Z")), (5 * 24 - 1) * 3_600);
});

Deno.test("duration() is the time that passes: an hour more or less when the clock changes", () => {
  const night = new Session({ start: 22, end: 6, timezone: "Europe/London" });
  const hours = (text: string) => night.duration(at(text)).hours;
  assert.equal(hours("2026-03-27T23:00:00Z"), 8);
  assert.equal(hours("2026-03-28T23:00:00Z"), 7);
  assert.equal(hours("2026-10-24T23:00:00Z"), 9);
});

Deno.test("duration() comes in hours, minutes and seconds, and as a Temporal.Duration", () => {
  const { hours, minutes, seconds, totalSeconds } = new Session({
    start: "08:00:30",
    end: "16:45:10",
  }).duration();
  assert.deepEqual([hours, minutes, seconds], [8, 44, 40]);
  assert.equal(totalSeconds, 31_480);
  const length = new Session({ start: 8, end: "16:45" }).duration();
  assert.equal(length.toTemporal().toString(), "PT8H45M");
  assert.equal(String(length), "PT8H45M");
});

Deno.test("seconds is a set over the clock's face, without a list of numbers", () => {
  const { seconds } = new Session({ start: 22, end: "06:00:30" });
  assert.equal(seconds.size, 8 * 3_600 + 30);
  assert.equal(seconds.has(22 * 3_600), true);
  assert.equal(seconds.has(22 * 3_600 - 1), false);
  assert.equal(seconds.has(6 * 3_600 + 29), true);
  assert.equal(seconds.has(6 * 3_600 + 30), false);
  assert.equal(seconds.has(86_400), false);
  assert.equal(seconds.has(0.5), false);
  const listed = [...seconds];
  assert.equal(listed.length, seconds.size);
  assert.equal(listed[0], 79_200);
  assert.equal(listed.at(-1), 6 * 3_600 + 29);
  assert.equal(new Set([79_200, 0]).isSubsetOf(seconds), true);
});

Deno.test("seconds of a whole day are all of them", () => {
  assert.equal(new Session({ start: 0, end: 24 }).seconds.size, 86_400);
});

Deno.test("a session outside of a run refuses to act", async () => {
  const session = new Session({ start: 8, end: 16, onEnd: "close_all" });
  const acts = [
    () => session.begin(),
    () => session.close(),
    () => session.action("close_all"),
    () => session.closeAll(),
    () => session.closeWin(),
    () => session.closeLoss(),
    () => session.closePositions({ positions: ["EURUSD"] }),
    () => new Sessions([session]).check(),
  ];
  for (const act of acts) {
    await assert.rejects(act, { code: "session/detached" });
  }
});

Deno.test("delta() is how far into the day a time is", () => {
  assert.equal(delta(8).toString(), "PT8H");
  assert.equal(delta("08:30:15").toString(), "PT8H30M15S");
  assert.equal(delta("24:00").toString(), "PT24H");
  const noonish = Temporal.PlainTime.from("12:00:00.000001");
  assert.equal(delta(noonish).total("microseconds"), 43_200_000_001);
  assert.throws(() => delta(25), RangeError);
  assert.throws(() => delta("8"), RangeError);
});

Deno.test("Sessions sorts by hours and minutes, and finds nothing among none", () => {
  const late = new Session({ name: "late", start: "08:45", end: 9 });
  const early = new Session({ name: "early", start: "08:15", end: 9 });
  const sessions = new Sessions([late, early]);
  assert.deepEqual([...sessions].map(({ name }) => name), ["early", "late"]);
  assert.equal(sessions.findNext(at("2026-11-23T08:00:00Z")), early);
  assert.equal(sessions.findNext(at("2026-11-23T08:15:00Z")), late);
  assert.equal(sessions.findNext(at("2026-11-23T08:45:00Z")), early);
  const none = new Sessions();
  assert.equal(none.findNext(), null);
  assert.equal(none.find(), null);
  assert.equal(none.currentSession, null);
});

Deno.test("current() names every session that is open", () => {
  const clock = new VirtualClock(instant("2026-11-23T14:00:00Z"));
  const london = new Session({ name: "london", start: 8, end: 16, clock });
  const newYork = new Session({ name: "new-york", start: 13, end: 21, clock });
  const sessions = new Sessions([newYork, london]);
  assert.deepEqual(sessions.current(), [london, newYork]);
  assert.equal(sessions.currentSession, london);
  assert.equal(sessions.find("17:00"), newYork);
  assert.equal(sessions.find("22:00"), null);
});

Deno.test("add() refuses a second session of a name; remove() one that is not there", () => {
  const session = new Session({ start: 8, end: 16 });
  const sessions = new Sessions([session]);
  const twin = new Session({ start: 8, end: 16 });
  assert.throws(() => sessions.add(twin), { code: "session/invalid" });
  assert.throws(() => sessions.remove(twin), { code: "session/unknown" });
  assert.equal(sessions.remove("08:00-16:00"), session);
  assert.deepEqual(sessions.sessions, []);
});

const DAY_MINUTES = 1_440;

function clockText(minute: number): string {
  const hours = String(Math.floor(minute / 60)).padStart(2, "0");
  return `${hours}:${String(minute % 60).padStart(2, "0")}`;
}

Deno.test("find() and contains() agree with counting every minute of the day", () => {
  const minute = fc.integer({ min: 0, max: DAY_MINUTES - 1 });
  const window = fc.tuple(minute, minute).filter(([from, to]) => from !== to);
  fc.assert(fc.property(
    fc.array(window, { minLength: 1, maxLength: 5 }),
    fc.array(minute, { minLength: 1, maxLength: 20 }),
    (windows, asked) => {
      const made = windows.map(([from, to], index) => ({
        from,
        to,
        session: new Session({
          name: `s${index}`,
          start: clockText(from),
          end: clockText(to),
        }),
      }));
      const sessions = new Sessions(made.map(({ session }) => session));
      for (const now of asked) {
        const moment = at("2026-11-23T00:00:00Z").add({ minutes: now });
        const open = made.filter(({ from, to }) =>
          from < to ? from <= now && now < to : from <= now || now < to
        );
        for (const { session } of made) {
          const isOpen = open.some((each) => each.session === session);
          assert.equal(session.contains(moment), isOpen);
          assert.equal(session.seconds.has(now * 60), isOpen);
        }
        const found = sessions.find(moment);
        assert.equal(found === null, open.length === 0);
        assert.ok(found === null || found.contains(moment));
      }
    },
  ));
});

Deno.test("findNext() and until() agree with walking on minute by minute", () => {
  const minute = fc.integer({ min: 0, max: DAY_MINUTES - 1 });
  fc.assert(fc.property(
    fc.uniqueArray(minute, { minLength: 1, maxLength: 6 }),
    minute,
    (starts, now) => {
      const sessions = new Sessions(starts.map((start) =>
        new Session({
          start: clockText(start),
          end: clockText((start + 30) % DAY_MINUTES),
        })
      ));
      const moment = at("2026-11-23T00:00:00Z").add({ minutes: now });
      let ahead = 1;
      while (!starts.includes((now + ahead) % DAY_MINUTES)) ahead++;
      const next = sessions.findNext(moment);
      assert.equal(
        next?.start.toString(),
        `${clockText((now + ahead) % DAY_MINUTES)}:00`,
      );
      const soon = moment.add({ milliseconds: 1 });
      assert.equal(next?.until(soon), ahead * 60);
    },
  ));
});
