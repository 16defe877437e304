/**
 * Guests in processes of their own: what they may do is in their flags, and they end by SIGKILL.
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
import { guestText } from "../guest_texts.ts";
import { GuestPool } from "../guest_pool.ts";
import { HostedSandbox } from "../hosted_sandbox.ts";
import { Child } from "./child.ts";
import {
  type ChildPlan,
  denoArgs,
  wrap,
  type Wrappers,
} from "./child_command.ts";
import { faultOfDeno, findWrappers, runnableDeno } from "./deno_program.ts";
import { fetchPackages, packageHome } from "./packages.ts";

/** What a process isolation is made of. */
export interface ProcessIsolationParts {
  /** Real time. */
  readonly clock: Clock;
  /** How many processes there may be at once; 16 where it is left out. */
  readonly guestsMax?: number;
  /** How many of each kind stand ready at most; 2 where it is left out. */
  readonly sparesMax?: number;
  /** Which wrappers to look for; all where it is left out. */
  readonly wrappers?: "all" | "none";
}

const GUESTS_MAX = 16;
const SPARES_MAX = 2;

/** How often a guest's memory is looked at. @units milliseconds */
const LOOK_MS = 20;

/** What a pool's key stands for. */
interface ChildKey extends ChildPlan {
  readonly messageBytesMax: number;
  readonly home: string | null;
}

/** The isolation by processes. */
export class ProcessIsolation implements Isolation {
  readonly kind = "process";
  readonly shortcomings: readonly string[];
  readonly #deno: string;
  readonly #wrappers: Wrappers;
  readonly #boot: string;
  readonly #clock: Clock;
  readonly #pool: GuestPool;
  readonly #keys = new Map<string, ChildKey>();

  private constructor(
    parts: ProcessIsolationParts,
    found: {
      readonly deno: string;
      readonly boot: string;
      readonly wrappers: Wrappers;
      readonly shortcomings: readonly string[];
    },
  ) {
    this.#clock = parts.clock;
    this.#deno = found.deno;
    this.#boot = found.boot;
    this.#wrappers = found.wrappers;
    this.shortcomings = found.shortcomings;
    this.#pool = new GuestPool({
      spawn: (key) => this.#spawn(key),
      guestsMax: parts.guestsMax ?? GUESTS_MAX,
      sparesMax: parts.sparesMax ?? SPARES_MAX,
    });
  }

  /**
   * Finds what it needs on this machine.
   *
   * @throws {CarillonError} "hook/not-possible" if no `deno` of use may be run
   */
  static async open(parts: ProcessIsolationParts): Promise<ProcessIsolation> {
    const deno = runnableDeno();
    if (deno === null) {
      throw new CarillonError(
        "hook/not-possible",
        'Cannot run hooks in processes: run with --allow-run=deno, or write "isolation: vm"',
      );
    }
    const fault = await faultOfDeno(deno);
    if (fault !== null) {
      throw new CarillonError(
        "hook/not-possible",
        `Cannot run hooks in processes: ${fault}; write "isolation: vm"`,
      );
    }
    const [boot, found] = await Promise.all([
      guestText("process_boot"),
      parts.wrappers === "none" ? NO_WRAPPERS : findWrappers(),
    ]);
    return new ProcessIsolation(parts, { deno, boot, ...found });
  }

  /** What it holds at the moment. */
  get health(): IsolationHealth {
    const { alive, killed } = this.#pool;
    return { guests: alive, abandoned: 0, killed };
  }

  /**
   * Makes a program ready to be called.
   *
   * @throws {CarillonError} "hook/no-guest" if its packages cannot be fetched
   */
  async start(program: HookProgram, limits: Limits): Promise<Sandbox> {
    const { grant } = program;
    const home = grant.packages.length === 0
      ? null
      : await packageHome(this.#deno);
    await fetchPackages(this.#deno, grant.packages);
    const { memoryMb, messageBytesMax } = limits;
    const plan = { grant, memoryMb, messageBytesMax, home };
    const key = JSON.stringify(plan);
    this.#keys.set(key, plan);
    return new HostedSandbox({
      program,
      limits,
      pool: this.#pool,
      key,
      services: new Map(),
      clock: this.#clock,
    });
  }

  /** Ends every process, those of open sandboxes included. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.#pool.close();
  }

  async #spawn(key: string): Promise<Child> {
    const plan = this.#keys.get(key);
    if (plan === undefined) throw new RangeError(`No such key: ${key}`);
    const { grant, memoryMb, messageBytesMax, home } = plan;
    const options = {
      memoryBytesMax: 2 * memoryMb * 1_048_576,
      lookMs: LOOK_MS,
    };
    const text = `${this.#boot}\nboot(${JSON.stringify(options)});`;
    const bytes = new TextEncoder().encode(text);
    const module = `data:application/javascript;base64,${bytes.toBase64()}`;
    const command = wrap(
      {
        program: this.#deno,
        args: [...denoArgs(plan), module],
        env: {
          NO_COLOR: "1",
          ...grant.env,
          DENO_NO_UPDATE_CHECK: "1",
          ...home === null ? {} : { DENO_DIR: home },
        },
      },
      this.#wrappers,
      memoryMb,
    );
    const child = new Child(command, messageBytesMax);
    await child.ready;
    return child;
  }
}

const NO_WRAPPERS = {
  wrappers: { setpriv: false, prlimit: false },
  shortcomings: [],
};
