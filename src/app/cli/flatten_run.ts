/**
 * A close by hand across accounts, each on its own: one that is dead holds up no other.
 *
 * @module
 */

import type { Account, Session } from "../../domain/definition.ts";
import { CarillonError } from "../../domain/error.ts";
import { isGood } from "../../domain/settle.ts";
import type { FlattenComposition } from "../compose.ts";
import { permissionFault } from "../missing_permission.ts";
import { type Console, EXIT, type ExitCode } from "./console.ts";
import type { FlattenArgs } from "./grammar.ts";
import { reportFault, reportNotStarted } from "./report.ts";

/** What a close by hand works with. */
export interface FlattenRunParts {
  readonly composition: FlattenComposition;
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
    const wrong = sessions.filter((session) => !this.#canClose(session))
      .map(() => "wrong" as const);
    const closable = sessions.filter(({ scope }) => scope.session === null);
    if (closable.length === 0) return wrong;
    const opened = await Promise.race([
      this.#open(account),
      this.#stopping.promise,
    ]);
    if (opened === "stopped") this.#unopened.push(account.name);
    if (opened !== "opened") return [...wrong, opened];
    const closes = closable.map((session) => this.#close(session));
    return [...wrong, ...await Promise.all(closes)];
  }

  /** What a session opened is known to its own run; it must not be taken for the whole account. */
  #canClose({ name, scope }: Session): boolean {
    if (scope.session === null) return true;
    this.#tell(
      new CarillonError(
        "support/not-yet",
        `Cannot close session "${name}" by hand: only its own run knows what it opened; name its symbols, or close it at the broker`,
      ),
    );
    return false;
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

  async #close({ name, account }: Session): Promise<Ending> {
    const { runtime } = this.#parts.composition;
    try {
      const { outcome } = await runtime.close({
        session: name,
        account,
        action: "close_all",
        positions: null,
        ordersOnly: false,
      });
      return isGood(outcome) ? "flat" : "open";
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
