import assert from "node:assert/strict";
import fc from "fast-check";
import type { Session } from "../../src/domain/definition.ts";
import { wallAt } from "../../src/domain/civil.ts";
import { nextCall, nextOnWall } from "../../src/domain/strategy_grid.ts";
import { isOpenAt } from "../../src/domain/place.ts";
import { DAY_MS, HOUR_MS, MINUTE_MS } from "../../src/domain/time.ts";
import {
  clock,
  clockSession,
  clockWindow,
  instant,
} from "../support/clock_session.ts";
import { local, marketSession } from "../support/market_session.ts";

/** The calls of a session between two instants, as its own wall shows them. */
function calls(
  session: Session,
  everyMs: number,
  from: string,
  to: string,
): readonly string[] {
  const found: string[] = [];
  let at = instant(from) - 1;
  for (;;) {
    const next = nextCall(session, everyMs, at);
    if (next === null || next.at >= instant(to)) return found;
    at = next.at;
    found.push(local(at, session.timezone).slice(11));
  }
}

function desk(start: string, end: string, more: Partial<Session> = {}) {
  const zone = more.timezone ?? "UTC";
  return clockSession({ window: clockWindow(start, end, zone), ...more });
}

Deno.test("nextCall() is the opening, then the full minutes of the interval, and never the close", () => {
  const session = desk("08:07", "08:30");
  assert.deepEqual(
    calls(
      session,
      5 * MINUTE_MS,
      "2026-11-23T00:00:00Z",
      "2026-11-24T00:00:00Z",
    ),
    ["08:07", "08:10", "08:15", "08:20", "08:25"],
  );
});

Deno.test("nextCall() goes on with the next occurrence behind the last call of one", () => {
  const session = desk("08:00", "08:10");
  const next = nextCall(
    session,
    5 * MINUTE_MS,
    instant("2026-11-23T08:05:00Z"),
  );
  assert.equal(next?.at, instant("2026-11-24T08:00:00Z"));
  assert.equal(next?.occurrence.key, "desk/2026-11-24");
});

Deno.test("nextCall() counts an interval that does not divide a day from the opening", () => {
  const session = desk("08:05", "09:00");
  assert.deepEqual(
    calls(
      session,
      21 * MINUTE_MS,
      "2026-11-23T00:00:00Z",
      "2026-11-24T00:00:00Z",
    ),
    ["08:05", "08:26", "08:47"],
  );
});

Deno.test("nextCall() leaves out the lead of every edge that closes, and no other edge's", () => {
  const session = desk("08:00", "10:00", {
    onEnd: ["close_all"],
    leadMs: 10 * MINUTE_MS,
    moments: [
      { name: "lunch", at: clock("09:00"), actions: ["close_loss"] },
      { name: "look", at: clock("08:30"), actions: [] },
    ],
  });
  assert.deepEqual(
    calls(
      session,
      5 * MINUTE_MS,
      "2026-11-23T08:20:00Z",
      "2026-11-24T00:00:00Z",
    ),
    [
      "08:20",
      "08:25",
      "08:30",
      "08:35",
      "08:40",
      "08:45",
      "09:00",
      "09:05",
      "09:10",
      "09:15",
      "09:20",
      "09:25",
      "09:30",
      "09:35",
      "09:40",
      "09:45",
    ],
  );
});

Deno.test("nextCall() is null where a lead leaves no occurrence any room", () => {
  const session = desk("08:00", "08:30", {
    onEnd: ["close_all"],
    leadMs: HOUR_MS,
  });
  assert.equal(
    nextCall(session, MINUTE_MS, instant("2026-11-23T00:00:00Z")),
    null,
  );
});

Deno.test("nextCall() leaves a pause out, and the end of it is an opening", () => {
  const session = marketSession("XHKG", "open", "close", "Asia/Hong_Kong", {
    breaks: "split",
  });
  const found = calls(
    session,
    30 * MINUTE_MS,
    "2026-11-23T02:00:00Z",
    "2026-11-23T07:00:00Z",
  );
  assert.deepEqual(found, [
    "10:00",
    "10:30",
    "11:00",
    "11:30",
    "13:00",
    "13:30",
    "14:00",
    "14:30",
  ]);
});

Deno.test("nextCall() goes by the wall on the night on which the clock goes forward", () => {
  const session = desk("00:00", "06:00", { timezone: "America/New_York" });
  assert.deepEqual(
    calls(session, HOUR_MS, "2026-03-08T05:00:00Z", "2026-03-08T10:00:00Z"),
    ["00:00", "01:00", "03:00", "04:00", "05:00"],
  );
});

Deno.test("nextCall() keeps its distance on the night on which the clock goes back", () => {
  const session = desk("00:00", "06:00", { timezone: "America/New_York" });
  const night = ["2026-11-01T04:00:00Z", "2026-11-01T08:00:00Z"] as const;
  assert.deepEqual(
    calls(session, 30 * MINUTE_MS, ...night),
    ["00:00", "00:30", "01:00", "01:30", "01:00", "01:30", "02:00", "02:30"],
  );
  assert.deepEqual(
    calls(session, 90 * MINUTE_MS, ...night),
    ["00:00", "01:30"],
  );
});

Deno.test("nextOnWall() is the first instant at which the wall shows a multiple, in every zone", () => {
  const zones = ["Europe/London", "Australia/Lord_Howe", "Asia/Kathmandu"];
  const every = [1, 5, 15, 30, 60, 240, 1440];
  fc.assert(fc.property(
    fc.integer({
      min: instant("2026-01-01T00:00:00Z"),
      max: instant("2027-01-01T00:00:00Z"),
    }),
    fc.constantFrom(...zones),
    fc.constantFrom(...every),
    (at, zone, minutes) => {
      const everyMs = minutes * MINUTE_MS;
      const next = nextOnWall(at, everyMs, zone);
      assert.ok(next > at, "it lies behind");
      assert.equal(wallAt(next, zone) % everyMs, 0);
      // A clock that is put back by a whole hour makes a day, and a step, that much longer.
      assert.ok(next - at <= everyMs + HOUR_MS, "a step was left out");
    },
  ));
});

Deno.test("nextCall() never leaves the session, whatever the window and the instant", () => {
  fc.assert(fc.property(
    fc.integer({ min: 0, max: 23 }),
    fc.integer({ min: 1, max: 23 }),
    fc.integer({ min: 1, max: 400 }),
    fc.integer({ min: 0, max: 30 * DAY_MS }),
    (hour, hours, minutes, ms) => {
      const text = (value: number) =>
        `${String(value % 24).padStart(2, "0")}:17`;
      const session = desk(text(hour), text(hour + hours), {
        timezone: "Europe/Berlin",
      });
      const after = instant("2026-10-10T00:00:00Z") + ms;
      const next = nextCall(session, minutes * MINUTE_MS, after);
      assert.ok(next !== null && next.at > after);
      assert.ok(isOpenAt(next.occurrence, next.at));
    },
  ));
});
