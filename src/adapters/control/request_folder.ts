/**
 * Requests to a running process, and its answers, as files in a folder beside its journal.
 *
 * Nothing but the right to write there is needed, and who has it could write the journal as well.
 * A file is made under another name and renamed, so nobody ever reads half of one. A request is
 * taken by renaming it too: either its run takes it, or whoever asked takes it back, never both.
 *
 * | file | who writes it | what it is |
 * | --- | --- | --- |
 * | `<id>.ask` | who asks | a request that waits |
 * | `<id>.taken` | the run | a request that is being carried out |
 * | `<id>.answer` | the run | what became of it |
 *
 * @module
 */

import type { EpochMs } from "../../domain/time.ts";

/** A request that was taken. */
export interface TakenRequest {
  readonly id: string;
  /** What is asked; from another process, so anything. */
  readonly body: unknown;
}

/** More than this is no request of ours. @units bytes */
const REQUEST_BYTES_MAX = 65_536;

/** The requests of one journal. */
export class RequestFolder {
  /** Where the files lie. */
  readonly path: string;

  /** Nothing is made before somebody asks. */
  constructor(journal: string) {
    this.path = `${journal}.requests`;
  }

  /** Puts a request where the run will find it. @units `untilAt`: EpochMs, when it is void */
  send(id: string, body: unknown, untilAt: EpochMs): void {
    Deno.mkdirSync(this.path, { recursive: true, mode: 0o700 });
    this.#write(`${id}.ask`, { untilAt, body });
  }

  /** Takes a request back; `false` where the run has taken it already. */
  withdraw(id: string): boolean {
    return isThere(() => Deno.removeSync(this.#at(`${id}.ask`)));
  }

  /** The answer, once; `undefined` as long as there is none. */
  takeAnswer(id: string): unknown {
    const answer = this.#read(`${id}.answer`);
    if (answer !== undefined) Deno.removeSync(this.#at(`${id}.answer`));
    return answer;
  }

  /** Takes every request that waits, oldest name first; those that are void are dropped. @units `now`: EpochMs */
  take(now: EpochMs): readonly TakenRequest[] {
    return this.#names(".ask").flatMap((name) => {
      const id = name.slice(0, -".ask".length);
      const rename = () =>
        Deno.renameSync(this.#at(name), this.#at(`${id}.taken`));
      if (!isThere(rename)) return [];
      const { untilAt = 0, body } = this.#asked(`${id}.taken`);
      if (untilAt >= now) return [{ id, body }];
      this.#drop(`${id}.taken`);
      return [];
    });
  }

  /** Answers a request that was taken. */
  answer(id: string, body: unknown): void {
    this.#write(`${id}.answer`, body);
    this.#drop(`${id}.taken`);
  }

  /** Takes away what a run left that did not live to answer, and what nobody came for. */
  clear(): void {
    for (const ending of [".taken", ".answer", ".new"]) {
      for (const name of this.#names(ending)) this.#drop(name);
    }
  }

  #asked(
    name: string,
  ): { readonly untilAt?: EpochMs; readonly body?: unknown } {
    const value = this.#read(name);
    if (typeof value !== "object" || value === null) return {};
    const { untilAt, body } = value as Readonly<Record<string, unknown>>;
    return typeof untilAt === "number" ? { untilAt, body } : {};
  }

  #names(ending: string): readonly string[] {
    try {
      return [...Deno.readDirSync(this.path)].map(({ name }) => name)
        .filter((name) => NAME.test(name) && name.endsWith(ending)).sort();
    } catch (error) {
      if (error instanceof Deno.errors.NotFound) return [];
      throw error;
    }
  }

  #write(name: string, value: unknown): void {
    const made = this.#at(`${name.replace(/\.\w+$/, "")}.new`);
    Deno.writeTextFileSync(made, JSON.stringify(value), { mode: 0o600 });
    Deno.renameSync(made, this.#at(name));
  }

  /** A file's content; `undefined` where there is none, `null` where it is not ours. */
  #read(name: string): unknown {
    const path = this.#at(name);
    try {
      if (Deno.statSync(path).size > REQUEST_BYTES_MAX) return null;
      return JSON.parse(Deno.readTextFileSync(path));
    } catch (error) {
      return error instanceof Deno.errors.NotFound ? undefined : null;
    }
  }

  #drop(name: string): void {
    isThere(() => Deno.removeSync(this.#at(name)));
  }

  #at(name: string): string {
    return `${this.path}/${name}`;
  }
}

/** Does something to a file; `false` where it is gone. */
function isThere(act: () => void): boolean {
  try {
    act();
    return true;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  }
}

/** What we name files; a name from elsewhere leads nowhere. */
const NAME = /^[\w-]{1,80}\.(?:ask|taken|answer|new)$/;
