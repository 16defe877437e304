/**
 * What the paper broker knows of a symbol by its name alone.
 *
 * @module
 */

import {
  type Decimal,
  decimal,
  divide,
  multiply,
} from "../../../domain/decimal.ts";
import { mixText } from "./prices/mix.ts";

/** What is traded under a name, and where its random walk starts. */
export interface Instrument {
  readonly symbol: string;
  /** What one is called. */
  readonly unit: "units" | "shares" | "ounces" | "coins";
  /** Smallest difference of two quantities. */
  readonly step: Decimal;
  /** Places after the point of a seeded price. */
  readonly digits: number;
  /** Smallest difference of two seeded prices. */
  readonly priceStep: Decimal;
  /** The price about which the walk wanders. @units price steps */
  readonly startSteps: number;
  /** What is bought, where it is money itself. */
  readonly base: string | null;
  /** The money it is paid in; `null` means the account's own. */
  readonly quote: string | null;
}

/** What one of each is worth, near enough for play. @units US dollars */
const DOLLARS = {
  EUR: "1.085",
  GBP: "1.265",
  AUD: "0.655",
  NZD: "0.605",
  USD: "1",
  CAD: "0.735",
  CHF: "1.13",
  SGD: "0.745",
  PLN: "0.25",
  SEK: "0.095",
  NOK: "0.0935",
  MXN: "0.0545",
  ZAR: "0.0545",
  HKD: "0.128",
  CNH: "0.138",
  TRY: "0.0305",
  INR: "0.0119",
  JPY: "0.00667",
  XAU: "2650",
  XAG: "31",
  BTC: "97000",
  ETH: "3400",
} as const satisfies Record<string, string>;

/** Start prices of well-known shares and funds. @units the account's currency */
const SHARES: Readonly<Record<string, string>> = {
  AAPL: "230",
  AMZN: "205",
  GOOGL: "175",
  META: "580",
  MSFT: "430",
  NVDA: "140",
  QQQ: "520",
  SPY: "600",
  SQQQ: "30",
  TQQQ: "80",
  TSLA: "340",
  VTI: "295",
};

/** The symbols that the list of instruments shows without being asked for. */
export const WELL_KNOWN: readonly string[] = [
  "EURUSD",
  "GBPUSD",
  "AUDUSD",
  "NZDUSD",
  "USDCAD",
  "USDCHF",
  "USDJPY",
  "EURGBP",
  "EURJPY",
  "GBPJPY",
  "XAUUSD",
  "XAGUSD",
  "BTCUSD",
  "ETHUSD",
  ...Object.keys(SHARES),
];

/** Money in the order in which pairs are written: EURUSD, never USDEUR. */
const MAJORS: readonly string[] = Object.keys(DOLLARS);

const NAME = /^[A-Za-z0-9][A-Za-z0-9._/-]{0,31}$/;
const CENTS = 2;

/** Whether a name can be that of a symbol. */
export function isSymbol(name: string): boolean {
  return NAME.test(name);
}

/** What is known of a symbol; an unknown name is a share whose price the seed draws. */
export function instrumentOf(symbol: string, seed: number): Instrument {
  const plain = symbol.toUpperCase().replace(/[^A-Z0-9]/g, "");
  const base = plain.slice(0, 3);
  const quote = plain.slice(3);
  return plain.length === 6 && isMoney(base) && isMoney(quote)
    ? pair(symbol, base, quote)
    : share(symbol, SHARES[plain] ?? drawnPrice(plain, seed));
}

/** The usual name of the pair of two moneys, such as `USDJPY` for yen and dollars. */
export function pairOf(
  one: string,
  other: string,
): { readonly symbol: string; readonly base: string } | null {
  if (!isMoney(one) || !isMoney(other) || one === other) return null;
  const first = isPreciousOrCoin(one) ||
    (!isPreciousOrCoin(other) && MAJORS.indexOf(one) < MAJORS.indexOf(other));
  const base = first ? one : other;
  return { symbol: base + (first ? other : one), base };
}

function isMoney(code: string): code is keyof typeof DOLLARS {
  return Object.hasOwn(DOLLARS, code);
}

function isPreciousOrCoin(code: string): boolean {
  return ["XAU", "XAG", "BTC", "ETH"].includes(code);
}

function pair(
  symbol: string,
  base: keyof typeof DOLLARS,
  quote: keyof typeof DOLLARS,
): Instrument {
  const metal = base === "XAU" || base === "XAG";
  const coin = base === "BTC" || base === "ETH";
  const digits = metal || coin ? CENTS : quote === "JPY" ? 3 : 5;
  const price = divide(decimal(DOLLARS[base]), decimal(DOLLARS[quote]), digits);
  return {
    ...priced(price, digits),
    symbol,
    unit: metal ? "ounces" : coin ? "coins" : "units",
    step: decimal(coin ? "0.00001" : "0.01"),
    base,
    quote,
  };
}

function share(symbol: string, price: string): Instrument {
  return {
    ...priced(decimal(price), CENTS),
    symbol,
    unit: "shares",
    step: decimal("0.01"),
    base: null,
    quote: null,
  };
}

function priced(
  price: Decimal,
  digits: number,
): Pick<Instrument, "digits" | "priceStep" | "startSteps"> {
  const steps = Number(multiply(price, decimal(`1${"0".repeat(digits)}`)));
  return {
    digits,
    priceStep: decimal(`0.${"1".padStart(digits, "0")}`),
    // A pair of two very unequal moneys may round to nothing.
    startSteps: Math.max(steps, 100),
  };
}

function drawnPrice(plain: string, seed: number): string {
  return String(10 + (mixText(seed, `price of ${plain}`) % 490));
}
