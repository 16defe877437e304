import assert from "node:assert/strict";
import fc from "fast-check";
import {
  EMPTY_BUFFER,
  keep,
  missedSince,
  type ResumeBuffer,
  type Told,
} from "../../../../src/adapters/brokers/paper/gateway/resume_buffer.ts";

const BOUNDS = { resumeEventsMin: 5, resumeMs: 1_000 };

function fill(gaps: readonly number[]) {
  let at = 0;
  let buffer = EMPTY_BUFFER;
  const all: Told[] = [];
  for (const [index, gap] of gaps.entries()) {
    at += gap;
    const told = { seq: index + 1, head: `#${index + 1}`, at };
    all.push(told);
    buffer = keep(buffer, told, BOUNDS);
  }
  return { buffer, all, at };
}

const gaps = fc.array(fc.integer({ min: 0, max: 700 }), { maxLength: 40 });

Deno.test("missedSince() gives exactly what came after a number, or nothing at all", () => {
  fc.assert(
    fc.property(gaps, fc.nat(45), fc.nat(1_500), (times, seq, waitMs) => {
      const { buffer, all, at } = fill(times);
      const wanted = all.filter((told) => told.seq > seq);
      const missed = missedSince(buffer, seq, at + waitMs, BOUNDS);
      if (missed === null) {
        const oldest = wanted[0];
        // It was right to refuse: something is too old, or was too much to keep.
        assert.ok(oldest !== undefined);
        const { resumeMs, resumeEventsMin } = BOUNDS;
        assert.ok(
          at + waitMs - oldest.at > resumeMs ||
            wanted.length > resumeEventsMin,
        );
      } else assert.deepEqual(missed, wanted);
    }),
  );
});

Deno.test("missedSince() has as much as must be kept, while it is young enough", () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 60 }), (count) => {
      const { buffer, all, at } = fill(Array.from({ length: count }, () => 1));
      const seq = Math.max(0, count - BOUNDS.resumeEventsMin);
      assert.deepEqual(
        missedSince(buffer, seq, at, BOUNDS),
        all.slice(seq),
      );
    }),
  );
});

Deno.test("keep() holds no more than it may, and changes nothing that it was given", () => {
  fc.assert(
    fc.property(gaps, (times) => {
      const { buffer } = fill(times);
      const count = kept(buffer);
      assert.ok(count <= 2 * BOUNDS.resumeEventsMin, `${count} are kept`);
      const before = structuredClone(buffer);
      keep(buffer, { seq: times.length + 1, head: "", at: 1e9 }, BOUNDS);
      assert.deepEqual(buffer, before);
    }),
  );
});

Deno.test("keep() lets go of what has grown old, however little it is", () => {
  const { resumeMs } = BOUNDS;
  assert.equal(kept(fill(Array(4).fill(resumeMs + 1)).buffer), 2);
});

/** How much is kept. */
function kept(buffer: ResumeBuffer): number {
  let count = 0;
  for (const generation of [buffer.young, buffer.old]) {
    for (let link = generation; link !== null; link = link.before) count++;
  }
  return count;
}
