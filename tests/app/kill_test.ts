import assert from "node:assert/strict";
import { SeededRandom } from "../../src/adapters/clock/random.ts";
import { SystemClock } from "../../src/adapters/clock/system_clock.ts";
import { type BrokerBook, readBook } from "../support/held_positions.ts";
import {
  KILL_CLASSES,
  type KillWalk,
  walkKills,
} from "../support/kill_walk.ts";
import { judgeBook, judgeRecord } from "../support/kill_verdict.ts";
import {
  type DeskRecord,
  type DeskScope,
  type DeskSetup,
  lastStartMs,
  playKilledDesk,
} from "../support/killed_desk.ts";
import { startPaperIn } from "../support/paper_process.ts";
import { type Ended, runProgram } from "../support/program.ts";

/** How often a run is killed, and how often at once: `deno test ... -- --kills=2000 --seed=7`. */
const KILLS = argument("kills", 300);
const SEED = argument("seed", 20261125);
const LANES = argument("lanes", 6);

/** How often one journal is cut off before it is left in peace. */
const KILLS_A_JOURNAL = 25;

function argument(name: string, fallback: number): number {
  const given = Deno.args.find((word) => word.startsWith(`--${name}=`));
  return given === undefined ? fallback : Number(given.slice(name.length + 3));
}

const NETTING: DeskSetup = {
  mode: "netting",
  scopes: [symbols("EURUSD", "USDJPY"), symbols("XAUUSD")],
  // The last is in no scope.
  symbols: ["EURUSD", "EURUSD", "USDJPY", "XAUUSD", "XAUUSD", "GBPUSD"],
  tags: [null],
};

const HEDGING: DeskSetup = {
  mode: "hedging",
  scopes: [tag("swing"), tag("day")],
  symbols: ["EURUSD", "XAUUSD"],
  tags: ["swing", "swing", "swing", "day", "day", "day", null],
};

function symbols(...list: readonly string[]): DeskScope {
  return {
    text: `symbols: [${list.join(", ")}]`,
    covers: ({ symbol }) => list.includes(symbol),
  };
}

function tag(word: string): DeskScope {
  return { text: `tag: ${word}`, covers: (held) => held.tag === word };
}

/** One account, and the journals that were killed on it. */
interface Lane {
  readonly setup: DeskSetup;
  readonly records: readonly DeskRecord[];
  readonly walks: readonly KillWalk[];
  readonly book: BrokerBook;
}

/** Plays one desk after the other on an account until there are enough kills. */
async function playLane(
  number: number,
  folder: string,
  kills: { left: number },
): Promise<Lane> {
  const setup = number % 2 === 0 ? NETTING : HEDGING;
  const random = new SeededRandom(SEED + number);
  const records: DeskRecord[] = [];
  const clock = new SystemClock();
  const startedAt = clock.now();
  await using paper = await startPaperIn(setup.mode, []);
  let startsInMs = clock.now() - startedAt;
  while (kills.left > 0) {
    let left = KILLS_A_JOURNAL;
    const name = `desk${number}x${records.length}`;
    const record = await playKilledDesk({
      name,
      folder,
      paper,
      setup,
      random,
      takeKill: () => left-- > 0 && kills.left-- > 0,
      endedBy: (number + records.length) % 2 === 0 ? "signal" : "until",
      startsInMs,
    });
    records.push(record);
    startsInMs = lastStartMs(record.lives) ?? startsInMs;
  }
  const book = await readBook(paper);
  const walks = records.map((record) => walkKills(record, book));
  return { setup, records, walks, book };
}

/** How many kills hit what; a test that kills nothing but sleepers proves nothing. */
function countHits(
  hits: KillWalk["hit"],
): ReadonlyMap<string, number> {
  return new Map(
    KILL_CLASSES.map((each) =>
      [each, hits.filter((hit) => hit.includes(each)).length] as const
    ),
  );
}

Deno.test(`a run killed at ${KILLS} instants closes every exposure once, and its journal audits clean`, async (test) => {
  const folder = await Deno.makeTempDir();
  const kills = { left: KILLS };
  const lanes = await Promise.all(
    Array.from(
      { length: LANES },
      (_, number) => playLane(number, folder, kills),
    ),
  );
  const wrong = lanes.flatMap(({ setup, records, walks, book }) => [
    ...judgeBook(setup, walks, book),
    ...records.flatMap((record, at) =>
      judgeRecord(record, walks[at] as KillWalk, book)
    ),
  ]);
  // What went wrong is not to be had again: the instants are those of this machine.
  assert.deepEqual(wrong, [], `seed ${SEED}; the journals stay in ${folder}`);
  const hits = lanes.flatMap(({ walks }) => walks).flatMap(({ hit }) => hit);
  const counts = countHits(hits);
  const told = [...counts].map(([what, count]) => `${count} ${what}`);
  await test.step(`kills: ${told.join(", ")}`, () => {
    assert.equal(hits.length, KILLS);
    for (const [what, count] of counts) {
      assert.ok(count >= Math.floor(KILLS / 150), `${what}: ${count}`);
    }
  });
  const all = lanes.flatMap(({ walks }) => walks);
  const closed = lanes.flatMap(({ book }) => book.held)
    .filter(({ closedAt }) => closedAt !== null);
  const outside = lanes.flatMap(({ setup: { scopes }, book: { held } }) =>
    held.filter((each) => !scopes.some(({ covers }) => covers(each)))
  );
  const resumed = all.reduce((sum, each) => sum + each.resumed, 0);
  await test.step(`${closed.length} exposures closed, ${outside.length} outside of all scopes untouched, ${resumed} closes taken up again`, () => {
    assert.ok(closed.length >= KILLS / 2);
    assert.ok(outside.length >= LANES);
    assert.ok(resumed >= Math.floor(KILLS / 30));
  });
  await test.step("carillon journal verify says so too", async () => {
    for (const { records: [record] } of lanes) {
      const { code, out, err } = await verify(record?.file, folder);
      assert.equal(code, 0, err + out);
      assert.match(out, /^CLEAN: /m);
    }
  });
  await Deno.remove(folder, { recursive: true });
});

function verify(file = "", folder = ""): Promise<Ended> {
  return runProgram(["journal", "verify", file], {
    // What the file names need not be there.
    env: { PAPER_TOKEN: "none" },
    flags: [
      "--allow-read",
      "--allow-env=PAPER_TOKEN",
      `--allow-write=${folder}`,
    ],
  });
}
