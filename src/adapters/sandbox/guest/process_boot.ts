/**
 * What a child process runs before it runs anything of the user's.
 *
 * The host puts a call of `boot` behind this text.
 *
 * @module
 */

import { createGuest, type Guest, readHostMessage } from "./guest.ts";
import { ProgramImports } from "./program_imports.ts";
import { installTime } from "./time_and_chance.ts";
import { watchdog } from "./watchdog.ts";

/** What the host knows when it starts a child. */
export interface BootOptions {
  /** How much the process may hold beyond what it holds now. @units bytes */
  readonly memoryBytesMax: number;
  /** How often the memory is looked at while a call runs. @units milliseconds */
  readonly lookMs: number;
}

/** Starts the guest; it says its first line when it can be called. */
export function boot(options: BootOptions): void {
  const say = lineWriter();
  const imports = new ProgramImports();
  // deno-lint-ignore carillon/no-ambient-time -- the guest's time goes on from what the host said
  const time = installTime(performance.now.bind(performance));
  const watch = startWatchdog(options, (line) => {
    const message = readHostMessage(line);
    if (message.type === "run") watch(true);
    guest.receive(message);
  });
  const guest = createGuest({
    send: say,
    prepare: (program) => imports.use(program),
    load: (entry) => imports.load(entry),
    begin: (at, seed) => time.begin(at, seed),
    makeAbort() {
      const controller = new AbortController();
      return {
        signal: controller.signal,
        abort: (reason) => controller.abort(reason),
      };
    },
  });
  catchAll(guest);
  hideInput();
  imports.open();
  say(JSON.stringify({ type: "ready" }));
}

/** Writes whole lines, past anything that the user's code does to the console or to streams. */
function lineWriter(): (text: string) => void {
  const { stdout } = Deno;
  const write = stdout.writeSync.bind(stdout);
  const encoder = new TextEncoder();
  const encode = encoder.encode.bind(encoder);
  return (text) => {
    const bytes = encode(`${text}\n`);
    let written = 0;
    while (written < bytes.length) written += write(bytes.subarray(written));
  };
}

function startWatchdog(
  { memoryBytesMax, lookMs }: BootOptions,
  take: (line: string) => void,
): (isRunning: boolean) => void {
  const rssBytesMax = Deno.memoryUsage().rss + memoryBytesMax;
  const text = `(${watchdog.toString()})(${rssBytesMax}, ${lookMs});`;
  const url = URL.createObjectURL(
    new Blob([text], { type: "application/javascript" }),
  );
  const thread = new Worker(url, { type: "module" });
  thread.onmessage = ({ data }: MessageEvent<string>) => take(data);
  const post = thread.postMessage.bind(thread);
  return (isRunning) => post({ isRunning });
}

/** Keeps the user's code from reading what is meant for the guest by mistake. */
function hideInput(): void {
  const get = () => {
    throw new Error("Cannot read the input: it belongs to the host");
  };
  Reflect.defineProperty(Deno, "stdin", { get });
}

/** Makes the console a log, and whatever nobody caught the outcome of the call. */
function catchAll(guest: Guest): void {
  const { log } = guest;
  for (const level of ["debug", "info", "warn", "error"] as const) {
    Reflect.set(console, level, (...values: unknown[]) => log(level, values));
  }
  Reflect.set(console, "log", (...values: unknown[]) => log("info", values));
  globalThis.addEventListener("unhandledrejection", (event) => {
    event.preventDefault();
    guest.fail(event.reason);
  });
  globalThis.addEventListener("error", (event) => {
    event.preventDefault();
    guest.fail(event.error);
  });
}
