/**
 * A whole run against the paper broker on a virtual clock: real engine, real client, real broker.
 *
 * @module
 */

import {
  createPaperBroker,
  type PaperBroker,
} from "../../src/adapters/brokers/paper/paper_broker.ts";
import type { FaultRule } from "../../src/adapters/brokers/paper/faults.ts";
import type { PaperGatewayOptions } from "../../src/adapters/brokers/paper/gateway/limits.ts";
import {
  BOOK_INTENTS,
  readAccountNews,
} from "../../src/adapters/brokers/protocol/gateway_news.ts";
import { SeededRandom } from "../../src/adapters/clock/random.ts";
import { VirtualClock } from "../../src/adapters/clock/virtual_clock.ts";
import type {
  Definition,
  PaperAccount,
  PaperPosition,
  Session,
  StopPolicy,
} from "../../src/domain/definition.ts";
import { decimal, ZERO } from "../../src/domain/decimal.ts";
import type { EdgeSettled, Notice } from "../../src/domain/notice.ts";
import { MemoryJournal } from "../../src/runtime/memory_journal.ts";
import { BookBroker } from "../../src/gateway/book_broker.ts";
import type { BookFeedOptions } from "../../src/gateway/book_feed.ts";
import { MemoryStartStore } from "../../src/gateway/memory_start_store.ts";
import type { Broker, HookRunner, Journal } from "../../src/runtime/ports.ts";
import { Runtime } from "../../src/runtime/runtime.ts";
import { sameProcess } from "../gateway/same_process.ts";
import { clockSession, clockWindow, instant } from "./clock_session.ts";

/** What a run is made of; everything has a default. */
export interface PaperRunSetup {
  readonly account?: Partial<PaperAccount>;
  readonly sessions?: readonly Partial<Session>[];
  readonly faults?: readonly FaultRule[];
  /** ISO text; the run begins here. */
  readonly from?: string;
  readonly journal?: Journal;
  readonly hooks?: HookRunner;
  readonly dryRun?: boolean;
  /** The book that the account's gateway feeds beside it; none if left out. */
  readonly book?: BookSetup;
  /** The run before this one, whose clock, broker and record go on; it keeps them. */
  readonly after?: Pick<PaperRun, "clock" | "paper" | "journal">;
}

/** A book fed by the paper broker's own gateway, within the process. */
export interface BookSetup {
  readonly gateway?: PaperGatewayOptions;
  /** Whether the broker's own stream is left out, so that orders are told by the gateway alone. */
  readonly isOnlyStream?: boolean;
  /** What the book is told in place of what the gateway says. */
  readonly hear?: BookFeedOptions["read"];
}

/** A run that is open, and not started yet. */
export interface PaperRun extends AsyncDisposable {
  readonly clock: VirtualClock;
  readonly paper: PaperBroker;
  readonly runtime: Runtime;
  readonly journal: Journal;
  readonly notices: readonly Notice[];
  /** How the edges ended, in the order in which they did. */
  readonly settled: () => readonly EdgeSettled[];
  /** How one edge ended. */
  readonly edge: (key: string) => EdgeSettled;
  /** Starts the run and plays it up to an instant. */
  readonly playUntil: (iso: string) => Promise<void>;
  /** Ends the run in order. */
  readonly stop: (policy?: StopPolicy) => Promise<void>;
}

/** The session of most tests: 08:00 to 16:30, everything closed at its end. */
export const CLOSE_ALL: Partial<Session> = {
  name: "desk",
  window: clockWindow("08:00", "16:30", "UTC"),
  onEnd: ["close_all"],
};

/** A long position of a round quantity. */
export function held(
  symbol: string,
  qty = "1000",
  more: Partial<PaperPosition> = {},
): PaperPosition {
  return {
    symbol,
    side: "long",
    qty: decimal(qty),
    price: null,
    tag: null,
    ...more,
  };
}

/** Opens a run. */
export async function openPaperRun(setup: PaperRunSetup): Promise<PaperRun> {
  const { after } = setup;
  const clock = after?.clock ??
    new VirtualClock(instant(setup.from ?? "2026-11-23T16:29:00Z"));
  const account: PaperAccount = { ...PAPER, ...setup.account };
  const paper = after?.paper ??
    createPaperBroker({
      account,
      prices: [],
      clock,
      ...(setup.book === undefined ? {} : {
        gateway: { quotesMs: 0, identifyMs: 1_000, ...setup.book.gateway },
      }),
    });
  const sessions = (setup.sessions ?? [CLOSE_ALL]).map(clockSession);
  const journal = setup.journal ?? after?.journal ?? new MemoryJournal();
  const plain = paper.openBroker();
  const broker = setup.book === undefined
    ? plain
    : withBook(plain, setup.book, { paper, clock });
  const runtime = await clock.runFor(Runtime.open({
    definition: paperDefinition(sessions, account),
    runId: "run",
    dryRun: setup.dryRun ?? false,
    brokers: new Map([[account.name, broker]]),
    hooks: setup.hooks ?? NO_HOOKS,
    clock,
    journal,
  }));
  // The account was opened in peace.
  if (setup.faults !== undefined || after === undefined) {
    paper.setFaults(setup.faults ?? []);
  }
  const notices: Notice[] = [];
  runtime.listen((notice) => notices.push(notice));
  let started = false;
  const settled = () =>
    notices.filter((notice) => notice.type === "edge.settled");
  return {
    clock,
    paper,
    runtime,
    journal,
    notices,
    settled,
    edge(key) {
      const found = settled().filter((notice) => notice.edge === key);
      if (found.length === 1 && found[0] !== undefined) return found[0];
      throw new Error(`"${key}" settled ${found.length} times, not once`);
    },
    async playUntil(iso) {
      if (!started) runtime.start();
      started = true;
      await clock.run(instant(iso));
    },
    async stop(policy = "leave") {
      await clock.runFor(runtime.stop(policy, "user"));
    },
    async [Symbol.asyncDispose]() {
      runtime.abandon();
      await broker[Symbol.asyncDispose]();
      if (after === undefined) await paper[Symbol.asyncDispose]();
    },
  };
}

/** The broker with a book that the account's own gateway feeds. */
function withBook(
  broker: Broker,
  { hear, isOnlyStream }: BookSetup,
  { paper, clock }: Pick<PaperRun, "paper" | "clock">,
): Broker {
  const store = new MemoryStartStore();
  if (isOnlyStream === true) {
    const open = broker.open.bind(broker);
    broker.open = (watch) =>
      open((event) => event.type === "order" ? undefined : watch(event));
  }
  return new BookBroker({
    broker,
    transport: sameProcess(paper),
    clock,
    random: new SeededRandom(1),
    token: "t0ken",
    intents: BOOK_INTENTS,
    shards: null,
    reserve: null,
    store: () => store,
    read: hear ?? readAccountNews,
  });
}

/** The account of most tests. */
export const PAPER: PaperAccount = {
  kind: "paper",
  name: "main",
  mode: "netting",
  cash: decimal("100000"),
  currency: "USD",
  positions: [],
  prices: [],
  seed: 7,
  commission: ZERO,
  latencyMs: 0,
};

/** A definition with one paper account called `main`. */
export function paperDefinition(
  sessions: readonly Session[],
  account: PaperAccount = PAPER,
): Definition {
  return {
    version: 1,
    timezone: "UTC",
    accounts: [account],
    journal: null,
    onStop: "leave",
    sessions,
    calendars: [],
    notify: [],
    heartbeat: null,
    limits: null,
  };
}

const NO_HOOKS: HookRunner = {
  run: () => Promise.reject(new Error("no hook was expected")),
};
