import assert from "node:assert/strict";
import { SqliteJournal } from "../../src/adapters/journal/sqlite_journal.ts";
import { encodeState, STATE_FORMAT } from "../../src/domain/state_codec.ts";
import { instant } from "../support/clock_session.ts";
import { openPaperRun } from "../support/paper_run.ts";
import { expectGolden } from "../support/golden.ts";
import { recordDesk } from "../support/recorded_desk.ts";
import {
  runProgram,
  startProgram,
  temporaryFolder,
} from "../support/program.ts";
import { scratchJournal } from "../support/scratch_journal.ts";

const TIMES: Readonly<Record<string, readonly [runs: 1 | 2 | 3, now: string]>> =
  {
    status_broken_off: [1, "2026-11-23T19:30:00Z"],
    status_stopped: [2, "2026-11-24T21:40:00Z"],
    status_in_a_close: [3, "2026-11-26T16:45:00Z"],
  };

for (const [name, [runs, now]] of Object.entries(TIMES)) {
  Deno.test(`carillon status paints a picture: ${name}`, async () => {
    await using at = await scratchJournal();
    await recordDesk(at.path, runs);
    const { code, out, err } = await runProgram(
      ["status", "desk.db", "--now", now],
      {
        flags: ["--allow-read"],
        env: { TZ: "Europe/Berlin" },
        cwd: at.folder,
      },
    );
    const call = `$ carillon status desk.db --now ${now}\n`;
    expectGolden(
      `cli/${name}.txt`,
      `${call}${out}${err}--- exit code ${code}\n`,
    );
  });
}

Deno.test("status and verify read a journal whose beginning was dropped", async () => {
  await using at = await scratchJournal();
  {
    using journal = new SqliteJournal(at.path);
    await using run = await openPaperRun({
      journal,
      from: "2026-11-23T07:00:00Z",
    });
    for (const at of ["2026-11-24T23:00:00Z", "2026-11-25T12:00:00Z"]) {
      await run.playUntil(at);
      const { state } = run.runtime;
      journal.keep({
        seq: state.seq,
        recordedAt: instant(at),
        stateFormat: STATE_FORMAT,
        state: encodeState(state),
      });
    }
    journal.dropBefore(instant("2026-11-24T07:00:00Z"));
    await run.playUntil("2026-11-25T18:00:00Z");
    await run.stop();
  }
  const look = (...words: readonly string[]) =>
    runProgram([...words, "desk.db"], {
      flags: ["--allow-read"],
      cwd: at.folder,
    });
  const audited = await look("journal", "verify", "--json");
  assert.equal(audited.code, 0, audited.out);
  const { dropped_through, audit } = JSON.parse(audited.out);
  assert.ok(dropped_through > 0, "something was dropped");
  assert.equal(audit.due, 2);
  const status = await look("status", "--now", "2026-11-25T19:00:00Z");
  assert.equal(status.code, 0, status.out);
  assert.match(status.out, /^Run +STOPPED 18:00:00 UTC/);
  assert.match(status.out, /Last +desk\/2026-11-25\/end +flat_verified/);
});

Deno.test("status does not take a lock that it may not see for none", async () => {
  await using at = await scratchJournal();
  const owner = { doing: "carillon run desk.yaml", since: 0 };
  using _running = new SqliteJournal(at.path, { owner });
  const { code, err } = await runProgram(["status", at.path], {
    flags: [`--allow-read=${at.path},${at.path}-wal,${at.path}-shm`],
  });
  assert.equal(code, 2);
  assert.match(err, /run with --allow-read=.*desk\.db\.lock/);
});

const LIVE = `accounts:
  demo: {kind: paper, positions: [{symbol: EURUSD, side: long, qty: "1000"}]}
sessions: [{name: day, start: "00:00", end: "24:00", on_end: close_all}]
`;

Deno.test("status, show and verify look at a live run, at its crash, and at the next one", async () => {
  await using folder = await temporaryFolder();
  const cwd = folder.path;
  await Deno.writeTextFile(`${cwd}/desk.yaml`, LIVE);
  const look = (...words: readonly string[]) =>
    runProgram([...words, "desk.yaml"], { flags: ["--allow-read"], cwd });
  const flags = ["--allow-net", "--allow-read", "--allow-write"];
  {
    await using run = startProgram(["run", "desk.yaml", "--json"], {
      flags,
      cwd,
    });
    await run.line(/"type":"occurrence.armed"/);
    const alive = await look("status");
    assert.equal(alive.code, 0, alive.out + alive.err);
    assert.match(
      alive.out,
      /^Run +RUNNING since .*, by process \d+.*: carillon run desk.yaml/,
    );
    assert.match(alive.out, /Next +day\/\d{4}-\d\d-\d\d\/end .* close_all$/m);
    const clean = await look("journal", "verify");
    assert.equal(clean.code, 0, clean.out + clean.err);
    run.signal("SIGKILL");
    await run.ended();
  }
  const dead = await look("status");
  assert.equal(dead.code, 1);
  assert.match(dead.out, /^Run +BROKEN OFF: nothing fires/);
  assert.match(dead.out, /close_all WILL NOT RUN/);
  {
    await using run = startProgram(["run", "desk.yaml", "--json"], {
      flags,
      cwd,
    });
    await run.line(/"type":"occurrence.armed"/);
    run.signal("SIGINT");
    assert.equal((await run.ended()).code, 130);
  }
  const over = await look("status");
  assert.equal(over.code, 0, over.out);
  assert.match(over.out, /^Run +STOPPED /);
  const { code, out } = await look("journal", "verify");
  assert.equal(code, 0, out);
  assert.match(out, /Runs +2, 1 broken off/);
  const told = await look("journal", "show");
  assert.equal(told.out.match(/run begins/g)?.length, 2);
});
