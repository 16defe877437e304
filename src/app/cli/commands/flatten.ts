/**
 * `carillon flatten FILE [SESSION]`: closes what is in scope now, with the same proof as an edge.
 *
 * The panic button: whatever stands against one account or session is told and holds up no other.
 *
 * @module
 */

import type { Account, Session } from "../../../domain/definition.ts";
import { digestOf } from "../../../domain/id.ts";
import { composeFlatten, type Composition } from "../../compose.ts";
import { loadDefinition } from "../../load_file.ts";
import { journalPath } from "../../journal_place.ts";
import type { LoadedFile } from "../../loaded_file.ts";
import {
  type KnownAccounts,
  readKnownAccounts,
} from "../../record/known_accounts.ts";
import { CallError } from "../call_error.ts";
import type { Console, ExitCode } from "../console.ts";
import { FlattenRun } from "../flatten_run.ts";
import type { FlattenArgs } from "../grammar.ts";
import {
  reportCaution,
  reportListenerFault,
  reportProblems,
} from "../report.ts";
import { listenForStop } from "../stop_signals.ts";
import { createTeller } from "../teller.ts";

/** Closes by hand; only what closing needs is asked of the file. */
export async function flattenCommand(
  args: FlattenArgs,
  console: Console,
): Promise<ExitCode> {
  const file = await loadDefinition(args.file);
  if ("problems" in file) return reportProblems(file, args, console);
  return await flatten(file, chooseSessions(file, args.session), args, console);
}

/** The sessions whose scopes are closed: the named one, or one for each different scope. */
function chooseSessions(
  { definition }: LoadedFile,
  name: string | null,
): readonly Session[] {
  if (name !== null) {
    const session = definition.sessions.find((one) => one.name === name);
    if (session !== undefined) return [session];
    const names = definition.sessions.map((one) => `"${one.name}"`).join(", ");
    throw new CallError(
      `There is no session "${name}" in the file; it has ${names}`,
    );
  }
  const scopes = new Map(definition.sessions.map((session) => [
    digestOf([session.account, session.scope, session.cancelOrders]),
    session,
  ]));
  return [...scopes.values()];
}

async function flatten(
  file: LoadedFile,
  sessions: readonly Session[],
  args: FlattenArgs,
  console: Console,
): Promise<ExitCode> {
  const used = new Set(sessions.map((session) => session.account));
  const accounts = file.definition.accounts.filter(({ name }) =>
    used.has(name)
  );
  const part = {
    ...file,
    definition: { ...file.definition, accounts, sessions },
  };
  const known = knowledgeFor(part);
  await using composition = composeFlatten(part, {
    dryRun: args.dryRun,
    known,
    onListenerFault: (error) => reportListenerFault(error, console),
  });
  const { runtime } = composition;
  const teller = createTeller({
    file: part,
    args,
    console,
    composition,
    hasView: false,
  });
  const run = new FlattenRun({ composition, known, args, console });
  using stop = listenForStop(() => run.finish(), () => runtime.abandon());
  runtime.listen(teller.tell);
  teller.open();
  caution(accounts, composition, args, console);
  runtime.start();
  try {
    return await run.closeAll(accounts, sessions);
  } finally {
    teller.close(stop.count);
  }
}

/** What the run's record knows of accounts, where a scope asks for what a session opened. */
function knowledgeFor({ definition, name, folder }: LoadedFile): KnownAccounts {
  const owning = new Set(
    definition.sessions.filter(({ scope }) => scope.session !== null)
      .map(({ account }) => account),
  );
  // What is proven by the broker alone needs nobody's word.
  if (owning.size === 0) return { kind: "known", accounts: {} };
  if (definition.journal === null && name === "-") {
    return { kind: "unknown", why: "standard input names no journal" };
  }
  const purpose = { kind: "run" } as const;
  const known = readKnownAccounts(
    journalPath({ definition, name, folder, purpose }),
  );
  if (known.kind === "unknown") return known;
  const accounts = Object.entries(known.accounts)
    .filter(([account]) => owning.has(account));
  return { kind: "known", accounts: Object.fromEntries(accounts) };
}

function caution(
  accounts: readonly Account[],
  { journal }: Composition,
  args: FlattenArgs,
  console: Console,
): void {
  if (accounts.some(({ kind }) => kind === "paper")) {
    reportCaution(
      "The embedded paper broker lives inside the run that started it; this closes the positions that the file gives a new one.",
      args,
      console,
    );
  }
  const live = accounts.filter((account) =>
    account.kind !== "paper" && account.live === true
  );
  if (journal.kind === "disk" || live.length === 0) return;
  const names = live.map(({ name }) => `"${name}"`).join(", ");
  reportCaution(
    `LIVE account ${names} without a journal on disk: should this break off, look at the broker for what was sent (${journal.why})`,
    args,
    console,
  );
}
