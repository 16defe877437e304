import assert from "node:assert/strict";
import fc from "fast-check";
import { nearestWord } from "../../dsl/mod.ts";

const WORDS = ["close_all", "close_win", "close_loss", "timezone"];

Deno.test("nearestWord() forgives a letter left out, added, replaced or swapped", () => {
  for (const slip of ["clse_all", "cloose_all", "close_akl", "clsoe_all"]) {
    assert.equal(nearestWord(slip, WORDS), "close_all");
  }
});

Deno.test("nearestWord() forgives case and dashes", () => {
  assert.equal(nearestWord("Close-Win", WORDS), "close_win");
});

Deno.test("nearestWord() stays silent about a word that is none of these", () => {
  for (const word of ["flatten", "", "x", "zone"]) {
    assert.equal(nearestWord(word, WORDS), null);
  }
});

Deno.test("nearestWord() takes the nearer of two", () => {
  assert.equal(nearestWord("close_lost", WORDS), "close_loss");
});

Deno.test("nearestWord() finds every word with one letter replaced", () => {
  fc.assert(fc.property(
    fc.stringMatching(/^[a-z]{3,12}$/),
    fc.nat(11),
    (word, at) => {
      const index = at % word.length;
      const slip = `${word.slice(0, index)}9${word.slice(index + 1)}`;
      assert.equal(nearestWord(slip, [word]), word);
    },
  ));
});

Deno.test("nearestWord() does not stall on a very long word", () => {
  assert.equal(nearestWord("x".repeat(1_000_000), WORDS), null);
});
