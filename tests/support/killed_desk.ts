/**
 * A session file whose edges come every few seconds of real time, and a run of it that is killed and
 * started again on the same journal until nobody kills it any more.
 *
 * Somebody else trades on the same account meanwhile, so that every edge finds something to close.
 *
 * @module
 */

import type { SeededRandom } from "../../src/adapters/clock/random.ts";
import { SystemClock } from "../../src/adapters/clock/system_clock.ts";
import type { AccountMode } from "../../src/domain/definition.ts";
import { SECOND_MS } from "../../src/domain/time.ts";
import type { DurationMs, EpochMs } from "../../src/domain/time.ts";
import {
  drawBelow,
  drawFaults,
  drawKill,
  drawOf,
  type KillPlan,
} from "./kill_plan.ts";
import { accountLine, type PaperProcess } from "./paper_process.ts";
import { type Ended, type Running, startProgram } from "./program.ts";

/** From one edge to the next on a machine that starts a program in a second. @units milliseconds */
const EDGE_EVERY_MS: DurationMs = 2 * SECOND_MS;
/** A line that does not come is not waited for longer than this after the edge. @units milliseconds */
const LINE_AFTER_MS: DurationMs = 1_500;
/** Edges of one file; those that a run does not live to see are left. */
const EDGES = 48;
/** How many edges the last run must still have ahead. */
const EDGES_LEFT = 5;

const CLOCK = new SystemClock();

/** What a session of the file closes. */
export interface DeskScope {
  /** As the file says it. */
  readonly text: string;
  /** Whether a position is in it. */
  readonly covers: (
    held: { readonly symbol: string; readonly tag: string | null },
  ) => boolean;
}

/** An account, who trades on it, and what of it is in scope. */
export interface DeskSetup {
  readonly mode: AccountMode;
  readonly scopes: readonly DeskScope[];
  /** What the other trader buys and sells. */
  readonly symbols: readonly string[];
  /** The marks that he gives it. */
  readonly tags: readonly (string | null)[];
}

/** An edge with something to do. */
export interface DeskEdge {
  readonly key: string;
  readonly at: EpochMs;
  readonly scope: DeskScope;
}

/** A run that was killed. */
export interface Life {
  readonly startedAt: EpochMs;
  /** Its process was surely dead then. @units EpochMs */
  readonly killedAt: EpochMs;
  readonly ended: Ended;
}

/** A journal and all of its runs. */
export interface DeskRecord {
  readonly name: string;
  readonly file: string;
  readonly journal: string;
  readonly edges: readonly DeskEdge[];
  readonly lives: readonly Life[];
  /** The run that was left to its end. */
  readonly last: Ended;
  /** How it was ended. */
  readonly endedBy: "signal" | "until";
}

/** What a desk is played with. */
export interface KilledDeskOptions {
  /** Tells its sessions from those of other desks on the account. */
  readonly name: string;
  readonly folder: string;
  readonly paper: PaperProcess;
  readonly setup: DeskSetup;
  readonly random: SeededRandom;
  /** Says whether to kill once more, and counts it. */
  readonly takeKill: () => boolean;
  readonly endedBy: DeskRecord["endedBy"];
  /** What a start takes on this machine now, as far as is known. @units milliseconds */
  readonly startsInMs: DurationMs;
}

/** Runs a desk, kills it as often as it is told, and lets the last run come to its end. */
export async function playKilledDesk(
  options: KilledDeskOptions,
): Promise<DeskRecord> {
  const desk = await openDesk(options);
  const lives: Life[] = [];
  while (hasEdges(desk, lives) && options.takeKill()) {
    await options.paper.setFaults([]);
    await trade(desk);
    await options.paper.setFaults(drawFaults(options.random));
    lives.push(await liveAndDie(desk, startMs(desk, lives)));
  }
  await options.paper.setFaults([]);
  await trade(desk);
  const last = await liveToTheEnd(desk, startMs(desk, lives));
  const { name, endedBy } = options;
  const { file, edges } = desk;
  const journal = `${options.folder}/.carillon/${name}.db`;
  return { name, file, journal, edges, lives, last, endedBy };
}

interface Desk extends KilledDeskOptions {
  readonly everyMs: DurationMs;
  readonly file: string;
  readonly edges: readonly DeskEdge[];
  readonly run: (...words: readonly string[]) => Running;
}

async function openDesk(options: KilledDeskOptions): Promise<Desk> {
  const { name, folder, paper, setup } = options;
  const file = `${folder}/${name}.yaml`;
  const fromAt = Math.ceil(CLOCK.now() / SECOND_MS) * SECOND_MS;
  // Edges that come faster than a run can start would leave none to be killed in peace.
  const seconds = Math.ceil(1.5 * options.startsInMs / SECOND_MS);
  const everyMs = Math.max(EDGE_EVERY_MS, seconds * SECOND_MS);
  const instants = Array.from(
    { length: EDGES },
    (_, index) => fromAt + (index + 1) * everyMs,
  );
  const opens = clockText(fromAt - 60 * SECOND_MS);
  const closes = clockText(fromAt + (EDGES + 30) * everyMs);
  const moments = instants.map((at, index) =>
    `{name: m${index + 1}, at: "${clockText(at).time}", do: close_all}`
  ).join(", ");
  const lines = setup.scopes.map(({ text }, index) =>
    `  - {name: ${name}-${index}, account: main, start: "${opens.time}", end: "${closes.time}", scope: {${text}}, moments: [${moments}]}`
  );
  await Deno.writeTextFile(
    file,
    ["accounts:", accountLine("main", paper.url), "sessions:", ...lines, ""]
      .join("\n"),
  );
  const { env = {}, flags = [] } = paper.options;
  const run = (...words: readonly string[]) =>
    startProgram(["run", file, "--json", ...words], {
      env,
      flags: [...flags, `--allow-write=${folder}`],
    });
  const edges = setup.scopes.flatMap((scope, index) =>
    instants.map((at, moment) => ({
      key: `${name}-${index}/${opens.date}/m${moment + 1}`,
      at,
      scope,
    }))
  );
  return { ...options, everyMs, file, edges, run };
}

/** A date and a time of day in UTC. @units `at`: EpochMs */
function clockText(
  at: EpochMs,
): { readonly date: string; readonly time: string } {
  const [date = "", time = ""] = Temporal.Instant.fromEpochMilliseconds(at)
    .toString().split(/[TZ]/);
  return { date, time };
}

/** Whether the last run will still have some to see through. */
function hasEdges(desk: Desk, lives: readonly Life[]): boolean {
  const at = CLOCK.now() + 4 * startMs(desk, lives) + EDGES_LEFT * desk.everyMs;
  return desk.edges.some((edge) => edge.at > at);
}

/** What a start takes here, by the last one that came to an end. */
function startMs(
  { startsInMs }: KilledDeskOptions,
  lives: readonly Life[],
): DurationMs {
  return lastStartMs(lives) ?? startsInMs;
}

/** What the last start took that came to an end; `null` where none did. @units milliseconds */
export function lastStartMs(lives: readonly Life[]): DurationMs | null {
  for (const { startedAt, ended: { out } } of lives.toReversed()) {
    const [, at] = /^{"at":"([^"]+)","type":"run.opened"/.exec(out) ?? [];
    if (at === undefined) continue;
    return Temporal.Instant.from(at).epochMilliseconds - startedAt;
  }
  return null;
}

/** The first instant of edges from `at` on; far ahead where there is none. @units EpochMs */
function edgeFrom({ edges, everyMs }: Desk, at: EpochMs): EpochMs {
  return edges.find((edge) => edge.at >= at)?.at ?? at + everyMs;
}

/** Opens one to three positions by the hand of somebody else. */
async function trade({ paper, setup, random }: Desk): Promise<void> {
  for (let left = 1 + drawBelow(random, 3); left > 0; left--) {
    const tag = drawOf(random, setup.tags);
    await paper.ask("/v1/orders", {
      client_order_id: `hand/${tag ?? ""}/${random.id()}`,
      symbol: drawOf(random, setup.symbols),
      side: setup.mode === "netting" ? "buy" : drawOf(random, ["buy", "sell"]),
      qty: `${1 + drawBelow(random, 9)}000`,
      type: "market",
      limit_price: null,
      tag,
    });
  }
}

async function liveAndDie(desk: Desk, startsInMs: DurationMs): Promise<Life> {
  const startedAt = CLOCK.now();
  const over = new AbortController();
  const tradesAt = startedAt + drawBelow(desk.random, 3_000);
  const plan = drawKill(desk.random);
  const trading = CLOCK.sleepUntil(tradesAt, over.signal).then(
    () => trade(desk),
    // Killed before.
    () => undefined,
  );
  await using run = desk.run();
  const readyAt = startedAt + startsInMs + SECOND_MS / 2;
  await reach(plan, run, {
    startsAt: startedAt,
    startsInMs,
    edgeAt: edgeFrom(desk, readyAt),
  });
  try {
    run.signal("SIGKILL");
  } catch {
    // It had ended by itself, which its code tells.
  }
  const ended = await run.ended();
  over.abort();
  await trading;
  return { startedAt, killedAt: CLOCK.now(), ended };
}

/** Waits for the instant of a kill. @units `startsAt`, `edgeAt`: EpochMs */
async function reach(
  plan: KillPlan,
  run: Running,
  { startsAt, startsInMs, edgeAt }: {
    readonly startsAt: EpochMs;
    readonly startsInMs: DurationMs;
    readonly edgeAt: EpochMs;
  },
): Promise<void> {
  switch (plan.kind) {
    case "start":
      return await CLOCK.sleepUntil(startsAt + plan.part * startsInMs);
    case "edge":
      return await CLOCK.sleepUntil(edgeAt + plan.ms);
    case "line": {
      const line = RegExp(`"type":"${plan.type}"`);
      await heardOrLate(run, line, edgeAt + LINE_AFTER_MS);
      return await CLOCK.sleepUntil(CLOCK.now() + plan.ms);
    }
  }
}

/** Waits for a line, but not beyond an instant. @units `at`: EpochMs */
async function heardOrLate(
  run: Running,
  line: RegExp,
  at: EpochMs,
): Promise<void> {
  const heard = new AbortController();
  const late = CLOCK.sleepUntil(at, heard.signal).catch(() => undefined);
  // Whether it never comes is seen at the end of the process.
  const told = run.line(line).catch(() => undefined);
  await Promise.race([told, late]);
  heard.abort();
}

/** One more run, which sees at least one edge through. */
async function liveToTheEnd(
  desk: Desk,
  startsInMs: DurationMs,
): Promise<Ended> {
  const at = edgeFrom(desk, CLOCK.now() + 2 * startsInMs + SECOND_MS);
  if (desk.endedBy === "until") {
    const untilAt = Temporal.Instant.fromEpochMilliseconds(at + desk.everyMs);
    await using run = desk.run("--until", untilAt.toString());
    return await run.ended();
  }
  await using run = desk.run();
  const keys = desk.edges.filter((edge) => edge.at === at)
    .map(({ key }) => key);
  const line = RegExp(`"edge.settled","edge":"(?:${keys.join("|")})"`);
  // A start that was slower than all before it may have no edge left to see through.
  await run.line(/"type":"account.ready"/);
  for (const _ of keys) await run.line(line);
  run.signal("SIGINT");
  return await run.ended();
}
