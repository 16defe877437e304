/**
 * The library's example, run as a user runs it.
 *
 * @module
 */

import assert from "node:assert/strict";

const ROOT = new URL("../../", import.meta.url);

const SAYS = `
06:00  london opens in 2 hours
08:00  london/2026-11-23/start: done, 0 closed
08:00  london is open for 8 h 30 min
13:00  new-york/2026-11-23/start: done, 0 closed
16:30  london/2026-11-23/end: the report is written
16:30  london/2026-11-23/end: closed_verified, 1 closed
18:00  leaving while new-york is open
18:00  new-york/2026-11-23/end: flat_verified, 1 closed
18:00  the broker holds 0 positions
`;

Deno.test("examples/04_library.ts plays a day and leaves nothing open", async () => {
  const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: [
      "run",
      "--no-prompt",
      "--quiet",
      "--allow-net",
      "--allow-read",
      "examples/04_library.ts",
    ],
    cwd: ROOT,
    env: { NO_COLOR: "1" },
  }).output();
  const text = new TextDecoder();
  assert.equal(text.decode(stderr), "");
  assert.equal(text.decode(stdout), SAYS.trimStart());
  assert.equal(code, 0);
});
