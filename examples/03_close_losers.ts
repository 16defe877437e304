/**
 * The same as a session file, in TypeScript: losers go at noon, the rest at the close.
 *
 *     deno run --allow-net --allow-read mod.ts examples/03_close_losers.ts
 */

import { defineSessions } from "../mod.ts";

export default defineSessions({
  version: 1,
  timezone: "America/New_York",
  accounts: {
    demo: {
      kind: "paper",
      positions: [
        { symbol: "AAPL", side: "long", qty: "100", price: "150" },
        { symbol: "MSFT", side: "long", qty: "100", price: "480" },
      ],
    },
  },
  sessions: [{
    name: "desk",
    days: "mon-fri",
    start: "09:30",
    end: "16:00",
    moments: [{ name: "noon", at: "12:00", do: "close_loss" }],
    onEnd: "close_all",
  }],
});
