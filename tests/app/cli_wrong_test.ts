import assert from "node:assert/strict";
import { main } from "../../src/app/cli/main.ts";
import { recordedConsole } from "../support/recorded_console.ts";
import { runProgram, temporaryFolder } from "../support/program.ts";

const DESK = "tests/golden/cli/desk.yaml";

async function say(words: readonly string[]) {
  const { console, out, err } = recordedConsole();
  const code = await main(words, console);
  return { code, out: out(), err: err() };
}

/** Words of a call that is wrong, and what its complaint has to hold. */
const WRONG: readonly (readonly [string, RegExp])[] = [
  ["", /Name a session file, or a command: see "carillon --help"/],
  ["chekc desk.yaml", /Did you mean "check"\?/],
  ["chekc", /"chekc".*Did you mean "check"\?/],
  ["check desk.yaml --jsn", /"--jsn"\. Did you mean "--json"\?/],
  ["plan desk.yaml --form 2026-01-01", /Did you mean "--from"\?/],
  [
    "desk.yaml --sped max",
    /Did you mean "--speed"\? See "carillon run --help"/,
  ],
  ["check", /Expected a "FILE"/],
  ["check a.yaml b.yaml", /Unexpected .*"b.yaml"/],
  ["run desk.yaml --on-stop clos", /"leave", "cancel_orders",? and "close"/],
  [
    "run desk.yaml --speed 0",
    /Expected "max" or a number above 0, but got "0"/,
  ],
  ["run desk.yaml --speed fast", /number above 0/],
  ["run desk.yaml --now noon", /Expected an instant/],
  ["next desk.yaml --count 0", /--count/],
  ["paper --port 70000", /--port/],
  ["paper --cash -5", /Expected an amount/],
  ["paper --position EURUSD=0", /Expected a symbol and a quantity/],
  ["paper --prices EURUSD", /Expected a symbol and a file/],
  ["completion ksh", /Unsupported shell "ksh"/],
  [`plan ${DESK} --from 2026-02-30`, /Expected a date/],
  [
    `plan ${DESK} --from 2026-11-02 --to 2026-11-01`,
    /--to 2026-11-01 does not lie after --from 2026-11-02/,
  ],
  [
    `plan ${DESK} --from 2026-11-02T10:00:00Z --to 2026-11-02T10:00:00Z`,
    /does not lie after/,
  ],
  [`plan ${DESK} --session lodnon`, /no session "lodnon".*"london", "night"/],
  [
    `plan ${DESK} --from 0001-01-01 --to 9999-12-31`,
    /Cannot plan more than 200000 occurrences/,
  ],
  ["check tests/golden", /Cannot read "tests\/golden": it is a folder/],
  [
    "next ./missing.yaml",
    /Cannot read ".\/missing.yaml": there is no such file/,
  ],
  ["permissions missing.yaml", /there is no such file/],
  ["run missing.ts", /Cannot read "missing.ts": there is no such file/],
  ["check mod.ts", /it has no default export/],
  ["check tests/golden/../support/golden.ts", /no default export/],
];

for (const [words, complaint] of WRONG) {
  Deno.test(`carillon ${words} is refused with exit code 2`, async () => {
    const { code, out, err } = await say(words.split(" ").filter(Boolean));
    assert.match(err, complaint);
    assert.equal(code, 2);
    assert.equal(out, "");
  });
}

for (
  const command of [
    "backtest",
  ]
) {
  Deno.test(`carillon ${command} is answered by "later" and never works`, async () => {
    const { code, err } = await say([command, DESK]);
    assert.equal(code, 2);
    assert.match(err, /comes with a later version/);
    const json = await say([command, DESK, "--json"]);
    assert.equal(JSON.parse(json.out).code, "support/not-yet");
  });
}

Deno.test("main() tells a program what is wrong with the call", async () => {
  const { code, out, err } = await say(["check", "--json", "--nwo", "x"]);
  assert.equal(code, 2);
  assert.equal(err, "");
  const { type, code: rule, message } = JSON.parse(out);
  assert.deepEqual([type, rule], ["error", "call/wrong"]);
  assert.match(message, /Did you mean "--now"\?/);
});

Deno.test("main() refuses bytes that are not UTF-8, naming the first", async () => {
  await using folder = await temporaryFolder();
  const path = `${folder.path}/latin.yaml`;
  await Deno.writeFile(path, Uint8Array.of(0x61, 0x3a, 0x20, 0xff, 0x0a));
  const { code, out } = await say(["check", path]);
  assert.equal(code, 2);
  assert.match(out, /latin\.yaml:1:4 error\[source\/not-utf8\].*0xff/);
});

Deno.test("without read permission the flag that helps is named", async () => {
  const { code, err } = await runProgram(["check", DESK], { flags: [] });
  assert.equal(code, 2);
  assert.equal(
    err,
    `carillon: Cannot read "${DESK}": run with --allow-read=${DESK}\n`,
  );
});

Deno.test("an unused file is refused by every command with its carets", async () => {
  for (const command of ["run", "plan", "next", "permissions", "flatten"]) {
    const { code, out, err } = await say([
      command,
      "tests/golden/cli/broken.yaml",
    ]);
    assert.equal(code, 2, command);
    assert.equal(out, "", command);
    assert.match(err, /broken\.yaml:5:10 error\[time\/out-of-range\]/);
    assert.match(err, /\n {5}\| {10}\^\^\n/);
  }
});
