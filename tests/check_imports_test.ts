import assert from "node:assert/strict";
import {
  findCycles,
  findWrongWays,
  type Import,
  readImports,
} from "../tools/check_imports.ts";

function imports(...arrows: readonly string[]): readonly Import[] {
  return arrows.map((arrow, index) => {
    const [from = "", to = ""] = arrow.split(" > ");
    return { from, to, line: index + 1 };
  });
}

const allowed = imports(
  "dsl/decode.ts > src/domain/definition.ts",
  "dsl/read_yaml.ts > npm:js-yaml",
  "mod.ts > dsl/mod.ts",
  "mod.ts > src/app/cli/main.ts",
  "src/adapters/brokers/http/send.ts > src/adapters/brokers/protocol/wire.ts",
  "src/adapters/gateway/web_gateway.ts > src/gateway/ports.ts",
  "src/adapters/journal/sqlite_journal.ts > node:sqlite",
  "src/adapters/journal/sqlite_journal.ts > src/runtime/ports.ts",
  "src/app/cli/main.ts > npm:@optique/core",
  "src/app/compose.ts > dsl/mod.ts",
  "src/backtest/run.ts > src/adapters/clock/virtual_clock.ts",
  "src/domain/decimal.ts > npm:decimal.js",
  "src/gateway/shard.ts > src/runtime/ports.ts",
  "src/sessions/session.ts > src/runtime/engine.ts",
  "tests/domain/step_test.ts > npm:fast-check",
  "tools/make_schema.ts > dsl/mod.ts",
);

const forbidden = imports(
  "dsl/decode.ts > src/runtime/ports.ts",
  "mod.ts > tools/make_schema.ts",
  "mod.ts > npm:js-yaml",
  "src/adapters/brokers/paper.ts > src/adapters/clock/system_clock.ts",
  "src/adapters/brokers/paper/serve.ts > src/adapters/brokers/http/send.ts",
  "src/adapters/brokers/protocol/wire.ts > src/adapters/brokers/paper/serve.ts",
  "src/adapters/gateway/web_gateway.ts > src/gateway/client.ts",
  "src/adapters/journal/memory_journal.ts > src/runtime/engine.ts",
  "src/adapters/loose.ts > src/domain/event.ts",
  "src/app/compose.ts > tests/support/builders.ts",
  "src/domain/order.ts > npm:decimal.js",
  "src/domain/step.ts > node:crypto",
  "src/domain/step.ts > src/runtime/ports.ts",
  "src/gateway/shard.ts > src/adapters/gateway/web_gateway.ts",
  "src/gateway/shard.ts > src/runtime/engine.ts",
  "src/elsewhere/x.ts > src/domain/event.ts",
  "src/runtime/engine.ts > npm:fast-check",
  "src/runtime/engine.ts > npm:left-pad",
  "src/runtime/engine.ts > src/adapters/clock/system_clock.ts",
  "src/sessions/session.ts > dsl/mod.ts",
  "src/sessions/session.ts > https://example.com/x.ts",
  "tests/app/x_test.ts > npm:@optique/core",
);

Deno.test("findWrongWays() lets imports toward the domain pass", () => {
  assert.deepEqual(findWrongWays(allowed), []);
});

Deno.test("findWrongWays() names file, line and rule of each wrong one", () => {
  const found = findWrongWays(forbidden);
  assert.equal(found.length, forbidden.length, found.join("\n"));
  assert.equal(
    found[0],
    "dsl/decode.ts:1 imports src/runtime/ports.ts: " +
      "dsl/ may import itself, src/domain/ only",
  );
});

Deno.test("findCycles() names a circle once, wherever it is entered", () => {
  assert.deepEqual(findCycles(imports("a > b", "b > c", "a > c")), []);
  assert.deepEqual(
    findCycles(imports("start > b", "b > c", "c > d", "d > b")),
    ["b -> c -> d -> b"],
  );
  assert.deepEqual(findCycles(imports("a > a")), ["a -> a"]);
});

Deno.test("the project's imports go one way and in no circle", async () => {
  const found = await readImports();
  assert.ok(found.some((one) => one.to === "npm:decimal.js"), "sees packages");
  assert.deepEqual([...findWrongWays(found), ...findCycles(found)], []);
});
