/**
 * A close by hand across accounts, each on its own: one that is dead holds up no other.
 *
 * @module
 */

import type { Account, Session } from "../../domain/definition.ts";
import { CarillonError } from "../../domain/error.ts";
import { isGood } from "../../domain/settle.ts";
import type { FlattenComposition } from "../compose.ts";
import { type KnownAccounts, knownOf } from "../record/known_accounts.ts";
import { permissionFault } from "../missing_permission.ts";
import { type Console, EXIT, type ExitCode } from "./console.ts";
import type { FlattenArgs } from "./grammar.ts";
import { reportFault, reportNotStarted } from "./report.ts";

/** What a close by hand works with. */
export interface FlattenRunParts {
  readonly composition: FlattenComposition;
  /** What the run's own record says of accounts. */
  readonly known: KnownAccounts;
  readonly args: Pick<FlattenArgs, "json">;
  readonly console: Console;
}

/** What became of one account or session. */
type Ending =
  /** In scope nothing is open, proven by the broker. */
  | "flat"
  /** A close was tried and its proof is missing. */
  | "open"
  /** The world stood against it: nothing was tried. */
  | "dead"
  /** The file or the call stands against it: nothing was tried. */
  | "wrong"
  /** The user stopped before anything was tried. */
  | "stopped"
  /** The user left in the middle of a close. */
  | "left";

/** Closes once; the user may ask it to come to an end. */
export class FlattenRun {
  readonly #parts: FlattenRunParts;
  readonly #stopping = Promise.withResolvers<"stopped">();
  readonly #unopened: string[] = [];
  #isStopping = false;

  /** A close that has not begun. */
  constructor(parts: FlattenRunParts) {
    this.#parts = parts;
  }

  /** Finishes every close that is under way, and begins no more. */
  finish(): void {
    this.#isStopping = true;
    this.#stopping.resolve("stopped");
  }

  /** Closes in the sessions' scopes; the answer is the program's. */
  async closeAll(
    accounts: readonly Account[],
    sessions: readonly Session[],
  ): Promise<ExitCode> {
    const endings = await Promise.all(
      accounts.map((account) =>
        this.#closeAccount(
          account,
          sessions.filter((session) => session.account === account.name),
        )
      ),
    );
    return this.#exitCode(endings.flat());
  }

  async #closeAccount(
    account: Account,
    sessions: readonly Session[],
  ): Promise<readonly Ending[]> {
    const opened = await Promise.race([
      this.#open(account),
      this.#stopping.promise,
    ]);
    if (opened === "stopped") this.#unopened.push(account.name);
    if (opened !== "opened") return [opened];
    return await Promise.all(sessions.map((session) => this.#close(session)));
  }

  /**
   * How far it is known what a session opened, where its scope asks for that: all of it, by the
   * run's record; what carries its tag; or nothing, and then nothing must be touched.
   */
  #knownPart({ name, account, scope }: Session): "all" | "tagged" | "none" {
    if (scope.session === null) return "all";
    const { known, composition: { runtime } } = this.#parts;
    const info = runtime.state.accounts[account]?.info ?? null;
    const why = info === null
      ? "the account is not open"
      : knownOf(known, account, info).why;
    if (why === null) return "all";
    const isHedging = info?.mode === "hedging";
    const so = isHedging
      ? `only what carries the tag "${scope.session}" is closed; look at the broker for the rest`
      : "nothing of it is closed; name its symbols, or close it at the broker";
    this.#tell(
      new CarillonError(
        "journal/unreadable",
        `Cannot tell what session "${scope.session}" opened, which is what "${name}" closes: ${why}; ${so}`,
        { details: { session: name, account } },
      ),
    );
    return isHedging ? "tagged" : "none";
  }

  async #open(account: Account): Promise<"opened" | "dead" | "wrong"> {
    try {
      await this.#parts.composition.openAccount(account);
      return "opened";
    } catch (error) {
      // A wish to stop was told already, and whatever comes of the opening is nobody's news.
      if (this.#isStopping) return "dead";
      const code = this.#tell(faultOf(account.name, error));
      return code === EXIT.wrong ? "wrong" : "dead";
    }
  }

  async #close(session: Session): Promise<Ending> {
    const { runtime } = this.#parts.composition;
    const { name, account } = session;
    const part = this.#knownPart(session);
    if (part === "none") return "dead";
    try {
      const { outcome } = await runtime.close({
        session: name,
        account,
        action: "close_all",
        positions: null,
        ordersOnly: false,
      });
      return isGood(outcome) && part === "all" ? "flat" : "open";
    } catch (error) {
      if (!isRunOver(error)) throw error;
      // Where the run broke off, why it did is the news.
      await runtime.ended;
      return "left";
    }
  }

  #tell(error: CarillonError): ExitCode {
    const { args, console } = this.#parts;
    return reportFault(error, args, console);
  }

  #exitCode(endings: readonly Ending[]): ExitCode {
    const { args, console } = this.#parts;
    const has = (...some: readonly Ending[]) =>
      endings.some((ending) => some.includes(ending));
    const began = has("flat", "open", "left");
    if (has("stopped") && !began && !has("dead", "wrong")) {
      return reportNotStarted(args, console);
    }
    for (const name of this.#unopened) this.#tell(stoppedEarly(name));
    if (has("open", "dead", "stopped")) return EXIT.failed;
    if (has("wrong")) return began ? EXIT.failed : EXIT.wrong;
    return this.#isStopping ? EXIT.stopped : EXIT.done;
  }
}

function stoppedEarly(account: string): CarillonError {
  return new CarillonError(
    "runtime/stopped",
    `Cannot close at account "${account}": stopped before it was opened`,
    { details: { account } },
  );
}

function isRunOver(error: unknown): boolean {
  return error instanceof CarillonError && error.code === "runtime/stopped";
}

/** Whatever went wrong at one account stays there. */
function faultOf(account: string, error: unknown): CarillonError {
  if (error instanceof CarillonError && error.details.account === account) {
    return error;
  }
  const known = error instanceof CarillonError ? error : permissionFault(error);
  const text = known?.message ??
    (error instanceof Error ? error.message : String(error));
  return new CarillonError(
    known?.code ?? "broker/unreachable",
    `Cannot open account "${account}": ${text.replace(/^Cannot /, "cannot ")}`,
    { cause: error, details: { account } },
  );
}
