import assert from "node:assert/strict";
import { makePaint } from "../../src/app/cli/paint.ts";
import { cutTo, formatTable, widthOf } from "../../src/app/cli/table.ts";

Deno.test("widthOf() counts what a terminal shows", () => {
  assert.equal(widthOf("london"), 6);
  assert.equal(widthOf(makePaint(true).bad("NOT FLAT")), 8);
  assert.equal(widthOf("東京"), 4);
  assert.equal(widthOf("e\u0301"), 1);
});

Deno.test("formatTable() aligns painted cells like plain ones", () => {
  const { bold } = makePaint(true);
  const rows = formatTable([[bold("a"), "x"], ["long", "y"]]);
  assert.deepEqual(rows, [`${bold("a")}     x`, "long  y"]);
});

Deno.test("formatTable() keeps numbers to the right and no space at the end", () => {
  const rows = formatTable([["a", "1", ""], ["b", "100", "z"]], {
    indent: "  ",
    align: ["left", "right"],
  });
  assert.deepEqual(rows, ["  a    1", "  b  100  z"]);
});

Deno.test("cutTo() cuts by width and says so", () => {
  assert.equal(cutTo("london", 6), "london");
  assert.equal(cutTo("london", 4), "lon…");
  assert.equal(cutTo("東京都", 4), "東…");
  assert.equal(cutTo("london", 0), "");
});

Deno.test("makePaint() without colours gives the text back", () => {
  const paint = makePaint(false);
  assert.equal(paint.bad("NOT FLAT"), "NOT FLAT");
  assert.notEqual(makePaint(true).bad("NOT FLAT"), "NOT FLAT");
});
