import { MemoryJournal } from "../../src/runtime/memory_journal.ts";
import { journalContract } from "../contracts/journal_contract.ts";

journalContract({
  name: "MemoryJournal",
  open() {
    const journal = new MemoryJournal();
    return Promise.resolve({
      journal,
      reopen: () => Promise.resolve(journal),
      [Symbol.asyncDispose]: () => Promise.resolve(),
    });
  },
  durable: false,
  skip: [],
});
