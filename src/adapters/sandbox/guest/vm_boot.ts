/**
 * What runs first inside the virtual machine: the guest, and the few globals that its code may expect.
 *
 * @module
 */

import type { HostMessage } from "../messages.ts";
import { createGuest, type Guest } from "./guest.ts";
import { installTime } from "./time_and_chance.ts";
import { installFetch } from "./vm_fetch.ts";
import { makeAbort } from "./vm_abort.ts";

/** What the thread offers to the machine. */
export interface VmNatives {
  send(text: string): void;
  /** Calls `fire(id)` after a while. @units `ms`: milliseconds */
  startTimer(id: number, ms: number): void;
  stopTimer(id: number): void;
}

/** What the machine offers to the thread. */
export interface VmEntry {
  receive(message: HostMessage): void;
  fire(id: number): void;
}

/** Globals of other places that this one does not have. */
const ELSEWHERE: readonly string[] = [
  "EventSource",
  "WebSocket",
  "Worker",
  "XMLHttpRequest",
  "process",
  "require",
];

/** Starts the guest. */
export function boot(natives: VmNatives): VmEntry {
  // Time stands still during a call: it is the host's to give.
  const time = installTime(() => 0);
  let env: Readonly<Record<string, string>> = {};
  const guest: Guest = createGuest({
    send: natives.send,
    prepare: (program) => {
      env = program.env;
    },
    load: (entry) => import(entry),
    begin: (at, seed) => time.begin(at, seed),
    makeAbort,
  });
  installConsole(guest);
  installFetch(guest.ask);
  const fire = installTimers(natives, guest);
  refuseElsewhere(() => env);
  return { receive: guest.receive, fire };
}

function define(name: string, value: unknown): void {
  const options = { value, writable: true, configurable: true };
  Object.defineProperty(globalThis, name, options);
}

function installConsole({ log }: Guest): void {
  const write = (level: string) => (...values: unknown[]) => log(level, values);
  define("console", {
    log: write("info"),
    debug: write("debug"),
    info: write("info"),
    warn: write("warn"),
    error: write("error"),
  });
}

function installTimers(
  { startTimer, stopTimer }: VmNatives,
  guest: Guest,
): (id: number) => void {
  const waiting = new Map<number, () => void>();
  let last = 0;
  define(
    "setTimeout",
    (run: (...args: unknown[]) => void, ms = 0, ...args: unknown[]) => {
      const id = ++last;
      waiting.set(id, () => run(...args));
      startTimer(id, Number(ms) || 0);
      return id;
    },
  );
  define("clearTimeout", (id: number) => {
    if (waiting.delete(id)) stopTimer(id);
  });
  define("queueMicrotask", (run: () => void) => {
    Promise.resolve().then(run).catch(guest.fail);
  });
  return (id) => {
    const run = waiting.get(id);
    waiting.delete(id);
    try {
      run?.();
    } catch (thrown) {
      guest.fail(thrown);
    }
  };
}

/** Puts a stand-in for each global that code written for Deno or Node may try. */
function refuseElsewhere(
  env: () => Readonly<Record<string, string>>,
): void {
  for (const name of ELSEWHERE) define(name, notHere(name, {}));
  const get = (name: string) => env()[name];
  const has = (name: string) => Object.hasOwn(env(), name);
  const toObject = () => ({ ...env() });
  define("Deno", notHere("Deno", { env: { get, has, toObject } }));
}

function notHere(name: string, offered: Readonly<Record<string, unknown>>) {
  const refuse = (what: string): never => {
    throw new Error(
      `Cannot use "${what}" in isolation "vm": write "isolation: process"`,
    );
  };
  return new Proxy(function () {}, {
    get: (_, key) =>
      typeof key === "string" && Object.hasOwn(offered, key)
        ? offered[key]
        : refuse(`${name}.${String(key)}`),
    apply: () => refuse(name),
    construct: () => refuse(name),
  });
}
