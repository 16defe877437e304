import assert from "node:assert/strict";
import { emptyState, type State } from "../../src/domain/state.ts";
import { decodeState, encodeState } from "../../src/domain/state_codec.ts";
import { dropRow, getRow, rows, setRow } from "../../src/domain/table.ts";
import { clockSession } from "../support/clock_session.ts";
import { CLOSE_ALL } from "../support/paper_run.ts";

/** A state with sessions of these names, added one after the other. */
function stateWith(...names: readonly string[]): State {
  const state = emptyState();
  const sessions = names.reduce((table, name) =>
    setRow(table, name, {
      session: clockSession({ ...CLOSE_ALL, name }),
      waiting: [],
      fired: [],
      placedAt: null,
    }), state.sessions);
  return { ...state, seq: names.length, sessions };
}

Deno.test("decodeState() reads back what encodeState() wrote, whatever sessions are called", () => {
  const names = ["__proto__", "constructor", "$table", "Zürich", "a\u0000b"];
  const state = stateWith(...names);
  const back = decodeState(encodeState(state));
  assert.equal(back.sessions.size, names.length);
  assert.deepStrictEqual(rows(back.sessions), rows(state.sessions));
  for (const name of names) {
    assert.equal(getRow(back.sessions, name)?.session.name, name);
  }
  assert.deepStrictEqual(back, state);
});

Deno.test("encodeState() gives the same text for the same sessions, however they came to be", () => {
  const plain = stateWith("a", "b");
  const detour = stateWith("x", "a", "b");
  const sessions = dropRow(detour.sessions, "x");
  assert.equal(
    encodeState({ ...detour, seq: plain.seq, sessions }),
    encodeState(plain),
  );
});

Deno.test("decodeState() leaves records alone that look a little like a table", () => {
  const state: State = {
    ...emptyState(),
    run: {
      runId: "r",
      hash: "",
      dryRun: false,
      loadedAt: 0,
      definition: {
        version: 1,
        timezone: "UTC",
        accounts: [{
          kind: "http",
          name: "main",
          id: null,
          live: null,
          url: "http://127.0.0.1:1/",
          token: null,
          options: { size: "1", buckets: "2", $table: "3" },
        }],
        journal: null,
        onStop: "leave",
        sessions: [],
        calendars: [],
        notify: [],
        heartbeat: null,
        limits: null,
      },
    },
  };
  assert.deepStrictEqual(decodeState(encodeState(state)), state);
});
