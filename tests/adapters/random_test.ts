import assert from "node:assert/strict";
import { SeededRandom, SystemRandom } from "../../src/adapters/clock/random.ts";

Deno.test("SeededRandom gives the same numbers for the same seed, and others for another", () => {
  const draw = (seed: number) => {
    const random = new SeededRandom(seed);
    return Array.from({ length: 50 }, () => random.fraction());
  };
  assert.deepEqual(draw(7), draw(7));
  assert.equal(new Set([...draw(7), ...draw(8)]).size, 100);
});

Deno.test("SeededRandom.fraction() spreads evenly from 0 up to but not including 1", () => {
  const random = new SeededRandom(1);
  const tenths = new Array<number>(10).fill(0);
  for (let drawn = 0; drawn < 10_000; drawn++) {
    const fraction = random.fraction();
    assert.ok(fraction >= 0 && fraction < 1, String(fraction));
    const tenth = Math.floor(fraction * 10);
    tenths[tenth] = (tenths[tenth] ?? 0) + 1;
  }
  for (const found of tenths) {
    assert.ok(found > 850 && found < 1150, `${tenths}`);
  }
});

Deno.test("SystemRandom.fraction() lies from 0 up to but not including 1", () => {
  const random = new SystemRandom();
  for (let drawn = 0; drawn < 100; drawn++) {
    const fraction = random.fraction();
    assert.ok(fraction >= 0 && fraction < 1, String(fraction));
  }
});
