import assert from "node:assert/strict";
import { SqliteJournal } from "../../src/adapters/journal/sqlite_journal.ts";
import { main } from "../../src/app/cli/main.ts";
import { instant } from "../support/clock_session.ts";
import { expectGolden } from "../support/golden.ts";
import {
  codesIn,
  readPage,
  rowsUnder,
  sectionOf,
} from "../support/markdown.ts";
import { recordDesk } from "../support/recorded_desk.ts";
import { recordedConsole } from "../support/recorded_console.ts";
import { scratchJournal, tamper } from "../support/scratch_journal.ts";
import { FINDING_KINDS } from "../../src/domain/audit_finding.ts";

const END = "desk/2026-11-23/end";

async function say(...words: readonly string[]) {
  const { console, out, err } = recordedConsole();
  const code = await main(words, console);
  return { code, out: out(), err: err() };
}

/** What is said, as if the journal lay in the current folder. */
async function golden(
  name: string,
  folder: string,
  ...words: readonly string[]
): Promise<void> {
  const { code, out, err } = await say(...words);
  const call = `$ carillon ${words.join(" ")}\n`;
  const text = `${call}${out}${err}--- exit code ${code}\n`;
  expectGolden(`cli/${name}.txt`, text.replaceAll(`${folder}/`, ""));
}

Deno.test("journal show tells each event in a line, by UTC and the exchange's clock", async () => {
  await using at = await scratchJournal();
  await recordDesk(at.path, 3);
  await golden("journal_show", at.folder, "journal", "show", at.path);
});

Deno.test("journal show --edge --effects tells everything that one edge led to", async () => {
  await using at = await scratchJournal();
  await recordDesk(at.path, 1);
  const words = ["journal", "show", at.path, "--edge", END, "--effects"];
  await golden("journal_show_edge", at.folder, ...words);
});

Deno.test("journal verify says that a whole record is clean", async () => {
  await using at = await scratchJournal();
  await recordDesk(at.path, 2);
  await golden("journal_verify", at.folder, "journal", "verify", at.path);
});

Deno.test("journal verify names what a broken record lacks", async () => {
  await using at = await scratchJournal();
  await recordDesk(at.path, 3);
  tamper(
    at.path,
    `UPDATE entries SET effects = '[]' WHERE seq = 22;
     DELETE FROM entries WHERE seq BETWEEN 26 AND 27`,
  );
  await golden(
    "journal_verify_broken",
    at.folder,
    "journal",
    "verify",
    at.path,
  );
});

Deno.test("journal verify names an edge that a crash left without an end", async () => {
  await using at = await scratchJournal();
  await recordDesk(at.path, 3);
  const { code, out } = await say("journal", "verify", at.path, "--json");
  assert.equal(code, 1);
  const { clean, flaws, audit } = JSON.parse(out);
  assert.deepEqual([clean, flaws], [false, []]);
  assert.deepEqual(
    audit.findings.map(({ kind, about }: Record<string, string>) =>
      `${kind} ${about}`
    ),
    ["edge_never_settled desk/2026-11-26/end"],
  );
  const before = ["--to", "2026-11-25"];
  const early = await say("journal", "verify", at.path, ...before);
  assert.equal(early.code, 0, early.out);
});

Deno.test("journal verify does not take what is under way for what is missing", async () => {
  await using at = await scratchJournal();
  await recordDesk(at.path, 3);
  const owner = { doing: "carillon run desk.yaml", since: 0 };
  using _running = new SqliteJournal(at.path, { owner });
  const { code, out } = await say("journal", "verify", at.path);
  assert.equal(code, 0, out);
  assert.match(out, /being written now/);
  assert.match(out, /Under way +desk\/2026-11-26\/end/);
});

/** Entries that fit, by their numbers. */
async function numbers(
  path: string,
  ...words: readonly string[]
): Promise<readonly number[]> {
  const { code, out } = await say("journal", "show", path, "--json", ...words);
  assert.equal(code, 0);
  return out.split("\n").filter((line) => line !== "")
    .map((line) => JSON.parse(line).seq);
}

Deno.test("journal show chooses by edge, session, type and time", async () => {
  await using at = await scratchJournal();
  await recordDesk(at.path, 1);
  const every = await numbers(at.path);
  assert.deepEqual(every, [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11]);
  const cases: readonly (readonly [string, readonly number[]])[] = [
    [`--edge ${END}`, [5, 6, 7, 8, 9, 10, 11]],
    ["--edge nyse/2026-11-23", [1, 4]],
    ["--session nyse", [1, 4]],
    ["--type edge.due", [3, 4, 5]],
    ["--type edge.settled", [3, 4, 11]],
    ["--type order", [6, 7, 8, 9, 10]],
    ["--since 2026-11-23T16:30:00Z --last 2", [10, 11]],
    ["--until 2026-11-23T08:00:00Z", [1, 2, 3]],
    ["--until 2026-11-22", []],
    ["--last 1", [11]],
  ];
  for (const [words, expected] of cases) {
    const found = await numbers(at.path, ...words.split(" "));
    assert.deepEqual(found, expected, words);
  }
});

Deno.test("journal show finds the journal of a session file", async () => {
  await using at = await scratchJournal();
  await Deno.mkdir(`${at.folder}/.carillon`);
  await recordDesk(`${at.folder}/.carillon/desk.db`, 1);
  const file = `${at.folder}/desk.yaml`;
  await Deno.writeTextFile(file, 'sessions: [{start: 8, end: "16:30"}]\n');
  assert.deepEqual(await numbers(file, "--last", "1"), [11]);
});

Deno.test("journal commands end with 2 where there is nothing to read", async () => {
  await using at = await scratchJournal();
  const missing = await say("journal", "verify", at.path);
  assert.equal(missing.code, 2);
  assert.match(missing.err, /there is no such file/);
  await Deno.writeTextFile(at.path, "not a database, and longer than a header");
  for (const action of ["show", "verify", "export"]) {
    const foreign = await say("journal", action, at.path);
    assert.equal(foreign.code, 2, action);
  }
  const json = await say("status", at.path, "--json");
  assert.deepEqual([json.code, JSON.parse(json.out).type], [2, "error"]);
});

Deno.test("journal show refuses a type that there is not", async () => {
  await using at = await scratchJournal();
  await recordDesk(at.path, 1);
  const { code, err } = await say("journal", "show", at.path, "--type", "ordr");
  assert.equal(code, 2);
  assert.match(err, /Did you mean "order"\?/);
});

/** Records what a broker said, as the twelfth entry. */
function recordTrouble(path: string, message: string): void {
  using journal = new SqliteJournal(path);
  const at = instant("2026-11-23T18:00:01Z");
  const failure = {
    code: "broker/unreadable",
    message,
    outcome: "unknown",
    retryAfterMs: null,
  } as const;
  const event = {
    type: "positions.unread",
    at,
    account: "main",
    request: 9,
    failure,
  } as const;
  journal.append([{ seq: 12, recordedAt: at, event, effects: [] }]);
}

Deno.test("journal show lets no text of a broker command the terminal", async () => {
  await using at = await scratchJournal();
  await recordDesk(at.path, 1);
  recordTrouble(at.path, "\u001b[2J\r\ngone");
  const { out } = await say("journal", "show", at.path, "--last", "1");
  // deno-lint-ignore no-control-regex -- control characters are what is looked for
  assert.doesNotMatch(out.replaceAll("\n", ""), /[\x00-\x1f]/);
  assert.match(out, / {2,}\[2J +gone/);
});

Deno.test("journal export gives every entry with its effects, one a line", async () => {
  await using at = await scratchJournal();
  await recordDesk(at.path, 1);
  const { code, out } = await say("journal", "export", at.path);
  assert.equal(code, 0);
  const lines = out.trimEnd().split("\n").map((line) => JSON.parse(line));
  assert.equal(lines.length, 11);
  const [first] = lines;
  assert.deepEqual([first.type, first.seq], ["file.loaded", 1]);
  assert.equal(first.effects.at(-1).notice.type, "occurrence.armed");
});

Deno.test("journal export --format csv gives a row for each event and notice", async () => {
  await using at = await scratchJournal();
  await recordDesk(at.path, 1);
  await golden(
    "journal_export_csv",
    at.folder,
    ...["journal", "export", at.path, "--format", "csv"],
  );
});

Deno.test("journal export --out writes a file and overwrites none", async () => {
  await using at = await scratchJournal();
  await recordDesk(at.path, 1);
  const out = `${at.folder}/record.csv`;
  const words = ["journal", "export", at.path, "--format", "csv", "--out", out];
  assert.equal((await say(...words)).code, 0);
  const written = await Deno.readTextFile(out);
  assert.ok(written.startsWith("seq,recorded_at,"));
  const again = await say(...words);
  assert.equal(again.code, 2);
  assert.match(again.err, /it exists already and is not overwritten/);
  assert.equal(await Deno.readTextFile(out), written);
});

Deno.test("docs: the record's pages name every finding and every key", async () => {
  const page = readPage("docs/command-line.md");
  const section = sectionOf(page, "`carillon journal verify`");
  const kinds = rowsUnder(section, "finding").flatMap(([cell]) =>
    codesIn(cell)
  );
  assert.deepEqual(kinds.slice(0, FINDING_KINDS.length), [...FINDING_KINDS]);
  await using at = await scratchJournal();
  await recordDesk(at.path, 3);
  for (const [command, title] of [["status"], ["journal verify", "verify"]]) {
    const words = `${command} ${at.path} --json`.split(" ");
    const { out } = await say(...words);
    const keys = rowsUnder(
      readPage("docs/json-output.md"),
      `${title ?? command} key`,
    ).flatMap(([cell]) => codesIn(cell));
    assert.deepEqual(keys, Object.keys(JSON.parse(out)), command);
  }
});
