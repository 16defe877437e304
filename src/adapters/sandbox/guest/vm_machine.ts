/**
 * One virtual machine with one program: a QuickJS of its own, whose memory has an end.
 *
 * @module
 */

import variant from "@jitl/quickjs-singlefile-mjs-release-sync";
import {
  newQuickJSWASMModuleFromVariant,
  newVariant,
  type QuickJSContext,
  type QuickJSHandle,
  type QuickJSRuntime,
} from "quickjs-emscripten-core";
import type { HostMessage } from "../messages.ts";
import { ImportRules } from "./import_rules.ts";

/** What a machine is given. */
export interface MachineParts {
  /** The text of `vm_boot.ts`. */
  readonly bootText: string;
  /** @units MiB */
  readonly memoryMb: number;
  /** Whether what runs now is to stop; asked again and again while it runs. */
  isOver(): boolean;
  say(text: string): void;
  startTimer(id: number, ms: number): void;
  stopTimer(id: number): void;
}

/** How a turn of the machine ended. */
export type TurnEnd =
  /** Everything that could go on has gone on. */
  | { readonly kind: "quiet" }
  /** There is more to do. */
  | { readonly kind: "more" }
  /** It was stopped, or something in it that its own code cannot catch went wrong. */
  | { readonly kind: "broken"; readonly message: string };

const PAGES_PER_MB = 16;

/** What the engine starts with. @units MiB */
const MEMORY_MB_MIN = 16;

/** How deep calls may go. @units bytes */
const STACK_BYTES = 256 * 1_024;

/** How many jobs are done before the thread listens again. */
const JOBS_MAX = 1_000;

/** A machine that runs. */
export class Machine {
  readonly #runtime: QuickJSRuntime;
  readonly #context: QuickJSContext;
  readonly #receive: QuickJSHandle;
  readonly #fire: QuickJSHandle;
  #rules: ImportRules | null = null;

  private constructor(parts: MachineParts, runtime: QuickJSRuntime) {
    this.#runtime = runtime;
    runtime.setMaxStackSize(STACK_BYTES);
    runtime.setInterruptHandler(() => parts.isOver());
    runtime.setModuleLoader(
      (name) => this.#load(name),
      (base, name) => this.#resolve(base, name),
    );
    const context = runtime.newContext();
    this.#context = context;
    const entry = this.#boot(parts);
    this.#receive = context.getProp(entry, "receive");
    this.#fire = context.getProp(entry, "fire");
    entry.dispose();
  }

  /** Makes a machine with a memory of its own. */
  static async make(parts: MachineParts): Promise<Machine> {
    const maximum = Math.max(parts.memoryMb, MEMORY_MB_MIN) * PAGES_PER_MB;
    const initial = MEMORY_MB_MIN * PAGES_PER_MB;
    const wasmMemory = new WebAssembly.Memory({ initial, maximum });
    const engine = await newQuickJSWASMModuleFromVariant(
      newVariant(variant, { wasmMemory }),
    );
    return new Machine(parts, engine.newRuntime());
  }

  /** Hands it a message and lets it go on. */
  receive(message: HostMessage): TurnEnd {
    if (message.type === "run" && message.program !== null) {
      this.#rules = new ImportRules(message.program);
    }
    return this.#turn(this.#receive, JSON.stringify(message));
  }

  /** Tells it that a timer has run out, and lets it go on. */
  fire(id: number): TurnEnd {
    return this.#turn(this.#fire, String(id));
  }

  /** Lets it go on. */
  goOn(): TurnEnd {
    try {
      const done = this.#runtime.executePendingJobs(JOBS_MAX);
      if (done.error !== undefined) {
        return this.#broken(done.error);
      }
      const isQuiet = done.value < JOBS_MAX;
      done.dispose();
      return { kind: isQuiet ? "quiet" : "more" };
    } catch (thrown) {
      // The engine itself gave up: nothing in it can be trusted any more.
      return { kind: "broken", message: String(thrown) };
    }
  }

  /** Calls one of the boot code's functions with data. */
  #turn(run: QuickJSHandle, json: string): TurnEnd {
    const context = this.#context;
    try {
      const text = context.newString(json);
      const called = context.callFunction(run, context.undefined, text);
      text.dispose();
      if (called.error !== undefined) return this.#broken(called.error);
      called.value.dispose();
    } catch (thrown) {
      return { kind: "broken", message: String(thrown) };
    }
    return this.goOn();
  }

  #broken(error: QuickJSHandle): TurnEnd {
    const read = (key: string) => {
      const property = this.#context.getProp(error, key);
      const text = this.#context.getString(property);
      property.dispose();
      return text;
    };
    const message = `${read("name")}: ${read("message")}`;
    error.dispose();
    return { kind: "broken", message };
  }

  #boot(parts: MachineParts): QuickJSHandle {
    const context = this.#context;
    const text =
      `(function (send, startTimer, stopTimer) {${parts.bootText}\n` +
      "const it = boot({ send, startTimer, stopTimer });" +
      "const readText = JSON.parse;" +
      "return { receive: (text) => it.receive(readText(text)), fire: (id) => it.fire(Number(id)) };})";
    const make = context.unwrapResult(context.evalCode(text, BOOT));
    const natives = [
      context.newFunction("send", (said) => parts.say(context.getString(said))),
      context.newFunction(
        "startTimer",
        (id, ms) =>
          parts.startTimer(context.getNumber(id), context.getNumber(ms)),
      ),
      context.newFunction(
        "stopTimer",
        (id) => parts.stopTimer(context.getNumber(id)),
      ),
    ];
    const entry = context.unwrapResult(
      context.callFunction(make, context.undefined, ...natives),
    );
    for (const handle of [make, ...natives]) handle.dispose();
    return entry;
  }

  #load(name: string): string | { error: Error } {
    if (name.startsWith(REFUSED)) {
      return { error: new TypeError(notThere(name.slice(REFUSED.length))) };
    }
    const module = this.#rules?.module(name);
    if (module === undefined) return { error: new TypeError(notThere(name)) };
    return module.isJson
      ? `export default JSON.parse(${JSON.stringify(module.text)});`
      : module.text;
  }

  #resolve(base: string, name: string): string {
    const rules = this.#rules;
    // The boot code imports the entry, by its whole name.
    if (base === BOOT || rules === null) return name;
    try {
      const target = rules.resolve(name, base);
      if (target.kind === "module") return target.module.specifier;
    } catch {
      // Said by the loader, in words that fit this isolation.
    }
    return `${REFUSED}${name}`;
  }
}

/** What the boot code is called in stacks. */
const BOOT = "carillon:boot";

/** Before the name of a module that is not there; an error of the resolver itself would be lost. */
const REFUSED = "carillon:refused:";

function notThere(name: string): string {
  const isElsewhere = /^(?:npm|jsr|node):/.test(name) || /^[\w@]/.test(name);
  return isElsewhere && !/^(?:https?|data|file|blob):/.test(name)
    ? `Cannot import "${name}" in isolation "vm": write "isolation: process"`
    : `Cannot import "${name}": it is not among what this code may import`;
}
