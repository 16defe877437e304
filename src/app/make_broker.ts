/**
 * Makes the broker that an account of the file names.
 *
 * @module
 */

import { openHttpBroker } from "../adapters/brokers/http/http_broker.ts";
import { createPaperBroker } from "../adapters/brokers/paper/paper_broker.ts";
import { servePaper } from "../adapters/brokers/paper/server.ts";
import {
  BOOK_INTENTS,
  readAccountNews,
} from "../adapters/brokers/protocol/gateway_news.ts";
import { SystemRandom } from "../adapters/clock/random.ts";
import { SystemClock } from "../adapters/clock/system_clock.ts";
import { VirtualClock } from "../adapters/clock/virtual_clock.ts";
import { webGateway } from "../adapters/gateway/web_gateway.ts";
import type {
  Account,
  PaperAccount,
  PriceSource,
  RemoteAccount,
} from "../domain/definition.ts";
import { CarillonError } from "../domain/error.ts";
import { BookBroker } from "../gateway/book_broker.ts";
import type { StartBudgetStore } from "../gateway/ports.ts";
import type { Broker, Clock } from "../runtime/ports.ts";
import { type PriceFileText, readPriceFiles } from "./price_files.ts";
import { resolveSecret } from "./secret.ts";

/** What brokers are made with. */
export interface BrokerParts {
  readonly clock: Clock;
  /** Where the file's relative paths begin. */
  readonly folder: string;
  /** Prices in place of the file's own; their paths begin in the current folder. */
  readonly prices: readonly PriceSource[];
  /** Lets go of whatever is made. */
  readonly stack: AsyncDisposableStack;
  /** Opens what an account's session starts are counted in; without, no account has a book. */
  readonly startStore?: (account: string) => StartBudgetStore;
}

const LOOPBACK = "127.0.0.1";

/**
 * Makes a broker; nothing is asked of it yet.
 *
 * @throws {CarillonError} "support/not-yet", "secret/missing", "broker/unreachable",
 * "file/unreadable" or "paper/bad-prices"
 */
export async function makeBroker(
  account: Account,
  parts: BrokerParts,
): Promise<Broker> {
  const broker = account.kind === "paper"
    ? makePaper(account, await readPricesOf(account, parts), parts)
    : makeRemote(account, parts);
  return parts.stack.use(broker);
}

/** The hosts behind an account; none where it lies within the process, or cannot be known. */
export function hostsOf(account: Account, clock: Clock): readonly string[] {
  if (account.kind === "paper") {
    return clock instanceof VirtualClock ? [] : [LOOPBACK];
  }
  const address = account.url === null ? null : resolveSecret(account.url);
  if (address?.ok !== true || !URL.canParse(address.text)) return [];
  const { protocol, hostname, port } = new URL(address.text);
  const standard = protocol === "https:" ? "443" : "80";
  return [`${hostname}:${port === "" ? standard : port}`];
}

/** In-process where time is virtual; behind real sockets on loopback everywhere else. */
function makePaper(
  account: PaperAccount,
  prices: readonly PriceFileText[],
  parts: BrokerParts,
): Broker {
  const { clock, stack } = parts;
  const paper = stack.use(createPaperBroker({ account, prices, clock }));
  if (clock instanceof VirtualClock) return paper.openBroker();
  const token = new SystemRandom().id();
  // Sockets are as slow as the world, however fast the account's own clock runs.
  const world = new SystemClock();
  const server = servePaper(paper, { port: 0, token, clock: world });
  stack.defer(() => server.close());
  return withBook(account, { url: server.url, token }, parts);
}

/** The broker behind an address, with a book where the file asks for one. */
function withBook(
  { name, gateway }: Account,
  address: { readonly url: string; readonly token: string | null },
  { startStore }: BrokerParts,
): Broker {
  const clock = new SystemClock();
  const broker = openHttpBroker({ ...address, clock });
  if (gateway === undefined || startStore === undefined) return broker;
  const token = address.token ?? "";
  return new BookBroker({
    ...gateway,
    broker,
    transport: webGateway({ url: address.url, token }),
    clock,
    random: new SystemRandom(),
    token,
    intents: BOOK_INTENTS,
    store: () => startStore(name),
    read: readAccountNews,
  });
}

async function readPricesOf(
  account: PaperAccount,
  { folder, prices: given }: BrokerParts,
): Promise<readonly PriceFileText[]> {
  const replaced = new Set(given.map(({ symbol }) => symbol));
  const own = account.prices.filter(({ symbol }) => !replaced.has(symbol));
  return [
    ...await readPriceFiles(own, folder),
    ...await readPriceFiles(given, "."),
  ];
}

function makeRemote(account: RemoteAccount, parts: BrokerParts): Broker {
  if (account.kind !== "http" || account.url === null) {
    throw new CarillonError(
      "support/not-yet",
      `Cannot open account "${account.name}": brokers of kind "${account.kind}" are not carried out yet`,
      { details: { account: account.name } },
    );
  }
  const token = account.token === null
    ? null
    : readSecret(account, account.token);
  const url = readSecret(account, account.url);
  if (!URL.canParse(url)) {
    // The address may come from the environment and be a secret: it is not repeated.
    throw new CarillonError(
      "broker/unreachable",
      `Cannot open account "${account.name}": its "url" is not an address`,
      { details: { account: account.name, outcome: "unsent" } },
    );
  }
  return withBook(account, { url, token }, parts);
}

function readSecret({ name }: RemoteAccount, text: string): string {
  const result = resolveSecret(text);
  if (result.ok) return result.text;
  const why = result.missing.map(({ message }) =>
    message.replace(/^Cannot /, "cannot ")
  );
  throw new CarillonError(
    "secret/missing",
    `Cannot open account "${name}": ${why.join("; ")}`,
    {
      details: {
        account: name,
        names: result.missing.map(({ name }) => name),
      },
    },
  );
}
