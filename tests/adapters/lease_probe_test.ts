import assert from "node:assert/strict";
import { Lease } from "../../src/adapters/journal/lease.ts";
import { isJournalHeld } from "../../src/adapters/journal/lease_probe.ts";
import { temporaryFolder } from "../support/program.ts";

Deno.test("isJournalHeld() is true as long as somebody holds the journal, and takes nothing", async () => {
  await using folder = await temporaryFolder();
  const path = `${folder.path}/desk.db`;
  assert.equal(isJournalHeld(path), false);
  const owner = { doing: "carillon run desk.yaml", since: 0 };
  {
    using _lease = Lease.claim(path, owner);
    assert.equal(isJournalHeld(path), true);
  }
  assert.equal(isJournalHeld(path), false);
  using again = Lease.claim(path, owner);
  assert.ok(again.isInPlace);
});
