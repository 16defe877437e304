/**
 * A real run of sessions for tests: the engine, the paper broker called directly, virtual time.
 *
 * @module
 */

import {
  createPaperBroker,
  type PaperBroker,
} from "../../src/adapters/brokers/paper/paper_broker.ts";
import type { FaultRule } from "../../src/adapters/brokers/paper/faults.ts";
import { SeededRandom } from "../../src/adapters/clock/random.ts";
import { VirtualClock } from "../../src/adapters/clock/virtual_clock.ts";
import { decimal, ZERO } from "../../src/domain/decimal.ts";
import type { PaperPosition } from "../../src/domain/definition.ts";
import type { SessionNotice } from "../../src/sessions/public_notice.ts";
import { type OpenOptions, Sessions } from "../../src/sessions/sessions.ts";
import { MINUTE_MS } from "../../src/domain/time.ts";
import type { EpochMs } from "../../src/domain/time.ts";
import { instant, isoText } from "../support/clock_session.ts";

/** A run and everything around it that a test may look at. */
export interface PaperDesk {
  readonly sessions: Sessions;
  readonly paper: PaperBroker;
  readonly clock: VirtualClock;
  /** The clock that only the hooks' time runs on. */
  readonly realClock: VirtualClock;
  readonly notices: readonly SessionNotice[];
  /** Runs virtual time up to an instant given as ISO text. */
  runTo(text: string): Promise<void>;
  /** The symbols that the broker still holds. */
  symbols(): readonly string[];
}

/** What a test says of its run. */
export interface DeskOptions extends Partial<OpenOptions> {
  readonly sessions: OpenOptions["sessions"];
  /** When the run begins, as ISO text. */
  readonly at: string;
  readonly positions?: readonly PaperPosition[];
  readonly faults?: readonly FaultRule[];
  readonly clock?: VirtualClock;
}

/** A long position at a price; the market's is 1. */
export function held(symbol: string, price: string): PaperPosition {
  return {
    symbol,
    side: "long",
    qty: decimal("1000"),
    price: decimal(price),
    tag: null,
  };
}

/** One that wins, one that neither wins nor loses, and one that loses. */
export const WIN_EVEN_LOSS: readonly PaperPosition[] = [
  held("EURUSD", "0.9"),
  held("GBPUSD", "1"),
  held("AUDUSD", "1.1"),
];

/** Bid and ask of 1 for the three days after an instant, so that every profit is plain to see. */
function steadyPrices(from: EpochMs): string {
  const lines = Array.from({ length: 3 * 48 }, (_, step) => {
    const at = isoText(from + (step - 1) * 30 * MINUTE_MS);
    return `${at},1,1`;
  });
  return ["timestamp,bid,ask", ...lines].join("\n");
}

/** A paper account of its own, standing at an instant. */
export function openPaper(
  clock: VirtualClock,
  positions: readonly PaperPosition[],
  faults: readonly FaultRule[] = [],
): PaperBroker {
  const prices = ["EURUSD", "GBPUSD", "AUDUSD"].map((symbol) => ({
    symbol,
    bid: steadyPrices(clock.now()),
    ask: null,
  }));
  return createPaperBroker({
    account: {
      kind: "paper",
      name: "main",
      mode: "netting",
      cash: decimal("100000"),
      currency: "USD",
      positions,
      prices: [],
      seed: 1,
      commission: ZERO,
      latencyMs: 0,
    },
    prices,
    clock,
    faults,
  });
}

/** Opens sessions against a paper account in virtual time. */
export async function openDesk(options: DeskOptions): Promise<PaperDesk> {
  const { at, positions = [], faults = [], ...rest } = options;
  const clock = options.clock ?? new VirtualClock(instant(at));
  const realClock = new VirtualClock(0);
  const paper = openPaper(clock, positions, faults);
  const notices: SessionNotice[] = [];
  const sessions = await Sessions.open({
    broker: paper.openBroker(),
    realClock,
    random: new SeededRandom(1),
    onNotice: (notice) => void notices.push(notice),
    ...rest,
    clock,
  });
  return {
    sessions,
    paper,
    clock,
    realClock,
    notices,
    runTo: (text) => clock.run(instant(text)),
    symbols: () => [...paper.state.positions.keys()],
  };
}

/** The edges that settled, as `edge outcome`. */
export function settled(desk: PaperDesk): readonly string[] {
  return desk.notices.flatMap((notice) =>
    notice.type === "edge.settled" ? [`${notice.edge} ${notice.outcome}`] : []
  );
}
