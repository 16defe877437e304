/**
 * Gateway clients of other makers, as processes of Node.
 *
 * They are no packages of this project: they are fetched by npm, from a lock file, into a folder of
 * the user's cache, and run there.
 *
 * @module
 */

import { SystemClock } from "../../src/adapters/clock/system_clock.ts";
import { digestOf } from "../../src/domain/id.ts";
import { type Need, needsProgram } from "../support/needs.ts";
import { TextLineStream } from "../support/text_lines.ts";

/** The clients there are. */
export type PeerName = "discordjs" | "discordeno";

/** A line that a client says. */
export interface PeerLine {
  readonly type: string;
  readonly shard?: number;
  readonly t?: string;
  readonly s?: number;
  readonly [key: string]: unknown;
}

const SOURCE = new URL("foreign/", import.meta.url);
const FILES = [
  "package.json",
  "package-lock.json",
  "discordjs_peer.mjs",
  "discordeno_peer.mjs",
] as const;

/** How long a client may take for everything. @units milliseconds */
const PATIENCE_MS = 90_000;

let installed: string | null | undefined;

/** A test that runs a client of another maker under Node. */
export function needsPeers(name: string): Need {
  for (const program of ["node", "npm"]) {
    const need = needsProgram(name, program);
    if (need.ignore) return need;
  }
  installed ??= install();
  return installed === null
    ? { name: `${name} (needs program npm, and its registry)`, ignore: true }
    : { name, ignore: false };
}

/** A client that runs; it is told to leave by the end of its input. */
export class ForeignPeer implements AsyncDisposable {
  /** Everything it said. */
  readonly lines: PeerLine[] = [];
  readonly #child: Deno.ChildProcess;
  readonly #reading: Promise<void>;
  readonly #patience: Promise<void>;
  readonly #over = new AbortController();
  #look = () => {};
  #ended = false;

  /** Starts a client with the address, the token, the count of shards, and what else it is told. */
  constructor(name: PeerName, ...told: readonly string[]) {
    this.#child = new Deno.Command("node", {
      args: [`${installed}/${name}_peer.mjs`, ...told],
      stdin: "piped",
      stdout: "piped",
      stderr: "inherit",
    }).spawn();
    this.#reading = this.#read();
    const clock = new SystemClock();
    this.#patience = clock
      .sleepUntil(clock.now() + PATIENCE_MS, this.#over.signal)
      .then(() => this.#child.kill(), () => undefined);
  }

  /** Waits until it has said so many lines that fit, and gives them. */
  async hear(
    fits: (line: PeerLine) => boolean,
    count = 1,
  ): Promise<readonly PeerLine[]> {
    for (;;) {
      const found = this.lines.filter(fits);
      if (found.length >= count) return found;
      if (this.#ended) {
        const said = this.lines.map((line) => JSON.stringify(line)).join("\n");
        throw new Error(`It ended before it said ${count}: ${fits}\n${said}`);
      }
      await new Promise<void>((resolve) => this.#look = resolve);
    }
  }

  /** Lets it leave; resolves once it is gone. */
  async [Symbol.asyncDispose](): Promise<void> {
    // It may have left by itself.
    await this.#child.stdin.close().catch(() => undefined);
    await this.#child.status;
    await this.#reading;
    this.#over.abort();
    await this.#patience;
  }

  async #read(): Promise<void> {
    const lines = this.#child.stdout
      .pipeThrough(new TextDecoderStream())
      .pipeThrough(new TextLineStream());
    for await (const line of lines) {
      this.lines.push(JSON.parse(line));
      this.#look();
    }
    this.#ended = true;
    this.#look();
  }
}

/** Fetches the clients, where they are not there yet; gives their folder, `null` where that fails. */
function install(): string | null {
  const texts = FILES.map((file) =>
    Deno.readTextFileSync(new URL(file, SOURCE))
  );
  const folder = `${cacheFolder()}/gateway-peers-${digestOf(texts)}`;
  if (isThere(folder)) return folder;
  const place = Deno.makeTempDirSync({ dir: cacheFolder(), prefix: "peers-" });
  for (const [index, file] of FILES.entries()) {
    Deno.writeTextFileSync(`${place}/${file}`, texts[index] ?? "");
  }
  const { success } = new Deno.Command("npm", {
    args: ["ci", "--ignore-scripts", "--no-audit", "--no-fund"],
    cwd: place,
    stdin: "null",
    stdout: "null",
    stderr: "null",
  }).outputSync();
  if (!success) {
    Deno.removeSync(place, { recursive: true });
    return null;
  }
  try {
    Deno.renameSync(place, folder);
    return folder;
  } catch {
    // Another run was faster.
    return isThere(folder) ? folder : place;
  }
}

/** A folder that outlives the run, where there is one that can be written to. */
function cacheFolder(): string {
  const home = Deno.env.get("HOME");
  const cache = Deno.env.get("XDG_CACHE_HOME") ??
    (home === undefined ? null : `${home}/.cache`);
  const folder = cache === null ? null : `${cache}/carillon`;
  try {
    if (folder !== null) {
      Deno.mkdirSync(folder, { recursive: true });
      Deno.removeSync(Deno.makeTempDirSync({ dir: folder }));
      return folder;
    }
  } catch {
    // It may not be written to: the run has one of its own.
  }
  ownFolder ??= Deno.makeTempDirSync({ prefix: "carillon-" });
  return ownFolder;
}

let ownFolder: string | undefined;

function isThere(folder: string): boolean {
  try {
    return Deno.statSync(`${folder}/node_modules`).isDirectory;
  } catch {
    return false;
  }
}
