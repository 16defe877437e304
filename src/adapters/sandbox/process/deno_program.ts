/**
 * Which `deno` we may run, and what may be run around it.
 *
 * @module
 */

import type { Wrappers } from "./child_command.ts";

/** The programs of the wrappers. */
const SETPRIV = "setpriv";
const PRLIMIT = "prlimit";

/** The `deno` that this process may run; `null` where it may run none. Nobody is asked. */
export function runnableDeno(): string | null {
  // A compiled program is its own executable, and no `deno`.
  const own = Deno.build.standalone ? [] : [Deno.execPath()];
  return [...own, "deno"].find(mayRun) ?? null;
}

/** The oldest version whose permissions and module hooks the guests rely on. */
const VERSION_MIN = [2, 9] as const;

/** Why a `deno` cannot be used; `null` if it can. The one that runs us can. */
export async function faultOfDeno(deno: string): Promise<string | null> {
  if (!Deno.build.standalone && deno === Deno.execPath()) return null;
  const required = VERSION_MIN.join(".");
  try {
    const { stdout } = await new Deno.Command(deno, {
      args: ["--version"],
      stdin: "null",
      stderr: "null",
    }).output();
    const text = new TextDecoder().decode(stdout);
    const [, major, minor] = /^deno (\d+)\.(\d+)\./.exec(text) ?? [];
    const version = [Number(major), Number(minor)] as const;
    const isNew = version[0] > VERSION_MIN[0] ||
      version[0] === VERSION_MIN[0] && version[1] >= VERSION_MIN[1];
    return isNew
      ? null
      : `"${deno}" is ${text.split("\n")[0]}, and ${required} is required`;
  } catch {
    return `"${deno}" is not installed`;
  }
}

function mayRun(command: string): boolean {
  return Deno.permissions.querySync({ name: "run", command }).state ===
    "granted";
}

/** The wrappers that are there and may be run, and what is lost without the others. */
export interface FoundWrappers {
  readonly wrappers: Wrappers;
  readonly shortcomings: readonly string[];
}

const LOST: Readonly<Record<keyof Wrappers, string>> = {
  setpriv:
    "a guest outlives a killed runtime for as long as its own watchdog takes to notice",
  prlimit:
    "buffers are bounded by the guest's own watchdog only, not by the system",
};

/** Looks for the wrappers, on Linux; elsewhere the watchdog in each child stands alone. */
export async function findWrappers(): Promise<FoundWrappers> {
  const names = [SETPRIV, PRLIMIT] as const;
  const states = await Promise.all(names.map(stateOf));
  const shortcomings = names.flatMap((name, index) => {
    const state = states[index];
    return state === null || state === undefined
      ? []
      : [`${state}: ${LOST[name]}`];
  });
  const [setpriv, prlimit] = states.map((state) => state === null);
  return {
    wrappers: { setpriv: setpriv === true, prlimit: prlimit === true },
    shortcomings,
  };
}

/** Why a program cannot be used; `null` if it can. */
async function stateOf(name: string): Promise<string | null> {
  if (Deno.build.os !== "linux") return `"${name}" is on Linux only`;
  if (!mayRun(name)) return `"${name}" may not be run (--allow-run=${name})`;
  try {
    const command = new Deno.Command(name, {
      args: ["--version"],
      stdin: "null",
      stdout: "null",
      stderr: "null",
    });
    const { success } = await command.output();
    return success ? null : `"${name}" does not work`;
  } catch {
    return `"${name}" is not installed`;
  }
}
