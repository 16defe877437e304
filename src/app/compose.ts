/**
 * Puts a run together out of the adapters that the file and the call ask for.
 *
 * @module
 */

import { SystemRandom } from "../adapters/clock/random.ts";
import { ScaledClock } from "../adapters/clock/scaled_clock.ts";
import { SystemClock } from "../adapters/clock/system_clock.ts";
import { VirtualClock } from "../adapters/clock/virtual_clock.ts";
import { zoneDataEdition } from "../adapters/clock/zone_data.ts";
import {
  Heartbeat,
  type HeartbeatChange,
} from "../adapters/notify/heartbeat.ts";
import type { Account, PriceSource } from "../domain/definition.ts";
import { CarillonError } from "../domain/error.ts";
import type { EpochMs } from "../domain/time.ts";
import type {
  Broker,
  BrokerEvent,
  Clock,
  HookRunner,
} from "../runtime/ports.ts";
import { Runtime, type RuntimeParts } from "../runtime/runtime.ts";
import {
  foundAt,
  type JournalPlace,
  openEmergencyJournal,
  openJournal,
  placeJournal,
  startStoresAt,
} from "./journal_place.ts";
import { FileHooks, type StagedHooks } from "./hooks/file_hooks.ts";
import type { PlannedHook } from "./hooks/planned_hook.ts";
import { withGrants } from "./hooks/require_grant.ts";
import type { LoadedFile } from "./loaded_file.ts";
import { type KnownAccounts, knownText } from "./record/known_accounts.ts";
import { hostsOf, makeBroker } from "./make_broker.ts";
import { requireHosts } from "./missing_permission.ts";
import {
  type AlarmPlan,
  NO_ALARMS,
  planAlarms,
  type PlannedWebhook,
} from "./notify/alarm_plan.ts";
import { type RunPulse, runPulse } from "./notify/run_pulse.ts";

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

/** A run of a whole file, and who is told of it. */
export interface RunComposition extends Composition {
  readonly webhooks: readonly PlannedWebhook[];
  /**
   * Makes the hooks of an edited file ready.
   *
   * @throws {CarillonError} "permission/missing", "secret/missing" or a `hook/...` code
   */
  readonly stageHooks: (edited: LoadedFile) => Promise<StagedHooks>;
}

/** A run that only closes by hand, account by account. */
export interface FlattenComposition extends Composition {
  /**
   * Opens one account, after the runtime's start.
   *
   * @throws {CarillonError} a `broker/...` code, or whatever else stands against this account
   */
  readonly openAccount: (account: Account) => Promise<void>;
}

/** What the user chose for a close by hand. */
export interface FlattenOptions {
  readonly dryRun: boolean;
  readonly onStream?: (account: string, event: BrokerEvent) => void;
  /** Hears what a listener threw; the run goes on without caring. */
  readonly onListenerFault?: (error: unknown) => void;
}

/** What a close by hand is given beside what the user chose. */
export interface FlattenParts extends FlattenOptions {
  /** What the run's own record says of accounts: what its sessions opened. */
  readonly known: KnownAccounts;
}

/** What the user chose for a run. */
export interface ComposeOptions extends FlattenOptions {
  readonly time: TimePlan;
  /** Prices for the paper broker in place of the file's own; paths begin in the current folder. */
  readonly prices?: readonly PriceSource[];
  /** Hears whether signs of life arrive. */
  readonly onHeartbeat?: (change: HeartbeatChange) => void;
  /** Gives up while accounts are still being opened. */
  readonly signal?: AbortSignal;
}

/**
 * Puts a run together and opens its accounts; nothing fires before `runtime.start()`.
 *
 * @throws {CarillonError} a `broker/...` or `journal/...` code, "permission/missing", "secret/missing",
 * "notify/bad-address", or what else
 * stands against an account
 * @throws the signal's reason once it is aborted
 */
export async function composeRun(
  file: LoadedFile,
  options: ComposeOptions,
): Promise<RunComposition> {
  const { definition, folder } = file;
  const { signal, prices = [], dryRun } = options;
  const clock = createClock(options.time);
  const place = placeJournal({
    ...file,
    isVirtual: options.time.kind !== "live",
    purpose: { kind: dryRun ? "dry-run" : "run" },
  });
  if (!dryRun) refuseForgetfulLive(definition.accounts, place);
  // Time that is played must not call anybody out of bed.
  const alarms = options.time.kind === "live"
    ? planAlarms(definition)
    : NO_ALARMS;
  requireHosts([
    ...definition.accounts.flatMap((account) => hostsOf(account, clock)),
    ...alarms.hosts,
  ]);
  // Nothing is called in a dry run, and nothing has to be granted for it.
  const granted = dryRun ? [] : withGrants(file.hooks ?? []);
  await using stack = new AsyncDisposableStack();
  const brokers = new Map<string, Broker>();
  const startStore = startStoresAt(place);
  for (const account of definition.accounts) {
    const parts = { clock, folder, prices, stack, startStore };
    brokers.set(account.name, await makeBroker(account, parts));
  }
  const journal = stack.use(openJournal(place, {
    doing: `carillon run ${file.name}`,
    since: clock.now(),
  }));
  const pulse = makePulse(alarms, { clock, stack, options });
  const hooks = await openHooks(granted, clock, stack);
  const parts = {
    ...runtimeParts(file, options, { brokers, clock, journal }),
    hooks,
    ...(pulse === null ? {} : { pulse: pulse.pulse }),
  };
  const opening = givingUp(Runtime.open(parts), signal);
  const runtime =
    await (clock instanceof VirtualClock ? clock.runFor(opening) : opening);
  if (pulse !== null) runtime.listen(pulse.hear);
  stack.defer(() => runtime.abandon());
  const owned = stack.move();
  return {
    runtime,
    clock,
    journal: foundAt(place, journal),
    webhooks: alarms.webhooks,
    stageHooks: (edited) => stageHooks(hooks, edited, dryRun),
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}

/** A dry run calls nothing, whatever the file says by now. */
async function stageHooks(
  hooks: FileHooks,
  { hooks: planned = [] }: LoadedFile,
  dryRun: boolean,
): Promise<StagedHooks> {
  return await hooks.stage(dryRun ? [] : withGrants(planned));
}

function makePulse(
  { heartbeat: planned }: AlarmPlan,
  { clock, stack, options }: {
    readonly clock: Clock;
    readonly stack: AsyncDisposableStack;
    readonly options: ComposeOptions;
  },
): RunPulse | null {
  if (planned === null) return null;
  const { onHeartbeat = () => {} } = options;
  const heartbeat = stack.use(
    new Heartbeat({ ...planned, clock, report: onHeartbeat }),
  );
  return runPulse(heartbeat, planned.everyMs);
}

/** The hooks' time is real, also where the run's is not; a clock that is played waits for them. */
async function openHooks(
  planned: readonly PlannedHook[],
  clock: Clock,
  stack: AsyncDisposableStack,
): Promise<FileHooks> {
  const hold = clock instanceof VirtualClock
    ? (work: Promise<unknown>) => void clock.hold(work)
    : () => {};
  const realClock = new SystemClock();
  return stack.use(await FileHooks.open(planned, { realClock, hold }));
}

/**
 * Puts together what closes by hand; no account is opened yet.
 *
 * This is an emergency: it does without a journal on disk where there can be none.
 */
export function composeFlatten(
  file: LoadedFile,
  options: FlattenParts,
): FlattenComposition {
  const { folder } = file;
  const clock = new SystemClock();
  const { journal, place } = openEmergencyJournal(
    placeJournal({
      ...file,
      isVirtual: false,
      purpose: { kind: "flatten", at: clock.now() },
    }),
    { doing: `carillon flatten ${file.name}`, since: clock.now() },
  );
  const stack = new AsyncDisposableStack();
  stack.use(journal);
  const brokers = new Map<string, Broker>();
  const parts = runtimeParts(file, options, { brokers, clock, journal });
  const runtime = Runtime.unopened({
    ...parts,
    armed: false,
    ...(options.known.kind === "known"
      ? { known: knownText(options.known) }
      : {}),
  });
  stack.defer(() => runtime.abandon());
  return {
    runtime,
    clock,
    journal: place,
    async openAccount(account) {
      requireHosts(hostsOf(account, clock));
      const broker = await makeBroker(account, {
        clock,
        folder,
        prices: [],
        stack,
      });
      brokers.set(account.name, broker);
      await runtime.openAccount(account);
    },
    [Symbol.asyncDispose]: () => stack.disposeAsync(),
  };
}

function runtimeParts(
  { definition }: LoadedFile,
  { dryRun, onStream, onListenerFault }: FlattenOptions,
  world: Pick<RuntimeParts, "brokers" | "clock" | "journal">,
): RuntimeParts {
  return {
    ...world,
    definition,
    runId: new SystemRandom().id(),
    zoneData: zoneDataEdition(),
    dryRun,
    hooks: NO_HOOKS,
    ...(onStream === undefined ? {} : { onStream }),
    ...(onListenerFault === undefined ? {} : { onListenerFault }),
  };
}

/** What is given up is let go by whoever holds its brokers. */
async function givingUp<T>(
  opening: Promise<T>,
  signal: AbortSignal | undefined,
): Promise<T> {
  if (signal === undefined) return await opening;
  const { promise, reject } = Promise.withResolvers<never>();
  const giveUp = () => reject(signal.reason);
  signal.addEventListener("abort", giveUp);
  try {
    signal.throwIfAborted();
    return await Promise.race([opening, promise]);
  } finally {
    signal.removeEventListener("abort", giveUp);
    // Nobody hears of its failure any more.
    opening.catch(() => {});
  }
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

/** A close by hand calls nothing of the user's, and a dry run neither. */
const NO_HOOKS: HookRunner = {
  run: ({ name }) =>
    Promise.reject(
      new CarillonError(
        "hook/failed",
        `Cannot run "${name}": no hook was made ready for this run`,
      ),
    ),
};
