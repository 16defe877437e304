import assert from "node:assert/strict";
import { SystemClock } from "../../../src/adapters/clock/system_clock.ts";
import { VirtualClock } from "../../../src/adapters/clock/virtual_clock.ts";
import { ProtocolBroker } from "../../../src/adapters/brokers/protocol/client.ts";
import { openHttpBroker } from "../../../src/adapters/brokers/http/http_broker.ts";
import { directTransport } from "../../../src/adapters/brokers/paper/direct.ts";
import {
  createPaperBroker,
  type PaperBroker,
} from "../../../src/adapters/brokers/paper/paper_broker.ts";
import { servePaper } from "../../../src/adapters/brokers/paper/server.ts";
import { decimal } from "../../../src/domain/decimal.ts";
import type { Broker } from "../../../src/runtime/ports.ts";
import {
  brokerContract,
  type BrokerSetup,
  type BrokerUnderTest,
  CONTRACT_START_AT,
  CONTRACT_TICKS,
} from "../../contracts/broker_contract.ts";
import { PLAIN_ACCOUNT } from "./paper_account.ts";

const ONLY_REQUESTS = "there is no request that could be lost";

brokerContract({
  name: "ProtocolBroker over sockets",
  open: overSockets,
  skip: [],
});
brokerContract({
  name: "ProtocolBroker in process",
  open: inProcess,
  skip: [],
});
brokerContract({
  name: "EngineBroker",
  open: onEngine,
  skip: [
    "read() reads again where positions lag behind",
    "read() gives up on lists that never belong together",
    "submit() answered 500 is unknown",
    "submit() answered 503 is unknown",
    "submit() answered 500 after all may have been carried out",
    "submit() answered 403 is refused, with the broker's code",
    "submit() that is never answered is unknown, and find() finds it",
    "submit() that was lost is unknown, and find() finds nothing",
    "submit() answered with garbage is unknown",
    "submit() answered 429 was not sent, and what follows waits",
    "cancel() that is never answered is unknown",
    "read() answered empty_500 is an error, never an empty list",
    "read() answered garbage is an error, never an empty list",
    "read() answered 404 is an error, never an empty list",
    "find() answered empty_500 is an error, never nothing",
    "find() answered garbage is an error, never nothing",
    "find() answered 404 is an error, never nothing",
    "read() that is never answered is an error",
    "dispose ends what is under way, and what follows is not sent",
    "open() tells of an order whose answer was lost",
  ].map((sentence) => ({ case: sentence, reason: ONLY_REQUESTS })),
});

Deno.test("three ways to a paper broker tell the same story", async () => {
  const story = async (open: typeof inProcess) => {
    await using it = await open({
      mode: "netting",
      positions: [],
      faults: [{
        on: "close",
        times: 1,
        do: { kind: "partial", percent: 40, rest: "working" },
      }],
      timeoutMs: 10_000,
    });
    const told: unknown[] = [await it.broker.open(() => {})];
    const order = {
      clientOrderId: "a",
      symbol: "EURUSD",
      side: "buy",
      qty: decimal("1000"),
      limitPrice: null,
      closes: null,
      tag: "swing",
    } as const;
    const sell = { ...order, side: "sell", closes: "EURUSD" } as const;
    told.push(await it.broker.submit(order));
    told.push(await it.broker.submit({ ...sell, clientOrderId: "b" }));
    told.push(await it.broker.read(0));
    await it.pass(660_000);
    const limitPrice = decimal("1.1");
    const later = { ...order, clientOrderId: "c", limitPrice };
    told.push(await it.broker.submit(later));
    told.push(await it.broker.submit({ ...sell, clientOrderId: "d" }));
    told.push(await it.broker.find("b"), await it.broker.cancel("P2"));
    told.push(await it.broker.read(1));
    return told;
  };
  const engine = await story(onEngine);
  assert.deepEqual(await story(inProcess), engine);
  assert.deepEqual(await story(overSockets), engine);
});

interface Market {
  readonly paper: PaperBroker;
  readonly clock: VirtualClock;
}

/** The broker's own time is virtual in every case: its market moves when a case says so. */
function market(setup: BrokerSetup): Market {
  const clock = new VirtualClock(CONTRACT_START_AT);
  const paper = createPaperBroker({
    account: {
      ...PLAIN_ACCOUNT,
      mode: setup.mode,
      positions: setup.positions,
    },
    prices: [{ symbol: "EURUSD", bid: CONTRACT_TICKS, ask: null }],
    clock,
    faults: setup.faults,
  });
  return { paper, clock };
}

function underTest(
  { paper, clock }: Market,
  broker: Broker,
  wait: BrokerUnderTest["wait"],
  end: () => Promise<void>,
): BrokerUnderTest {
  return {
    broker,
    setFaults: (rules) => paper.setFaults(rules),
    audit: () => paper.audit(),
    pass: (ms) => clock.advance(ms),
    wait,
    async [Symbol.asyncDispose]() {
      await broker[Symbol.asyncDispose]();
      await end();
      await paper[Symbol.asyncDispose]();
    },
  };
}

/** Real sockets belong to real time: the client's clock is the system's. */
function overSockets(setup: BrokerSetup): Promise<BrokerUnderTest> {
  const stage = market(setup);
  const system = new SystemClock();
  const server = servePaper(stage.paper, {
    port: 0,
    token: "test-token",
    clock: system,
  });
  const broker = openHttpBroker({
    url: server.url,
    token: server.token,
    clock: system,
    timeoutMs: setup.timeoutMs,
  });
  const byItself = <T>(promise: Promise<T>) => promise;
  return Promise.resolve(
    underTest(stage, broker, byItself, () => server.close()),
  );
}

function inProcess(setup: BrokerSetup): Promise<BrokerUnderTest> {
  const stage = market(setup);
  const broker = new ProtocolBroker({
    transport: directTransport(stage.paper),
    clock: stage.clock,
    timeoutMs: setup.timeoutMs,
  });
  return Promise.resolve(
    underTest(stage, broker, pushing(stage.clock), nothing),
  );
}

function onEngine(setup: BrokerSetup): Promise<BrokerUnderTest> {
  const stage = market(setup);
  const broker = stage.paper.openEngineBroker();
  return Promise.resolve(
    underTest(stage, broker, pushing(stage.clock), nothing),
  );
}

function nothing(): Promise<void> {
  return Promise.resolve();
}

/** Lets virtual time pass, a little at once, until the promise is settled. */
function pushing(clock: VirtualClock): BrokerUnderTest["wait"] {
  return async (promise) => {
    let settled = false;
    const done = () => void (settled = true);
    promise.then(done, done);
    await clock.settle();
    while (!settled) await clock.advance(10);
    return await promise;
  };
}
