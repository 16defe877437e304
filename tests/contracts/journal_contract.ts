/**
 * What every journal must do.
 *
 * @module
 */

import assert from "node:assert/strict";
import type { Checkpoint, Entry, Journal } from "../../src/runtime/ports.ts";
import {
  everyEntry,
  numberedEntries,
  numberedEntry,
} from "../support/every_event.ts";

/** A journal under test, and the way to what it has written. */
export interface JournalUnderTest extends AsyncDisposable {
  readonly journal: Journal;
  /** Lets go of the journal and opens what it wrote once more. */
  reopen(): Promise<Journal>;
}

/** One kind of journal. */
export interface JournalContract {
  readonly name: string;
  open(): Promise<JournalUnderTest>;
  /** Whether what it wrote outlives it. */
  readonly durable: boolean;
  /** Cases that cannot hold for it, and why. */
  readonly skip: readonly {
    readonly case: string;
    readonly reason: string;
  }[];
}

/** An entry that cannot be written down as text, whatever the journal. */
function unwritableEntry(seq: number): Entry {
  const entry = numberedEntry(seq);
  const poisoned = {
    ...entry,
    get event(): Entry["event"] {
      throw new Error("this entry cannot be read");
    },
  };
  return poisoned;
}

/** A state as the journal sees it: text that it does not look into. */
function checkpointAt(seq: number): Checkpoint {
  return { seq, recordedAt: seq, stateFormat: 7, state: `{"seq": ${seq}}` };
}

/** Later than every entry was written. */
const LATER = 8.64e15;

/** Writes entries up to a number, and keeps the states behind some of them. */
function writeWithStates(
  journal: Journal,
  through: number,
  statesAt: readonly number[],
): void {
  for (let seq = 1; seq <= through; seq++) {
    journal.append([numberedEntry(seq)]);
    if (statesAt.includes(seq)) journal.keep(checkpointAt(seq));
  }
}

/** Drops what may be dropped, however often that takes. */
function dropAll(journal: Journal, before = LATER): void {
  while (journal.dropBefore(before));
}

/** Registers the contract's tests for one kind of journal. */
export function journalContract(contract: JournalContract): void {
  const { name, durable, skip } = contract;
  const test = (
    sentence: string,
    run: (it: JournalUnderTest) => Promise<void> | void,
  ) => {
    const left = skip.find((one) => one.case === sentence);
    Deno.test({
      name: left === undefined
        ? `${name} ${sentence}`
        : `${name} ${sentence} (left out: ${left.reason})`,
      ignore: left !== undefined,
      async fn() {
        await using it = await contract.open();
        await run(it);
      },
    });
  };

  test("is empty at first", ({ journal }) => {
    assert.deepEqual([...journal.read()], []);
  });

  test("reads every kind of event and effect back as it was", ({ journal }) => {
    const written = everyEntry();
    journal.append(written);
    assert.deepStrictEqual([...journal.read()], written);
  });

  test("keeps batches in the order in which they came", ({ journal }) => {
    journal.append(numberedEntries(1, 3));
    journal.append([numberedEntry(4)]);
    journal.append(numberedEntries(5, 1_500));
    assert.deepEqual([...journal.read()], numberedEntries(1, 1_500));
  });

  test("takes an empty batch for nothing", ({ journal }) => {
    journal.append([]);
    journal.append([numberedEntry(1)]);
    journal.append([]);
    assert.deepEqual([...journal.read()], [numberedEntry(1)]);
  });

  test("keeps nothing of a batch that it cannot keep as a whole, and goes on", ({ journal }) => {
    journal.append([numberedEntry(1)]);
    const batch = [numberedEntry(2), numberedEntry(3), unwritableEntry(4)];
    assert.throws(() => journal.append(batch));
    assert.deepEqual([...journal.read()], [numberedEntry(1)]);
    journal.append(numberedEntries(2, 4));
    assert.deepEqual([...journal.read()], numberedEntries(1, 4));
  });

  test("refuses an entry that is not the next one", ({ journal }) => {
    journal.append(numberedEntries(1, 2));
    for (
      const batch of [
        [numberedEntry(2)],
        [numberedEntry(4)],
        [numberedEntry(3), numberedEntry(3)],
        [numberedEntry(3), numberedEntry(5)],
      ]
    ) {
      assert.throws(() => journal.append(batch), {
        code: "journal/unwritable",
      });
    }
    assert.deepEqual([...journal.read()], numberedEntries(1, 2));
  });

  test("gives a reading what was there when it began, whatever is appended meanwhile", ({ journal }) => {
    journal.append(numberedEntries(1, 5));
    const seen: Entry[] = [];
    for (const entry of journal.read()) {
      seen.push(entry);
      journal.append([numberedEntry(5 + seen.length)]);
    }
    assert.deepEqual(seen, numberedEntries(1, 5));
    assert.deepEqual([...journal.read()], numberedEntries(1, 10));
  });

  test("can be read by two at once, and left in the middle", ({ journal }) => {
    journal.append(numberedEntries(1, 4));
    const pairs: (readonly number[])[] = [];
    for (const { seq: outer } of journal.read()) {
      for (const { seq: inner } of journal.read()) {
        if (inner > 2) break;
        pairs.push([outer, inner]);
      }
    }
    assert.deepEqual(
      pairs,
      [1, 2, 3, 4].flatMap((outer) => [[outer, 1], [outer, 2]]),
    );
    journal.append([numberedEntry(5)]);
    assert.equal([...journal.read()].length, 5);
  });

  test("is not changed by whoever changes the batch afterwards", ({ journal }) => {
    const batch = [...numberedEntries(1, 2)];
    journal.append(batch);
    batch.length = 0;
    assert.deepEqual([...journal.read()], numberedEntries(1, 2));
  });

  test("reads behind a number, up to its end and beyond it", ({ journal }) => {
    journal.append(numberedEntries(1, 9));
    assert.deepEqual([...journal.read(0)], numberedEntries(1, 9));
    assert.deepEqual([...journal.read(6)], numberedEntries(7, 9));
    assert.deepEqual([...journal.read(9)], []);
  });

  test("keeps the last two states, newest first", ({ journal }) => {
    assert.deepEqual(journal.checkpoints(), []);
    writeWithStates(journal, 8, [2, 5, 8]);
    assert.deepEqual(journal.checkpoints(), [checkpointAt(8), checkpointAt(5)]);
    const again = { ...checkpointAt(8), recordedAt: 9 };
    journal.keep(again);
    assert.deepEqual(journal.checkpoints(), [again, checkpointAt(5)]);
    assert.deepEqual([...journal.read()], numberedEntries(1, 8));
  });

  test("refuses a state that does not belong behind its last entry", ({ journal }) => {
    journal.append(numberedEntries(1, 4));
    for (const seq of [0, 3, 5]) {
      assert.throws(() => journal.keep(checkpointAt(seq)), {
        code: "journal/unwritable",
        message: new RegExp(`behind entry ${seq}: the last entry is 4`),
      });
    }
    assert.deepEqual(journal.checkpoints(), []);
  });

  test("drops old entries that two states stand for, and no other", ({ journal }) => {
    writeWithStates(journal, 5, [5]);
    dropAll(journal);
    assert.deepEqual([...journal.read()], numberedEntries(1, 5));
    journal.append(numberedEntries(6, 9));
    journal.keep(checkpointAt(9));
    journal.append([numberedEntry(10)]);
    dropAll(journal);
    assert.deepEqual([...journal.read()], numberedEntries(6, 10));
    assert.deepEqual([...journal.read(9)], [numberedEntry(10)]);
    assert.equal(journal.checkpoints().length, 2);
    journal.append([numberedEntry(11)]);
    assert.deepEqual([...journal.read()], numberedEntries(6, 11));
  });

  test("drops no entry that is young enough, nor one behind it", ({ journal }) => {
    writeWithStates(journal, 9, [7, 9]);
    const young = numberedEntry(4).recordedAt;
    dropAll(journal, young);
    assert.deepEqual([...journal.read()], numberedEntries(4, 9));
    dropAll(journal, 0);
    assert.deepEqual([...journal.read()], numberedEntries(4, 9));
  });

  test("drops old entries also behind one that is dated ahead of all others", ({ journal }) => {
    const ahead = { ...numberedEntry(2), recordedAt: LATER };
    journal.append([numberedEntry(1), ahead, ...numberedEntries(3, 7)]);
    journal.keep(checkpointAt(7));
    journal.append(numberedEntries(8, 9));
    journal.keep(checkpointAt(9));
    dropAll(journal, numberedEntry(5).recordedAt);
    assert.deepEqual([...journal.read()], numberedEntries(5, 9));
  });

  test("keeps an entry that is dated ahead where none behind it is old", ({ journal }) => {
    const ahead = { ...numberedEntry(4), recordedAt: LATER };
    journal.append([...numberedEntries(1, 3), ahead, ...numberedEntries(5, 7)]);
    journal.keep(checkpointAt(7));
    journal.append(numberedEntries(8, 9));
    journal.keep(checkpointAt(9));
    dropAll(journal, numberedEntry(5).recordedAt);
    assert.deepEqual([...journal.read()], [ahead, ...numberedEntries(5, 9)]);
  });

  test("says so when it is asked for what was dropped", ({ journal }) => {
    writeWithStates(journal, 9, [7, 9]);
    dropAll(journal);
    assert.throws(() => [...journal.read(3)], { code: "journal/unreadable" });
    assert.deepEqual([...journal.read(7)], numberedEntries(8, 9));
  });

  test("can be let go of twice", ({ journal }) => {
    journal.append([numberedEntry(1)]);
    journal[Symbol.dispose]();
    journal[Symbol.dispose]();
  });

  if (!durable) return;

  test("gives back what was written when it is opened again, and goes on from there", async (it) => {
    const written = everyEntry();
    it.journal.append(written);
    const again = await it.reopen();
    assert.deepStrictEqual([...again.read()], written);
    const more = numberedEntries(written.length + 1, written.length + 3);
    again.append(more);
    assert.deepEqual([...again.read()], [...written, ...more]);
  });

  test("goes on from its states when it is opened again, also where entries were dropped", async (it) => {
    writeWithStates(it.journal, 9, [5, 8]);
    dropAll(it.journal);
    const again = await it.reopen();
    assert.deepEqual(again.checkpoints(), [checkpointAt(8), checkpointAt(5)]);
    assert.deepEqual([...again.read()], numberedEntries(6, 9));
    assert.deepEqual([...again.read(8)], [numberedEntry(9)]);
    again.append([numberedEntry(10)]);
    assert.deepEqual([...again.read(8)], numberedEntries(9, 10));
  });

  test("writes nothing more once it was let go of", async (it) => {
    it.journal.append([numberedEntry(1)]);
    it.journal[Symbol.dispose]();
    assert.throws(() => it.journal.append([numberedEntry(2)]), {
      code: "journal/unwritable",
    });
    const again = await it.reopen();
    assert.deepEqual([...again.read()], [numberedEntry(1)]);
  });
}
