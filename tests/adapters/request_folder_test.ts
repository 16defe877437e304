import assert from "node:assert/strict";
import { RequestFolder } from "../../src/adapters/control/request_folder.ts";
import { temporaryFolder } from "../support/program.ts";

const NOW = Date.UTC(2026, 10, 23, 8);

async function scratch() {
  const folder = await temporaryFolder();
  return {
    folder: new RequestFolder(`${folder.path}/desk.db`),
    names: () =>
      [...Deno.readDirSync(`${folder.path}/desk.db.requests`)]
        .map(({ name }) => name).sort(),
    [Symbol.asyncDispose]: () => folder[Symbol.asyncDispose](),
  };
}

Deno.test("RequestFolder brings requests in the order of their names, and one answer back to each", async () => {
  await using at = await scratch();
  const { folder } = at;
  assert.deepEqual(folder.take(NOW), [], "there need be no folder");
  folder.send("2-b", { ask: 2 }, NOW);
  folder.send("1-a", { ask: "ü\n" }, NOW);
  assert.deepEqual(folder.take(NOW), [
    { id: "1-a", body: { ask: "ü\n" } },
    { id: "2-b", body: { ask: 2 } },
  ]);
  assert.deepEqual(folder.take(NOW), [], "each is taken once");
  assert.equal(folder.takeAnswer("1-a"), undefined);
  folder.answer("1-a", { said: 1 });
  assert.deepEqual(folder.takeAnswer("1-a"), { said: 1 });
  assert.equal(folder.takeAnswer("1-a"), undefined);
  folder.answer("2-b", null);
  assert.equal(folder.takeAnswer("2-b"), null);
  assert.deepEqual(at.names(), []);
});

Deno.test("RequestFolder lets either the run take a request or its sender take it back, never both", async () => {
  await using at = await scratch();
  const { folder } = at;
  folder.send("a", 1, NOW);
  assert.equal(folder.withdraw("a"), true);
  assert.deepEqual(folder.take(NOW), []);
  folder.send("b", 1, NOW);
  assert.equal(folder.take(NOW).length, 1);
  assert.equal(folder.withdraw("b"), false);
});

Deno.test("RequestFolder drops what is void, and what is no request", async () => {
  await using at = await scratch();
  const { folder } = at;
  folder.send("old", 1, NOW - 1);
  for (const text of ["", "{", "null", "7", "{}", '{"untilAt":"x"}']) {
    Deno.writeTextFileSync(`${folder.path}/x${text.length}.ask`, text);
  }
  Deno.writeTextFileSync(
    `${folder.path}/huge.ask`,
    JSON.stringify({ untilAt: NOW, body: "x".repeat(70_000) }),
  );
  assert.deepEqual(folder.take(NOW), []);
  assert.deepEqual(at.names(), []);
});

Deno.test("RequestFolder leaves alone what it did not name, and clears what a dead run left", async () => {
  await using at = await scratch();
  const { folder } = at;
  folder.send("waits", 1, NOW);
  for (const name of ["dead.taken", "late.answer", "half.new", "notes.txt"]) {
    Deno.writeTextFileSync(`${folder.path}/${name}`, "1");
  }
  folder.clear();
  assert.deepEqual(at.names(), ["notes.txt", "waits.ask"]);
});

Deno.test({
  name:
    "RequestFolder makes files that nobody else can read (needs file modes)",
  ignore: Deno.build.os === "windows",
  async fn() {
    await using at = await scratch();
    at.folder.send("a", 1, NOW);
    const modes = [at.folder.path, `${at.folder.path}/a.ask`]
      .map((path) => (Deno.statSync(path).mode ?? 0) & 0o777);
    assert.deepEqual(modes, [0o700, 0o600]);
  },
});
