import assert from "node:assert/strict";
import fc from "fast-check";
import { placesIn } from "../../../src/adapters/sandbox/code_places.ts";
import {
  cleanJson,
  DEPTH_MAX,
  readGuestMessage,
} from "../../../src/adapters/sandbox/messages.ts";
import {
  type LineWatch,
  readLines,
} from "../../../src/adapters/sandbox/process/line_reader.ts";
import { readSourceMap } from "../../../src/adapters/sandbox/source_map.ts";
import { stripTypeScriptTypes } from "node:module";

Deno.test("readGuestMessage() takes what fits, and nothing else", () => {
  const call = "1";
  const good = [
    { type: "log", call, level: "warn", text: "x" },
    { type: "ask", call, request: 3, name: "broker.quote", args: { a: [1] } },
    { type: "done", call, value: null },
    { type: "threw", call, message: "no", stack: "" },
  ];
  for (const message of good) {
    assert.deepEqual(readGuestMessage(JSON.stringify(message)), message);
  }
  const bad: readonly unknown[] = [
    null,
    7,
    [],
    {},
    { type: "ready" },
    { type: "done", value: 1 },
    { type: "run", call, task: {} },
    { type: "log", call, level: "shout", text: "x" },
    { type: "log", call, level: "info", text: {} },
    { type: "ask", call, request: "1", name: "x", args: null },
    { type: "ask", call, request: 1.5, name: "x", args: null },
    { type: "threw", call, message: null },
  ];
  for (const message of bad) {
    assert.equal(readGuestMessage(JSON.stringify(message)), null);
  }
  assert.equal(readGuestMessage('{"type": "done", '), null);
});

Deno.test("readGuestMessage() shortens what a guest says of itself", () => {
  const message = { type: "threw", call: "1", message: "x".repeat(1e5) };
  const read = readGuestMessage(JSON.stringify(message));
  assert.ok(read?.type === "threw" && read.message.length < 1e4);
});

Deno.test("cleanJson() keeps plain data as it is", () => {
  fc.assert(fc.property(fc.jsonValue({ noUnicodeString: false }), (value) => {
    fc.pre(!JSON.stringify(value).includes("__proto__"));
    const copy = JSON.parse(JSON.stringify(value));
    assert.deepEqual(cleanJson(copy), copy);
  }));
});

Deno.test("cleanJson() leaves out what reaches a prototype, and what is too deep", () => {
  const value = JSON.parse('{"a": [{"__proto__": {"b": 1}, "c": 2}]}');
  const clean = cleanJson(value);
  assert.equal(JSON.stringify(clean), '{"a":[{"c":2}]}');
  const nested = (depth: number) =>
    JSON.parse("[".repeat(depth) + "]".repeat(depth));
  assert.notEqual(cleanJson(nested(DEPTH_MAX)), undefined);
  assert.equal(cleanJson(nested(DEPTH_MAX + 1)), undefined);
  assert.equal(cleanJson(nested(100_000)), undefined);
});

Deno.test("placesIn() finds the user's modules in the stacks of both engines", () => {
  const map = new Map([["file:///user/a.ts", <T>(place: T) => place]]);
  const place = { module: "file:///user/a.ts", line: 3, column: 9 };
  const stacks = [
    "Error: no\n    at f (file:///user/a.ts:3:9)\n    at data:application/javascript;base64,x:5:7",
    "Error: no\n    at async file:///user/a.ts:3:9",
    "    at <anonymous> (file:///user/a.ts:3:9)\n    at call (native)\n",
    "    at Object.f [as g] (file:///user/a.ts:3:9)",
  ];
  for (const stack of stacks) assert.deepEqual(placesIn(stack, map), [place]);
  assert.deepEqual(placesIn("at f (file:///etc/passwd:1:1)", map), []);
  const long = "    at f (file:///user/a.ts:3:9)\n".repeat(1_000);
  assert.equal(placesIn(long, map).length, 10);
});

Deno.test("readSourceMap() leads back to where the code was written", () => {
  const source = [
    "enum Side { Buy, Sell }",
    "interface Gone { readonly x: number }",
    "class A { constructor(readonly side: Side) {} }",
    "",
    "export const here = new A(Side.Sell);",
  ].join("\n");
  const text = stripTypeScriptTypes(source, {
    mode: "transform",
    sourceMap: true,
  });
  const lines = text.split("\n");
  const line = lines.findIndex((one) => one.includes("here")) + 1;
  const column = (lines[line - 1] ?? "").indexOf("Side.Sell") + 1;
  const comment = lines.find((one) => one.startsWith("//# sourceMappingURL="));
  const toOriginal = readSourceMap(comment ?? "");
  assert.notEqual(line, 5, "the code was moved");
  assert.deepEqual(toOriginal({ line, column }), { line: 5, column: 27 });
  assert.deepEqual(toOriginal({ line: 999, column: 1 }), {
    line: 999,
    column: 1,
  });
});

/** Reads chunks as lines of at most 8 bytes. */
async function linesOf(chunks: readonly string[]) {
  const lines: string[] = [];
  let spilled = 0;
  const watch: LineWatch = {
    line: (text) => void lines.push(text),
    tooLong: (bytes) => void (spilled += bytes),
  };
  const encoder = new TextEncoder();
  const stream = ReadableStream.from(
    chunks.map((chunk) => encoder.encode(chunk)),
  );
  await readLines(stream, 8, watch);
  return { lines, spilled };
}

Deno.test("readLines() cuts lines wherever chunks end", async () => {
  const whole = "one\ntwo\n\nthree €\n";
  for (let at = 0; at <= whole.length; at++) {
    const chunks = [whole.slice(0, at), whole.slice(at)];
    assert.deepEqual(
      (await linesOf(chunks)).lines,
      ["one", "two"],
      `the third is too long: ${at}`,
    );
  }
});

Deno.test("readLines() keeps nothing of a line that is too long, and goes on behind it", async () => {
  const { lines, spilled } = await linesOf([
    "1234",
    "5678",
    "9",
    "0\nnext\nlast",
  ]);
  assert.deepEqual(lines, ["next"]);
  assert.equal(spilled, 10);
});
