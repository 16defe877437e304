import type { Session } from "../../src/domain/definition.ts";
import { encodeState, STATE_FORMAT } from "../../src/domain/state_codec.ts";
import { clockWindow, closeMoment } from "../support/clock_session.ts";
import { expectGolden } from "../support/golden.ts";
import { CLOSE_ALL, held, openPaperRun } from "../support/paper_run.ts";

/** Records whose keys are names of the user's or the broker's. */
const NAMED = new Set([
  "accounts",
  "jobs",
  "waitingOrders",
  "readers",
  "orders",
  "exposures",
  "shares",
]);

/** What is part of the file's format, and not of the state's. */
const OF_THE_FILE = new Set(["definition", "session", "hook"]);

/** Every path that leads to a value, with names left out. */
function pathsOf(value: unknown, path: string, into: Set<string>): void {
  if (typeof value !== "object" || value === null) {
    into.add(path);
    return;
  }
  const isNamed = NAMED.has(path.slice(path.lastIndexOf(".") + 1));
  for (const [key, field] of Object.entries(value)) {
    const isFiles = OF_THE_FILE.has(key) && typeof field === "object";
    if (isFiles) into.add(`${path}.${key}`);
    else if (Array.isArray(value)) pathsOf(field, `${path}[]`, into);
    else pathsOf(field, isNamed ? `${path}.*` : `${path}.${key}`, into);
  }
}

const DAY: readonly Partial<Session>[] = [
  {
    ...CLOSE_ALL,
    onStart: ["close_loss"],
    moments: [closeMoment("noon", "16:20", "UTC")],
  },
  {
    name: "late",
    window: clockWindow("16:30", "18:00", "UTC"),
    onStart: ["close_win"],
  },
];

// A change of what a state consists of makes states on disk unreadable: then raise STATE_FORMAT in
// src/domain/state_codec.ts, and write the list anew (UPDATE_GOLDEN=1). Until a version is released
// that keeps states, writing it anew is enough.
Deno.test("the state consists of what STATE_FORMAT stands for", async () => {
  const paths = new Set<string>();
  for (const kind of ["no_answer", "partial", "lost"] as const) {
    await using run = await openPaperRun({
      account: {
        positions: [held("EURUSD"), held("GBPUSD", "10", { side: "short" })],
      },
      sessions: DAY,
      from: "2026-11-23T16:00:00Z",
      faults: [{
        on: "close",
        times: 2,
        do: kind === "partial"
          ? { kind, percent: 40, rest: "working" }
          : { kind },
      }],
    });
    const look = () =>
      pathsOf(JSON.parse(encodeState(run.runtime.state)), "state", paths);
    run.runtime.listen(look);
    await run.playUntil("2026-11-23T16:31:00Z");
    await run.stop("close");
    look();
  }
  const text = [`STATE_FORMAT ${STATE_FORMAT}`, ...[...paths].sort()];
  expectGolden("state_shape.txt", `${text.join("\n")}\n`);
});
