/**
 * Puts a run together for the library: accounts, brokers, clock, journal.
 *
 * @module
 */

import { SystemRandom } from "../adapters/clock/random.ts";
import { zoneDataEdition } from "../adapters/clock/zone_data.ts";
import { SystemClock } from "../adapters/clock/system_clock.ts";
import { VirtualClock } from "../adapters/clock/virtual_clock.ts";
import type {
  Account,
  Definition,
  Session as SessionDefinition,
  StopPolicy,
} from "../domain/definition.ts";
import type { HookRun } from "../domain/effect.ts";
import { CarillonError } from "../domain/error.ts";
import { MemoryJournal } from "../runtime/memory_journal.ts";
import type {
  Broker,
  BrokerEvent,
  Clock,
  HookRunner,
  Journal,
  Random,
} from "../runtime/ports.ts";
import { Runtime } from "../runtime/runtime.ts";
import { ACCOUNT_NAME } from "./build_definition.ts";
import { type BoundFunction, FunctionHooks } from "./function_hooks.ts";
import { refuseUnsupported } from "./refuse_unsupported.ts";
import type { SessionNotice } from "./public_notice.ts";
import { SessionRun } from "./session_run.ts";

/** The world that sessions act in. */
export interface RunOptions {
  /** The broker of the only account; the run takes it over and disposes of it at its end. */
  readonly broker?: Broker;
  /** The brokers by account name, where there are several; taken over as well. */
  readonly brokers?: Readonly<Record<string, Broker>>;
  /** Who the accounts are; a live one must say so, and its id. */
  readonly accounts?: Readonly<Record<string, AccountIdentity>>;
  /** The run's time; the system's clock by default. */
  readonly clock?: Clock;
  /** The run's record, taken over as well; in memory by default, and then a crash forgets it. */
  readonly journal?: Journal;
  /** What happens to positions and orders when the run is left; `"leave"` by default. */
  readonly onStop?: StopPolicy;
  /** Reads the accounts and sends nothing, on a record of its own; `false` by default. */
  readonly dryRun?: boolean;
  /** Runs custom code that is no function, as a session file may name it. */
  readonly hooks?: HookRunner;
  /** Names the run; the system's chance by default. */
  readonly random?: Random;
  /** Times the custom functions, also in a run of virtual time; the system's clock by default. */
  readonly realClock?: Clock;
  /** Hears everything that is told, from the run's first moment on. */
  readonly onNotice?: (notice: SessionNotice) => void;
  /** Hears of every broker stream that comes up or goes down. */
  readonly onStream?: (account: string, event: BrokerEvent) => void;
}

/** Who an account is, compared with the broker's answer before anything else. */
export interface AccountIdentity {
  /** The account's own id at the broker. */
  readonly id?: string;
  /** Whether it is real money; a broker that does not say counts as live. */
  readonly live?: boolean;
}

/** What is to be run, and whose functions. */
export interface RunSubject {
  /** A whole definition, or the sessions alone. */
  readonly definition: Definition | readonly SessionDefinition[];
  readonly find: (call: HookRun) => BoundFunction | null;
}

/** Holds everything that was given for the run, to be let go in one go. */
export function takeOver(options: RunOptions): AsyncDisposableStack {
  const owned = new AsyncDisposableStack();
  if (options.journal !== undefined) owned.use(options.journal);
  for (const broker of givenBrokers(options)) owned.use(broker);
  return owned;
}

/**
 * Opens every account; nothing fires before `start()` of the run.
 *
 * On success the run owns what was taken over.
 *
 * @throws {CarillonError} a `broker/...` or `journal/...` code, "session/invalid", or
 * "support/not-yet"
 */
export async function openRun(
  subject: RunSubject,
  options: RunOptions,
  owned: AsyncDisposableStack,
): Promise<SessionRun> {
  const journal = options.journal ?? new MemoryJournal();
  const clock = options.clock ?? new SystemClock();
  const definition = wholeDefinition(subject.definition, options);
  const brokers = brokersOf(definition, options);
  refuseUnsupported(definition, options.hooks !== undefined);
  refuseRashLive(definition, journal, clock);
  const runtime = await Runtime.open({
    zoneData: zoneDataEdition(),
    definition,
    runId: (options.random ?? new SystemRandom()).id(),
    dryRun: options.dryRun ?? false,
    brokers,
    hooks: new FunctionHooks({
      find: subject.find,
      clock,
      realClock: options.realClock ?? new SystemClock(),
      otherwise: options.hooks ?? null,
    }),
    clock,
    journal,
    ...(options.onStream === undefined ? {} : { onStream: options.onStream }),
  });
  owned.defer(() => runtime.abandon());
  const { onStop } = definition;
  const run = new SessionRun({ runtime, clock, onStop, owned: owned.move() });
  if (options.onNotice !== undefined) run.listen(options.onNotice);
  return run;
}

function givenBrokers({ broker, brokers }: RunOptions): readonly Broker[] {
  const given = Object.values(brokers ?? {});
  return broker === undefined ? given : [...given, broker];
}

function wholeDefinition(
  given: Definition | readonly SessionDefinition[],
  options: RunOptions,
): Definition {
  if (!isList(given)) {
    return { ...given, onStop: options.onStop ?? given.onStop };
  }
  return {
    version: 1,
    timezone: "UTC",
    accounts: accountNames(given, options).map((name) =>
      accountOf(name, options)
    ),
    journal: null,
    onStop: options.onStop ?? "leave",
    sessions: given,
    calendars: [],
    notify: [],
    heartbeat: null,
    limits: null,
  };
}

function isList(
  given: Definition | readonly SessionDefinition[],
): given is readonly SessionDefinition[] {
  return Array.isArray(given);
}

function accountNames(
  sessions: readonly SessionDefinition[],
  { brokers }: RunOptions,
): readonly string[] {
  const names = new Set(sessions.map(({ account }) => account));
  for (const name of Object.keys(brokers ?? {})) names.add(name);
  return names.size > 0 ? [...names] : [ACCOUNT_NAME];
}

/** What is behind the port is the user's own affair: it counts as a bridge. */
function accountOf(name: string, { accounts }: RunOptions): Account {
  const { id, live } = accounts?.[name] ?? {};
  return {
    kind: "http",
    name,
    id: id ?? null,
    live: live ?? null,
    url: null,
    token: null,
    options: {},
  };
}

function brokersOf(
  { accounts }: Definition,
  { broker, brokers }: RunOptions,
): ReadonlyMap<string, Broker> {
  const given = new Map(Object.entries(brokers ?? {}));
  if (broker === undefined) return given;
  const [only] = accounts;
  if (only === undefined || accounts.length > 1 || given.size > 0) {
    const names = accounts.map(({ name }) => `"${name}"`).join(", ");
    throw new CarillonError(
      "session/invalid",
      `Cannot tell whose broker it is: give "brokers" by account name, for ${names}`,
      { details: { accounts: accounts.map(({ name }) => name) } },
    );
  }
  return given.set(only.name, broker);
}

/** Real money needs a record that outlives a crash, durable names, and real time. */
function refuseRashLive(
  definition: Definition,
  journal: Journal,
  clock: Clock,
): void {
  for (const account of definition.accounts) {
    if (account.kind === "paper" || account.live !== true) continue;
    const unnamed = definition.sessions.find((session) =>
      session.account === account.name && !session.named
    );
    const why = account.id === null
      ? `give its id in accounts.${account.name}.id`
      : clock instanceof VirtualClock
      ? "a virtual clock is for paper accounts"
      : unnamed !== undefined
      ? `session "${unnamed.name}" needs a name of its own`
      : null;
    if (why !== null) throw rashLive("session/invalid", account.name, why);
    if (journal.path !== null) continue;
    const memory = "its journal is in memory, and a crash would forget it";
    throw rashLive("journal/memory-live", account.name, memory);
  }
}

function rashLive(
  code: "session/invalid" | "journal/memory-live",
  account: string,
  why: string,
): CarillonError {
  return new CarillonError(
    code,
    `Cannot run live account "${account}": ${why}`,
    { details: { account } },
  );
}
