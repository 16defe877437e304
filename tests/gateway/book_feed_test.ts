import assert from "node:assert/strict";
import { CLOSE_ALL, held, openPaperRun } from "../support/paper_run.ts";
import { clockWindow } from "../support/clock_session.ts";

Deno.test("BookFeed spends ever fewer starts on a gateway that takes every fleet and then ends it", async () => {
  await using run = await openPaperRun({
    account: { positions: [held("EURUSD")] },
    book: {},
  });
  run.paper.setFaults([{
    on: "gateway_heartbeat",
    do: { kind: "close", code: 4004 },
  }]);
  await run.playUntil("2026-11-23T22:29:00Z");
  const { taken } = run.paper.gateway.audit().starts;
  assert.ok(taken >= 7, `it is tried again: ${taken} starts`);
  // Six waits up to half an hour make up the first, then it is one an hour.
  assert.ok(taken <= 13, `${taken} starts in six hours`);
});

Deno.test("BookFeed opens another fleet where one of several shards does not come back", async () => {
  await using run = await openPaperRun({
    account: { positions: [held("EURUSD")] },
    sessions: [{ ...CLOSE_ALL, window: clockWindow("08:00", "16:35", "UTC") }],
    book: { gateway: { shards: 2 } },
  });
  await run.playUntil("2026-11-23T16:29:30Z");
  assert.equal(run.paper.gateway.inflict({ kind: "close", code: 4010 }, 1), 1);
  await run.playUntil("2026-11-23T16:36:00Z");
  const { sessions, starts } = run.paper.gateway.audit();
  assert.deepEqual([sessions, starts.taken], [2, 4]);
  const looks = [...run.journal.read()].flatMap(({ event }) =>
    event.type === "positions.read" ? [event.source] : []
  );
  assert.equal(looks[0], "book");
  assert.equal(run.edge("desk/2026-11-23/end").outcome, "flat_verified");
});
