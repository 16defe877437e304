import assert from "node:assert/strict";
import { main } from "../../src/app/cli/main.ts";
import { makeSchema } from "../../dsl/mod.ts";
import { temporaryFolder } from "../support/program.ts";
import { recordedConsole } from "../support/recorded_console.ts";

const DESK = "tests/golden/cli/desk.yaml";
const BROKEN = "tests/golden/cli/broken.yaml";

async function ask(...words: readonly string[]) {
  const { console, out, err } = recordedConsole();
  const code = await main(words, console);
  assert.equal(err(), "", "what programs read is on standard output");
  return { code, answer: JSON.parse(out()) };
}

Deno.test("check --json names every problem with its place", async () => {
  const { code, answer } = await ask("check", BROKEN, "--json");
  assert.equal(code, 2);
  assert.deepEqual([answer.file, answer.ok], [BROKEN, false]);
  assert.deepEqual(
    answer.problems.map((
      { code, line, column }: Record<string, unknown>,
    ) => [code, line, column]),
    [
      ["file/unknown-key", 1, 1],
      ["time/out-of-range", 5, 10],
      ["value/unknown-word", 6, 13],
    ],
  );
  assert.deepEqual(answer.warnings, []);
});

Deno.test("check --json gives hazards as warnings and ends well", async () => {
  const { code, answer } = await ask(
    "check",
    DESK,
    "--json",
    "--now",
    "2026-10-01T00:00:00Z",
  );
  assert.equal(code, 0);
  assert.deepEqual(
    [answer.ok, answer.sessions, answer.accounts, answer.problems],
    [true, 3, 2, []],
  );
  assert.deepEqual(
    answer.warnings.map((each: Record<string, unknown>) => [
      each.session,
      each.trade_date,
      each.code,
    ]),
    [
      ["night", "2026-11-01", "dst-overlap"],
      ["night", "2027-03-14", "dst-gap"],
      ["gap", "2027-03-14", "empty_window"],
      ["night", "2026-10-01", "overlap-conflict"],
      ["night", "2026-10-26", "desync-week"],
      ["night", "2027-03-15", "desync-week"],
    ],
  );
});

Deno.test("check --json says of a missing file what it is", async () => {
  const { code, answer } = await ask("check", "missing.yaml", "--json");
  assert.equal(code, 2);
  assert.deepEqual(
    [answer.ok, answer.problems[0].code],
    [false, "file/missing"],
  );
});

Deno.test("plan --json has occurrences in UTC and skips among the warnings", async () => {
  const { code, answer } = await ask(
    "plan",
    DESK,
    "--json",
    "--from",
    "2027-03-14",
    "--to",
    "2027-03-15",
  );
  assert.equal(code, 0);
  const [night] = answer.occurrences;
  assert.deepEqual(
    [night.session, night.trade_date, night.opens_at, night.closes_at],
    ["night", "2027-03-14", "2027-03-14T06:30:00Z", "2027-03-14T07:00:00Z"],
  );
  assert.deepEqual(
    night.hazards.map(({ code }: { readonly code: string }) => code),
    ["dst-gap", "dst-change"],
  );
  const london = answer.occurrences.at(-1);
  assert.deepEqual(
    london.edges.map((
      { edge, due_at }: Record<string, unknown>,
    ) => [edge, due_at]),
    [
      ["london/2027-03-15/start", "2027-03-15T08:00:00Z"],
      ["london/2027-03-15/lunch", "2027-03-15T11:58:00Z"],
      ["london/2027-03-15/end", "2027-03-15T16:28:00Z"],
    ],
  );
  assert.deepEqual(
    answer.warnings.map(({ occurrence, reason }: Record<string, unknown>) => [
      occurrence,
      reason,
    ]),
    [["gap/2027-03-14", "empty_window"]],
  );
});

Deno.test("plan counts a week from today in the file's zone where no day is named", async () => {
  const { answer } = await ask(
    "plan",
    DESK,
    "--json",
    "--session",
    "london",
    "--now",
    "2026-11-23T23:30:00Z",
  );
  const dates = answer.occurrences.map((
    { trade_date }: { readonly trade_date: string },
  ) => trade_date);
  assert.deepEqual([dates[0], dates.at(-1), dates.length], [
    "2026-11-23",
    "2026-11-30",
    6,
  ]);
});

Deno.test("plan takes instants: what is open at any of them", async () => {
  const { answer } = await ask(
    "plan",
    DESK,
    "--json",
    "--from",
    "2026-11-23T16:29:59Z",
    "--to",
    "2026-11-24T06:30:00Z",
  );
  assert.deepEqual(
    answer.occurrences.map(({ occurrence }: Record<string, unknown>) =>
      occurrence
    ),
    ["london/2026-11-23"],
  );
});

Deno.test("next --json counts the seconds", async () => {
  const { code, answer } = await ask(
    "next",
    DESK,
    "--json",
    "--count",
    "2",
    "--now",
    "2026-11-23T10:00:00Z",
  );
  assert.equal(code, 0);
  assert.deepEqual(answer.open[0].closes_in_seconds, 23_400);
  assert.deepEqual(
    answer.next.map(({ edge, due_in_seconds }: Record<string, unknown>) => [
      edge,
      due_in_seconds,
    ]),
    [["london/2026-11-23/lunch", 7_080], ["london/2026-11-23/end", 23_280]],
  );
});

Deno.test("permissions --json gives flags and a set for deno.json", async () => {
  const { code, answer } = await ask("permissions", DESK, "--json");
  assert.equal(code, 0);
  assert.deepEqual(answer.flags, [
    "--allow-net=127.0.0.1,bridge.example.com:443",
    `--allow-read=${DESK}`,
    "--allow-env=BRIDGE_TOKEN",
  ]);
  assert.deepEqual(answer.journal.flags, [
    "--allow-read=tests/golden/cli/.carillon",
    "--allow-write=tests/golden/cli/.carillon",
  ]);
  assert.deepEqual(answer.deno_json.permissions.carillon.env, [
    "BRIDGE_TOKEN",
  ]);
});

Deno.test("schema prints the schema that the decoder declares", async () => {
  const { code, answer } = await ask("schema");
  assert.equal(code, 0);
  assert.deepEqual(answer, JSON.parse(JSON.stringify(makeSchema())));
});

Deno.test("run --json refuses a broken file in one object", async () => {
  const { code, answer } = await ask("run", BROKEN, "--json");
  assert.equal(code, 2);
  assert.deepEqual(
    [answer.type, answer.file, answer.problems.length],
    ["file.refused", BROKEN, 3],
  );
});

Deno.test("next names an edge that a run would still fire late: due with its lead, and not over", async () => {
  await using folder = await temporaryFolder();
  const path = `${folder.path}/lead.yaml`;
  await Deno.writeTextFile(
    path,
    'sessions: [{name: a, start: "08:00", end: "16:30", lead: 5m, on_end: close_all}]\n',
  );
  const edges = async (now: string) => {
    const { answer } = await ask("next", path, "--json", "--now", now);
    return answer.next.map((
      { edge, due_in_seconds }: Record<string, unknown>,
    ) => [edge, due_in_seconds])[0];
  };
  const end = "a/2026-11-23/end";
  assert.deepEqual(await edges("2026-11-23T16:24:59Z"), [end, 1]);
  assert.deepEqual(await edges("2026-11-23T16:27:00Z"), [end, -120]);
  assert.deepEqual(await edges("2026-11-23T16:30:00Z"), [end, -300]);
  assert.notEqual((await edges("2026-11-23T16:30:01Z"))[0], end);
});
