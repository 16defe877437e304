import assert from "node:assert/strict";
import { missingPrograms, readTally } from "../tools/run_tests.ts";

Deno.test("readTally() reads every form of the last line", () => {
  assert.deepEqual(readTally("ok | 2 passed | 0 failed (10ms)\n"), {
    passed: 2,
    failed: 0,
    ignored: 0,
  });
  assert.deepEqual(
    readTally(
      "\x1b[0m\x1b[32mok\x1b[0m | 12 passed (1 step) | 0 failed | 1 ignored \x1b[90m(1s)\x1b[0m",
    ),
    { passed: 12, failed: 0, ignored: 1 },
  );
  assert.deepEqual(
    readTally("FAILED | 3 passed | 1 failed (2 steps) (1m2s)\n\nerror: no"),
    { passed: 3, failed: 1, ignored: 0 },
  );
});

Deno.test("readTally() takes the last line, not a child's before it", () => {
  const text =
    "ok | 9 passed | 0 failed (1ms)\nok | 1 passed | 0 failed (1ms)\n";
  assert.equal(readTally(text)?.passed, 1);
});

Deno.test("readTally() knows a run that never came so far", () => {
  assert.equal(readTally("error: Type checking failed.\n"), null);
});

Deno.test("missingPrograms() tells a missing program from missing data", () => {
  assert.deepEqual(
    missingPrograms(
      "a (needs program git) ... ignored (0ms)\n" +
        "b (needs ../shared/data) ... ignored (0ms)\n" +
        "c (needs program git) ... ok (1ms)\n",
    ),
    ["a (needs program git)"],
  );
});
