/**
 * Reads the paper broker's price files.
 *
 * @module
 */

import type { PriceSource } from "../domain/definition.ts";
import { CarillonError } from "../domain/error.ts";
import { resolveBeside } from "./source_file.ts";

/** One symbol's price files as text. */
export interface PriceFileText {
  readonly symbol: string;
  readonly bid: string;
  readonly ask: string | null;
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
  const read = (path: string) => readPriceFile(resolveBeside(folder, path));
  return await Promise.all(sources.map(async ({ symbol, bid, ask }) => ({
    symbol,
    bid: await read(bid),
    ask: ask === null ? null : await read(ask),
  })));
}

async function readPriceFile(path: string): Promise<string> {
  try {
    return await Deno.readTextFile(path);
  } catch (error) {
    const why = error instanceof Deno.errors.NotCapable
      ? `run with --allow-read=${path}`
      : error instanceof Error
      ? error.message
      : String(error);
    throw new CarillonError(
      "file/unreadable",
      `Cannot read prices from "${path}": ${why}`,
      { cause: error, details: { path } },
    );
  }
}
