/**
 * The one place that picks adapters.
 *
 * @module
 */

import { openHttpBroker } from "../adapters/brokers/http/http_broker.ts";
import { createPaperBroker } from "../adapters/brokers/paper/paper_broker.ts";
import { servePaper } from "../adapters/brokers/paper/server.ts";
import { SystemRandom } from "../adapters/clock/random.ts";
import { ScaledClock } from "../adapters/clock/scaled_clock.ts";
import { SystemClock } from "../adapters/clock/system_clock.ts";
import { VirtualClock } from "../adapters/clock/virtual_clock.ts";
import type {
  Account,
  PaperAccount,
  PriceSource,
  RemoteAccount,
} from "../domain/definition.ts";
import { CarillonError } from "../domain/error.ts";
import type { EpochMs } from "../domain/time.ts";
import type {
  Broker,
  BrokerEvent,
  Clock,
  HookRunner,
} from "../runtime/ports.ts";
import { Runtime } from "../runtime/runtime.ts";
import {
  type JournalPlace,
  openJournal,
  placeJournal,
} from "./journal_place.ts";
import type { LoadedFile } from "./load_file.ts";
import { resolveSecret } from "./secret.ts";
import { type PriceFileText, readPriceFiles } from "./price_files.ts";

/** How time passes in a run. */
export type TimePlan =
  | { readonly kind: "live" }
  /** From an instant on, so many times faster than the world. */
  | {
    readonly kind: "scaled";
    readonly startAt: EpochMs;
    readonly factor: number;
  }
  /** From an instant on, as fast as it goes. */
  | { readonly kind: "virtual"; readonly startAt: EpochMs };

/** What a run is composed of, and what to tell of it. */
export interface Composition extends AsyncDisposable {
  readonly runtime: Runtime;
  readonly clock: Clock;
  readonly journal: JournalPlace;
}

/** What the user chose. */
export interface ComposeOptions {
  readonly time: TimePlan;
  readonly dryRun: boolean;
  /** Carry out the file's edges, or only what is asked for by hand. */
  readonly purpose: "run" | "flatten";
  /** Prices for the paper broker in place of the file's own; paths begin in the current folder. */
  readonly prices?: readonly PriceSource[];
  readonly onStream?: (account: string, event: BrokerEvent) => void;
}

/**
 * Puts a run together and opens its accounts; nothing fires before `runtime.start()`.
 *
 * @throws {CarillonError} a `broker/...` or `journal/...` code
 */
export async function composeRun(
  file: LoadedFile,
  options: ComposeOptions,
): Promise<Composition> {
  const clock = createClock(options.time);
  const place = placeJournal({
    ...file,
    isVirtual: options.time.kind !== "live",
    purpose: options.purpose,
  });
  refuseForgetfulLive(file.definition.accounts, place);
  await using stack = new AsyncDisposableStack();
  const readPrices = (account: PaperAccount) =>
    readPricesOf(account, file.folder, options.prices ?? []);
  const brokers = new Map<string, Broker>();
  for (const account of file.definition.accounts) {
    const broker = account.kind === "paper"
      ? createPaper(account, await readPrices(account), clock, stack)
      : createRemote(account);
    brokers.set(account.name, stack.use(broker));
  }
  const journal = stack.use(openJournal(place));
  const opening = Runtime.open({
    definition: file.definition,
    runId: new SystemRandom().id(),
    dryRun: options.dryRun,
    armed: options.purpose === "run",
    brokers,
    hooks: NO_HOOKS,
    clock,
    journal,
    ...(options.onStream === undefined ? {} : { onStream: options.onStream }),
  });
  const runtime =
    await (clock instanceof VirtualClock ? clock.runFor(opening) : opening);
  stack.defer(() => runtime.abandon());
  const owned = stack.move();
  return {
    runtime,
    clock,
    journal: place,
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}

function createClock(time: TimePlan): Clock {
  switch (time.kind) {
    case "live":
      return new SystemClock();
    case "scaled":
      return new ScaledClock(time.startAt, time.factor);
    case "virtual":
      return new VirtualClock(time.startAt);
  }
}

/** In-process where time is virtual; behind real sockets on loopback everywhere else. */
function createPaper(
  account: PaperAccount,
  prices: readonly PriceFileText[],
  clock: Clock,
  stack: AsyncDisposableStack,
): Broker {
  const paper = stack.use(createPaperBroker({ account, prices, clock }));
  if (clock instanceof VirtualClock) return paper.openBroker();
  const token = new SystemRandom().id();
  // Sockets are as slow as the world, however fast the account's own clock runs.
  const world = new SystemClock();
  const server = servePaper(paper, { port: 0, token, clock: world });
  stack.defer(() => server.close());
  return openHttpBroker({ url: server.url, token, clock: world });
}

async function readPricesOf(
  account: PaperAccount,
  folder: string,
  given: readonly PriceSource[],
): Promise<readonly PriceFileText[]> {
  const replaced = new Set(given.map(({ symbol }) => symbol));
  const own = account.prices.filter(({ symbol }) => !replaced.has(symbol));
  return [
    ...await readPriceFiles(own, folder),
    ...await readPriceFiles(given, "."),
  ];
}

function createRemote(account: RemoteAccount): Broker {
  if (account.kind !== "http" || account.url === null) {
    throw new CarillonError(
      "support/not-yet",
      `Cannot open account "${account.name}": brokers of kind "${account.kind}" are not carried out yet`,
      { details: { account: account.name } },
    );
  }
  const token = account.token === null ? null : readSecret(account.token);
  const url = readSecret(account.url);
  return openHttpBroker({ url, token, clock: new SystemClock() });
}

function readSecret(text: string): string {
  const result = resolveSecret(text);
  if (result.ok) return result.text;
  throw new CarillonError(
    "secret/missing",
    result.missing.map(({ message }) => message).join("; "),
    { details: { names: result.missing.map(({ name }) => name) } },
  );
}

/** What a crash would forget must not be real money. */
function refuseForgetfulLive(
  accounts: readonly Account[],
  place: JournalPlace,
): void {
  if (place.kind === "disk") return;
  const live = accounts.find((account) =>
    account.kind !== "paper" && account.live === true
  );
  if (live === undefined) return;
  throw new CarillonError(
    "journal/memory-live",
    `Cannot run live account "${live.name}" with a journal in memory: ${place.why}`,
    { details: { account: live.name } },
  );
}

/** Hooks of a file wait for their sandbox; a file that names one is refused before it gets here. */
const NO_HOOKS: HookRunner = {
  run: ({ name }) =>
    Promise.reject(
      new CarillonError(
        "support/not-yet",
        `Cannot run "${name}": hooks of a file are not carried out yet`,
      ),
    ),
};
