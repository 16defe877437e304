import assert from "node:assert/strict";
import { openHttpBroker } from "../../src/adapters/brokers/http/http_broker.ts";
import { createPaperBroker } from "../../src/adapters/brokers/paper/paper_broker.ts";
import { servePaper } from "../../src/adapters/brokers/paper/server.ts";
import { ScaledClock } from "../../src/adapters/clock/scaled_clock.ts";
import { SystemClock } from "../../src/adapters/clock/system_clock.ts";
import type { EdgeSettled } from "../../src/domain/notice.ts";
import { MemoryJournal } from "../../src/runtime/memory_journal.ts";
import { Runtime } from "../../src/runtime/runtime.ts";
import {
  type AfterCut,
  cuttingProxy,
} from "../adapters/brokers/cutting_proxy.ts";
import { PLAIN_ACCOUNT } from "../adapters/brokers/paper_account.ts";
import { clockSession, instant } from "../support/clock_session.ts";
import { CLOSE_ALL, held, paperDefinition } from "../support/paper_run.ts";

/** Both run on real sockets, so the end comes within real seconds; to open on a slow machine takes one. */
const START_AT = instant("2026-11-23T16:29:30Z");
const SPEED = 20;

const CUTS: readonly AfterCut[] = ["listens on", "refuses"];

for (const after of CUTS) {
  Deno.test(`a close whose answer was cut off is asked about and never sent again where the address ${after}`, async () => {
    const clock = new ScaledClock(START_AT, SPEED);
    const world = new SystemClock();
    const account = { ...PLAIN_ACCOUNT, positions: [held("EURUSD")] };
    await using paper = createPaperBroker({ account, prices: [], clock });
    await using server = servePaper(paper, {
      port: 0,
      token: "t",
      clock: world,
    });
    await using proxy = await cuttingProxy(server.url);
    await using broker = openHttpBroker({
      url: proxy.url,
      token: "t",
      clock: world,
    });
    const journal = new MemoryJournal();
    const runtime = await Runtime.open({
      definition: paperDefinition([clockSession(CLOSE_ALL)], account),
      runId: "run",
      dryRun: false,
      brokers: new Map([["main", broker]]),
      hooks: { run: () => Promise.reject(new Error("no hook was expected")) },
      clock,
      journal,
    });
    const settled = Promise.withResolvers<EdgeSettled>();
    runtime.listen((notice) => {
      // The address stays away until the failed order is on record.
      if (notice.type === "order.changed") void proxy.back();
      if (notice.type === "edge.settled") settled.resolve(notice);
    });
    proxy.cutNext(after);
    runtime.start();
    const end = await settled.promise;
    runtime.abandon();

    assert.deepEqual(
      [end.edge, end.outcome, end.closed, end.remaining],
      ["desk/2026-11-23/end", "flat_verified", 1, 0],
    );
    assert.deepEqual(proxy.changes, ["POST /v1/positions/T1/close"]);
    assert.deepEqual(paper.audit().duplicates, []);
    assert.equal(paper.state.fills.length, 1);
    const lost = [...journal.read()].flatMap(({ event }) =>
      event.type === "order.lost" && event.during === "submit"
        ? [event.failure.outcome]
        : []
    );
    assert.deepEqual(lost, ["unknown"]);
  });
}
