/**
 * The smallest permissions under which a file runs.
 *
 * @module
 */

import type {
  Account,
  Definition,
  RemoteAccount,
} from "../domain/definition.ts";
import { addressFault } from "../adapters/notify/webhook.ts";
import type { PlannedHook } from "./hooks/planned_hook.ts";
import type { LoadedFile } from "./loaded_file.ts";
import { journalPath } from "./journal_place.ts";
import { secretNames } from "./secret.ts";
import { hostAndPort } from "./notify/alarm_plan.ts";
import { folderOf, resolveBeside } from "./source_file.ts";

/** Permissions by kind, each list sorted and without repetition. */
export interface Permissions {
  /** Hosts, with a port where it is known. */
  readonly net: readonly string[];
  readonly read: readonly string[];
  readonly write: readonly string[];
  readonly env: readonly string[];
  /** Programs; `deno` where a hook needs a process of its own. */
  readonly run: readonly string[];
}

/** What a file needs. */
export interface NeededPermissions {
  /** Without these it does not run. */
  readonly required: Permissions;
  /** With these as well the journal is on disk; without them it is in memory. */
  readonly journal: Pick<Permissions, "read" | "write">;
  /** What cannot be read off the file. */
  readonly notes: readonly string[];
}

const LOOPBACK = "127.0.0.1";

const IN_PROCESSES =
  "hooks run in virtual machines; for processes of their own add --allow-run=deno,setpriv,prlimit, which lets carillon itself do everything";

const WRAPPERS =
  "a hook needs a process of its own, and --allow-run=deno lets carillon itself do everything; on Linux add setpriv,prlimit to it";

/** Reads off a file and its hooks what they need; nothing is asked of the system. */
export function neededPermissions(
  file: LoadedFile,
  hooks: readonly PlannedHook[] = [],
): NeededPermissions {
  const { name, folder, definition } = file;
  const notes: string[] = [];
  const net = [
    ...definition.accounts.flatMap((account) => hostsOf(account, notes)),
    ...alarmHosts(definition, notes),
    ...hooks.flatMap(({ wanted }) => wanted.grant.net),
  ];
  const read = [
    ...file.files,
    ...definition.accounts.flatMap((account) => pricePaths(account, folder)),
    ...hooks.flatMap(({ files, wanted }) => [...files, ...wanted.read]),
  ];
  const run = hooks.some(({ needsProcess }) => needsProcess) ? ["deno"] : [];
  if (hooks.length > 0) notes.push(run.length > 0 ? WRAPPERS : IN_PROCESSES);
  const place = name === "-" && definition.journal === null ? [] : [
    folderOf(
      journalPath({ definition, name, folder, purpose: { kind: "run" } }),
    ),
  ];
  return {
    required: {
      net: distinct(net),
      read: distinct(read),
      write: distinct(hooks.flatMap(({ wanted }) => wanted.write)),
      env: distinct([
        ...secretsOf(definition).flatMap(secretNames),
        ...hooks.flatMap(({ wanted }) => wanted.env),
      ]),
      run,
    },
    journal: { read: place, write: place },
    notes,
  };
}

function hostsOf(account: Account, notes: string[]): readonly string[] {
  if (account.kind === "paper") return [LOOPBACK];
  if (account.url === null) {
    notes.push(
      `account "${account.name}": this version does not reach brokers of kind ${account.kind}`,
    );
    return [];
  }
  const hosts = hostOf(account);
  if (hosts.length === 0) {
    notes.push(
      `account "${account.name}": its address is read from the environment; add its host to --allow-net`,
    );
  }
  return hosts;
}

function hostOf({ url }: RemoteAccount): readonly string[] {
  if (url === null || secretNames(url).length > 0) return [];
  const { protocol, hostname, port } = new URL(url);
  const standard = protocol === "https:" || protocol === "wss:" ? "443" : "80";
  return [`${hostname}:${port === "" ? standard : port}`];
}

function alarmHosts(
  { notify, heartbeat }: Definition,
  notes: string[],
): readonly string[] {
  const urls = notify.map(({ webhook }) => webhook);
  if (heartbeat !== null) urls.push(heartbeat.url);
  const known = urls.filter((url) =>
    secretNames(authorityOf(url)).length === 0
  );
  if (known.length < urls.length) {
    notes.push(
      "an address of notify or heartbeat is read from the environment; add its host to --allow-net",
    );
  }
  return known.filter((url) => addressFault(url) === null).map(hostAndPort);
}

/** The part of an address that names its host; all of it where that cannot be told. */
function authorityOf(url: string): string {
  return /^[a-z]+:\/\/[^/?#]*/i.exec(url)?.[0] ?? url;
}

function pricePaths(account: Account, folder: string): readonly string[] {
  if (account.kind !== "paper") return [];
  return account.prices.flatMap(({ bid, ask }) =>
    (ask === null ? [bid] : [bid, ask])
      .map((path) => resolveBeside(folder, path))
  );
}

function secretsOf(definition: Definition): readonly string[] {
  const { accounts, notify, heartbeat } = definition;
  const remote = accounts.flatMap((account) =>
    account.kind === "paper" ? [] : [
      account.id,
      account.url,
      account.token,
      ...Object.values(account.options),
    ]
  );
  const texts = [
    ...remote,
    ...notify.map(({ webhook }) => webhook),
    heartbeat?.url ?? null,
  ];
  return texts.filter((text) => text !== null);
}

function distinct(items: readonly string[]): readonly string[] {
  return [...new Set(items)].sort();
}
