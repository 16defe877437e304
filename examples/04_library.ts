/**
 * Sessions from a program of your own: a day of London and New York over two positions.
 *
 *     deno run --allow-net --allow-read examples/04_library.ts
 *
 * The clock is virtual and the broker is paper, so the day is over at once. Live, leave `clock` out
 * and give a broker of yours: nothing else changes.
 */

import {
  createPaperBroker,
  decimal,
  Session,
  type SessionNotice,
  Sessions,
  VirtualClock,
} from "../mod.ts";

function instant(text: string): number {
  return Temporal.Instant.from(text).epochMilliseconds;
}

const clock = new VirtualClock(instant("2026-11-23T06:00:00Z"));

const paper = createPaperBroker({
  account: {
    kind: "paper",
    name: "main",
    mode: "netting",
    cash: decimal("100000"),
    currency: "USD",
    positions: [
      // Bought dear, so it loses; bought cheap, so it wins.
      held("EURUSD", "1.5"),
      held("GBPUSD", "1.1"),
    ],
    prices: [],
    seed: 7,
    commission: decimal("0"),
    latencyMs: 0,
  },
  prices: [],
  clock,
});

function held(symbol: string, price: string) {
  const qty = decimal("10000");
  const side = "long";
  return { symbol, side, qty, price: decimal(price), tag: null } as const;
}

const london = new Session({
  name: "london",
  start: 8,
  end: "16:30",
  timezone: "Europe/London",
  days: "mon-fri",
  onEnd: ["custom_end", "close_loss"],
  // The close begins when it is due, whatever a function does.
  customEnd: ({ edge, now }) => say(now(), `${edge}: the report is written`),
});

const newYork = new Session({
  name: "new-york",
  start: 8,
  end: 17,
  timezone: "America/New_York",
  days: "mon-fri",
  onEnd: "close_all",
});

{
  await using sessions = await Sessions.open({
    sessions: [newYork, london],
    broker: paper.openBroker(),
    clock,
    onNotice: tell,
  });
  const hours = sessions.findNext()?.until() ?? 0;
  say(time(), `${sessions.findNext()?.name} opens in ${hours / 3_600} hours`);

  const trading = trade(sessions);
  await clock.run(instant("2026-11-23T18:00:00Z"));
  await trading;
  const open = sessions.current().map(({ name }) => name);
  say(time(), `leaving while ${open.join(", ")} is open`);
  // Leaving fires the end of what is open, once, and waits until it has settled.
}
say(time(), `the broker holds ${paper.state.positions.size} positions`);

/** Your own code: it waits for a session and acts in it. */
async function trade(sessions: Sessions): Promise<void> {
  const session = await sessions.check();
  if (session === null) return;
  const { hours, minutes } = session.duration();
  say(time(), `${session.name} is open for ${hours} h ${minutes} min`);
}

function tell(notice: SessionNotice): void {
  if (notice.type !== "edge.settled") return;
  const { at, edge, outcome, closed } = notice;
  say(at, `${edge}: ${outcome}, ${closed} closed`);
}

function time(): Temporal.Instant {
  return Temporal.Instant.fromEpochMilliseconds(clock.now());
}

function say(at: Temporal.Instant, text: string): void {
  console.log(`${at.toString().slice(11, 16)}  ${text}`);
}
