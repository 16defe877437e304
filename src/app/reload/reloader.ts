/**
 * Reads an edited file and has it carried out, or says why the one before goes on.
 *
 * @module
 */

import { CarillonError } from "../../domain/error.ts";
import { digestOf } from "../../domain/id.ts";
import { restartNeeds } from "../../domain/reload.ts";
import type { Clock } from "../../runtime/ports.ts";
import type { Runtime } from "../../runtime/runtime.ts";
import type { LoadedFile, LoadFailure } from "../loaded_file.ts";
import type { StagedHooks } from "../hooks/file_hooks.ts";
import { hookText } from "../hooks/planned_hook.ts";
import { type KeptFile, whyBroken, whyRestart } from "./kept_file.ts";

/** What a reloader works with. */
export interface ReloaderParts {
  /** What runs. */
  readonly file: LoadedFile;
  readonly runtime: Pick<Runtime, "reload">;
  readonly clock: Pick<Clock, "now">;
  /** Reads the file anew; a refusal of what is not carried out yet is a failure, too. */
  readonly load: () => Promise<LoadedFile | LoadFailure>;
  /** Makes the hooks of an edited file ready. */
  readonly stageHooks: (edited: LoadedFile) => Promise<StagedHooks>;
  /** Hears why an edited file is not carried out. */
  readonly onKept: (kept: KeptFile) => void;
  /** Hears of a file that is carried out now. */
  readonly onTaken: (file: LoadedFile) => void;
}

/** Takes edited files in, one after the other. */
export class Reloader {
  readonly #parts: ReloaderParts;
  #file: LoadedFile;
  #files: readonly string[];
  #last: Promise<void> = Promise.resolve();

  /** A reloader of a file that has just been loaded. */
  constructor(parts: ReloaderParts) {
    this.#parts = parts;
    this.#file = parts.file;
    this.#files = parts.file.files;
  }

  /** The file that is carried out. */
  get file(): LoadedFile {
    return this.#file;
  }

  /** Every file that was read for it, or for an edit that was not taken. */
  get files(): readonly string[] {
    return this.#files;
  }

  /**
   * Reads the file again; one that is asked for meanwhile is read after that.
   *
   * Whoever only looks whether it was edited wants no word of one that was not.
   */
  reload(isAsked = true): Promise<void> {
    this.#last = this.#last.then(() => this.#take(isAsked)).catch((error) => {
      // Whatever is wrong with an edit, what runs goes on.
      const why = error instanceof Error ? error.message : String(error);
      this.#keep("broken", `The edited file cannot be read: ${why}`);
    });
    return this.#last;
  }

  async #take(isAsked: boolean): Promise<void> {
    const loaded = await this.#parts.load();
    if ("problems" in loaded) {
      return this.#keep("broken", whyBroken(loaded), loaded);
    }
    // What a file that is not taken names may be mended where it lies.
    this.#files = [...new Set([...this.#file.files, ...loaded.files])];
    const needs = restartNeeds(this.#file.definition, loaded.definition);
    if (needs.length > 0) {
      return this.#keep("restart_needed", whyRestart(needs));
    }
    const isSameFile = isSame(this.#file, loaded);
    if (isSameFile && hasSameHooks(this.#file, loaded)) {
      if (!isAsked) return;
      return this.#keep("unchanged", "The file says what it said before");
    }
    try {
      const staged = await this.#parts.stageHooks(loaded);
      try {
        // Of an edited module only the code is another.
        if (!isSameFile) await this.#parts.runtime.reload(loaded.definition);
      } catch (error) {
        await staged.discard();
        throw error;
      }
      staged.commit();
    } catch (error) {
      if (!(error instanceof CarillonError)) throw error;
      return this.#keep("not_taken", error.message);
    }
    this.#file = loaded;
    this.#files = loaded.files;
    this.#parts.onTaken(loaded);
  }

  #keep(
    reason: KeptFile["reason"],
    message: string,
    failure: LoadFailure | null = null,
  ): void {
    const { clock, onKept } = this.#parts;
    const { name: file } = this.#file;
    onKept({ at: clock.now(), file, reason, message, failure });
  }
}

function isSame(a: LoadedFile, b: LoadedFile): boolean {
  return digestOf(a.definition) === digestOf(b.definition);
}

function hasSameHooks(a: LoadedFile, b: LoadedFile): boolean {
  const textOf = ({ hooks = [] }: LoadedFile) => hooks.map(hookText).join();
  return textOf(a) === textOf(b);
}
