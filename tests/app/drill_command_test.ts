import assert from "node:assert/strict";
import { main } from "../../src/app/cli/main.ts";
import { wrapText } from "../../src/app/cli/wrap_text.ts";
import { DRILL_CASES } from "../../src/app/drill/case_list.ts";
import { recordedConsole } from "../support/recorded_console.ts";

const HELLO = "examples/01_hello.yaml";

async function say(...words: readonly string[]) {
  const { console, out, err } = recordedConsole();
  const code = await main(words, console);
  return { code, out: out(), err: err() };
}

Deno.test("carillon drill says the same for the same seed, to the byte", async () => {
  const words = ["drill", HELLO, "--date", "2026-11-24", "--json"];
  const first = await say(...words, "--seed", "7");
  const second = await say(...words, "--seed", "7");
  assert.equal(first.out, second.out);
  assert.equal(first.err, "");
  const lines = first.out.trim().split("\n").map((line) => JSON.parse(line));
  assert.deepEqual(
    lines.map(({ type }) => type),
    [...DRILL_CASES.map(() => "drill.case"), "drill.finished"],
  );
  assert.deepEqual(
    lines.slice(0, -1).map((line) => line.case),
    DRILL_CASES.map(({ name }) => name),
  );
  assert.equal(lines.at(-1).ok, true);
});

Deno.test("carillon drill draws other positions from another seed", async () => {
  const file = "tests/golden/drill/wall_street.yaml";
  const words = ["drill", file, "--date", "2026-11-24", "--json", "--only"];
  const held = async (seed: string) => {
    const { out } = await say(...words, "no_fault", "--seed", seed);
    return JSON.parse(out.trim().split("\n").at(-1) ?? "").accounts;
  };
  assert.deepEqual(await held("1"), await held("1"));
  assert.notDeepEqual(await held("1"), await held("2"));
});

Deno.test("carillon drill plays the cases that are asked for, in its own order", async () => {
  const { out, err, code } = await say(
    "drill",
    HELLO,
    "--date",
    "2026-11-24",
    "--only",
    "suspend,no_fault",
  );
  assert.equal(code, 0);
  assert.deepEqual(err.trim().split("\n"), [
    "no_fault: survived, 1 day",
    "suspend: survived, 1 day",
  ]);
  assert.match(out, /2 cases, 2 days played: 2 survived\./);
});

Deno.test("carillon drill names the nearest case", async () => {
  const { code, err } = await say("drill", HELLO, "--only", "crash_at_setle");
  assert.equal(code, 2);
  assert.match(err, /no case "crash_at_setle"; did you mean "crash_at_settle"/);
});

Deno.test("carillon drill --list plays nothing, and says what does not apply", async () => {
  const date = ["--date", "2026-11-24"];
  const { code, out } = await say("drill", HELLO, ...date, "--list");
  assert.equal(code, 0);
  assert.match(out, /^half_day {2}not applicable: no market of the file/m);
  assert.match(out, /^crash_after_record {2}\d+ days$/m);
  const json = await say("drill", HELLO, ...date, "--list", "--json");
  const first = JSON.parse(json.out.split("\n")[0] ?? "");
  assert.deepEqual([first.type, first.case], ["drill.listed", "no_fault"]);
});

Deno.test("carillon drill refuses a date on which nothing is due, and what is no date", async () => {
  const sunday = await say("drill", HELLO, "--date", "2026-11-29");
  assert.equal(sunday.code, 2);
  assert.match(sunday.err, /none of its sessions does anything on 2026-11-29/);
  const word = await say("drill", HELLO, "--date", "monday");
  assert.equal(word.code, 2);
  assert.match(word.err, /Expected a date such as/);
});

Deno.test("DRILL_CASES have names of their own, and a sentence each", () => {
  const names = DRILL_CASES.map(({ name }) => name);
  assert.equal(new Set(names).size, names.length);
  for (const { name, title, does } of DRILL_CASES) {
    assert.match(name, /^[a-z_]+$/);
    assert.ok(title.length <= 24, `"${title}" does not fit its column`);
    assert.match(does, /^[A-Z].*\.$/);
  }
});

Deno.test("wrapText() breaks between words and keeps long words whole", () => {
  assert.deepEqual(wrapText("  one two three", 9, "    "), [
    "  one two",
    "    three",
  ]);
  assert.deepEqual(wrapText("incomprehensible", 4, " "), ["incomprehensible"]);
});

Deno.test("drillTable() says in a line what does not fit into columns", async () => {
  const moments = Array.from(
    { length: 5 },
    (_, hour) => `{name: m${hour}, at: "1${hour}:00", do: close_all}`,
  );
  const folder = await Deno.makeTempDir();
  try {
    const file = `${folder}/many.yaml`;
    await Deno.writeTextFile(
      file,
      `version: 1
broker: paper
sessions:
  - name: desk
    start: 8
    end: 17
    moments: [${moments.join(", ")}]
`,
    );
    const { out } = await say(
      ...["drill", file, "--date", "2026-11-24"],
      ...["--only", "no_fault,position_stays,half_day"],
    );
    const table = out.split("\n").filter((line) =>
      /^(?:ok|told|- ) /.test(line)
    );
    assert.deepEqual(table, [
      "ok    nothing goes wrong   5 well",
      "told  position stays open  PARTLY 1m: A, OPEN 1m: B C D E",
      "-     half day             no market of the file has a half day in a year",
    ]);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});
