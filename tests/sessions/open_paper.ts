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
import { instant } from "../support/clock_session.ts";

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
  held(): readonly string[];
}

/** What a test says of its run. */
export interface DeskOptions extends Partial<OpenOptions> {
  readonly sessions: OpenOptions["sessions"];
  /** When the run begins, as ISO text. */
  readonly at: string;
  readonly positions?: readonly PaperPosition[];
  readonly faults?: readonly FaultRule[];
}

/** A position with the price that makes its profit what a test needs; `null` is the market's. */
export function position(
  symbol: string,
  side: "long" | "short",
  price: string | null,
): PaperPosition {
  return {
    symbol,
    side,
    qty: decimal("1000"),
    price: price === null ? null : decimal(price),
    tag: null,
  };
}

/** A paper account of its own, standing at an instant. */
export function openPaper(
  clock: VirtualClock,
  positions: readonly PaperPosition[],
  faults: readonly FaultRule[] = [],
): PaperBroker {
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
    prices: [],
    clock,
    faults,
  });
}

/** Opens sessions against a paper account in virtual time. */
export async function openDesk(options: DeskOptions): Promise<PaperDesk> {
  const { at, positions = [], faults = [], ...rest } = options;
  const clock = new VirtualClock(instant(at));
  const realClock = new VirtualClock(0);
  const paper = openPaper(clock, positions, faults);
  const notices: SessionNotice[] = [];
  const sessions = await Sessions.open({
    broker: paper.openBroker(),
    clock,
    realClock,
    random: new SeededRandom(1),
    onNotice: (notice) => void notices.push(notice),
    ...rest,
  });
  return {
    sessions,
    paper,
    clock,
    realClock,
    notices,
    runTo: (text) => clock.run(instant(text)),
    held: () => [...paper.state.positions.keys()],
  };
}

/** The edges that settled, as `edge outcome`. */
export function settled(desk: PaperDesk): readonly string[] {
  return desk.notices.flatMap((notice) =>
    notice.type === "edge.settled" ? [`${notice.edge} ${notice.outcome}`] : []
  );
}
