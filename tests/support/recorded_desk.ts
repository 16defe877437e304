/**
 * A journal on disk with three runs in it: one that broke off in the afternoon, one that was stopped
 * in order, and one that broke off in the middle of a close.
 *
 * @module
 */

import { SqliteJournal } from "../../src/adapters/journal/sqlite_journal.ts";
import { clockWindow } from "./clock_session.ts";
import {
  CLOSE_ALL,
  held,
  openPaperRun,
  type PaperRunSetup,
} from "./paper_run.ts";

const SESSIONS = [
  {
    ...CLOSE_ALL,
    name: "nyse",
    timezone: "America/New_York",
    window: clockWindow("09:30", "15:55", "America/New_York"),
  },
  CLOSE_ALL,
];

interface Stretch extends PaperRunSetup {
  readonly from: string;
  readonly to: string;
  readonly stop: boolean;
}

const BROKEN_OFF: Stretch = {
  from: "2026-11-23T07:00:00Z",
  to: "2026-11-23T18:00:00Z",
  stop: false,
  account: { positions: [held("EURUSD"), held("GBPUSD", "500")] },
};

const STOPPED: Stretch = {
  from: "2026-11-23T23:00:00Z",
  to: "2026-11-24T21:10:00Z",
  stop: true,
  account: { positions: [held("EURUSD", "2000")] },
};

const IN_A_CLOSE: Stretch = {
  from: "2026-11-26T15:00:00Z",
  to: "2026-11-26T16:30:00.300Z",
  stop: false,
  account: { positions: [held("EURUSD", "2000")] },
  faults: [
    { on: "positions", do: { kind: "status", status: 503 }, times: 100 },
  ],
};

/** Writes the journal; `runs` of the three are in it. */
export async function recordDesk(path: string, runs: 1 | 2 | 3): Promise<void> {
  const stretches = [BROKEN_OFF, STOPPED, IN_A_CLOSE].slice(0, runs);
  for (const { to, stop, ...setup } of stretches) {
    using journal = new SqliteJournal(path);
    await using run = await openPaperRun({
      ...setup,
      journal,
      sessions: SESSIONS,
    });
    await run.playUntil(to);
    if (stop) await run.stop();
  }
}
