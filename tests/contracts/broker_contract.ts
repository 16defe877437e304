/**
 * What every broker must do, as far as the close cycle relies on it.
 *
 * @module
 */

import assert from "node:assert/strict";
import type { PaperAudit } from "../../src/adapters/brokers/paper/audit.ts";
import type { FaultRule } from "../../src/adapters/brokers/paper/faults.ts";
import { type Decimal, decimal } from "../../src/domain/decimal.ts";
import type {
  AccountMode,
  PaperPosition,
} from "../../src/domain/definition.ts";
import { CarillonError } from "../../src/domain/error.ts";
import { type OrderIntent, REJECT_REASONS } from "../../src/domain/order.ts";
import type { DurationMs } from "../../src/domain/time.ts";
import type { Broker, BrokerEvent } from "../../src/runtime/ports.ts";

/** What the account holds when a case begins. */
export interface BrokerSetup {
  readonly mode: AccountMode;
  readonly positions: readonly PaperPosition[];
  readonly faults: readonly FaultRule[];
  /** How long the client waits for an answer. @units milliseconds */
  readonly timeoutMs: DurationMs;
}

/** A broker under test, and what stands behind it. */
export interface BrokerUnderTest extends AsyncDisposable {
  readonly broker: Broker;
  setFaults(rules: readonly FaultRule[]): void;
  audit(): PaperAudit;
  /** Lets time pass at the broker's market. @units milliseconds */
  pass(ms: DurationMs): Promise<void>;
  /** Waits for the client, letting its time pass where it does not by itself. */
  wait<T>(promise: Promise<T>): Promise<T>;
}

/** One way to a broker. */
export interface BrokerContract {
  readonly name: string;
  open(setup: BrokerSetup): Promise<BrokerUnderTest>;
  /** Cases that cannot hold for it, and why. */
  readonly skip: readonly {
    readonly case: string;
    readonly reason: string;
  }[];
}

/**
 * The market of the contract, bid and ask of EURUSD by tick: 08:00 at the start, down at 08:10, up at
 * 08:20; closed from 09:00 on.
 */
export const CONTRACT_TICKS = `timestamp,bid,ask
2026-11-23 08:00:00+00:00,1.1000,1.1002
2026-11-23 08:10:00+00:00,1.0990,1.0992
2026-11-23 08:20:00+00:00,1.1010,1.1012
2026-11-23 09:00:00+00:00,1.1010,1.1012
`;
/** When the market of the contract opens. @units EpochMs */
export const CONTRACT_START_AT: number = Date.UTC(2026, 10, 23, 8);

const MINUTE_MS = 60_000;
const PLAIN: BrokerSetup = {
  mode: "hedging",
  positions: [],
  faults: [],
  timeoutMs: 10_000,
};

type Case = (
  it: BrokerUnderTest,
  watched: Watched,
) => Promise<void>;

/** What the stream told, and a way to wait for it. */
class Watched {
  readonly events: BrokerEvent[] = [];
  #waiting: (() => void)[] = [];

  readonly tell = (event: BrokerEvent): void => {
    this.events.push(event);
    for (const look of this.#waiting.splice(0)) look();
  };

  async until(found: (event: BrokerEvent) => boolean): Promise<BrokerEvent> {
    for (;;) {
      const event = this.events.find(found);
      if (event !== undefined) return event;
      await new Promise<void>((resolve) => this.#waiting.push(resolve));
    }
  }
}

/** Registers the contract's tests for one way to a broker. */
export function brokerContract(contract: BrokerContract): void {
  const test = (
    sentence: string,
    setup: Partial<BrokerSetup>,
    run: Case,
  ) => {
    const skipped = contract.skip.find((one) => one.case === sentence);
    const name = `${contract.name} ${sentence}`;
    const body = async () => {
      await using it = await contract.open({ ...PLAIN, ...setup });
      const watched = new Watched();
      await it.wait(it.broker.open(watched.tell));
      await run(it, watched);
    };
    if (skipped === undefined) Deno.test(name, body);
    else Deno.test.ignore(`${name} (skipped: ${skipped.reason})`, body);
  };
  const known = new Set<string>();
  const listed: typeof test = (sentence, setup, run) => {
    known.add(sentence);
    test(sentence, setup, run);
  };
  accountCases(listed);
  orderCases(listed);
  closeCases(listed);
  failureCases(listed);
  streamCases(listed);
  for (const { case: sentence } of contract.skip) {
    assert.ok(known.has(sentence), `No case is called "${sentence}"`);
  }
}

type Register = (
  sentence: string,
  setup: Partial<BrokerSetup>,
  run: Case,
) => void;

function accountCases(test: Register): void {
  test("open() tells who the account is", { mode: "netting" }, async (it) => {
    const info = await it.broker.open(() => {});
    assert.deepEqual(info, {
      id: "paper-main",
      live: false,
      mode: "netting",
      currency: "USD",
      equity: "100000",
      inFlightMax: 8,
      epoch: "2026-11-23T08:00:00Z",
    });
  });

  test("read() lists what is held, with one count of executions", {
    positions: [long("1000"), { ...long("500"), side: "short", tag: "swing" }],
  }, async ({ broker }) => {
    await broker.submit(order("a", { limitPrice: decimal("1.05") }));
    await broker.submit(order("b"));
    const snapshot = await broker.read(0);
    assert.equal(snapshot.seq, 1);
    assert.deepEqual(
      snapshot.positions.map(({ id, side, qty, tag }) => [id, side, qty, tag]),
      [
        ["T1", "long", "1000", null],
        ["T2", "short", "500", "swing"],
        ["T3", "long", "100", null],
      ],
    );
    const [first] = snapshot.positions;
    assert.equal(first?.entryPrice, "1.1002");
    assert.equal(first?.netProfit, "-0.2");
    assert.equal(first?.grossProfit, "-0.2");
    assert.equal(first?.profitCurrency, "USD");
    assert.equal(first?.openedAt, CONTRACT_START_AT);
    assert.deepEqual(snapshot.orders, [{
      orderId: "P1",
      clientOrderId: "a",
      symbol: "EURUSD",
      side: "buy",
      qty: "100",
      filledQty: "0",
      limitPrice: "1.05",
      positionId: null,
      tag: null,
    }]);
    assert.deepEqual(snapshot.fills, [{
      seq: 1,
      orderId: "P2",
      clientOrderId: "b",
      positionId: "T3",
      symbol: "EURUSD",
      side: "buy",
      qty: "100",
      price: "1.1002",
      at: CONTRACT_START_AT,
    }]);
  });

  test(
    "read() gives only the fills after the one asked for",
    {},
    async (it) => {
      for (const id of ["a", "b", "c"]) await it.broker.submit(order(id));
      const { seq, fills } = await it.broker.read(2);
      assert.equal(seq, 3);
      assert.deepEqual(fills.map((fill) => fill.clientOrderId), ["c"]);
    },
  );

  test("read() reads again where positions lag behind", {
    positions: [long("100")],
  }, async ({ broker, setFaults }) => {
    await broker.read(0);
    await broker.submit(close("a", "T1", "100"));
    setFaults([{
      on: "positions",
      times: 1,
      do: { kind: "stale_positions", reads: 1 },
    }]);
    assert.deepEqual((await broker.read(0)).positions, []);
  });

  test("read() gives up on lists that never belong together", {
    positions: [long("100")],
  }, async ({ broker, setFaults }) => {
    await broker.read(0);
    await broker.submit(close("a", "T1", "50"));
    setFaults([{ on: "positions", do: { kind: "stale_positions", reads: 9 } }]);
    await assert.rejects(broker.read(0), { code: "broker/unreadable" });
  });
}

function orderCases(test: Register): void {
  test(
    "submit() fills a market order at the other side's price",
    {},
    async (it) => {
      const report = await it.broker.submit(order("a", { side: "sell" }));
      assert.deepEqual(report, {
        orderId: "P1",
        clientOrderId: "a",
        status: "filled",
        symbol: "EURUSD",
        side: "sell",
        qty: "100",
        filledQty: "100",
        averagePrice: "1.1",
        reason: null,
        message: null,
      });
    },
  );

  test(
    "submit() of a known client order id does nothing and gives the first order",
    {},
    async ({ broker }) => {
      const first = await broker.submit(order("a"));
      const again = await broker.submit(order("a", { qty: decimal("999") }));
      assert.deepEqual(again, first);
      assert.equal((await broker.read(0)).seq, 1);
    },
  );

  test("submit() adds and subtracts where the account nets", {
    mode: "netting",
  }, async ({ broker }) => {
    const held = async () =>
      (await broker.read(0)).positions.map(({ id, side, qty }) =>
        `${id} ${side} ${qty}`
      );
    await broker.submit(order("a", { qty: decimal("300") }));
    assert.deepEqual(await held(), ["EURUSD long 300"]);
    await broker.submit(order("b", { qty: decimal("100"), side: "sell" }));
    assert.deepEqual(await held(), ["EURUSD long 200"]);
    await broker.submit(order("c", { qty: decimal("500"), side: "sell" }));
    assert.deepEqual(await held(), ["EURUSD short 300"]);
  });

  test(
    "submit() opens a ticket each time where the account hedges",
    {},
    async ({ broker }) => {
      await broker.submit(order("a"));
      await broker.submit(order("b", { side: "sell" }));
      const { positions } = await broker.read(0);
      assert.deepEqual(positions.map(({ id, side }) => [id, side]), [
        ["T1", "long"],
        ["T2", "short"],
      ]);
    },
  );

  test(
    "submit() leaves a limit order working until the price gets there",
    {},
    async (it, watched) => {
      const limitPrice = decimal("1.0995");
      const working = await it.broker.submit(order("a", { limitPrice }));
      assert.equal(working.status, "working");
      await it.pass(9 * MINUTE_MS);
      assert.equal((await it.broker.read(0)).orders.length, 1);
      await it.pass(6 * MINUTE_MS);
      await watched.until((event) =>
        event.type === "order" && event.report.status === "filled"
      );
      const { orders, fills } = await it.broker.read(0);
      assert.deepEqual(orders, []);
      // Stamped with the instant of the price, not with that of the look.
      assert.equal(fills[0]?.at, CONTRACT_START_AT + 10 * MINUTE_MS);
      assert.equal(fills[0]?.price, "1.0995");
    },
  );

  test(
    "submit() reports a closed market as a rejected order",
    {},
    async (it) => {
      await it.pass(61 * MINUTE_MS);
      const report = await it.broker.submit(order("a"));
      assert.equal(report.status, "rejected");
      assert.equal(report.reason, REJECT_REASONS.marketClosed);
      assert.equal((await it.broker.find("a"))?.status, "rejected");
    },
  );

  test(
    "submit() reports a quantity that is no multiple of the step",
    {},
    async ({ broker }) => {
      const report = await broker.submit(order("a", { qty: decimal("0.001") }));
      assert.equal(report.reason, REJECT_REASONS.step);
    },
  );

  test(
    "find() knows orders by client order id, whatever is in it",
    {},
    async ({ broker }) => {
      const id = "london/2026-11-23/end/0/T1?x=ä&1%";
      const sent = await broker.submit(order(id));
      assert.deepEqual(await broker.find(id), sent);
      assert.equal(await broker.find("never sent"), null);
    },
  );

  test("cancel() ends a working order", {}, async ({ broker }) => {
    const { orderId } = await broker.submit(
      order("a", { limitPrice: decimal("1") }),
    );
    const report = await broker.cancel(orderId);
    assert.equal(report.status, "canceled");
    assert.deepEqual((await broker.read(0)).orders, []);
    assert.equal((await broker.cancel(orderId)).status, "canceled");
  });

  test(
    "cancel() of a filled order says that it filled",
    {},
    async ({ broker }) => {
      const { orderId } = await broker.submit(order("a"));
      assert.equal((await broker.cancel(orderId)).status, "filled");
    },
  );

  test("cancel() of an unknown order is refused", {}, async ({ broker }) => {
    await assert.rejects(
      broker.cancel("P99"),
      fails("broker/refused", {
        outcome: "refused",
        brokerCode: "order/not-found",
      }),
    );
  });
}

function closeCases(test: Register): void {
  test(
    "submit() closes a position whole",
    { positions: [long("100")] },
    async (it) => {
      const report = await it.broker.submit(close("a", "T1", "100"));
      assert.equal(report.status, "filled");
      assert.deepEqual((await it.broker.read(0)).positions, []);
      assert.deepEqual(it.audit().duplicates, []);
    },
  );

  test("submit() closes part of a position", {
    mode: "netting",
    positions: [long("100")],
  }, async ({ broker }) => {
    await broker.submit(close("a", "EURUSD", "40"));
    const { positions } = await broker.read(0);
    assert.deepEqual(positions.map(({ qty }) => qty), ["60"]);
  });

  test(
    "submit() never closes more than is open",
    { positions: [long("100")] },
    async (it) => {
      const report = await it.broker.submit(close("a", "T1", "100.01"));
      assert.equal(report.reason, REJECT_REASONS.exceedsPosition);
      assert.equal((await it.broker.read(0)).positions[0]?.qty, "100");
      assert.equal(it.audit().duplicates.length, 1);
    },
  );

  test(
    "submit() never closes what is closed",
    { positions: [long("100")] },
    async (it) => {
      await it.broker.submit(close("a", "T1", "100"));
      const report = await it.broker.submit(close("b", "T1", "100"));
      assert.equal(report.status, "rejected");
      assert.equal(report.reason, REJECT_REASONS.unknownPosition);
      assert.deepEqual(it.audit().duplicates.map((one) => one.clientOrderId), [
        "b",
      ]);
    },
  );

  test("submit() never flips a position that changed sides", {
    mode: "netting",
    positions: [long("100")],
  }, async ({ broker }) => {
    await broker.submit(order("a", { side: "sell", qty: decimal("200") }));
    const report = await broker.submit(close("b", "EURUSD", "100"));
    assert.equal(report.reason, REJECT_REASONS.unknownPosition);
  });

  test("submit() counts what other closing orders already claim", {
    positions: [long("100")],
  }, async (it) => {
    const far = decimal("2");
    await it.broker.submit({ ...close("a", "T1", "70"), limitPrice: far });
    const report = await it.broker.submit(close("b", "T1", "40"));
    assert.equal(report.reason, REJECT_REASONS.exceedsPosition);
    assert.equal(
      (await it.broker.submit(close("c", "T1", "30"))).status,
      "filled",
    );
  });

  test("submit() reports how much was filled where the rest was not", {
    positions: [long("100")],
    faults: [{ on: "close", times: 1, do: { kind: "partial", percent: 35 } }],
  }, async (it) => {
    const report = await it.broker.submit(close("a", "T1", "100"));
    assert.equal(report.status, "canceled");
    assert.equal(report.filledQty, "35");
    assert.equal((await it.broker.read(0)).positions[0]?.qty, "65");
    await it.broker.submit(close("b", "T1", "65"));
    assert.deepEqual((await it.broker.read(0)).positions, []);
    assert.deepEqual(it.audit().duplicates, []);
  });

  test("read() shows a position that a broker only says it closed", {
    positions: [long("100")],
    faults: [{ on: "close", times: 1, do: { kind: "lie_filled" } }],
  }, async ({ broker }) => {
    const report = await broker.submit(close("a", "T1", "100"));
    assert.equal(report.status, "filled");
    const { positions, fills } = await broker.read(0);
    assert.equal(positions[0]?.qty, "100");
    assert.deepEqual(fills, []);
  });

  test("submit() may be taken and fill later", {
    positions: [long("100")],
    faults: [{
      on: "close",
      times: 1,
      do: { kind: "working", fill_after_ms: MINUTE_MS },
    }],
  }, async (it, watched) => {
    const report = await it.broker.submit(close("a", "T1", "100"));
    assert.equal(report.status, "working");
    await it.pass(MINUTE_MS);
    await watched.until((event) =>
      event.type === "order" && event.report.status === "filled"
    );
    assert.deepEqual((await it.broker.read(0)).positions, []);
  });
}

function failureCases(test: Register): void {
  for (const status of [500, 503]) {
    test(`submit() answered ${status} is unknown`, {
      faults: [{ on: "submit", do: { kind: "status", status } }],
    }, async ({ broker }) => {
      await assert.rejects(
        broker.submit(order("a")),
        fails("broker/unknown", { outcome: "unknown" }),
      );
      assert.equal(await broker.find("a"), null);
    });
  }

  test("submit() answered 500 after all may have been carried out", {
    faults: [{
      on: "submit",
      do: { kind: "status", status: 500, carry_out: true },
    }],
  }, async ({ broker }) => {
    await assert.rejects(broker.submit(order("a")), { code: "broker/unknown" });
    assert.equal((await broker.find("a"))?.status, "filled");
  });

  test("submit() answered 403 is refused, with the broker's code", {
    faults: [{ on: "submit", do: { kind: "status", status: 403 } }],
  }, async ({ broker }) => {
    await assert.rejects(
      broker.submit(order("a")),
      fails("broker/refused", {
        outcome: "refused",
        brokerCode: "broker/fault",
      }),
    );
  });

  test("submit() that is never answered is unknown, and find() finds it", {
    timeoutMs: 150,
    faults: [{ on: "submit", do: { kind: "no_answer" } }],
  }, async (it) => {
    await assert.rejects(
      it.wait(it.broker.submit(order("a"))),
      fails("broker/unknown", { outcome: "unknown" }),
    );
    assert.equal((await it.wait(it.broker.find("a")))?.status, "filled");
  });

  test("submit() that was lost is unknown, and find() finds nothing", {
    timeoutMs: 150,
    faults: [{ on: "submit", do: { kind: "lost" } }],
  }, async (it) => {
    await assert.rejects(it.wait(it.broker.submit(order("a"))), {
      code: "broker/unknown",
    });
    assert.equal(await it.wait(it.broker.find("a")), null);
  });

  test("submit() answered with garbage is unknown", {
    faults: [{ on: "submit", do: { kind: "garbage" } }],
  }, async ({ broker }) => {
    await assert.rejects(
      broker.submit(order("a")),
      fails("broker/unknown", { outcome: "unknown" }),
    );
    assert.equal((await broker.find("a"))?.status, "filled");
  });

  test("submit() answered 429 was not sent, and what follows waits", {
    faults: [{
      on: "submit",
      times: 1,
      do: { kind: "status", status: 429, retry_after_ms: 40 },
    }],
  }, async (it) => {
    await assert.rejects(
      it.wait(it.broker.submit(order("a"))),
      fails("broker/busy", { outcome: "unsent", retryAfterMs: 40 }),
    );
    let answered = false;
    const again = it.broker.submit(order("a")).then((report) => {
      answered = true;
      return report;
    });
    for (let turn = 0; turn < 50; turn++) await Promise.resolve();
    assert.equal(answered, false);
    assert.equal((await it.wait(again)).status, "filled");
  });

  test("cancel() that is never answered is unknown", {
    timeoutMs: 150,
    faults: [{ on: "cancel", do: { kind: "no_answer" } }],
  }, async (it) => {
    const limitPrice = decimal("1");
    const { orderId } = await it.wait(
      it.broker.submit(order("a", { limitPrice })),
    );
    await assert.rejects(it.wait(it.broker.cancel(orderId)), {
      code: "broker/unknown",
    });
    assert.equal((await it.wait(it.broker.find("a")))?.status, "canceled");
  });

  for (
    const fault of [
      { kind: "empty_500" },
      { kind: "garbage" },
      { kind: "status", status: 404 },
    ] as const
  ) {
    const what = fault.kind === "status" ? "404" : fault.kind;
    test(`read() answered ${what} is an error, never an empty list`, {
      positions: [long("100")],
      faults: [{ on: "positions", do: fault }],
    }, async ({ broker }) => {
      await assert.rejects(broker.read(0), { code: "broker/unreadable" });
    });
    test(`find() answered ${what} is an error, never nothing`, {
      faults: [{ on: "find", do: fault }],
    }, async ({ broker }) => {
      await broker.submit(order("a"));
      await assert.rejects(broker.find("a"), { code: "broker/unreadable" });
    });
  }

  test("read() that is never answered is an error", {
    timeoutMs: 150,
    faults: [{ on: "orders", do: { kind: "lost" } }],
  }, async (it) => {
    await assert.rejects(it.wait(it.broker.read(0)), {
      code: "broker/unreadable",
    });
  });

  test("dispose ends what is under way, and what follows is not sent", {
    faults: [{ on: "submit", do: { kind: "no_answer" } }],
  }, async (it) => {
    const sending = it.broker.submit(order("a"));
    const ended = assert.rejects(sending, (error) => {
      assert.ok(error instanceof CarillonError);
      // Over a network it may have left already or not yet: never "refused".
      return error.details.outcome !== "refused";
    });
    await it.broker[Symbol.asyncDispose]();
    await ended;
    await assert.rejects(
      it.broker.submit(order("b")),
      fails(null, { outcome: "unsent" }),
    );
  });
}

function streamCases(test: Register): void {
  test("open() tells that the stream is up", {}, async (_it, watched) => {
    const up = await watched.until((event) => event.type === "stream");
    assert.deepEqual(up, {
      type: "stream",
      state: "up",
      message: "at execution 0",
    });
  });

  test("open() tells of an order whose answer was lost", {
    timeoutMs: 150,
    faults: [{ on: "submit", do: { kind: "no_answer" } }],
  }, async (it, watched) => {
    await watched.until((event) => event.type === "stream");
    await assert.rejects(it.wait(it.broker.submit(order("a"))));
    const told = await watched.until((event) => event.type === "order");
    assert.ok(told.type === "order");
    assert.equal(told.report.clientOrderId, "a");
    assert.equal(told.report.status, "filled");
  });
}

/** Whether an error has this code and at least these details. */
function fails(
  code: string | null,
  details: Readonly<Record<string, unknown>>,
): (error: unknown) => boolean {
  return (error) => {
    assert.ok(error instanceof CarillonError);
    if (code !== null) assert.equal(error.code, code);
    for (const [name, wanted] of Object.entries(details)) {
      assert.equal(error.details[name], wanted, `details.${name}`);
    }
    return true;
  };
}

function long(qty: string): PaperPosition {
  return {
    symbol: "EURUSD",
    side: "long",
    qty: decimal(qty),
    price: null,
    tag: null,
  };
}

function order(
  clientOrderId: string,
  change: {
    readonly side?: "buy" | "sell";
    readonly qty?: Decimal;
    readonly limitPrice?: Decimal;
  } = {},
): OrderIntent {
  return {
    clientOrderId,
    symbol: "EURUSD",
    side: "buy",
    qty: decimal("100"),
    limitPrice: null,
    closes: null,
    tag: null,
    ...change,
  };
}

function close(
  clientOrderId: string,
  closes: string,
  qty: string,
): OrderIntent {
  return {
    ...order(clientOrderId, { side: "sell" }),
    closes,
    qty: decimal(qty),
  };
}
