/**
 * The command that starts a guest: what it may do stands in its flags, one by one.
 *
 * @module
 */

import type { Grant } from "../../../runtime/isolation.ts";

/** What decides how a child is started; children of equal plans are alike. */
export interface ChildPlan {
  readonly grant: Grant;
  /** @units MiB */
  readonly memoryMb: number;
}

/** A program and its words. */
export interface ChildCommand {
  readonly program: string;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
}

/** Programs around the child that hold what Deno cannot. */
export interface Wrappers {
  /** Ends the child when we end, and takes from it the right to gain rights. */
  readonly setpriv: boolean;
  /** Bounds buffers, which are no part of the heap that Deno bounds. */
  readonly prlimit: boolean;
}

/** What the engine of both threads sets aside; with less it does not start. @units MiB */
const ENGINE_DATA_MB = 1_280;

/** The flags and the environment of a child, without its first module. */
export function denoArgs({ grant, memoryMb }: ChildPlan): readonly string[] {
  const { net, read, write, env, packages } = grant;
  return [
    "run",
    "--no-prompt",
    "--no-config",
    "--no-lock",
    "--no-remote",
    // Packages are fetched beforehand; the guest itself never asks a registry.
    packages.length === 0 ? "--no-npm" : "--cached-only",
    "--quiet",
    `--v8-flags=--max-old-space-size=${memoryMb}`,
    ...allow("net", net.map(withPort)),
    ...allow("read", read),
    ...allow("write", write),
    ...allow("env", Object.keys(env)),
  ];
}

/** A flag for what is named, and none for nothing: a flag without names would allow all. */
function allow(kind: string, names: readonly string[]): readonly string[] {
  // A comma inside a name is written twice.
  const listed = names.map((name) => name.replaceAll(",", ",,")).join(",");
  return listed === "" ? [] : [`--allow-${kind}=${listed}`];
}

/** A host without a port would mean every port. */
function withPort(host: string): string {
  return /^\[[^\]]*\]$|^[^:]*$/.test(host) ? `${host}:443` : host;
}

/** Puts the wrappers before a command. */
export function wrap(
  command: ChildCommand,
  wrappers: Wrappers,
  memoryMb: number,
): ChildCommand {
  const dataMb = ENGINE_DATA_MB + 4 * memoryMb;
  const words = [
    ...wrappers.setpriv
      ? ["setpriv", "--pdeathsig", "SIGKILL", "--no-new-privs"]
      : [],
    ...wrappers.prlimit
      ? ["prlimit", `--data=${dataMb * 1_048_576}`, "--nofile=256", "--core=0"]
      : [],
    command.program,
    ...command.args,
  ];
  const [program = command.program, ...args] = words;
  return { ...command, program, args };
}
