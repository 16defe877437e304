/**
 * A program that runs attempts as a runtime would, with every right it can have: in one of the
 * isolations, or, to show that an attempt works at all, in itself.
 *
 * It prints one line of JSON for each attempt, and one at its end.
 *
 * @module
 */

import { SystemClock } from "../../src/adapters/clock/system_clock.ts";
import { ProcessIsolation } from "../../src/adapters/sandbox/process/process_isolation.ts";
import { VmIsolation } from "../../src/adapters/sandbox/vm/vm_isolation.ts";
import type {
  HookHost,
  HookOutcome,
  Isolation,
  Json,
} from "../../src/runtime/isolation.ts";
import { hookProgram, LIMITS } from "../support/hook_program.ts";
import { type Attempt, ATTEMPTS, attemptText, type World } from "./attempts.ts";

/** What the test tells the program, as its first word. */
export interface HostOrder {
  readonly isolation: "process" | "vm" | "none";
  readonly secret: string;
  readonly world: Omit<World, "id" | "marker">;
  /** Which attempts. */
  readonly ids: readonly string[];
}

/** What the program says of an attempt. */
export interface HostReport {
  readonly id: string;
  readonly outcome: HookOutcome | { readonly kind: "refused" };
  readonly logged: readonly string[];
  /** What of the host's own was changed. */
  readonly changed: readonly string[];
}

/** What the program says at its end. */
export interface HostEnd {
  /** What guests said after their call had ended. */
  readonly late: readonly string[];
}

/** How long what goes on after its end is waited for. @units milliseconds */
const LATE_MS = 150;

const CLOCK = new SystemClock();
const { stringify } = JSON;

class EscapeHost {
  readonly #order: HostOrder;
  readonly #isolation: Isolation | null;
  readonly #heard: string[] = [];
  readonly #late: string[] = [];
  readonly #session: { name: string } = { name: "london" };

  constructor(order: HostOrder, isolation: Isolation | null) {
    this.#order = order;
    this.#isolation = isolation;
  }

  async run(): Promise<void> {
    const channel = new BroadcastChannel("desk");
    channel.onmessage = ({ data }) => void this.#heard.push(String(data));
    for (const attempt of ATTEMPTS) {
      if (this.#order.ids.includes(attempt.id)) {
        this.#say(await this.#try(attempt));
      }
    }
    await CLOCK.sleepUntil(CLOCK.now() + LATE_MS);
    channel.close();
    this.#say({ late: this.#late });
  }

  #say(value: HostReport | HostEnd): void {
    Deno.stdout.writeSync(new TextEncoder().encode(`${stringify(value)}\n`));
  }

  async #try(attempt: Attempt): Promise<HostReport> {
    const { id } = attempt;
    const { world } = this.#order;
    const at: World = { ...world, id, marker: `${world.folder}/marker-${id}` };
    const logged: string[] = [];
    const changed: string[] = [];
    const state = { isOver: false };
    const host: HookHost = {
      request: (name, args) => {
        if (state.isOver) this.#late.push(`${name} ${stringify(args)}`);
        if (name === "broker.close") changed.push("closed a position");
        if (isPolluted(assigned(args))) changed.push("arguments");
        const failure = new Error(`the token is ${this.#order.secret}`);
        return name === "broker.order"
          ? Promise.reject(failure)
          : Promise.resolve(null);
      },
      log: (_, text) => void (state.isOver ? this.#late : logged).push(text),
    };
    const folder = Deno.cwd();
    const outcome = await this.#outcome(attempt, at, host);
    state.isOver = true;
    if (Deno.cwd() !== folder) changed.push("directory");
    Deno.chdir(folder);
    if (isPolluted({}) || isPolluted(JSON.parse("{}"))) {
      changed.push("prototype");
    }
    const value = outcome.kind === "returned" ? outcome.value : null;
    if (isPolluted(assigned(value))) changed.push("value");
    if (this.#session.name !== "london") changed.push("session");
    if (this.#heard.includes(id)) changed.push("channel");
    return { id, outcome, logged, changed };
  }

  async #outcome(
    attempt: Attempt,
    at: World,
    host: HookHost,
  ): Promise<HostReport["outcome"]> {
    const text = attemptText(attempt, at);
    if (this.#isolation === null) return await this.#inItself(text, at, host);
    const grant = attempt.grant?.(at) ?? {};
    const methods = ["broker.quote", "broker.order"];
    const program = hookProgram(text, { grant, methods });
    try {
      await using sandbox = await this.#isolation.start(program, LIMITS);
      // Data is handed over; what the host keeps of it is its own.
      const input: Json = { at: { ...at }, session: { ...this.#session } };
      const options = { timeoutMs: 3_000, at: 0, seed: 1 };
      return await sandbox.call("/default", input, host, options);
    } catch {
      return { kind: "refused" };
    }
  }

  /** What a runtime without a sandbox does: it imports the code, and hands it what it works with. */
  async #inItself(
    text: string,
    at: World,
    host: HookHost,
  ): Promise<HookOutcome> {
    const url = `data:application/javascript,${encodeURIComponent(text)}`;
    const broker = {
      token: this.#order.secret,
      quote: (args: Json) => host.request("broker.quote", args, NEVER),
      order: (args: Json) => host.request("broker.order", args, NEVER),
    };
    const log = (line: string) => host.log("info", line);
    const session = this.#session;
    try {
      const { default: hook } = await import(url);
      const value = await hook({ at, session, broker, host, log });
      return { kind: "returned", value: value ?? null };
    } catch (thrown) {
      return { kind: "failed", message: String(thrown), stack: [] };
    }
  }
}

const NEVER = new AbortController().signal;

/** What careless code makes of data: a key may reach the prototype this way. */
function assigned(value: Json): object {
  return Object.assign({}, typeof value === "object" ? value : {});
}

function isPolluted(value: object): boolean {
  return Reflect.get(value, "polluted") !== undefined;
}

/** Processes do without what the system could put around them: their flags must hold alone. */
async function openIsolation(
  kind: HostOrder["isolation"],
): Promise<Isolation | null> {
  switch (kind) {
    case "process":
      return await ProcessIsolation.open({ clock: CLOCK, wrappers: "none" });
    case "vm":
      return await VmIsolation.open({ clock: CLOCK });
    case "none":
      return null;
  }
}

if (import.meta.main) {
  const order = JSON.parse(Deno.args[0] ?? "") as HostOrder;
  const keeps = order.ids.some((id) => id === "cache" || id === "storage");
  if (keeps) {
    const cache = await caches.open("desk");
    await cache.put("http://desk.example/", new Response(order.secret));
    localStorage.setItem("desk", order.secret);
  }
  const isolation = await openIsolation(order.isolation);
  const { log } = console;
  await new EscapeHost(order, isolation).run();
  await isolation?.[Symbol.asyncDispose]();
  log("");
  // Whoever has taken over this signal shows it now.
  Deno.kill(Deno.pid, "SIGTERM");
  await CLOCK.sleepUntil(CLOCK.now() + 5_000);
}
