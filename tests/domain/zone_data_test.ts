import assert from "node:assert/strict";
import type { Session } from "../../src/domain/definition.ts";
import { emptyState, type State } from "../../src/domain/state.ts";
import { step } from "../../src/domain/step.ts";
import { rows, setRow } from "../../src/domain/table.ts";
import {
  clockSession,
  clockWindow,
  instant,
} from "../support/clock_session.ts";
import { plainDefinition } from "../support/core_run.ts";

const END = "desk/2026-11-23/end";
const SESSION: Session = clockSession({
  window: clockWindow("08:00", "16:30", "UTC"),
  onEnd: ["close_all"],
});

/** Loads a file; gives the state and what is told of edges that moved. */
function load(state: State, zoneData: string | undefined, hash = "same") {
  const at = instant("2026-11-23T09:00:00Z");
  const [next, effects] = step(state, {
    type: "file.loaded",
    at,
    runId: "run",
    hash,
    definition: plainDefinition([SESSION]),
    dryRun: false,
    fromAt: at,
    armed: true,
    ...(zoneData === undefined ? {} : { zoneData }),
  });
  const told = effects.flatMap((effect) =>
    effect.type === "tell" && effect.notice.type === "anomaly"
      ? [`${effect.notice.about}: ${effect.notice.message}`]
      : []
  );
  return { state: next, told };
}

/** The same state, as if its data had placed the end an hour later. */
function placedLater(state: State): State {
  const [row] = rows(state.sessions);
  assert.ok(row);
  const waiting = row.waiting.map((edge) =>
    edge.key === END
      ? { ...edge, at: edge.at + 3_600_000, dueAt: edge.dueAt + 3_600_000 }
      : edge
  );
  const sessions = setRow(state.sessions, "desk", { ...row, waiting });
  return { ...state, sessions };
}

Deno.test("tellMovedEdges() names the edge that new time zone data moves, both instants and both editions", () => {
  const first = load(emptyState(), "2025c");
  assert.deepEqual(first.told, []);
  assert.equal(first.state.run?.zoneData, "2025c");
  assert.deepEqual(load(placedLater(first.state), "2026b").told, [
    `${END}: The edge is armed for 2026-11-23T16:30:00Z, and the run before had it at 2026-11-23T17:30:00Z: the time zone data is of edition 2026b, and was 2025c`,
  ]);
});

Deno.test("tellMovedEdges() says nothing of an edge that stays, nor of what an edited file moves", () => {
  const { state } = load(emptyState(), "2025c");
  assert.deepEqual(load(state, "2026b").told, []);
  assert.deepEqual(load(placedLater(state), "2026b", "edited").told, []);
});

Deno.test("tellMovedEdges() does not blame data that is the same, and knows of older records that name none", () => {
  const same = load(emptyState(), "2026b");
  assert.match(
    load(placedLater(same.state), "2026b").told.join(),
    /this version of carillon counts its calendar or its zone otherwise$/,
  );
  const older = load(emptyState(), undefined);
  assert.match(
    load(placedLater(older.state), "2026b").told.join(),
    /of edition 2026b, and was unknown$/,
  );
});
