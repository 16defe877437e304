/**
 * `carillon paper --port N`: the paper broker as a server of its own.
 *
 * @module
 */

import { createPaperBroker } from "../../../adapters/brokers/paper/paper_broker.ts";
import { servePaper } from "../../../adapters/brokers/paper/server.ts";
import { SystemRandom } from "../../../adapters/clock/random.ts";
import { SystemClock } from "../../../adapters/clock/system_clock.ts";
import {
  absolute,
  isPositive,
  isZero,
  parseDecimal,
  ZERO,
} from "../../../domain/decimal.ts";
import type {
  PaperAccount,
  PaperPosition,
} from "../../../domain/definition.ts";
import { readPriceFiles } from "../../price_files.ts";
import { readPriceOption } from "../price_option.ts";
import { wireForm } from "../../wire_form.ts";
import { CallError } from "../call_error.ts";
import { type Console, EXIT, type ExitCode } from "../console.ts";
import type { PaperArgs } from "../grammar.ts";
import { listenForStop } from "../stop_signals.ts";

/** Serves until it is stopped. */
export async function paperCommand(
  args: PaperArgs,
  console: Console,
): Promise<ExitCode> {
  try {
    return await serve(args, console);
  } catch (error) {
    if (!(error instanceof Deno.errors.AddrInUse)) throw error;
    throw new CallError(
      `Cannot listen on port ${args.port}: another program does already`,
    );
  }
}

async function serve(args: PaperArgs, console: Console): Promise<ExitCode> {
  const clock = new SystemClock();
  const account = accountOf(args);
  const prices = await readPriceFiles(account.prices, ".");
  await using paper = createPaperBroker({
    account,
    prices,
    clock,
    gateway: {
      shards: args.shards,
      maxConcurrency: args.maxConcurrency,
      sessionStarts: args.sessionStarts,
    },
  });
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
    prices: args.prices.map(readPriceOption),
    seed: args.seed,
    commission: ZERO,
    latencyMs: 0,
  };
}

/** `EURUSD=1000`, `EURUSD=-1000` for a short one, `EURUSD=1000@1.085` with its price. */
function readPosition(text: string): PaperPosition {
  const [, symbol, signed, priced] = /^([^=]+)=([^@]+)(?:@(.+))?$/.exec(text) ??
    [];
  const qty = signed === undefined ? null : parseDecimal(signed);
  const price = priced === undefined ? null : parseDecimal(priced);
  const isRead = symbol !== undefined && qty !== null && !isZero(qty) &&
    (priced === undefined || price !== null);
  if (!isRead) {
    return refuse("--position", text, "SYMBOL=QTY or SYMBOL=QTY@PRICE");
  }
  const side = isPositive(qty) ? "long" : "short";
  return { symbol, side, qty: absolute(qty), price, tag: null };
}

function refuse(option: string, text: string, expected: string): never {
  throw new CallError(`${option} "${text}" is not ${expected}`);
}
