import assert from "node:assert/strict";
import { main } from "../../src/app/cli/main.ts";
import { expectGolden } from "../support/golden.ts";
import { recordedConsole } from "../support/recorded_console.ts";

/** What is played, by the name of the file that says what comes of it. */
const FILES: Readonly<Record<string, string>> = {
  "hello": "examples/01_hello.yaml",
  "london_new_york": "examples/02_london_new_york.yaml",
  "close_losers": "examples/03_close_losers.ts",
  "wall_street": "tests/golden/drill/wall_street.yaml",
};

for (const [name, file] of Object.entries(FILES)) {
  Deno.test(`carillon drill ${file} survives what can be survived, and says so`, async () => {
    const { console, out } = recordedConsole();
    const words = ["drill", file, "--date", "2026-11-24"];
    const code = await main(words, console);
    expectGolden(
      `drill/${name}.txt`,
      `$ carillon ${words.join(" ")}\n${out()}--- exit code ${code}\n`,
    );
    assert.equal(code, 0);
  });
}
