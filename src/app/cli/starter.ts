/**
 * The file that `carillon init` writes: it passes `check`, runs, and explains itself.
 *
 * @module
 */

/** A commented session file against the embedded paper broker. */
export const STARTER =
  `# A session file. Check it, look at what it will do, run it:
#
#   carillon check sessions.yaml
#   carillon plan sessions.yaml
#   carillon run sessions.yaml
#
# Everything below can be left out but "sessions".
version: 1
timezone: UTC                  # the zone of every time without one of its own

# Where positions are. "paper" is the broker inside carillon: no money, no network, made-up prices.
accounts:
  demo:
    kind: paper
    cash: "100000"
    positions:
      - {symbol: EURUSD, side: long, qty: 10000}
      - {symbol: USDJPY, side: short, qty: 5000}

# What happens to positions when the run is stopped: leave | cancel_orders | close
on_stop: leave

# For every session below, unless it says otherwise.
defaults:
  account: demo
  cancel_orders: true          # working orders go before positions are closed
  deadline: 60s                # flat this long after it was due, or an alarm

sessions:
  # Opens at 08:00 and ends at 16:30 by London's clock, summer and winter, from Monday to Friday.
  # At its end everything it may touch is closed, and the broker's own list must say so.
  - name: london
    start: "08:00"
    end: "16:30"
    timezone: Europe/London
    days: mon-fri
    on_end: close_all          # close_all | close_win | close_loss | custom_end
    scope: {symbols: [EURUSD]} # what the actions of this session may touch

  # Its losers go at noon, all the rest at the end.
  - name: new-york
    start: "09:30"
    end: "16:00"
    timezone: America/New_York
    days: mon-fri
    on_end: close_all
    moments:
      - {name: noon, at: "12:00", do: close_loss}
    scope: {symbols: [USDJPY]}
`;
