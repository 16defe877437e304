import assert from "node:assert/strict";
import type { Blackout, Session } from "../../src/domain/definition.ts";
import { entryRight } from "../../src/domain/entry_right.ts";
import { occurrenceAt } from "../../src/domain/place.ts";
import { MINUTE_MS } from "../../src/domain/time.ts";
import {
  clock,
  clockSession,
  clockWindow,
  closeMoment,
  instant,
  isoText,
} from "../support/clock_session.ts";

const DESK: Partial<Session> = {
  name: "desk",
  window: clockWindow("08:00", "16:30", "UTC"),
};

function blackout(
  from: string,
  to: string,
  more: Partial<Blackout> = {},
): Blackout {
  return {
    from: clock(from),
    to: clock(to),
    refuseEntries: true,
    actions: [],
    ...more,
  };
}

/** In one line: `yes`, or the reason and when entries are let in again. */
function answer(given: Partial<Session>, at: string): string {
  const right = entryRight(
    clockSession({ ...DESK, ...given }),
    instant(`2026-11-23T${at}:00Z`),
  );
  if (right.allowed) return "yes";
  return `${right.reason} until ${
    right.until === null ? "never" : isoText(right.until).slice(8, 16)
  }`;
}

Deno.test("entryRight() lets entries in from the opening on, and not at the close", () => {
  assert.equal(answer({}, "07:59"), "session_closed until 23T08:00");
  assert.equal(answer({}, "08:00"), "yes");
  assert.equal(answer({}, "16:29"), "yes");
  assert.equal(answer({}, "16:30"), "session_closed until 24T08:00");
});

Deno.test("entryRight() keeps to the window for entries, half-open", () => {
  const entries = { from: clock("08:15"), until: clock("16:00") };
  assert.equal(answer({ entries }, "08:14"), "outside_entries until 23T08:15");
  assert.equal(answer({ entries }, "08:15"), "yes");
  assert.equal(answer({ entries }, "15:59"), "yes");
  assert.equal(answer({ entries }, "16:00"), "outside_entries until 24T08:15");
});

Deno.test("entryRight() refuses in the last minutes", () => {
  const noNewEntriesMs = 5 * MINUTE_MS;
  assert.equal(answer({ noNewEntriesMs }, "16:24"), "yes");
  assert.equal(
    answer({ noNewEntriesMs }, "16:25"),
    "no_new_entries until 24T08:00",
  );
});

Deno.test("entryRight() refuses in a blackout, and after it no longer", () => {
  const blackouts = [blackout("13:25", "13:40"), blackout("13:35", "13:50")];
  assert.equal(answer({ blackouts }, "13:24"), "yes");
  assert.equal(answer({ blackouts }, "13:25"), "blackout until 23T13:50");
  assert.equal(answer({ blackouts }, "13:49"), "blackout until 23T13:50");
  assert.equal(answer({ blackouts }, "13:50"), "yes");
});

Deno.test("entryRight() knows a blackout that began before the opening, or outlasts the close", () => {
  const blackouts = [blackout("07:55", "08:10"), blackout("16:20", "17:00")];
  assert.equal(answer({ blackouts }, "08:00"), "blackout until 23T08:10");
  assert.equal(answer({ blackouts }, "08:10"), "yes");
  assert.equal(answer({ blackouts }, "16:20"), "blackout until 24T08:10");
});

Deno.test("entryRight() lets entries in during a blackout that allows them", () => {
  const blackouts = [blackout("13:25", "13:40", { refuseEntries: false })];
  assert.equal(answer({ blackouts }, "13:30"), "yes");
});

Deno.test("entryRight() refuses from the due time of a closing edge to its instant", () => {
  const closing: Partial<Session> = {
    leadMs: 2 * MINUTE_MS,
    onEnd: ["close_all"],
    moments: [closeMoment("lunch", "12:00", "UTC")],
  };
  assert.equal(answer(closing, "11:57"), "yes");
  assert.equal(answer(closing, "11:58"), "close_due until 23T12:00");
  assert.equal(answer(closing, "12:00"), "yes");
  assert.equal(answer(closing, "16:28"), "close_due until 24T08:00");
});

Deno.test("entryRight() does not take the lead of an edge that closes nothing for a close", () => {
  assert.equal(answer({ leadMs: 10 * MINUTE_MS }, "16:25"), "yes");
});

Deno.test("entryRight() counts from the real open and close of a half day", () => {
  const session = clockSession({
    name: "nyse",
    timezone: "America/New_York",
    calendar: [{ kind: "code", code: "XNYS" }],
    window: {
      start: { kind: "market", side: "open", offsetMs: 0, calendar: null },
      end: { kind: "market", side: "close", offsetMs: 0, calendar: null },
    },
    entries: {
      from: {
        kind: "market",
        side: "open",
        offsetMs: 15 * MINUTE_MS,
        calendar: null,
      },
      until: {
        kind: "market",
        side: "close",
        offsetMs: -5 * MINUTE_MS,
        calendar: null,
      },
    },
  });
  const at = (time: string) =>
    entryRight(session, instant(`2026-11-27T${time}:00Z`)).allowed;
  // The day after Thanksgiving closes at 13:00 New York, which is 18:00 UTC.
  assert.deepEqual(
    ["14:44", "14:45", "17:54", "17:55"].map(at),
    [false, true, true, false],
  );
});

Deno.test("entryRight() never allows again what is never open again", () => {
  const dates = [{ from: "2026-11-23", to: "2026-11-23" }];
  assert.equal(answer({ dates }, "17:00"), "session_closed until never");
  const entries = { from: clock("17:00"), until: null };
  assert.equal(
    answer({ dates, entries }, "09:00"),
    "outside_entries until never",
  );
});

Deno.test("entryRight() says why in a sentence with the session's own time", () => {
  const session = clockSession({
    ...DESK,
    blackouts: [blackout("13:25", "13:40")],
  });
  const right = entryRight(session, instant("2026-11-23T13:30:00Z"));
  assert.equal(
    right.allowed ? "" : right.message,
    'Session "desk" has a blackout from 2026-11-23 13:25 UTC to 2026-11-23 13:40 UTC',
  );
});

Deno.test("placeOn() gives a blackout that closes an edge of its own, named by its time", () => {
  const session = clockSession({
    ...DESK,
    moments: [closeMoment("lunch", "12:00", "UTC")],
    blackouts: [
      blackout("13:25", "13:40", { actions: ["close_loss"] }),
      blackout("13:25", "13:50", { actions: ["close_all"] }),
      blackout("15:00", "15:10"),
      blackout("07:00", "09:00", { actions: ["close_all"] }),
    ],
  });
  const occurrence = occurrenceAt(session, instant("2026-11-23T09:00:00Z"));
  assert.deepEqual(
    occurrence?.edges.map((
      { key, at, actions },
    ) => [key, isoText(at).slice(11, 16), ...actions]),
    [
      ["desk/2026-11-23/start", "08:00"],
      ["desk/2026-11-23/lunch", "12:00", "close_all"],
      ["desk/2026-11-23/blackout-13:25", "13:25", "close_loss"],
      ["desk/2026-11-23/blackout-13:25-2", "13:25", "close_all"],
      ["desk/2026-11-23/end", "16:30"],
    ],
  );
  // What begins before the opening closes nothing, and that is said.
  assert.deepEqual(
    occurrence?.leftOut.map(({ key, actions }) => [key, ...actions]),
    [["desk/2026-11-23/blackout-07:00", "close_all"]],
  );
});
