/**
 * A process of its own whose disk fills up before an edge: it closes, says how, and dies.
 *
 * @module
 */

import { SqliteJournal } from "../../src/adapters/journal/sqlite_journal.ts";
import { held, openPaperRun } from "./paper_run.ts";

const [path = "", day = ""] = Deno.args;

const journal = new SqliteJournal(path, {
  owner: { doing: "a test", since: 0 },
});
const run = await openPaperRun({
  journal,
  from: `${day}T16:00:00Z`,
  account: { positions: [held("EURUSD"), held("GBPUSD")] },
});
await run.playUntil(`${day}T16:01:00Z`);
const isFull = () =>
  run.notices.some(({ type }) => type === "journal.unwritable");
for (let filled = 0; !isFull() && filled < 1_000; filled++) {
  run.runtime.removeSession("x".repeat(5_000));
}
await run.playUntil(`${day}T16:35:00Z`);
const end = run.edge(`desk/${day}/end`);
const { exposures, duplicates } = run.paper.audit();
console.log(JSON.stringify({
  isFull: isFull(),
  outcome: end.outcome,
  open: exposures.filter(({ openedQty, closedQty }) => openedQty !== closedQty)
    .length,
  duplicates: duplicates.length,
}));
Deno.kill(Deno.pid, "SIGKILL");
