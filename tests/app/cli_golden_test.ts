import { expectGolden } from "../support/golden.ts";
import { runProgram } from "../support/program.ts";

const DESK = "tests/golden/cli/desk.yaml";
const AUTUMN = ["--now", "2026-10-01T00:00:00Z"];

/** What a user types, by the name of the file that says what comes of it. */
const CALLS: Readonly<Record<string, readonly string[]>> = {
  "check": ["check", DESK, ...AUTUMN],
  "check_broken": ["check", "tests/golden/cli/broken.yaml"],
  "help": ["--help"],
  "help_plan": ["plan", "--help"],
  "help_run": ["run", "--help"],
  "init": ["init", "-"],
  "next": ["next", DESK, "--now", "2026-11-23T10:00:00Z"],
  "permissions": ["permissions", DESK],
  "plan_autumn": ["plan", DESK, "--from", "2026-10-31", "--to", "2026-11-02"],
  "plan_spring": ["plan", DESK, "--from", "2027-03-13", "--to", "2027-03-14"],
};

for (const [name, words] of Object.entries(CALLS)) {
  Deno.test(`carillon ${words.join(" ")} says what it should`, async () => {
    const { code, out, err } = await runProgram(words, {
      flags: ["--allow-read"],
      env: { TZ: "America/New_York" },
    });
    const told = err === "" ? out : `${out}--- standard error\n${err}`;
    expectGolden(
      `cli/${name}.txt`,
      `$ carillon ${words.join(" ")}\n${told}--- exit code ${code}\n`,
    );
  });
}
