import assert from "node:assert/strict";
import { SqliteJournal } from "../../src/adapters/journal/sqlite_journal.ts";
import { SqliteStartStore } from "../../src/adapters/journal/sqlite_start_store.ts";
import { VirtualClock } from "../../src/adapters/clock/virtual_clock.ts";
import type { StartRecord } from "../../src/gateway/ports.ts";
import { BEGIN_AT, openFleet } from "../support/gateway_fleet.ts";
import { MemoryGateway } from "../support/memory_gateway.ts";
import { numberedEntry } from "../support/every_event.ts";
import { temporaryFolder } from "../support/program.ts";

const record: StartRecord = {
  total: 1_000,
  remaining: 991,
  resetAt: BEGIN_AT,
  recent: [{ shard: 3, at: BEGIN_AT - 1 }],
};

Deno.test("SqliteStartStore keeps each gateway's budget beside the journal, and across runs", async () => {
  await using folder = await temporaryFolder();
  const path = `${folder.path}/desk.db`;
  {
    using journal = new SqliteJournal(path);
    journal.append([numberedEntry(1)]);
    using store = new SqliteStartStore(path, "main");
    using other = new SqliteStartStore(path, "other");
    assert.equal(store.read(), null);
    assert.deepEqual(store.update(() => record), record);
    assert.equal(other.read(), null);
    journal.append([numberedEntry(2)]);
  }
  using journal = new SqliteJournal(path);
  assert.equal([...journal.read()].length, 2, "the journal is none the worse");
  using store = new SqliteStartStore(path, "main");
  assert.deepEqual(store.read(), record);
});

Deno.test("SqliteStartStore changes nothing where the change fails, and goes on", async () => {
  await using folder = await temporaryFolder();
  const path = `${folder.path}/desk.db`;
  using _journal = new SqliteJournal(path);
  using store = new SqliteStartStore(path, "main");
  store.update(() => record);
  assert.throws(() =>
    store.update(() => {
      throw new Error("no");
    }), { code: "journal/unwritable" });
  assert.deepEqual(store.read(), record);
  store.update((before) => ({ ...before ?? record, remaining: 1 }));
  assert.equal(store.read()?.remaining, 1);
});

Deno.test("SqliteStartStore counts the starts of two processes together", async () => {
  await using folder = await temporaryFolder();
  const path = `${folder.path}/desk.db`;
  using _journal = new SqliteJournal(path);
  using one = new SqliteStartStore(path, "main");
  using two = new SqliteStartStore(path, "main");
  one.update(() => record);
  const spend = (before: StartRecord | null) => {
    assert.ok(before !== null);
    return { ...before, remaining: before.remaining - 1 };
  };
  for (let start = 0; start < 10; start++) [one, two][start % 2]?.update(spend);
  assert.equal(two.read()?.remaining, 981);
});

Deno.test("SqliteStartStore wants a journal that is there, and is ours", async () => {
  await using folder = await temporaryFolder();
  const open = (name: string) => () =>
    new SqliteStartStore(`${folder.path}/${name}`, "main");
  assert.throws(open("none.db"), { code: "journal/missing" });
  assert.throws(() => Deno.statSync(`${folder.path}/none.db`));
  await Deno.writeTextFile(`${folder.path}/empty.db`, "");
  assert.throws(open("empty.db"), { code: "journal/missing" });
  await Deno.writeTextFile(`${folder.path}/text.db`, "text ".repeat(1_000));
  assert.throws(open("text.db"), { code: "journal/foreign" });
});

Deno.test("openGateway() goes on counting after a restart, by the record on disk", async () => {
  await using folder = await temporaryFolder();
  const path = `${folder.path}/desk.db`;
  using _journal = new SqliteJournal(path);
  const clock = new VirtualClock(BEGIN_AT);
  const gateway = new MemoryGateway({
    clock,
    shards: 4,
    maxConcurrency: 4,
    total: 9,
  });
  for (let run = 0; run < 2; run++) {
    using store = new SqliteStartStore(path, "main");
    await using fleet = await openFleet({ clock, gateway, client: { store } });
    await clock.advance(60_000);
    assert.equal(fleet.told("ready").length, 4);
    // A server that does not count, or another one behind the same name.
    gateway.remaining = 9;
  }
  using store = new SqliteStartStore(path, "main");
  await assert.rejects(openFleet({ clock, gateway, client: { store } }), {
    code: "gateway/no-starts",
    message: /^Cannot start 4 shards: 1 of 9 session starts remain/,
  });
  assert.equal(gateway.identifies.length, 8);
});
