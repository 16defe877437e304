import assert from "node:assert/strict";
import { findEdge } from "../../src/app/control/find_edge.ts";
import {
  clockSession,
  clockWindow,
  closeMoment,
  instant,
} from "../support/clock_session.ts";
import { marketSession } from "../support/market_session.ts";

const LONDON = clockSession({
  name: "london",
  timezone: "Europe/London",
  window: clockWindow("08:00", "16:30", "Europe/London"),
  onEnd: ["close_all"],
  moments: [closeMoment("lunch", "12:00", "Europe/London")],
});
const NOW = instant("2026-11-24T12:30:00Z");

/** What is said of a key that is refused. */
function refusal(key: string, sessions = [LONDON]) {
  try {
    findEdge(sessions, key, NOW);
  } catch (error) {
    const { code, message } = error as { code: string; message: string };
    return `${code}: ${message}`;
  }
  throw new Error(`"${key}" was found`);
}

Deno.test("findEdge() gives the edge that is ahead, today or in years", () => {
  for (const date of ["2026-11-24", "2026-11-25", "2031-07-01"]) {
    const key = `london/${date}/end`;
    assert.equal(findEdge([LONDON], key, NOW).key, key);
  }
});

Deno.test("findEdge() names the next edges of the same name for one that has passed", () => {
  assert.equal(
    refusal("london/2026-11-24/lunch"),
    'edge/passed: Cannot skip "london/2026-11-24/lunch": it came due at 2026-11-24T12:00:00Z; next are "london/2026-11-25/lunch", "london/2026-11-26/lunch", "london/2026-11-27/lunch"',
  );
});

Deno.test("findEdge() names the nearest session, edge and form for a key that means none", () => {
  assert.match(
    refusal("lodnon/2026-11-24/end"),
    /^edge\/unknown: .*no session "lodnon"; next are "london\/2026-11-24\/end"/,
  );
  assert.match(
    refusal("london/2026-11-24/lnch"),
    /has start, lunch, end; next are "london\/2026-11-25\/lunch"/,
  );
  for (
    const key of ["", "london", "london/today/end", "london/2026-02-30/end"]
  ) {
    assert.match(refusal(key), /SESSION\/DATE\/EDGE|no session ""/);
  }
});

Deno.test("findEdge() says why a date has no edges", () => {
  const desk = marketSession("XNYS", "open", "close-5m", "America/New_York", {
    name: "desk",
    onEnd: ["close_all"],
  });
  assert.match(
    refusal("desk/2026-11-26/end", [desk]),
    /XNYS is closed.*; next are "desk\/2026-11-24\/end", "desk\/2026-11-25\/end", "desk\/2026-11-27\/end"$/,
  );
  assert.match(refusal("london/2026-11-24/end/x"), /has start, lunch, end/);
});
