/**
 * How long placing takes: what `plan` and `next` wait for.
 *
 * @module
 */

import { edgesBetween, nextEdges } from "../src/domain/next.ts";
import { placementsBetween } from "../src/domain/place.ts";
import { DAY_MS } from "../src/domain/time.ts";
import {
  clockSession,
  clockWindow,
  instant,
} from "../tests/support/clock_session.ts";

const ZONES = ["UTC", "Europe/London", "America/New_York", "Asia/Tokyo"];

function sessions(count: number) {
  return Array.from({ length: count }, (_, index) => {
    const zone = ZONES[index % ZONES.length] ?? "UTC";
    const start = index % 22 + 1;
    const hour = (value: number) => `${String(value % 24).padStart(2, "0")}:00`;
    return clockSession({
      name: `s${index}`,
      timezone: zone,
      window: clockWindow(hour(start), hour(start + 5), zone),
      onEnd: ["close_all"],
    });
  });
}

const desk = sessions(100);
const crowd = sessions(10_000);
const fromAt = instant("2026-03-05T00:00Z");

Deno.bench("placementsBetween(), 100 sessions over a year", () => {
  const found = desk.flatMap((session) =>
    placementsBetween(session, fromAt, fromAt + 365 * DAY_MS)
  );
  if (found.length < 36_000) throw new RangeError(`Only ${found.length} found`);
});

Deno.bench("edgesBetween(), 10,000 sessions over a week", () => {
  const found = edgesBetween(crowd, fromAt, fromAt + 7 * DAY_MS);
  if (found.length < 130_000) {
    throw new RangeError(`Only ${found.length} found`);
  }
});

Deno.bench("nextEdges(), 20 of 10,000 sessions", () => {
  const found = nextEdges(crowd, fromAt, 20);
  if (found.length !== 20) throw new RangeError(`Only ${found.length} found`);
});
