import assert from "node:assert/strict";
import { DRILL_CASES } from "../../src/app/drill/case_list.ts";
import { DRILL_FINDINGS } from "../../src/app/drill/judge.ts";
import { main } from "../../src/app/cli/main.ts";
import { codesIn, readPage, rowsUnder } from "../support/markdown.ts";
import { recordedConsole } from "../support/recorded_console.ts";

function named(path: string, title: string): readonly string[] {
  return rowsUnder(readPage(path), title).flatMap(([cell]) => codesIn(cell));
}

Deno.test("docs: drill.md names every case with its title and its sentence", () => {
  const rows = rowsUnder(readPage("docs/drill.md"), "drill case");
  assert.deepEqual(
    rows,
    DRILL_CASES.map(({ name, title, does }) => [`\`${name}\``, title, does]),
  );
});

Deno.test("docs: drill.md names every finding, the gravest first", () => {
  assert.deepEqual(named("docs/drill.md", "finding"), DRILL_FINDINGS);
});

Deno.test("docs: json-output.md names every key of a drill's lines", async () => {
  const { console, out } = recordedConsole();
  const words = ["--date", "2026-11-24", "--only", "no_fault", "--json"];
  await main(["drill", "examples/01_hello.yaml", ...words], console);
  const [first = "", last = ""] = out().trim().split("\n");
  const page = "docs/json-output.md";
  const keys = (line: string) => Object.keys(JSON.parse(line));
  assert.deepEqual(named(page, "drill case key"), keys(first));
  assert.deepEqual(named(page, "drill end key"), keys(last));
});
