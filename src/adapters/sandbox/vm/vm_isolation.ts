/**
 * Guests in virtual machines: nothing in them reaches the system, and no permission is needed.
 *
 * @module
 */

import { CarillonError } from "../../../domain/error.ts";
import type {
  HookProgram,
  Isolation,
  IsolationHealth,
  Limits,
  Sandbox,
} from "../../../runtime/isolation.ts";
import type { Clock } from "../../../runtime/ports.ts";
import { FETCH_SERVICE } from "../guest/vm_fetch.ts";
import { GuestPool } from "../guest_pool.ts";
import { guestText } from "../guest_texts.ts";
import { HostedSandbox } from "../hosted_sandbox.ts";
import { mediatedFetch } from "./mediated_fetch.ts";
import { Thread, type ThreadParts } from "./thread.ts";

/** What a vm isolation is made of. */
export interface VmIsolationParts {
  /** Real time. */
  readonly clock: Clock;
  /** How many threads there may be at once; 16 where it is left out. */
  readonly guestsMax?: number;
  /** How many of each kind stand ready at most; 2 where it is left out. */
  readonly sparesMax?: number;
}

const GUESTS_MAX = 16;
const SPARES_MAX = 2;

/** The isolation by virtual machines. */
export class VmIsolation implements Isolation {
  readonly kind = "vm";
  readonly shortcomings: readonly string[] = [
    "code that runs inside one long built-in function cannot be stopped: its thread is left to itself until the program ends",
  ];
  readonly #clock: Clock;
  readonly #threads: ThreadParts;
  readonly #pool: GuestPool;
  readonly #idle: Thread[] = [];
  #abandoned = 0;
  #isClosed = false;

  private constructor(parts: VmIsolationParts, threads: ThreadParts) {
    this.#clock = parts.clock;
    this.#threads = threads;
    this.#pool = new GuestPool({
      spawn: (key) => this.#spawn(Number(key)),
      guestsMax: parts.guestsMax ?? GUESTS_MAX,
      sparesMax: parts.sparesMax ?? SPARES_MAX,
    });
  }

  /** Loads what its threads run. */
  static async open(parts: VmIsolationParts): Promise<VmIsolation> {
    const [bootText, threadText] = await Promise.all([
      guestText("vm_boot"),
      guestText("vm_thread"),
    ]);
    // The engine's loader takes a process for Node, and fails there.
    const text = `delete globalThis.process;\n${threadText}`;
    const blob = new Blob([text], { type: "application/javascript" });
    const threadUrl = URL.createObjectURL(blob);
    return new VmIsolation(parts, { threadUrl, bootText, clock: parts.clock });
  }

  /** What it holds at the moment. */
  get health(): IsolationHealth {
    const { alive, killed } = this.#pool;
    return { guests: alive, abandoned: this.#abandoned, killed };
  }

  /**
   * Makes a program ready to be called.
   *
   * @throws {CarillonError} "hook/not-possible" if it asks for files or packages
   */
  // deno-lint-ignore require-await -- what it throws belongs in the promise
  async start(program: HookProgram, limits: Limits): Promise<Sandbox> {
    const { net, read, write, packages } = program.grant;
    const asked = Object.entries({ read, write, packages })
      .filter(([, names]) => names.length > 0)
      .map(([kind]) => kind);
    if (asked.length > 0) {
      throw new CarillonError(
        "hook/not-possible",
        `Write "isolation: process" for "${program.name}": isolation "vm" cannot give ${
          asked.join(", ")
        }`,
        { details: { asked } },
      );
    }
    const fetching = mediatedFetch(net, limits.messageBytesMax);
    return new HostedSandbox({
      program,
      limits,
      pool: this.#pool,
      key: `${limits.memoryMb}`,
      services: new Map([[FETCH_SERVICE, fetching]]),
      clock: this.#clock,
    });
  }

  /** Ends every thread that listens; one that does not ends with the program. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#isClosed = true;
    await this.#pool.close();
    for (const thread of this.#idle.splice(0)) thread.end();
    URL.revokeObjectURL(this.#threads.threadUrl);
  }

  async #spawn(memoryMb: number): Promise<Thread> {
    const thread = this.#idle.pop() ??
      new Thread(this.#threads, (one, isSound) => this.#closed(one, isSound));
    try {
      await thread.open(memoryMb);
    } catch (error) {
      thread.end();
      throw error;
    }
    return thread;
  }

  #closed(thread: Thread, isSound: boolean): void {
    if (!isSound) this.#abandoned++;
    else if (this.#isClosed) thread.end();
    else this.#idle.push(thread);
  }
}
