import assert from "node:assert/strict";
import { closeRule } from "../../src/gateway/close_codes.ts";
import { SHARD_MOVES } from "../../src/gateway/shard_state.ts";
import { codesIn, readPage, rowsUnder } from "../support/markdown.ts";

const PAGE = "docs/gateway.md";

/** The names in the first column of the table with this title. */
function named(title: string): readonly string[] {
  return rowsUnder(readPage(PAGE), title).flatMap(([cell]) => codesIn(cell));
}

Deno.test("docs: gateway.md names every phase of a shard", () => {
  assert.deepEqual([...named("phase")].sort(), Object.keys(SHARD_MOVES).sort());
});

Deno.test("docs: gateway.md names every event and every reason to be parked", () => {
  const source = Deno.readTextFileSync(
    new URL("../../src/gateway/gateway_event.ts", import.meta.url),
  );
  const types = [...source.matchAll(/readonly type: "([\w.]+)"/g)]
    .map(([, type = ""]) => type);
  assert.ok(types.length === 10, `${types}`);
  assert.deepEqual([...named("event")].sort(), types.sort());
  const reasons = [...source.matchAll(/^ {2}\| "(\w+)";?$/gm)]
    .map(([, reason = ""]) => reason);
  assert.deepEqual([...named("parked")].sort(), reasons.sort());
});

Deno.test("docs: gateway.md says of every close code what is done", () => {
  const rules = {
    "resume": "resume",
    "resume after a while": "resume_later",
    "identify": "identify",
    "never": "fatal",
  } as const;
  const rows = rowsUnder(readPage(PAGE), "the connection ended with");
  let codes = 0;
  for (const [cell = "", what = ""] of rows) {
    const rule = Object.entries(rules).find(([said]) => said === what)?.[1];
    for (const [code] of cell.matchAll(/\b\d{1,4}\b/g)) {
      if (cell.startsWith("anything below")) continue;
      assert.equal(closeRule(Number(code)), rule, `${code}: ${what}`);
      codes += 1;
    }
  }
  assert.equal(codes, 17);
});
