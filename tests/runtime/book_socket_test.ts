import assert from "node:assert/strict";
import { openHttpBroker } from "../../src/adapters/brokers/http/http_broker.ts";
import { createPaperBroker } from "../../src/adapters/brokers/paper/paper_broker.ts";
import { servePaper } from "../../src/adapters/brokers/paper/server.ts";
import {
  BOOK_INTENTS,
  readAccountNews,
} from "../../src/adapters/brokers/protocol/gateway_news.ts";
import { SystemRandom } from "../../src/adapters/clock/random.ts";
import { ScaledClock } from "../../src/adapters/clock/scaled_clock.ts";
import { SystemClock } from "../../src/adapters/clock/system_clock.ts";
import { webGateway } from "../../src/adapters/gateway/web_gateway.ts";
import { SqliteJournal } from "../../src/adapters/journal/sqlite_journal.ts";
import { SqliteStartStore } from "../../src/adapters/journal/sqlite_start_store.ts";
import type { EdgeSettled } from "../../src/domain/notice.ts";
import { BookBroker } from "../../src/gateway/book_broker.ts";
import { MemoryStartStore } from "../../src/gateway/memory_start_store.ts";
import { MemoryJournal } from "../../src/runtime/memory_journal.ts";
import { Runtime } from "../../src/runtime/runtime.ts";
import { PLAIN_ACCOUNT } from "../adapters/brokers/paper_account.ts";
import { clockSession, instant } from "../support/clock_session.ts";
import { CLOSE_ALL, held, paperDefinition } from "../support/paper_run.ts";

/** Both run on real sockets, so the session's end comes within real milliseconds. */
const START_AT = instant("2026-11-23T16:29:40Z");
const SPEED = 20;
const SLOW = { kind: "delay", ms: 4_000 } as const;

Deno.test("over real sockets a close begins by the book while the lists are slow, and its start is on disk", async () => {
  const folder = await Deno.makeTempDir();
  try {
    const clock = new ScaledClock(START_AT, SPEED);
    const world = new SystemClock();
    const account = { ...PLAIN_ACCOUNT, positions: [held("EURUSD")] };
    await using paper = createPaperBroker({ account, prices: [], clock });
    const token = "t";
    await using server = servePaper(paper, { port: 0, token, clock: world });
    const path = `${folder}/desk.db`;
    using journal = new SqliteJournal(path, {
      owner: { doing: "test", since: START_AT },
    });
    await using broker = new BookBroker({
      broker: openHttpBroker({ url: server.url, token, clock: world }),
      transport: webGateway({ url: server.url, token }),
      clock: world,
      random: new SystemRandom(),
      token,
      intents: BOOK_INTENTS,
      shards: null,
      reserve: null,
      store: () => new SqliteStartStore(path, "main"),
      read: readAccountNews,
    });
    const isUp = Promise.withResolvers<void>();
    const runtime = await Runtime.open({
      definition: paperDefinition([clockSession(CLOSE_ALL)], account),
      runId: "run",
      dryRun: false,
      brokers: new Map([["main", broker]]),
      hooks: { run: () => Promise.reject(new Error("no hook was expected")) },
      clock,
      journal,
      onStream: (_, event) => {
        const isGateway = event.type === "stream" && event.state === "up" &&
          event.message.startsWith("gateway");
        if (isGateway) isUp.resolve();
      },
    });
    const settled = Promise.withResolvers<EdgeSettled>();
    runtime.listen((notice) => {
      if (notice.type === "edge.settled") settled.resolve(notice);
    });
    runtime.start();
    await isUp.promise;
    // The book is whole once its first lists are read, which is held up by nothing yet.
    await broker.read(null);
    assert.equal(broker.peek()?.snapshot.positions.length, 1);
    paper.setFaults([
      { on: "positions", do: SLOW },
      { on: "orders", do: SLOW },
      { on: "fills", do: SLOW },
    ]);
    const end = await settled.promise;
    runtime.abandon();

    assert.deepEqual([end.outcome, end.closed], ["flat_verified", 1]);
    const what = [...journal.read()].map(({ event }) =>
      event.type === "positions.read" ? `read by ${event.source}` : event.type
    );
    const at = (name: string) => what.indexOf(name);
    assert.ok(at("read by book") < at("order.reported"), what.join());
    assert.ok(at("order.reported") < at("read by rest"), what.join());
    assert.deepEqual(paper.audit().duplicates, []);
    using store = new SqliteStartStore(path, "main");
    assert.equal(store.read()?.remaining, 999);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test("over real sockets a bridge without a gateway works as without a book", async () => {
  const clock = new ScaledClock(instant("2026-11-23T16:29:59Z"), SPEED);
  const world = new SystemClock();
  const account = { ...PLAIN_ACCOUNT, positions: [held("EURUSD")] };
  await using paper = createPaperBroker({
    account,
    prices: [],
    clock,
    faults: [{ on: "gateway_bot", do: { kind: "status", status: 404 } }],
  });
  const token = "t";
  await using server = servePaper(paper, { port: 0, token, clock: world });
  await using broker = new BookBroker({
    broker: openHttpBroker({ url: server.url, token, clock: world }),
    transport: webGateway({ url: server.url, token }),
    clock: world,
    random: new SystemRandom(),
    token,
    intents: BOOK_INTENTS,
    shards: null,
    reserve: null,
    store: () => new MemoryStartStore(),
    read: readAccountNews,
  });
  const runtime = await Runtime.open({
    definition: paperDefinition([clockSession(CLOSE_ALL)], account),
    runId: "run",
    dryRun: false,
    brokers: new Map([["main", broker]]),
    hooks: { run: () => Promise.reject(new Error("no hook was expected")) },
    clock,
    journal: new MemoryJournal(),
  });
  const settled = Promise.withResolvers<EdgeSettled>();
  runtime.listen((notice) => {
    if (notice.type === "edge.settled") settled.resolve(notice);
  });
  runtime.start();
  const end = await settled.promise;
  runtime.abandon();
  assert.equal(end.outcome, "flat_verified");
  assert.equal(broker.peek(), null);
});
