/**
 * `docs/seeds.md` is held to the seeds and to the code.
 *
 * @module
 */

import assert from "node:assert/strict";
import { backtestSleep } from "../../src/sessions/backtest_sleep.ts";
import { Session } from "../../src/sessions/session.ts";
import { Sessions } from "../../src/sessions/sessions.ts";
import { delta } from "../../src/sessions/time_of_day.ts";
import { decodeGatewayBotInfo } from "../../src/domain/gateway_bot_info.ts";
import { needsShared } from "../support/needs.ts";

const ROOT = new URL("../../", import.meta.url);
const SEEDS = [
  "aiomql-sessions-v3.md",
  "aiomql-sessions-v4.md",
  "hikari-sessions.py.txt",
];

function read(path: string): string {
  return Deno.readTextFileSync(new URL(path, ROOT));
}

/** Names of classes, methods, functions, attributes and parameters on the pages. */
function namesIn(page: string): ReadonlySet<string> {
  const patterns = [
    /\b(?:def|class) (\w+)/g,
    // Rows of a table of attributes, methods or parameters.
    /^\| ?[`*]+(\w+)[`*]+ ?\|/gm,
    /^(\w+): .+ = attr\.field/gm,
  ];
  const names = patterns.flatMap((pattern) =>
    Array.from(page.matchAll(pattern), ([, name = ""]) => name)
  );
  return new Set(names.filter((name) => name !== "__init__"));
}

Deno.test({
  ...needsShared(
    "docs/seeds.md has a line for every name of the seeds",
    `seeds/${SEEDS[0]}`,
  ),
  fn() {
    const page = read("docs/seeds.md");
    const names = SEEDS.flatMap((seed) => [
      ...namesIn(read(`../shared/seeds/${seed}`)),
    ]);
    assert.ok(names.length > 50, `${names.length} names are too few`);
    const missing = names.filter((name) =>
      !new RegExp(`\`[^\`]*\\b${name}\\b[^\`]*\``).test(page)
    );
    assert.deepEqual([...new Set(missing)], []);
  },
});

function camelCase(name: string): string {
  return name.replace(/_(\w)/g, (_, letter: string) => letter.toUpperCase());
}

Deno.test("Session and Sessions have every attribute and method of the seeds", () => {
  const session = new Session({ start: 8, end: 16 });
  const sessions = new Sessions([session]);
  const attributes =
    "start end on_start on_end custom_start custom_end name seconds";
  const methods =
    "begin close action in_session contains duration close_positions close_all close_win close_loss until";
  for (const name of `${attributes} ${methods}`.split(" ")) {
    assert.ok(camelCase(name) in session, name);
  }
  const all = "sessions current_session add remove find find_next check";
  for (const name of all.split(" ")) {
    assert.ok(camelCase(name) in sessions, name);
  }
  assert.deepEqual([typeof delta, typeof backtestSleep], [
    "function",
    "function",
  ]);
});

Deno.test("GatewayBotInfo and SessionStartLimit have every attribute of the seed", () => {
  const info = decodeGatewayBotInfo({
    url: "wss://gateway.example.com",
    shards: 5,
    session_start_limit: {
      total: 1_000,
      remaining: 991,
      reset_after: 14_170_186,
      max_concurrency: 5,
    },
  }, Temporal.Instant.from("2026-11-23T08:00:00Z"));
  for (const name of "url shard_count session_start_limit".split(" ")) {
    assert.ok(camelCase(name) in info, name);
  }
  const limit = "total remaining reset_after max_concurrency used reset_at";
  for (const name of limit.split(" ")) {
    assert.ok(camelCase(name) in info.sessionStartLimit, name);
  }
});
