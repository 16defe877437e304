/**
 * The way to the brokers of a run: nothing is sent to an account that is not open.
 *
 * @module
 */

import type { Account, Definition } from "../domain/definition.ts";
import { openAccount, openAccounts, type OpenedAccount } from "./accounts.ts";
import type { NewEvent } from "./engine.ts";
import { PatientOpening } from "./open_patiently.ts";
import type { Broker, BrokerWatch, Clock } from "./ports.ts";

/** What opening accounts works with. */
export interface DoorParts {
  readonly definition: Definition;
  /** By account name, open or not. */
  readonly brokers: ReadonlyMap<string, Broker>;
  readonly clock: Clock;
  /** Ends every attempt. */
  readonly signal: AbortSignal;
  readonly watch: (account: string) => BrokerWatch;
  readonly post: (...events: readonly NewEvent[]) => void;
}

/** Opens accounts, and holds the brokers of those that are open. */
export class AccountDoor {
  readonly #parts: DoorParts;
  readonly #open = new Map<string, Broker>();
  #openings: () => readonly NewEvent[] = () => [];

  /** A door that nobody went through. */
  constructor(parts: DoorParts) {
    this.#parts = parts;
  }

  /** The brokers of the accounts that are open, by account name. */
  get brokers(): ReadonlyMap<string, Broker> {
    return this.#open;
  }

  /**
   * Opens one account; gives what is to be recorded of it.
   *
   * @throws {CarillonError} as `openAccount()` of accounts.ts
   */
  async open(account: Account): Promise<NewEvent> {
    return openedEvent(await this.#pass(account));
  }

  /**
   * Opens all accounts of the definition or none.
   *
   * @throws {CarillonError} as `openAccounts()`
   */
  async openAll(): Promise<void> {
    const { definition: { accounts }, brokers, watch } = this.#parts;
    const opened = await openAccounts(accounts, brokers, watch);
    for (const { name } of opened) this.#admit(name);
    this.#openings = () => opened.map(openedEvent);
  }

  /**
   * Opens those accounts that let themselves be opened, and goes on trying the others.
   *
   * @throws {CarillonError} as `openAccounts()`, where none of them can ever be opened
   */
  async openPatiently(): Promise<void> {
    const { definition: { accounts }, clock, signal, post } = this.#parts;
    const open = (account: Account) => this.open(account);
    const opening = new PatientOpening({ clock, signal, post, open });
    await opening.begin(accounts);
    this.#openings = () => opening.start();
  }

  /** What came of it before the run's start, to be recorded first of all. */
  start(): readonly NewEvent[] {
    return this.#openings();
  }

  async #pass(account: Account): Promise<OpenedAccount> {
    const { brokers, watch } = this.#parts;
    const opened = await openAccount(account, brokers, watch);
    this.#admit(account.name);
    return opened;
  }

  #admit(account: string): void {
    const broker = this.#parts.brokers.get(account);
    if (broker !== undefined) this.#open.set(account, broker);
  }
}

function openedEvent({ name, info }: OpenedAccount) {
  return { type: "account.opened", account: name, info } as const;
}
