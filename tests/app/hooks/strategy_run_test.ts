import assert from "node:assert/strict";
import { SystemClock } from "../../../src/adapters/clock/system_clock.ts";
import { FileHooks } from "../../../src/app/hooks/file_hooks.ts";
import { planHooks } from "../../../src/app/hooks/plan_hooks.ts";
import { withGrants } from "../../../src/app/hooks/require_grant.ts";
import { loadFile } from "../../../src/app/load_file.ts";
import type { Notice } from "../../../src/domain/notice.ts";
import { getRow } from "../../../src/domain/table.ts";
import { isoText } from "../../support/clock_session.ts";
import { expectGolden } from "../../support/golden.ts";
import { openPaperRun, type PaperRun } from "../../support/paper_run.ts";

type Kind = "process" | "vm";

interface StrategyRun extends AsyncDisposable {
  readonly run: PaperRun;
}

/** Opens a run of an example on virtual time, its strategies in real sandboxes. */
async function openExample(
  name: string,
  kind: Kind,
  from: string,
  after?: PaperRun,
): Promise<StrategyRun> {
  const file = await loadFile(`examples/${name}.yaml`);
  if ("problems" in file) throw new Error(JSON.stringify(file.problems));
  const plan = await planHooks(file, () => kind);
  if (!plan.ok) throw new Error(JSON.stringify(plan.failure.problems));
  const [account] = file.definition.accounts;
  if (account?.kind !== "paper") throw new Error("the account is not of paper");
  let run: PaperRun | null = null;
  const hooks = await FileHooks.open(withGrants(plan.hooks), {
    realClock: new SystemClock(),
    hold: (work) => void run?.clock.hold(work),
  });
  const { sessions } = file.definition;
  const setup = { account, sessions, hooks, from };
  const opened = run = await openPaperRun(
    after === undefined ? setup : { ...setup, after },
  );
  return {
    run: opened,
    async [Symbol.asyncDispose]() {
      await opened[Symbol.asyncDispose]();
      await hooks[Symbol.asyncDispose]();
    },
  };
}

/** What was traded, what went wrong, and how the edges ended, a line each. */
function linesOf(notices: readonly Notice[]): readonly string[] {
  return notices.flatMap((notice) => {
    const at = isoText(notice.at).slice(0, 19);
    switch (notice.type) {
      case "order.sent": {
        const { side, qty, symbol, tag } = notice.intent;
        return `${at} ${side} ${qty} ${symbol} tag ${tag ?? "none"}`;
      }
      case "order.refused":
        return `${at} refused ${notice.side}: ${notice.reason}`;
      case "strategy.ended":
        return `${at} ${notice.call} ${notice.outcome}: ${notice.message}`;
      case "edge.settled": {
        const { edge, outcome, closed, remaining } = notice;
        return `${at} ${edge} ${outcome}, ${closed} closed, ${remaining} left`;
      }
      default:
        return [];
    }
  });
}

async function held(run: PaperRun): Promise<readonly string[]> {
  const broker = run.paper.openBroker();
  const { positions } = await broker.read(null);
  return positions.map(({ side, qty, symbol }) => `${side} ${qty} ${symbol}`);
}

const KINDS: readonly Kind[] = ["vm", "process"];

for (const kind of KINDS) {
  Deno.test(`examples/06_moving_average.yaml trades a day and leaves the other's position, in a ${kind}`, async () => {
    const opened = await openExample(
      "06_moving_average",
      kind,
      "2026-11-23T07:00:00Z",
    );
    await using _ = opened;
    const { run } = opened;
    await run.playUntil("2026-11-23T17:00:00Z");
    assert.deepEqual(await held(run), ["long 5000 EURUSD"]);
    await expectGolden(
      "sessions/06_moving_average.run.txt",
      `${linesOf(run.notices).join("\n")}\n`,
    );
  });

  Deno.test(`examples/07_opening_range.yaml trades one break a day, in a ${kind}`, async () => {
    const opened = await openExample(
      "07_opening_range",
      kind,
      "2026-11-23T14:00:00Z",
    );
    await using _ = opened;
    const { run } = opened;
    await run.playUntil("2026-11-23T21:30:00Z");
    assert.deepEqual(await held(run), []);
    await expectGolden(
      "sessions/07_opening_range.run.txt",
      `${linesOf(run.notices).join("\n")}\n`,
    );
  });
}

Deno.test("a run that breaks off in the middle of the day goes on with the state, and doubles nothing", async () => {
  const name = "07_opening_range";
  const first = await openExample(name, "vm", "2026-11-23T14:00:00Z");
  await using _first = first;
  // In the middle: the range is known, and what it led to.
  await first.run.playUntil("2026-11-23T18:00:30Z");
  const before = getRow(
    first.run.runtime.state.strategies,
    "new-york/opening_range",
  );
  first.run.runtime.abandon();
  const second = await openExample(
    name,
    "vm",
    "2026-11-23T18:00:30Z",
    first.run,
  );
  await using _second = second;
  await second.run.playUntil("2026-11-23T18:00:45Z");
  const after = getRow(
    second.run.runtime.state.strategies,
    "new-york/opening_range",
  );
  assert.ok(before?.kept, "something is kept");
  assert.equal(after?.kept, before?.kept);
  await second.run.playUntil("2026-11-23T21:30:00Z");
  const whole = [...first.run.notices, ...second.run.notices];
  const calls = [...second.run.journal.read()].flatMap(({ effects }) =>
    effects.flatMap((effect) => effect.type === "hook.run" ? [effect.call] : [])
  );
  assert.equal(new Set(calls).size, calls.length, "no call came twice");
  assert.deepEqual(
    linesOf(whole).filter((line) => line.includes(" tag new-york")).length,
    2,
    "one order opens and one closes",
  );
  assert.deepEqual(await held(second.run), []);
});
