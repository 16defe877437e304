import assert from "node:assert/strict";
import { openJournalForReading } from "../../src/adapters/journal/journal_reader.ts";
import { verifyJournal } from "../../src/adapters/journal/verify_journal.ts";
import { scratchJournal } from "../support/scratch_journal.ts";

const RUN = decodeURIComponent(
  new URL("../support/full_disk_run.ts", import.meta.url).pathname,
);

/** Plays a day in a process whose files may not grow beyond so many blocks. */
async function playOnFullDisk(path: string, day: string, blocks: number) {
  const { stdout, stderr, signal } = await new Deno.Command("sh", {
    args: [
      "-c",
      // Growing further is an error then, and not a signal.
      `trap '' XFSZ; ulimit -f ${blocks}; exec "$@"`,
      "sh",
      Deno.execPath(),
      "run",
      "--no-check",
      "--allow-read",
      "--allow-write",
      "--allow-run",
      "--allow-env",
      "--allow-net",
      "--no-prompt",
      RUN,
      path,
      day,
    ],
  }).output();
  const text = new TextDecoder();
  assert.equal(signal, "SIGKILL", text.decode(stderr));
  return JSON.parse(text.decode(stdout));
}

/** The types of all events on record. */
function typesOf(path: string): readonly string[] {
  using reader = openJournalForReading(path);
  return [...reader.entries()].map(({ event }) => event.type);
}

const CLOSED = {
  isFull: true,
  outcome: "flat_verified",
  open: 0,
  duplicates: 0,
};

Deno.test({
  name:
    "a run whose disk is really full closes what is due, and its journal is whole after its death (needs a shell with ulimit)",
  ignore: Deno.build.os === "windows",
  async fn() {
    await using at = await scratchJournal();
    assert.deepEqual(
      await playOnFullDisk(at.path, "2026-11-23", 400),
      CLOSED,
    );
    const first = verifyJournal(at.path);
    assert.ok(first.kind === "read" && first.sound, JSON.stringify(first));
    const types = typesOf(at.path);
    assert.ok(types.includes("session.removed"));
    assert.ok(!types.includes("edge.due"), "nothing of the close is there");
    // Started again where the log cannot grow by anything: the record says what is owed. Only its
    // index, of 64 blocks, finds a place.
    assert.deepEqual(await playOnFullDisk(at.path, "2026-11-24", 66), CLOSED);
    assert.deepEqual(typesOf(at.path), types);
    const second = verifyJournal(at.path);
    assert.ok(second.kind === "read" && second.sound, JSON.stringify(second));
  },
});
