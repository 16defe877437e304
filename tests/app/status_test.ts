import assert from "node:assert/strict";
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
