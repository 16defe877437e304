import assert from "node:assert/strict";
import type { Session } from "../../src/domain/definition.ts";
import { HOUR_MS, MINUTE_MS, SECOND_MS } from "../../src/domain/time.ts";
import { clock, clockWindow, instant } from "../support/clock_session.ts";
import { held, openPaperRun } from "../support/paper_run.ts";

const NEW_YORK = "America/New_York";

/** A session of New York's exchange that closes everything at its end. */
function nyse(given: Partial<Session>): Partial<Session> {
  return {
    name: "nyse",
    timezone: NEW_YORK,
    calendar: [{ kind: "code", code: "XNYS" }],
    window: clockWindow("10:00", "15:30", NEW_YORK),
    onEnd: ["close_all"],
    ...given,
  };
}

Deno.test("a close that a half day moves to the market's close is due a minute before it", async () => {
  await using run = await openPaperRun({
    from: "2026-11-27T12:00:00Z",
    sessions: [nyse({})],
    account: { positions: [held("AAPL", "1")] },
  });
  await run.playUntil("2026-11-27T20:00:00Z");
  const end = run.edge("nyse/2026-11-27/end");
  assert.equal(end.outcome, "flat_verified");
  // The market closes at 13:00 in New York.
  assert.equal(end.firedAt, instant("2026-11-27T17:59:00Z"));
});

Deno.test("a deadline never lies past the market's own close", async () => {
  await using run = await openPaperRun({
    from: "2026-11-27T12:00:00Z",
    sessions: [nyse({ leadMs: 10 * SECOND_MS, deadlineMs: HOUR_MS })],
    account: { positions: [held("AAPL", "1")] },
  });
  run.paper.setFaults([{
    on: "close",
    do: { kind: "reject", reason: "order/held" },
  }]);
  await run.playUntil("2026-11-27T20:00:00Z");
  const end = run.edge("nyse/2026-11-27/end");
  assert.equal(end.outcome, "failed");
  assert.equal(end.at, instant("2026-11-27T18:00:00Z"));
});

Deno.test("a lead longer than the half day closes at the open, not before it", async () => {
  await using run = await openPaperRun({
    from: "2026-11-27T12:00:00Z",
    sessions: [nyse({ leadMs: 5 * HOUR_MS })],
  });
  await run.playUntil("2026-11-27T20:00:00Z");
  assert.equal(
    run.edge("nyse/2026-11-27/end").firedAt,
    instant("2026-11-27T15:00:00Z"),
  );
});

Deno.test("a moment that an early close cuts off is told as skipped", async () => {
  const moments = [{
    name: "flat",
    at: clock("15:00", NEW_YORK),
    actions: ["close_all"] as const,
  }];
  await using run = await openPaperRun({
    from: "2026-11-27T12:00:00Z",
    sessions: [nyse({ moments })],
  });
  await run.playUntil("2026-11-27T20:00:00Z");
  const flat = run.edge("nyse/2026-11-27/flat");
  assert.deepEqual([flat.outcome, flat.reason], ["skipped", "outside_hours"]);
});

Deno.test("a holiday is told although nothing comes after it, and although the run began on it", async () => {
  for (const from of ["2026-11-24T12:00:00Z", "2026-11-26T16:00:00Z"]) {
    const dates = [{ from: "2026-11-26", to: "2026-11-26" }];
    await using run = await openPaperRun({ from, sessions: [nyse({ dates })] });
    await run.playUntil("2026-11-27T12:00:00Z");
    const skips = run.notices.filter(({ type }) =>
      type === "occurrence.skipped"
    );
    assert.deepEqual(
      skips.map((skip) =>
        skip.type === "occurrence.skipped" && skip.occurrence
      ),
      ["nyse/2026-11-26"],
      from,
    );
  }
});

Deno.test("a week over a holiday and a half day settles every edge once", async () => {
  await using run = await openPaperRun({
    from: "2026-11-23T12:00:00Z",
    sessions: [nyse({ onStart: ["close_loss"], leadMs: MINUTE_MS })],
  });
  await run.playUntil("2026-11-28T12:00:00Z");
  const edges = run.settled().map(({ edge }) => edge);
  assert.deepEqual(
    edges,
    ["23", "24", "25", "27"].flatMap((day) => [
      `nyse/2026-11-${day}/start`,
      `nyse/2026-11-${day}/end`,
    ]),
  );
});

Deno.test("a date that is skipped behind an occurrence that is open is told once", async () => {
  // Open from Monday to Friday over Thanksgiving: nothing of the week is told twice.
  const weekly = nyse({
    name: "weekly",
    window: {
      start: clock("mon 10:00", NEW_YORK),
      end: clock("fri 15:00", NEW_YORK),
    },
  });
  const daily = nyse({});
  await using run = await openPaperRun({
    from: "2026-11-26T16:00:00Z",
    sessions: [weekly, daily],
  });
  await run.playUntil("2026-11-30T16:00:00Z");
  const skips = run.notices.flatMap((notice) =>
    notice.type === "occurrence.skipped" ? [notice.occurrence] : []
  );
  assert.deepEqual(skips, ["nyse/2026-11-26"]);
});
