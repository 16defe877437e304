import assert from "node:assert/strict";
import { VirtualClock } from "../../src/adapters/clock/virtual_clock.ts";
import { BROKER_CASES } from "../../src/app/drill/broker_cases.ts";
import { crashing, type Ground } from "../../src/app/drill/drill_case.ts";
import { drillDayOn } from "../../src/app/drill/drill_day.ts";
import { drillFile } from "../../src/app/drill/drill_file.ts";
import { MachineClock } from "../../src/app/drill/machine_clock.ts";
import {
  type Ending,
  play,
  type PlayRecord,
} from "../../src/app/drill/play.ts";
import { peaceful } from "../../src/app/drill/play_plan.ts";
import { CARILLON } from "../../src/app/drill/run_drill.ts";
import { stationsOfEdges } from "../../src/app/drill/station.ts";
import { decimal } from "../../src/domain/decimal.ts";
import { HOUR_MS, MINUTE_MS } from "../../src/domain/time.ts";
import { clockSession, clockWindow } from "../support/clock_session.ts";
import { held, paperDefinition } from "../support/paper_run.ts";

const DEFINITION = paperDefinition([
  clockSession({
    name: "desk",
    window: clockWindow("08:00", "16:30", "UTC"),
    onEnd: ["close_all"],
  }),
]);
const DAY = drillDayOn(DEFINITION, "2026-11-24");
const KEY = "desk/2026-11-24/end";

function file() {
  const { accounts, ...rest } = DEFINITION;
  const withPositions = accounts.map((account) =>
    account.kind === "paper"
      ? { ...account, positions: [held("EURUSD"), held("GBPUSD")] }
      : account
  );
  const definition = { ...rest, accounts: withPositions };
  return drillFile(definition, { day: DAY, seed: 1, pricesOf: () => [] });
}

function endingOf({ endings }: PlayRecord): Ending {
  const [ending, ...more] = endings.filter(({ settled }) =>
    settled.edge === KEY
  );
  assert.ok(ending !== undefined && more.length === 0);
  return ending;
}

Deno.test("play() passes the same stations again, however often it plays", async () => {
  const first = await play(file(), peaceful(DAY), CARILLON);
  const second = await play(file(), peaceful(DAY), CARILLON);
  assert.deepEqual(first.lives, second.lives);
  const stations = stationsOfEdges(first.lives[0] ?? [], new Set([KEY]));
  const calls = stations.flatMap((each) =>
    each.kind === "call" ? [each.call] : []
  );
  assert.equal(calls.filter((call) => call === "submit").length, 2);
  assert.ok(calls.includes("cancel"), "an order was left working");
  assert.equal(endingOf(first).settled.outcome, "flat_verified");
});

Deno.test("play() lets nothing of a dead program reach the broker or the journal", async () => {
  const { lives } = await play(file(), peaceful(DAY), CARILLON);
  const submit = stationsOfEdges(lives[0] ?? [], new Set([KEY]))
    .find((each) => each.kind === "call" && each.call === "submit");
  assert.ok(submit !== undefined);
  // Both orders are on record; it dies before the first is sent, so the second must not leave either.
  const before = { kind: "call", n: submit.n, moment: "before" } as const;
  const crashed = await play(file(), crashing(DAY, before), CARILLON);
  assert.equal(crashed.lives.length, 2);
  const dead = crashed.lives[0]?.filter(({ kind }) => kind === "call") ?? [];
  assert.equal(dead.at(-1)?.n, submit.n, "nothing is asked after its death");
  assert.equal(endingOf(crashed).truth.at, DAY.edges[0]!.edge.dueAt + 5_000);
  const ours = crashed.books[0]?.orders
    .filter(({ closes }) => closes !== null) ?? [];
  assert.equal(ours.length, 2);
  assert.deepEqual(crashed.audit?.findings, []);
});

Deno.test("play() carries out what was on its way when the program died, and loses the answer", async () => {
  const { lives } = await play(file(), peaceful(DAY), CARILLON);
  const submit = stationsOfEdges(lives[0] ?? [], new Set([KEY]))
    .find((each) => each.kind === "call" && each.call === "submit");
  assert.ok(submit !== undefined);
  const after = { kind: "call", n: submit.n, moment: "after" } as const;
  const crashed = await play(file(), crashing(DAY, after), CARILLON);
  const again = crashed.lives[1] ?? [];
  assert.ok(
    again.some((each) => each.kind === "call" && each.call === "find"),
    "the next life asks about it",
  );
  const { audit } = crashed.books[0]!;
  assert.deepEqual(audit.duplicates, []);
  assert.equal(endingOf(crashed).settled.outcome, "flat_verified");
});

Deno.test("play() sees two closes of one edge end although one's list has explained the other's order", async () => {
  const session = clockSession({
    name: "desk",
    window: clockWindow("08:00", "16:30", "UTC"),
    onEnd: ["close_win", "close_all"],
  });
  const { accounts, ...rest } = paperDefinition([session]);
  const definition = {
    ...rest,
    accounts: accounts.map((account) =>
      account.kind === "paper"
        ? {
          ...account,
          mode: "hedging" as const,
          positions: [
            held("EURUSD", "1000", { price: decimal("0.5") }),
            held("EURUSD", "2000", { price: decimal("2") }),
          ],
        }
        : account
    ),
  };
  const day = drillDayOn(definition, "2026-11-24");
  const played = drillFile(definition, { day, seed: 1, pricesOf: () => [] });
  const lost = BROKER_CASES.find(({ name }) => name === "answer_lost");
  const ground = { file: played, day } as Ground;
  const plan = await lost?.plan(ground);
  assert.ok(plan?.kind === "plays");
  for (const each of plan.plays) {
    const { settled, truth } = endingOf(await play(played, each, CARILLON));
    assert.equal(settled.outcome, "closed_verified");
    assert.deepEqual(truth.positions, []);
    const lateMs = truth.at - settled.dueAt;
    assert.ok(lateMs < 15_000, "nobody waits until the deadline");
  }
});

Deno.test("MachineClock wakes by what it shows, and sleeps no longer where it is set back", async () => {
  const world = new VirtualClock(0);
  const machine = new MachineClock(world, true);
  let wokenAt: number | null = null;
  machine.sleepUntil(2 * HOUR_MS).then(() => wokenAt = world.now());
  await world.run(HOUR_MS);
  machine.aheadMs = HOUR_MS;
  await world.run(HOUR_MS + MINUTE_MS);
  assert.ok(wokenAt !== null && wokenAt - HOUR_MS <= 30_000);
  let late: number | null = null;
  machine.sleepUntil(3 * HOUR_MS).then(() => late = world.now());
  machine.aheadMs = -HOUR_MS;
  await world.run(3 * HOUR_MS);
  // It showed two hours and a minute, and an hour less a minute was missing.
  assert.equal(late, 2 * HOUR_MS);
  assert.equal(machine.elapsed(), 3 * HOUR_MS);
});
