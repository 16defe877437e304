/**
 * Real lines of `run --json`: of whole runs of the program, and of its teller where no run of the
 * program would come to such a line by itself.
 *
 * @module
 */

import { createTeller } from "../../src/app/cli/teller.ts";
import { main } from "../../src/app/cli/main.ts";
import { reportNotStarted, reportWarnings } from "../../src/app/cli/report.ts";
import type { Console } from "../../src/app/cli/console.ts";
import { loadFile } from "../../src/app/load_file.ts";
import type { LoadedFile } from "../../src/app/loaded_file.ts";
import { holdSourceFile } from "../../src/app/source_file.ts";
import type { Notice } from "../../src/domain/notice.ts";
import { MINUTE_MS } from "../../src/domain/time.ts";
import { MAIN_JOB } from "../../tools/draw_terminal.ts";
import { decimal } from "../../src/domain/decimal.ts";
import { place } from "./place_order.ts";
import { clockSession, clockWindow } from "./clock_session.ts";
import { CLOSE_ALL, held, openPaperRun } from "./paper_run.ts";

/** A line of JSON, read. */
export interface JsonLine {
  readonly type: string;
  readonly [key: string]: unknown;
}

const NAME = "docs-lines.yaml";

const STRATEGY_ENDED: Notice = {
  type: "strategy.ended",
  at: 0,
  call: "london/2026-11-23/ema@2026-11-23T08:05:00Z",
  session: "london",
  strategy: "ema",
  dueAt: 0,
  outcome: "failed",
  elapsedMs: 38.1,
  message: "TypeError: no",
  place: { file: "strategies/ema.ts", line: 14, column: 30 },
  logs: [],
  refusedUntilAt: null,
};

const NOT_READY: Notice = {
  type: "account.not_ready",
  at: 0,
  account: "main",
  code: "broker/unreachable",
  message: 'Cannot open account "main": nobody answers there',
  nextAt: 1_000,
};

const HOOK_ENDED: Notice = {
  type: "hook.ended",
  at: 0,
  call: "london/2026-11-23/start/custom_start",
  edge: "london/2026-11-23/start",
  session: "london",
  name: "custom_start",
  outcome: "failed",
  elapsedMs: 12.4,
  message: "TypeError: no",
  place: { file: "hooks/open.ts", line: 9, column: 22 },
  value: null,
  logs: [{ at: 0, level: "info", text: "opening" }],
  refusedUntilAt: null,
};

/** At least one line of every type that a run can print. */
export async function realLines(): Promise<readonly JsonLine[]> {
  return [
    ...await linesOf(["run", ...MAIN_JOB, "--json"]),
    ...await linesOf([...HALF_A_DAY, "--json"]),
    ...await linesOf(["run", NAME, "--speed", "max", "--json"], REFUSED),
    ...await linesOf(["run", NAME, "--speed", "max", "--json"], SKIPPING),
    ...await linesOf(NIGHT, SKIPPING),
    ...await warningLines(),
    ...await linesOf(["flatten", NAME, "--json"], SKIPPING),
    ...notStartedLines(),
    ...await troubleLines(),
    ...await controlLines(),
    ...await editLines(),
  ];
}

/** The main job, stopped while positions are open. */
const HALF_A_DAY = [
  "run",
  ...MAIN_JOB.with(
    MAIN_JOB.indexOf("--until") + 1,
    "2026-11-23T13:00:00Z",
  ),
];

const REFUSED = 'sessions: [{start: 8am, end: "16:30", on_end: close_all}]\n';

/** Both edges lie inside the hour that London's clock skips. */
const SKIPPING =
  'sessions: [{name: night, timezone: Europe/London, start: "01:10", end: "01:40"}]\n';

const NIGHT = [
  "run",
  NAME,
  "--now",
  "2026-03-28T22:00:00Z",
  "--until",
  "2026-03-29T05:00:00Z",
  "--speed",
  "max",
  "--json",
];

const TOKEN_INSIDE = `accounts:
  bridge: {kind: http, url: "https://bridge.example.com", token: abc}
sessions: [{start: 8, end: 16, on_end: close_all}]
`;

async function linesOf(
  words: readonly string[],
  file?: string,
): Promise<readonly JsonLine[]> {
  if (file !== undefined) hold(file);
  const { console, lines } = collector();
  await main(words, console);
  return lines;
}

async function warningLines(): Promise<readonly JsonLine[]> {
  const { console, lines } = collector();
  reportWarnings(await loadHeld(TOKEN_INSIDE), { json: true }, console);
  return lines;
}

function notStartedLines(): readonly JsonLine[] {
  const { console, lines } = collector();
  reportNotStarted({ json: true }, console);
  return lines;
}

/** A close that has to look again, a broken stream, and a run that was left. */
async function troubleLines(): Promise<readonly JsonLine[]> {
  const { console, lines } = collector();
  await using run = await openPaperRun({
    account: { positions: [held("EURUSD")] },
    faults: [
      { on: "positions", do: { kind: "status", status: 500 }, times: 1 },
    ],
  });
  const { tell, stream, alarm, close } = createTeller({
    file: await loadHeld(SKIPPING),
    args: { json: true, file: NAME },
    console,
    composition: {
      runtime: run.runtime,
      clock: run.clock,
      journal: { kind: "memory", why: "this is a test" },
      [Symbol.asyncDispose]: () => Promise.resolve(),
    },
  });
  await run.playUntil("2026-11-23T16:32:00Z");
  run.notices.forEach(tell);
  (await recoveryNotices()).forEach(tell);
  tell(ODD);
  tell(HOOK_ENDED);
  tell(NOT_READY);
  tell(STRATEGY_ENDED);
  tell(DIFFERENT);
  tell({ type: "journal.unwritable", at: 0, message: "It is full" });
  tell({ type: "journal.restored", at: 0, entries: 1, sinceAt: 0 });
  stream("main", { type: "stream", state: "down", message: "closed" });
  alarm({
    type: "notify.failed",
    webhook: 1,
    form: "slack",
    id: "z9pcqm8y0pj1a0dbwceynvmm",
    event: "close_failed",
    reason: "refused",
    attempts: 1,
    message: "it answered 404",
  });
  alarm({ type: "heartbeat.changed", state: "restored", message: null });
  close(2);
  return lines;
}

/** A skip, a pause and its end. */
async function controlLines(): Promise<readonly JsonLine[]> {
  const { console, lines } = collector();
  await using run = await openPaperRun({});
  const { tell } = createTeller({
    file: await loadHeld(SKIPPING),
    args: { json: true, file: NAME },
    console,
    composition: {
      runtime: run.runtime,
      clock: run.clock,
      journal: { kind: "memory", why: "this is a test" },
      [Symbol.asyncDispose]: () => Promise.resolve(),
    },
  });
  await run.playUntil("2026-11-23T16:29:30Z");
  const edge = "desk/2026-11-23/end";
  const { runtime } = run;
  tell(await place(run));
  tell(await place(run, { symbol: "?", qty: decimal("0") }));
  tell(await runtime.control({ type: "pause.requested", session: null }));
  tell(await runtime.control({ type: "resume.requested", session: null }));
  tell(
    await runtime.control({ type: "edge.skip_requested", edge, wish: "skip" }),
  );
  return lines;
}

/** An edit that is carried out, and one that is not. */
async function editLines(): Promise<readonly JsonLine[]> {
  const { console, lines } = collector();
  const tokyo = { ...CLOSE_ALL, name: "tokyo", days: [MONDAY] };
  await using run = await openPaperRun({
    from: "2026-11-23T12:00:00Z",
    sessions: [CLOSE_ALL, tokyo],
  });
  const { tell, kept } = createTeller({
    file: await loadHeld(SKIPPING),
    args: { json: true, file: NAME },
    console,
    composition: {
      runtime: run.runtime,
      clock: run.clock,
      journal: { kind: "memory", why: "this is a test" },
      [Symbol.asyncDispose]: () => Promise.resolve(),
    },
  });
  await run.playUntil("2026-11-23T12:00:00Z");
  const definition = run.runtime.state.run?.definition;
  if (definition === undefined) throw new Error("Nothing runs");
  const sessions = [
    { ...CLOSE_ALL, window: clockWindow("08:00", "17:00", "UTC") },
    { ...tokyo, name: "asia" },
  ].map(clockSession);
  tell(await run.runtime.reload({ ...definition, sessions }));
  kept({
    at: 0,
    file: NAME,
    reason: "unchanged",
    message: "The file says what it said before",
    failure: null,
  });
  return lines;
}

const MONDAY = { kind: "weekday", weekday: 1 } as const;

/** A close that a dead run left in the middle, and one that waits for its market. */
async function recoveryNotices(): Promise<readonly Notice[]> {
  const sessions = [{
    ...CLOSE_ALL,
    calendar: [{ kind: "code", code: "XLON" }] as const,
    ifClosed: { kind: "next_open", offsetMs: 0 } as const,
  }];
  await using first = await openPaperRun({
    sessions,
    account: { positions: [held("EURUSD")] },
    faults: [{
      on: "positions",
      do: { kind: "no_answer" },
      times: null,
    }],
  });
  await first.playUntil("2026-11-23T16:29:30Z");
  first.runtime.abandon();
  await first.clock.run(first.clock.now() + MINUTE_MS);
  await using second = await openPaperRun({
    sessions,
    after: first,
    faults: [],
  });
  await second.playUntil("2026-11-23T16:31:00Z");
  return second.notices;
}

/** A book that was otherwise than the broker; both sides are rows or nothing. */
const DIFFERENT: Notice = {
  type: "book.differs",
  at: 0,
  account: "main",
  differences: [{
    what: "position",
    id: "EURUSD",
    book: {
      id: "EURUSD",
      symbol: "EURUSD",
      side: "long",
      qty: decimal("10000"),
      entryPrice: decimal("1.0721"),
      netProfit: null,
      grossProfit: null,
      profitCurrency: "USD",
      openedAt: 0,
      tag: null,
    },
    broker: null,
  }],
};

/** No broker of ours can be made to contradict itself this way; the type gives the keys. */
const ODD: Notice = {
  type: "anomaly",
  at: 0,
  about: "c1",
  message: 'An order that is filled was said to be "not_found"',
};

async function loadHeld(text: string): Promise<LoadedFile> {
  hold(text);
  const loaded = await loadFile(NAME);
  if ("problems" in loaded) throw new Error(`The file has problems: ${text}`);
  return loaded;
}

function hold(text: string): void {
  const bytes = new TextEncoder().encode(text);
  holdSourceFile({ name: NAME, bytes, folder: "." });
}

function collector(): {
  readonly console: Console;
  readonly lines: readonly JsonLine[];
} {
  const lines: JsonLine[] = [];
  const console: Console = {
    print: (line) => void lines.push(JSON.parse(line)),
    warn: (line) => {
      throw new Error(`Said aside of the JSON: ${line}`);
    },
    draw: () => {},
    isTerminal: false,
    color: false,
    columns: () => 80,
  };
  return { console, lines };
}
