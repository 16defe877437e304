import assert from "node:assert/strict";
import type { Session } from "../../src/domain/definition.ts";
import { MINUTE_MS } from "../../src/domain/time.ts";
import { VirtualClock } from "../../src/adapters/clock/virtual_clock.ts";
import { MemoryJournal } from "../../src/runtime/memory_journal.ts";
import { Runtime } from "../../src/runtime/runtime.ts";
import {
  clock,
  clockSession,
  clockWindow,
  closeMoment,
  instant,
  isoText,
} from "../support/clock_session.ts";
import { plainDefinition } from "../support/core_run.ts";
import { StubBroker } from "../support/stub_broker.ts";

/** Plays one session from one instant to another; what fired and when, what was left out and why. */
async function play(
  session: Partial<Session>,
  from: string,
  until: string,
): Promise<readonly string[]> {
  const time = new VirtualClock(instant(from));
  const runtime = await Runtime.open({
    definition: plainDefinition([clockSession({ name: "s", ...session })]),
    runId: "run",
    dryRun: false,
    brokers: new Map([["main", new StubBroker()]]),
    hooks: { run: () => Promise.reject(new Error("no hook")) },
    clock: time,
    journal: new MemoryJournal(),
  });
  const told: string[] = [];
  runtime.listen((notice) => {
    if (notice.type === "edge.fired") {
      told.push(`${notice.edge} at ${isoText(notice.at)}`);
    }
    if (notice.type === "edge.settled" && notice.outcome === "skipped") {
      told.push(`${notice.edge} ${notice.reason}`);
    }
  });
  runtime.start();
  await time.run(instant(until));
  runtime.abandon();
  return told;
}

Deno.test("a session goes on day after day whose edges all come due before it opens", async () => {
  const told = await play(
    {
      window: clockWindow("08:00", "08:01", "UTC"),
      onStart: ["close_loss"],
      onEnd: ["close_all"],
      leadMs: 2 * MINUTE_MS,
    },
    "2026-11-23T00:00:00Z",
    "2026-11-25T12:00:00Z",
  );
  assert.deepEqual(
    told,
    [23, 24, 25].flatMap((day) => [
      `s/2026-11-${day}/start at 2026-11-${day}T07:58:00Z`,
      `s/2026-11-${day}/end at 2026-11-${day}T07:59:00Z`,
    ]),
  );
});

Deno.test("a session of moments goes on whose moment at midnight comes due the day before", async () => {
  const told = await play(
    { moments: [closeMoment("dawn", "00:00", "UTC")], leadMs: 5 * MINUTE_MS },
    "2026-11-23T12:00:00Z",
    "2026-11-26T00:00:00Z",
  );
  assert.deepEqual(told, [
    "s/2026-11-23/dawn joined_late",
    "s/2026-11-24/dawn at 2026-11-23T23:55:00Z",
    "s/2026-11-25/dawn at 2026-11-24T23:55:00Z",
    "s/2026-11-26/dawn at 2026-11-25T23:55:00Z",
  ]);
});

Deno.test("a run that joins several open windows of one session fires none of their starts", async () => {
  const told = await play(
    {
      window: { start: clock("08:00"), end: clock("fri 17:00") },
      onStart: ["close_loss"],
      onEnd: ["close_all"],
    },
    "2026-11-25T12:00:00Z",
    "2026-11-26T12:00:00Z",
  );
  assert.deepEqual(told, [
    "s/2026-11-21/start joined_late",
    "s/2026-11-22/start joined_late",
    "s/2026-11-23/start joined_late",
    "s/2026-11-24/start joined_late",
    "s/2026-11-25/start joined_late",
    "s/2026-11-26/start at 2026-11-26T08:00:00Z",
  ]);
});

Deno.test("a run that begins at the very instant of an edge fires it", async () => {
  const session: Partial<Session> = {
    window: clockWindow("08:00", "16:30", "UTC"),
    onStart: ["close_loss"],
    onEnd: ["close_all"],
  };
  assert.deepEqual(
    await play(session, "2026-11-23T08:00:00Z", "2026-11-23T09:00:00Z"),
    ["s/2026-11-23/start at 2026-11-23T08:00:00Z"],
  );
  assert.deepEqual(
    await play(session, "2026-11-23T16:30:00Z", "2026-11-23T17:00:00Z"),
    [
      "s/2026-11-23/start joined_late",
      "s/2026-11-23/end at 2026-11-23T16:30:00Z",
    ],
  );
  assert.deepEqual(
    await play(session, "2026-11-23T16:30:00.001Z", "2026-11-23T17:00:00Z"),
    [],
  );
});

Deno.test("a session that joins inside its lead closes at once", async () => {
  const told = await play(
    {
      window: clockWindow("08:00", "16:30", "UTC"),
      onEnd: ["close_all"],
      leadMs: 10 * MINUTE_MS,
    },
    "2026-11-23T16:25:00Z",
    "2026-11-23T17:00:00Z",
  );
  assert.deepEqual(told, ["s/2026-11-23/end at 2026-11-23T16:25:00Z"]);
});
