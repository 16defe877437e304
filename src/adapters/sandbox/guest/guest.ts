/**
 * The inner side of the border: takes the host's messages, runs the user's code, says what came of it.
 *
 * It is trusted as far as its own text goes. The user's code shares its globals, so what it says
 * is checked again outside.
 *
 * @module
 */

import type { HostMessage, SentProgram, Task } from "../messages.ts";
import { logText, makeContext } from "./context.ts";
import { findFunction, type Namespace, toData } from "./export_data.ts";
import { describeThrown } from "./thrown.ts";

/** A signal for the user's code, and the way to set it off. */
export interface Abort {
  readonly signal: object;
  abort(reason: Error): void;
}

/** What differs from isolation to isolation. */
export interface GuestWorld {
  /** Says one message to the host. */
  send(text: string): void;
  /** Makes a program's modules ready to be imported. */
  prepare(program: SentProgram): void;
  /** Imports a module of the program. */
  load(entry: string): Promise<Namespace>;
  /** Sets what time and chance give. */
  begin(at: number, seed: number): void;
  makeAbort(): Abort;
}

/** A guest as its world sees it. */
export interface Guest {
  /** Takes one message of the host. */
  receive(message: HostMessage): void;
  /** Takes what nobody caught. */
  fail(thrown: unknown): void;
  /** Asks the host, for what the world itself offers. */
  ask(name: string, args: unknown): Promise<unknown>;
  /** Writes a line of log. */
  log(level: string, values: readonly unknown[]): void;
}

interface Waiting {
  resolve(value: unknown): void;
  reject(error: Error): void;
}

interface Running {
  readonly call: string;
  readonly abort: Abort;
  readonly waiting: Map<number, Waiting>;
}

const { parse, stringify } = JSON;

/** Makes a guest in its world. */
export function createGuest(world: GuestWorld): Guest {
  let exports: Promise<Namespace> | null = null;
  let program: SentProgram | null = null;
  let running: Running | null = null;
  let requests = 0;

  function say(message: Readonly<Record<string, unknown>>): void {
    world.send(stringify(message));
  }

  function threw(call: string, thrown: unknown): void {
    say({ type: "threw", call, ...describeThrown(thrown) });
  }

  function ask(name: string, args: unknown): Promise<unknown> {
    const current = running;
    if (current === null) {
      return Promise.reject(
        new Error(`Cannot ask for "${name}": no call runs`),
      );
    }
    const request = ++requests;
    return new Promise((resolve, reject) => {
      current.waiting.set(request, { resolve, reject });
      say({ type: "ask", call: current.call, request, name, args });
    });
  }

  function log(level: string, values: readonly unknown[]): void {
    if (running === null) return;
    say({ type: "log", call: running.call, level, text: logText(values) });
  }

  async function perform(task: Task, abort: Abort): Promise<unknown> {
    if (program === null) throw new Error("No program was sent");
    exports ??= world.load(program.entry);
    const found = await exports;
    if (task.kind === "evaluate") return readExport(found, task.export);
    const { run, self } = findFunction(found, task.handle);
    const { methods, env } = program;
    const { input } = task;
    const { signal } = abort;
    return await run.call(
      self,
      makeContext({ input, methods, env, signal, ask, log }),
    );
  }

  async function run(message: HostMessage & { type: "run" }): Promise<void> {
    const { call, task } = message;
    if (message.program !== null) {
      program = message.program;
      exports = null;
      world.prepare(program);
    }
    world.begin(message.at, message.seed);
    const abort = world.makeAbort();
    running = { call, abort, waiting: new Map() };
    try {
      const value = await perform(task, abort);
      say({ type: "done", call, value: value ?? null });
    } catch (thrown) {
      threw(call, thrown);
    } finally {
      running = null;
    }
  }

  function receive(message: HostMessage): void {
    if (message.type === "run") return void run(message);
    if (running === null || running.call !== message.call) return;
    if (message.type === "abort") {
      return running.abort.abort(new Error(message.message));
    }
    const waiting = running.waiting.get(message.request);
    running.waiting.delete(message.request);
    if (message.type === "answer") return waiting?.resolve(message.value);
    const { code } = message;
    waiting?.reject(Object.assign(new Error(message.message), { code }));
  }

  function fail(thrown: unknown): void {
    if (running !== null) threw(running.call, thrown);
  }

  return { receive, fail, ask, log };
}

function readExport(exports: Namespace, name: string): unknown {
  if (!Object.hasOwn(exports, name)) {
    throw new TypeError(`Export "${name}": there is none`);
  }
  const handle = `/${name.replaceAll("~", "~0").replaceAll("/", "~1")}`;
  return toData(exports[name], handle);
}

/** Reads one message of the host. */
export function readHostMessage(text: string): HostMessage {
  return parse(text) as HostMessage;
}
