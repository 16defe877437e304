/**
 * `carillon flatten FILE [SESSION]`: closes what is in scope now, with the same proof as an edge.
 *
 * @module
 */

import type { Session } from "../../../domain/definition.ts";
import { digestOf } from "../../../domain/id.ts";
import { isGood } from "../../../domain/settle.ts";
import { composeRun, type Composition } from "../../compose.ts";
import { type LoadedFile, loadFile } from "../../load_file.ts";
import { CallError } from "../call_error.ts";
import { type Console, EXIT, type ExitCode } from "../console.ts";
import type { FlattenArgs } from "../grammar.ts";
import { reportProblems } from "../report.ts";
import { listenForStop } from "../stop_signals.ts";
import { refuseUnsupported } from "../supported.ts";
import { createTeller } from "../teller.ts";

/** Closes by hand; every problem of the call or the file ends it before anything is sent. */
export async function flattenCommand(
  args: FlattenArgs,
  console: Console,
): Promise<ExitCode> {
  const file = await loadFile(args.file);
  if ("problems" in file) return reportProblems(file, args, console);
  const refused = refuseUnsupported(file);
  if (refused !== null) return reportProblems(refused, args, console);
  const chosen = chooseSessions(file, args.session);
  return await flatten(file, chosen, args, console);
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
  const embedded = accounts.filter(({ kind }) => kind === "paper");
  if (embedded.length > 0 && !args.json) {
    console.warn(
      "The embedded paper broker lives inside the run that started it; this closes the positions that the file gives a new one.",
    );
  }
  const part = {
    ...file,
    definition: { ...file.definition, accounts, sessions },
  };
  await using composition = await composeRun(part, {
    time: { kind: "live" },
    dryRun: args.dryRun,
    purpose: "flatten",
  });
  using _stop = listenForStop(() => composition.runtime.abandon(), () => {});
  const teller = createTeller({ file: part, args, console, composition });
  composition.runtime.listen(teller.tell);
  composition.runtime.start();
  return await closeAll(composition, sessions);
}

async function closeAll(
  { runtime }: Composition,
  sessions: readonly Session[],
): Promise<ExitCode> {
  const settled = await Promise.all(sessions.map((session) =>
    runtime.close({
      session: session.name,
      account: session.account,
      action: "close_all",
      positions: null,
      ordersOnly: false,
    })
  ));
  return settled.every(({ outcome }) => isGood(outcome))
    ? EXIT.done
    : EXIT.failed;
}
