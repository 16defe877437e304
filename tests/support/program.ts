/**
 * The program as a user runs it: a process of its own.
 *
 * @module
 */

import { SystemClock } from "../../src/adapters/clock/system_clock.ts";
import { MINUTE_MS } from "../../src/domain/time.ts";
import { TextLineStream } from "./text_lines.ts";

/** A program that a test waits for and that never ends is a failure, not a wait. */
const ENDS_WITHIN_MS = 2 * MINUTE_MS;

/** The project's root. */
export const ROOT: string = new URL("../../", import.meta.url).pathname;

/** How a process ended. */
export interface Ended {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

/** What a process is given besides its words. */
export interface ProgramOptions {
  /** Permission flags; those of the README by default. */
  readonly flags?: readonly string[];
  readonly stdin?: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly cwd?: string;
}

const README_FLAGS = ["--allow-net", "--allow-read"];

function command(words: readonly string[], options: ProgramOptions) {
  return new Deno.Command(Deno.execPath(), {
    args: [
      "run",
      "--no-prompt",
      ...options.flags ?? README_FLAGS,
      `${ROOT}mod.ts`,
      ...words,
    ],
    cwd: options.cwd ?? ROOT,
    env: { NO_COLOR: "1", TZ: "UTC", ...options.env },
    stdin: options.stdin === undefined ? "null" : "piped",
    stdout: "piped",
    stderr: "piped",
  });
}

/** Runs the program to its end. */
export async function runProgram(
  words: readonly string[],
  options: ProgramOptions = {},
): Promise<Ended> {
  const child = command(words, options).spawn();
  if (options.stdin !== undefined) {
    const writer = child.stdin.getWriter();
    await writer.write(new TextEncoder().encode(options.stdin));
    await writer.close();
  }
  const { code, stdout, stderr } = await endOf(child, words);
  const decoder = new TextDecoder();
  return { code, out: decoder.decode(stdout), err: decoder.decode(stderr) };
}

async function endOf(
  child: Deno.ChildProcess,
  words: readonly string[],
): Promise<Deno.CommandOutput> {
  const clock = new SystemClock();
  const alarm = new AbortController();
  let late = false;
  clock.sleepUntil(clock.now() + ENDS_WITHIN_MS, alarm.signal).then(() => {
    late = true;
    child.kill("SIGKILL");
  }, () => {});
  const output = await child.output();
  alarm.abort();
  if (late) throw new Error(`"${words.join(" ")}" did not end`);
  return output;
}

/** A process that is under way. */
export interface Running extends AsyncDisposable {
  /** The next line of standard output that fits; fails with all output if none comes. */
  readonly line: (pattern: RegExp) => Promise<RegExpExecArray>;
  readonly signal: (signal: Deno.Signal) => void;
  /** How it ended; the rest of what it printed is in it. */
  readonly ended: () => Promise<Ended>;
}

/** Starts the program. */
export function startProgram(
  words: readonly string[],
  options: ProgramOptions = {},
): Running {
  const child = command(words, options).spawn();
  const lines = child.stdout.pipeThrough(new TextDecoderStream())
    .pipeThrough(new TextLineStream()).getReader();
  const errors = new Response(child.stderr).text();
  const seen: string[] = [];
  let over = false;
  const read = async (): Promise<string | null> => {
    const { value, done } = await lines.read();
    if (done) return null;
    seen.push(value);
    return value;
  };
  const ended = async (): Promise<Ended> => {
    while (await read() !== null) { /* to the end */ }
    const { code } = await child.status;
    over = true;
    return { code, out: seen.join("\n"), err: await errors };
  };
  return {
    async line(pattern) {
      for (let text = await read(); text !== null; text = await read()) {
        const found = pattern.exec(text);
        if (found !== null) return found;
      }
      const { out, err } = await ended();
      throw new Error(`No line fits ${pattern} in:\n${out}\n${err}`);
    },
    signal: (signal) => child.kill(signal),
    ended,
    async [Symbol.asyncDispose]() {
      if (over) return;
      try {
        child.kill("SIGKILL");
      } catch {
        // It had ended by itself.
      }
      await ended();
    },
  };
}

/** A folder that is gone after the test. */
export async function temporaryFolder(): Promise<
  AsyncDisposable & { readonly path: string }
> {
  const path = await Deno.makeTempDir();
  return {
    path,
    [Symbol.asyncDispose]: () => Deno.remove(path, { recursive: true }),
  };
}
