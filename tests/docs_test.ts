import assert from "node:assert/strict";
import {
  decodeSource,
  durationText,
  ISSUE_CODES,
  readSessions,
  unsupported,
} from "../dsl/mod.ts";
import {
  FILE_DEFAULTS,
  HOOK_DEFAULTS,
  NOTIFICATION_EVENTS,
  PAPER_DEFAULTS,
  SESSION_DEFAULTS,
} from "../dsl/defaults.ts";
import { PING_MS_MAX } from "../src/adapters/notify/heartbeat.ts";
import { ATTEMPTS_MAX, WAITING_MAX } from "../src/adapters/notify/outbox.ts";
import { ANSWER_MS_MAX, GRACE_MS } from "../src/app/notify/notifier.ts";
import { EXIT } from "../src/app/cli/console.ts";
import { COMMANDS, JOURNAL_ACTIONS } from "../src/app/cli/grammar.ts";
import { main } from "../src/app/cli/main.ts";
import { HOOK_FAILURES } from "../src/domain/hook_end.ts";
import { ERROR_CODES } from "../src/domain/error.ts";
import { isGood, OUTCOMES } from "../src/domain/settle.ts";
import { MAIN_JOB, PICTURE } from "../tools/draw_terminal.ts";
import { drawYear, YEAR_CALL, YEAR_PICTURE } from "../tools/draw_year.ts";
import { type JsonLine, realLines } from "./support/json_lines.ts";
import {
  anchorsOf,
  type Block,
  blocksOf,
  codesIn,
  linksOf,
  readPage,
  rowsUnder,
  sectionOf,
} from "./support/markdown.ts";
import { ROOT, runProgram, temporaryFolder } from "./support/program.ts";
import { schemaKeys } from "./support/schema_keys.ts";

const SESSION_FILE = "docs/session-file.md";
const PROBLEMS = "docs/problems.md";
const COMMAND_LINE = "docs/command-line.md";
const JSON_OUTPUT = "docs/json-output.md";
const NOTIFICATIONS = "docs/notifications.md";

/** What users read. */
const PAGES = [
  "README.md",
  SESSION_FILE,
  PROBLEMS,
  COMMAND_LINE,
  JSON_OUTPUT,
  "docs/systemd.md",
  NOTIFICATIONS,
];

/** What the first column of a page's tables with this title names. */
function named(path: string, title: string): readonly string[] {
  return rowsUnder(readPage(path), title).flatMap(([cell]) => codesIn(cell));
}

Deno.test("docs: every session file on a page is one that carillon carries out", () => {
  const blocks = PAGES.flatMap((path) =>
    blocksOf(readPage(path))
      .filter(({ info }) => info.startsWith("yaml"))
      .map((block) => ({ path, ...block }))
  );
  assert.ok(blocks.length > 5, "there are session files on the pages");
  for (const { path, info, line, text } of blocks) {
    const where = `${path}:${line}`;
    const decoded = decodeSource(where, new TextEncoder().encode(text));
    assert.ok(decoded.ok, where);
    const reading = readSessions(decoded.source);
    assert.equal(reading.ok, info !== "yaml wrong", where);
    if (!reading.ok) continue;
    assert.deepEqual(reading.warnings, [], where);
    const later = unsupported(reading.definition);
    assert.equal(later.length > 0, info === "yaml not-yet", where);
  }
});

Deno.test("docs: what a page shows below a session file is what carillon prints", async () => {
  await using folder = await temporaryFolder();
  let shown = 0;
  for (const path of PAGES) {
    let file = "";
    for (const block of blocksOf(readPage(path))) {
      if (block.info.startsWith("yaml")) file = block.text;
      if (!block.text.startsWith("$ carillon ")) continue;
      await Deno.writeTextFile(`${folder.path}/sessions.yaml`, file);
      await assertPrinted(block, `${path}:${block.line}`, folder.path);
      shown++;
    }
  }
  assert.ok(shown >= 3, "there is output on the pages");
});

async function assertPrinted(
  block: Block,
  where: string,
  cwd: string,
): Promise<void> {
  const [command = "", ...rest] = block.text.trimEnd().split("\n");
  const words = command.split(" ").slice(2);
  const { out, err } = await runProgram(words, { cwd });
  assert.equal(rest.join("\n"), `${out}${err}`.trimEnd(), where);
}

Deno.test("docs: the session file's tables name every key and no other", () => {
  const keys = named(SESSION_FILE, "key");
  assert.deepEqual([...new Set(keys)].sort(), [...schemaKeys()].sort());
});

Deno.test("docs: the session file's tables say the defaults that hold", () => {
  const rows = rowsUnder(readPage(SESSION_FILE), "key");
  for (const [key, value] of Object.entries(defaults())) {
    const said = rows.filter(([cell]) => codesIn(cell).includes(key))
      .flatMap(([, , cell]) => codesIn(cell));
    assert.ok(said.includes(value), `${key}: ${said} is not ${value}`);
  }
  const events = rows.find(([cell]) => cell === "`notify.events`");
  const [all, without] = [codesIn(events?.[1]), codesIn(events?.[2])];
  assert.deepEqual(
    all.filter((event) => !without.includes(event)),
    [...NOTIFICATION_EVENTS],
  );
});

function defaults(): Readonly<Record<string, string>> {
  const file = FILE_DEFAULTS;
  const session = SESSION_DEFAULTS;
  assert.deepEqual([file.limitsReset, session.catchUpEndMs], [0, null]);
  return {
    timezone: file.timezone,
    on_stop: file.onStop,
    "limits.reset": "00:00",
    "limits.do": file.limitsAction,
    "limits.then": file.limitsThen,
    "notify.form": file.notificationForm,
    hours: session.hours,
    half_days: session.halfDays,
    breaks: session.breaks,
    "dst.gap": session.gap,
    "dst.overlap": session.overlap,
    cancel_orders: String(session.cancelOrders),
    lead: durationText(session.leadMs),
    deadline: durationText(session.deadlineMs),
    profit: session.profit,
    "catch_up.start": durationText(session.catchUpStartMs),
    "catch_up.end": "until_next_start",
    isolation: HOOK_DEFAULTS.isolation,
    timeout: durationText(HOOK_DEFAULTS.timeoutMs),
    on_failure: HOOK_DEFAULTS.onFailure,
    overlap: HOOK_DEFAULTS.overlap,
    params: HOOK_DEFAULTS.params,
    mode: PAPER_DEFAULTS.mode,
    cash: PAPER_DEFAULTS.cash,
    currency: PAPER_DEFAULTS.currency,
    seed: String(PAPER_DEFAULTS.seed),
    commission: PAPER_DEFAULTS.commission,
    latency: durationText(PAPER_DEFAULTS.latencyMs),
  };
}

Deno.test("docs: problems.md names every code of a file and of the world", () => {
  assert.deepEqual(named(PROBLEMS, "code"), ISSUE_CODES);
  assert.deepEqual(named(PROBLEMS, "error"), ERROR_CODES);
  assert.deepEqual([...ERROR_CODES], ERROR_CODES.toSorted());
});

Deno.test("docs: problems.md names every hazard, and every fault of reading a file", () => {
  assert.deepEqual(
    named(PROBLEMS, "hazard").toSorted(),
    unionIn("src/domain/occurrence.ts", "HazardCode"),
  );
  assert.deepEqual(
    named(PROBLEMS, "fault").toSorted(),
    ["call/wrong", ...unionIn("src/app/loaded_file.ts", "ReadFaultCode")],
  );
});

Deno.test("docs: json-output.md names every reason for which a date is skipped", () => {
  assert.deepEqual(
    named(JSON_OUTPUT, "skipped for").toSorted(),
    unionIn("src/domain/occurrence.ts", "SkipReason"),
  );
});

/** The words of a union type, read off its source. */
function unionIn(path: string, type: string): readonly string[] {
  const source = readPage(path).split(`type ${type} =`)[1]?.split(";")[0] ?? "";
  return [...source.matchAll(/"([^"]+)"/g)].map((found) => found[1] ?? "")
    .toSorted();
}

Deno.test("docs: command-line.md names every option of every command", async () => {
  const page = readPage(COMMAND_LINE);
  const actions = JOURNAL_ACTIONS.map((action) => `journal ${action}`);
  for (const command of [...COMMANDS, ...actions]) {
    const help = await helpOf(command);
    const options = [...help.matchAll(/^ {2}(--[a-z-]+)(?: .*\["(.+)"\])?/gm)];
    const rows = rowsUnder(
      sectionOf(page, `\`carillon ${command}\``),
      "option",
    );
    assert.deepEqual(
      rows.flatMap(([cell]) => codesIn(cell)).toSorted(),
      options.map(([, option]) => option ?? "").toSorted(),
      command,
    );
    for (const [, option = "", value] of options) {
      const row = rows.find(([cell]) => cell === `\`${option}\``) ?? [];
      if (value !== undefined) assert.ok(codesIn(row[1]).includes(value), help);
    }
  }
});

async function helpOf(command: string): Promise<string> {
  const lines: string[] = [];
  const keep = (line: string) => void lines.push(line);
  const code = await main([...command.split(" "), "--help"], {
    print: keep,
    warn: keep,
    draw: () => {},
    isTerminal: false,
    color: false,
    columns: () => 400,
  });
  assert.equal(code, EXIT.done);
  return lines.join("\n");
}

Deno.test("docs: command-line.md names every exit code", () => {
  const codes = Object.values(EXIT).map(String);
  assert.deepEqual(named(COMMAND_LINE, "exit code"), codes);
});

Deno.test("docs: json-output.md shows every type of line with the keys it has", async () => {
  const real = Map.groupBy(await realLines(), ({ type }) => type);
  const page = readPage(JSON_OUTPUT);
  const shown = blocksOf(page).filter(({ info }) => info === "json")
    .map(({ text }) => JSON.parse(text) as JsonLine);
  assert.deepEqual(
    shown.map(({ type }) => type).toSorted(),
    [...real.keys()].toSorted(),
  );
  for (const line of shown) {
    const section = sectionOf(page, `\`${line.type}\``);
    assert.ok(section.includes(`"type": "${line.type}"`), line.type);
    const forms = formsOf(real.get(line.type) ?? []);
    for (const form of formsOf([line])) {
      assert.ok(forms.has(form), `${form} is none of ${[...forms]}`);
    }
  }
});

/** The keys of each object inside of values, by where it stands. */
function formsOf(
  values: readonly unknown[],
  path = "",
  forms = new Set<string>(),
): ReadonlySet<string> {
  for (const value of values) {
    if (Array.isArray(value)) formsOf(value, `${path}[]`, forms);
    else if (typeof value === "object" && value !== null) {
      forms.add(`${path}{${Object.keys(value).join()}}`);
      for (const [key, inner] of Object.entries(value)) {
        formsOf([inner], `${path}.${key}`, forms);
      }
    }
  }
  return forms;
}

Deno.test("docs: json-output.md names every outcome, and every reason the domain gives", () => {
  assert.deepEqual(named(JSON_OUTPUT, "outcome"), OUTCOMES);
  const sources = [
    "arm",
    "close",
    "closing_result",
    "left_out",
    "recover",
    "settle",
  ]
    .map((name) => readPage(`src/domain/${name}.ts`)).join();
  const given = [
    ...sources.matchAll(/reason: "(\w+)"|edge, "(\w+)", message/g),
  ].map((found) => found[1] ?? found[2] ?? "");
  const hooks = [...HOOK_FAILURES, "interrupted"].map((end) => `hook_${end}`);
  assert.deepEqual(
    named(JSON_OUTPUT, "reason").toSorted(),
    [...new Set([...given, ...hooks])].toSorted(),
  );
});

Deno.test("docs: json-output.md names every reason for which an order is not sent", () => {
  const [, union = ""] = /type OrderRefusalReason =([^;]+);/
    .exec(readPage("src/domain/notice.ts")) ?? [];
  const reasons = [...union.matchAll(/"(\w+)"/g)].map(([, word]) => word);
  assert.deepEqual(
    named(JSON_OUTPUT, "refused for").toSorted(),
    reasons.toSorted(),
  );
});

Deno.test("docs: the README says which outcomes there are, and which are good", () => {
  const [, list = "", good] = /ends in is one of ([^;]+);\s+the\s+first\s+(\w+)/
    .exec(readPage("README.md")) ?? [];
  assert.deepEqual(codesIn(list), OUTCOMES);
  assert.deepEqual([good, OUTCOMES.filter(isGood).length], ["four", 4]);
});

Deno.test("docs: notifications.md names every event and form, and the numbers that hold", () => {
  const page = readPage(NOTIFICATIONS);
  const rows = rowsUnder(page, "event");
  const events = rows.flatMap(([cell]) => codesIn(cell));
  const definition = "src/domain/definition.ts";
  assert.deepEqual(
    events.toSorted(),
    unionIn(definition, "NotificationEvent"),
  );
  const usual = rows.filter(([, , cell]) => cell === "yes");
  assert.deepEqual(
    usual.flatMap(([cell]) => codesIn(cell)),
    [...NOTIFICATION_EVENTS],
  );
  assert.deepEqual(
    named(NOTIFICATIONS, "form").toSorted(),
    unionIn(definition, "NotificationForm"),
  );
  const words = page.replaceAll(/\s+/g, " ");
  for (
    const said of [
      `waited for ${ANSWER_MS_MAX / 1000} seconds`,
      `After ${ATTEMPTS_MAX} attempts`,
      `At most ${WAITING_MAX} messages`,
      `within ${GRACE_MS / 1000} seconds`,
      `at most ${PING_MS_MAX / 1000} seconds`,
    ]
  ) {
    assert.ok(words.includes(said), said);
  }
});

Deno.test("docs: every link leads to a file that is there, and to a heading in it", () => {
  for (const path of PAGES) {
    for (const { file, anchor } of linksOf(path)) {
      const found = Deno.statSync(`${ROOT}${file}`);
      assert.ok(found.isFile || found.isDirectory, `${path}: ${file}`);
      if (anchor === null) continue;
      assert.ok(
        anchorsOf(readPage(file)).includes(anchor),
        `${path}: ${file}#${anchor}`,
      );
    }
  }
});

Deno.test("docs: the README's first command is the main job, and its picture shows what it prints", async () => {
  const words = readPage("README.md").replaceAll(/\s*\\\n\s*/g, " ");
  assert.ok(words.includes(`mod.ts ${MAIN_JOB.join(" ")}\n`));
  const { stdout } = await new Deno.Command(Deno.execPath(), {
    args: ["eval", DRAW],
    cwd: ROOT,
    env: { TZ: "UTC" },
  }).output();
  const drawn = new TextDecoder().decode(stdout);
  const advice = `draw it anew: TZ=UTC deno run ... tools/draw_terminal.ts`;
  assert.equal(readPage(PICTURE), drawn, advice);
});

Deno.test("docs: the picture of the year is what the call beside it draws", async () => {
  const page = readPage(COMMAND_LINE).replaceAll(/\s+/g, " ");
  assert.ok(page.includes(`carillon ${YEAR_CALL.join(" ")}`));
  const advice = "draw it anew: deno run ... tools/draw_year.ts";
  assert.equal(readPage(YEAR_PICTURE), await drawYear(), advice);
});

/** In a process of its own, whose zone is that of the picture. */
const DRAW = `import { drawMainJob } from "./tools/draw_terminal.ts";
await Deno.stdout.write(new TextEncoder().encode(await drawMainJob()));`;
