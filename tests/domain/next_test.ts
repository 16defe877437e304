import assert from "node:assert/strict";
import fc from "fast-check";
import type { Session } from "../../src/domain/definition.ts";
import { edgesBetween, nextEdges, openAt } from "../../src/domain/next.ts";
import type { Edge } from "../../src/domain/occurrence.ts";
import { placeOn } from "../../src/domain/place.ts";
import { DAY_MS, HOUR_MS, MINUTE_MS } from "../../src/domain/time.ts";
import {
  clockSession,
  clockWindow,
  closeMoment,
  instant,
  isoText,
} from "../support/clock_session.ts";

function named(
  name: string,
  start: string,
  end: string,
  given: Partial<Session> = {},
): Session {
  return clockSession({
    name,
    window: clockWindow(start, end, "UTC"),
    ...given,
  });
}

function texts(edges: readonly Edge[]): readonly string[] {
  return edges.map(({ key, dueAt }) => `${key} ${isoText(dueAt)}`);
}

Deno.test("openAt() lists every open occurrence in the order of the sessions", () => {
  const sessions = [
    named("late", "12:00", "20:00"),
    named("early", "08:00", "16:00"),
    named("night", "22:00", "06:00"),
  ];
  const open = (at: string) =>
    openAt(sessions, instant(at)).map(({ key }) => key);
  assert.deepEqual(open("2026-11-23T12:00Z"), [
    "late/2026-11-23",
    "early/2026-11-23",
  ]);
  assert.deepEqual(open("2026-11-23T21:00Z"), []);
  assert.deepEqual(open("2026-11-24T05:59Z"), ["night/2026-11-23"]);
  assert.deepEqual(open("2026-11-24T06:00Z"), []);
});

Deno.test("edgesBetween() runs a close before a moment before an open at one instant", () => {
  const sessions = [
    named("opens", "12:00", "20:00"),
    named("moment", "08:00", "16:00", {
      moments: [closeMoment("noon", "12:00", "UTC")],
    }),
    named("closes", "08:00", "12:00"),
    named("closes-too", "09:00", "12:00"),
  ];
  const noon = instant("2026-11-23T12:00Z");
  assert.deepEqual(
    edgesBetween(sessions, noon, noon + 1).map(({ key }) => key),
    [
      "closes/2026-11-23/end",
      "closes-too/2026-11-23/end",
      "moment/2026-11-23/noon",
      "opens/2026-11-23/start",
    ],
  );
});

Deno.test("edgesBetween() goes by the due time, which a lead brings forward", () => {
  const session = named("desk", "08:00", "16:00", {
    leadMs: 10 * MINUTE_MS,
    onEnd: ["close_all"],
  });
  const due = (from: string, to: string) =>
    texts(edgesBetween([session], instant(from), instant(to)));
  assert.deepEqual(due("2026-11-23T15:45Z", "2026-11-23T15:50Z"), []);
  assert.deepEqual(due("2026-11-23T15:50Z", "2026-11-23T15:51Z"), [
    "desk/2026-11-23/end 2026-11-23T15:50:00Z",
  ]);
  assert.deepEqual(due("2026-11-23T15:51Z", "2026-11-23T16:01Z"), []);
});

Deno.test("edgesBetween() has an end that is due exactly where the stretch begins", () => {
  const session = named("desk", "08:00", "16:00");
  assert.deepEqual(
    texts(edgesBetween(
      [session],
      instant("2026-11-23T16:00Z"),
      instant("2026-11-24T08:00Z"),
    )),
    ["desk/2026-11-23/end 2026-11-23T16:00:00Z"],
  );
});

const anySessions = fc.array(
  fc.record({
    start: fc.integer({ min: 0, max: 23 }),
    length: fc.integer({ min: 1, max: 23 }),
    zone: fc.constantFrom("UTC", "Europe/London", "America/New_York"),
    leadMs: fc.constantFrom(0, 5 * MINUTE_MS, 26 * HOUR_MS),
  }),
  { minLength: 1, maxLength: 6 },
).map((given) =>
  given.map(({ start, length, zone, leadMs }, index) => {
    const hour = (value: number) => `${String(value % 24).padStart(2, "0")}:00`;
    return clockSession({
      name: `s${index}`,
      timezone: zone,
      window: clockWindow(hour(start), hour(start + length), zone),
      leadMs,
      onEnd: ["close_all"],
    });
  })
);

Deno.test("edgesBetween() has every edge of every date once, in order", () => {
  const fromAt = instant("2026-03-06T12:00Z");
  const toAt = instant("2026-03-10T12:00Z");
  fc.assert(
    fc.property(anySessions, (sessions) => {
      const found = edgesBetween(sessions, fromAt, toAt);
      const expected = sessions.flatMap((session) =>
        Array.from(
          { length: 14 },
          (_, day) =>
            placeOn(session, `2026-03-${String(day + 2).padStart(2, "0")}`),
        )
          .flatMap((placement) =>
            placement?.kind === "occurrence" ? placement.occurrence.edges : []
          )
      ).filter(({ dueAt }) => fromAt <= dueAt && dueAt < toAt);
      assert.deepEqual(texts(found).toSorted(), texts(expected).toSorted());
      for (const [index, edge] of found.entries()) {
        const before = found[index - 1];
        if (before === undefined) continue;
        assert.ok(
          before.dueAt < edge.dueAt ||
            before.dueAt === edge.dueAt && before.rank <= edge.rank,
        );
      }
    }),
    { numRuns: 300, seed: 1 },
  );
});

Deno.test("nextEdges() is the beginning of what edgesBetween() gives", () => {
  const at = instant("2026-03-06T12:00Z");
  const count = fc.integer({ min: 0, max: 60 });
  fc.assert(
    fc.property(anySessions, count, (sessions, wanted) => {
      assert.deepEqual(
        nextEdges(sessions, at, wanted),
        edgesBetween(sessions, at + 1, at + 90 * DAY_MS).slice(0, wanted),
      );
    }),
    { numRuns: 300, seed: 1 },
  );
});

Deno.test("nextEdges() finds a session years away", () => {
  const far = named("far", "08:00", "16:00", {
    dates: [
      { from: "2041-05-01", to: "2041-05-01" },
      { from: "2055-05-01", to: "2055-05-01" },
    ],
  });
  const past = named("past", "08:00", "16:00", {
    dates: [{ from: "2020-01-01", to: "2020-01-31" }],
  });
  assert.deepEqual(
    texts(nextEdges([past, far], instant("2026-11-23T12:00Z"), 10)),
    [
      "far/2041-05-01/start 2041-05-01T08:00:00Z",
      "far/2041-05-01/end 2041-05-01T16:00:00Z",
      "far/2055-05-01/start 2055-05-01T08:00:00Z",
      "far/2055-05-01/end 2055-05-01T16:00:00Z",
    ],
  );
});

Deno.test("nextEdges() comes to an end where sessions have no edges", () => {
  const bare = clockSession({
    moments: [closeMoment("outside", "24:00", "UTC")],
  });
  assert.deepEqual(nextEdges([bare], instant("2026-11-23T12:00Z"), 3), []);
  assert.deepEqual(nextEdges([], instant("2026-11-23T12:00Z"), 3), []);
});

Deno.test("nextEdges() leaves out an edge that is due at the very instant", () => {
  const session = named("desk", "08:00", "16:00");
  assert.deepEqual(
    texts(nextEdges([session], instant("2026-11-23T08:00Z"), 1)),
    ["desk/2026-11-23/end 2026-11-23T16:00:00Z"],
  );
});
