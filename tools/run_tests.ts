/**
 * Runs the tests and the doc examples with the permissions they need by name, and says at the end
 * how many there were.
 *
 * A run in which no test ran is a failed run: a wrong glob must not look like success. Under CI
 * (`CI=true`) a test that was left out because a program is missing fails the run as well.
 *
 * @module
 */

import { exists, ROOT } from "./project_files.ts";

/** Where tests and examples in docs are; nothing else is run by the way. */
const PLACES = ["README.md", "docs", "dsl", "mod.ts", "src", "tests"];

/** How many tests passed, failed, and were left out. */
export interface Tally {
  readonly passed: number;
  readonly failed: number;
  readonly ignored: number;
}

// deno-lint-ignore no-control-regex -- colours are control characters
const COLOUR = /\x1b\[[0-9;]*m/g;
const SUMMARY =
  /^(?:ok|FAILED) \| (\d+) passed(?: \(\d+ steps?\))? \| (\d+) failed(?: \(\d+ steps?\))?(?: \| (\d+) ignored)?/;
const LEFT_OUT = /^(.*) \.\.\. ignored\b/;

/** Reads Deno's own last line; `null` where it did not come so far. */
export function readTally(output: string): Tally | null {
  const line = output.replaceAll(COLOUR, "").split("\n")
    .findLast((one) => SUMMARY.test(one));
  const [, passed = "0", failed = "0", ignored = "0"] =
    SUMMARY.exec(line ?? "") ?? [];
  return line === undefined ? null : {
    passed: Number(passed),
    failed: Number(failed),
    ignored: Number(ignored),
  };
}

/** Names the tests that were left out because a program is missing; see tests/support/needs.ts. */
export function missingPrograms(output: string): readonly string[] {
  return output.replaceAll(COLOUR, "").split("\n")
    .map((line) => LEFT_OUT.exec(line)?.[1])
    .filter((name) => name !== undefined)
    .filter((name) => name.includes("(needs program "));
}

/** What the sandbox puts around its children, where there is such a thing. */
const WRAPPERS = Deno.build.os === "linux" ? ",setpriv,prlimit" : "";

/** What gives a program a terminal, where a test needs one. */
const TERMINAL = Deno.build.os === "linux" ? ",script" : "";

/** The flags of a run: loopback only, and only the programs that tests start. */
export function testFlags(execPath: string): readonly string[] {
  return [
    "--no-prompt",
    "--allow-net=127.0.0.1,localhost",
    "--allow-read",
    "--allow-write",
    `--allow-run=${execPath},deno,node,npm,sh${WRAPPERS}${TERMINAL}`,
    "--allow-env",
  ];
}

/** Passes a stream on as it comes and keeps what it said. */
async function passOn(
  from: ReadableStream<Uint8Array<ArrayBuffer>>,
  to: (chunk: Uint8Array) => void,
): Promise<string> {
  const decoder = new TextDecoder();
  let text = "";
  for await (const chunk of from) {
    to(chunk);
    text += decoder.decode(chunk, { stream: true });
  }
  return text;
}

async function runTests(args: readonly string[]): Promise<number> {
  const execPath = Deno.execPath();
  const places = args.some((arg) => !arg.startsWith("-"))
    ? []
    : PLACES.filter(exists);
  const child = new Deno.Command(execPath, {
    args: ["test", "--doc", ...testFlags(execPath), ...args, ...places],
    cwd: ROOT,
    stdin: "null",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  const [output, , { code }] = await Promise.all([
    passOn(child.stdout, (chunk) => Deno.stdout.writeSync(chunk)),
    passOn(child.stderr, (chunk) => Deno.stderr.writeSync(chunk)),
    child.status,
  ]);
  const { passed, failed } = readTally(output) ?? { passed: 0, failed: 0 };
  const missing = Deno.env.get("CI") === "true" ? missingPrograms(output) : [];
  for (const name of missing) console.log(`Left out under CI: ${name}`);
  if (passed + failed === 0) console.log("No test ran");
  console.log(`${passed} passed, ${failed + missing.length} failed`);
  if (code !== 0) return code;
  return passed === 0 || failed + missing.length > 0 ? 1 : 0;
}

if (import.meta.main) Deno.exit(await runTests(Deno.args));
