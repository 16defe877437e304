/**
 * `carillon paper --port N`: the paper broker as a server of its own.
 *
 * @module
 */

import { createPaperBroker } from "../../../adapters/brokers/paper/paper_broker.ts";
import { servePaper } from "../../../adapters/brokers/paper/server.ts";
import { SystemRandom } from "../../../adapters/clock/random.ts";
import { SystemClock } from "../../../adapters/clock/system_clock.ts";
import { decimal, parseDecimal, ZERO } from "../../../domain/decimal.ts";
import type {
  PaperAccount,
  PaperPosition,
} from "../../../domain/definition.ts";
import { CarillonError } from "../../../domain/error.ts";
import { readPriceFiles } from "../../price_files.ts";
import { wireForm } from "../../wire_form.ts";
import { CallError } from "../call_error.ts";
import { type Console, EXIT, type ExitCode } from "../console.ts";
import type { PaperArgs } from "../grammar.ts";
import { reportFault } from "../report.ts";
import { listenForStop } from "../stop_signals.ts";

/** Serves until it is stopped. */
export async function paperCommand(
  args: PaperArgs,
  console: Console,
): Promise<ExitCode> {
  try {
    return await serve(args, console);
  } catch (error) {
    if (error instanceof Deno.errors.AddrInUse) {
      const message =
        `Cannot listen on port ${args.port}: another program does already`;
      return reportFault(new CallError(message), args, console);
    }
    if (error instanceof CallError || error instanceof CarillonError) {
      return reportFault(error, args, console);
    }
    throw error;
  }
}

async function serve(args: PaperArgs, console: Console): Promise<ExitCode> {
  const clock = new SystemClock();
  const account = accountOf(args);
  const prices = await readPriceFiles(account.prices, ".");
  await using paper = createPaperBroker({ account, prices, clock });
  const token = args.token ?? new SystemRandom().id();
  const server = servePaper(paper, { port: args.port, token, clock });
  const over = Promise.withResolvers<void>();
  using _stop = listenForStop(over.resolve, over.resolve);
  announce(args, server.url, token, console);
  await over.promise;
  await server.close();
  return EXIT.stopped;
}

function announce(
  args: PaperArgs,
  url: string,
  token: string,
  console: Console,
): void {
  if (args.json) {
    const at = new SystemClock().now();
    const ready = { at, type: "paper.listening", url, token, mode: args.mode };
    return console.print(JSON.stringify(wireForm(ready)));
  }
  console.print(
    `Paper broker (${args.mode}) on ${url}, everything in memory. Ctrl-C ends it.`,
  );
  console.print("In a session file:");
  console.print(
    `  broker: {kind: http, url: "${url}", token: "\${env:PAPER_TOKEN}", live: false}`,
  );
  if (args.token === null) {
    console.print(`with PAPER_TOKEN=${token} in the environment.`);
  }
}

function accountOf(args: PaperArgs): PaperAccount {
  return {
    kind: "paper",
    name: "main",
    mode: args.mode,
    cash: parseDecimal(args.cash) ??
      refuse("--cash", args.cash, "an amount such as 100000"),
    currency: "USD",
    positions: args.positions.map(readPosition),
    prices: args.prices.map(readPrice),
    seed: args.seed,
    commission: ZERO,
    latencyMs: 0,
  };
}

/** `EURUSD=+1000` or `EURUSD=-1000`. */
function readPosition(text: string): PaperPosition {
  const [, symbol, sign, digits] = /^([^=]+)=([+-]?)(.+)$/.exec(text) ?? [];
  const qty = digits === undefined ? null : parseDecimal(digits);
  if (symbol === undefined || qty === null || qty === ZERO) {
    return refuse("--position", text, "SYMBOL=+QTY or SYMBOL=-QTY");
  }
  const side = sign === "-" ? "short" : "long";
  return { symbol, side, qty: decimal(qty), price: null, tag: null };
}

/** `EURUSD=prices.csv`, or `EURUSD=bid.csv,ask.csv`. */
function readPrice(text: string) {
  const [, symbol, bid, ask] = /^([^=]+)=([^,]+)(?:,(.+))?$/.exec(text) ?? [];
  if (symbol === undefined || bid === undefined) {
    return refuse("--prices", text, "SYMBOL=FILE or SYMBOL=BID_FILE,ASK_FILE");
  }
  return { symbol, bid, ask: ask ?? null };
}

function refuse(option: string, text: string, expected: string): never {
  throw new CallError(`${option} "${text}" is not ${expected}`);
}
