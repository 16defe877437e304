/**
 * Sessions of the library that keep to a market's calendar.
 *
 * @module
 */

import assert from "node:assert/strict";
import { defineSessions } from "../../dsl/mod.ts";
import { VirtualClock } from "../../src/adapters/clock/virtual_clock.ts";
import { Session } from "../../src/sessions/session.ts";

const AT = Temporal.Instant.from("2026-11-25T20:00:00Z");
const clock = new VirtualClock(AT.epochMilliseconds);

Deno.test("Session keeps to the days and hours of its calendar, in its zone", () => {
  const session = new Session({
    start: 8,
    end: 17,
    calendar: "XNYS",
    clock,
  });
  assert.equal(session.definition.timezone, "America/New_York");
  // Thanksgiving is closed, and the day after it is a half day.
  assert.equal(
    session.nextStart()?.toString(),
    "2026-11-27T14:30:00Z",
  );
  const friday = Temporal.Instant.from("2026-11-27T12:00:00Z");
  assert.equal(session.duration(friday).toString(), "PT3H30M");
  assert.equal(
    session.inSession(Temporal.Instant.from("2026-11-27T18:00:00Z")),
    false,
  );
  assert.equal(session.until(friday), 2.5 * 3_600);
  const whole = new Session({
    start: 8,
    end: 17,
    calendar: ["XNYS"],
    hours: "ignore",
    halfDays: "skip",
    clock,
  });
  assert.equal(whole.nextStart()?.toString(), "2026-11-30T13:00:00Z");
});

Deno.test("Session runs on trading days by rule", () => {
  const session = new Session({
    start: 10,
    end: 11,
    calendar: "XNYS",
    days: ["before_closure", "month_end-3", "mon"],
    clock,
  });
  assert.deepEqual(session.definition.days, [
    { kind: "weekday", weekday: 1 },
    { kind: "before_closure" },
    { kind: "month_end", daysBefore: 3 },
  ]);
  assert.equal(session.nextStart()?.toString(), "2026-11-30T15:00:00Z");
});

Deno.test("Session refuses calendars and days that are none, all at once", () => {
  assert.throws(
    () =>
      new Session({
        start: 8,
        end: 9,
        calendar: ["XNSY"],
        days: "before_closure",
      }),
    (error: Error) => {
      assert.match(error.message, /calendar: expected .* got "XNSY"/);
      assert.match(error.message, /"before_closure" needs a calendar/);
      return true;
    },
  );
});

Deno.test("Session answers for times relative to a market's day", () => {
  const { definition } = defineSessions({
    sessions: [{
      name: "globex",
      calendar: "CME_EQUITY",
      start: "open",
      end: "close-5m",
    }],
  });
  const [globex] = definition.sessions;
  assert.ok(globex);
  const session = new Session({ definition: globex });
  const at = (text: string) => Temporal.Instant.from(text);
  // Sunday's evening is Monday's session.
  assert.equal(session.inSession(at("2026-11-22T23:00:00Z")), true);
  assert.equal(session.inSession(at("2026-11-23T21:55:00Z")), false);
  assert.equal(session.until(at("2026-11-22T22:00:00Z")), 3_600);
  assert.equal(
    session.duration(at("2026-11-26T12:00:00Z")).toString(),
    "PT18H55M",
  );
});
