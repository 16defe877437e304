import assert from "node:assert/strict";
import { composeRun } from "../../src/app/compose.ts";
import { loadFile } from "../../src/app/load_file.ts";
import { journalPath } from "../../src/app/journal_place.ts";
import { reportListenerFault } from "../../src/app/cli/report.ts";
import { recordedConsole } from "../support/recorded_console.ts";

async function loadHello() {
  const file = await loadFile("examples/01_hello.yaml");
  if ("problems" in file) throw new Error("The example has problems");
  return file;
}

Deno.test("composeRun() passes on what a listener threw, and it is told on standard error", async () => {
  const { console, out, err } = recordedConsole();
  await using composition = await composeRun(await loadHello(), {
    time: { kind: "virtual", startAt: 0 },
    dryRun: false,
    onListenerFault: (error) => reportListenerFault(error, console),
  });
  composition.runtime.listen(({ type }) => {
    if (type === "run.started") throw new Error("the disk is full");
  });
  composition.runtime.start();
  assert.equal(
    err(),
    "carillon: Cannot tell what happened: the disk is full\n",
  );
  assert.equal(out(), "");
});

Deno.test("composeRun() gives up with its signal", async () => {
  const reason = new Error("enough");
  await assert.rejects(
    composeRun(await loadHello(), {
      time: { kind: "virtual", startAt: 0 },
      dryRun: false,
      signal: AbortSignal.abort(reason),
    }),
    reason,
  );
});

Deno.test("journalPath() puts the instant of a close by hand between name and extension", async () => {
  const { definition } = await loadHello();
  const at = Date.parse("2026-11-23T16:30:00.250Z");
  const flatten = { kind: "flatten", at } as const;
  const place = { name: "desk/a.yaml", folder: "desk", purpose: flatten };
  assert.equal(
    journalPath({ ...place, definition }),
    "desk/.carillon/a-flatten-20261123T163000Z.db",
  );
  const named = { ...definition, journal: "state/own.sqlite" };
  assert.equal(
    journalPath({ ...place, definition: named }),
    "desk/state/own-flatten-20261123T163000Z.sqlite",
  );
  assert.equal(
    journalPath({ ...place, definition, purpose: { kind: "run" } }),
    "desk/.carillon/a.db",
  );
});
