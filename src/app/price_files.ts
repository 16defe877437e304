/**
 * Reads the paper broker's price files.
 *
 * @module
 */

import type { PriceSource } from "../domain/definition.ts";
import { CarillonError } from "../domain/error.ts";
import { readFault } from "./loaded_file.ts";
import { resolveBeside } from "./source_file.ts";

/** One symbol's price files as text. */
export interface PriceFileText {
  readonly symbol: string;
  readonly bid: string;
  readonly ask: string | null;
  /** Their paths, for messages about what is in them. */
  readonly files: { readonly bid: string; readonly ask: string | null };
}

/**
 * Reads every file; paths are relative to a folder.
 *
 * @throws {CarillonError} "file/unreadable"
 */
export async function readPriceFiles(
  sources: readonly PriceSource[],
  folder: string,
): Promise<readonly PriceFileText[]> {
  return await Promise.all(sources.map(async ({ symbol, ...paths }) => {
    const files = {
      bid: resolveBeside(folder, paths.bid),
      ask: paths.ask === null ? null : resolveBeside(folder, paths.ask),
    };
    return {
      symbol,
      bid: await readPriceFile(files.bid),
      ask: files.ask === null ? null : await readPriceFile(files.ask),
      files,
    };
  }));
}

async function readPriceFile(path: string): Promise<string> {
  try {
    return await Deno.readTextFile(path);
  } catch (error) {
    const { message } = readFault(path, error);
    throw new CarillonError("file/unreadable", message, {
      cause: error,
      details: { path },
    });
  }
}
