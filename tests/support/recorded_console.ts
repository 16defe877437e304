/**
 * A console that remembers what was said to it.
 *
 * @module
 */

import type { Console } from "../../src/app/cli/console.ts";

/** The console and what it heard. */
export interface RecordedConsole {
  readonly console: Console;
  readonly out: () => string;
  readonly err: () => string;
}

/** A console without a terminal; coloured if asked for. */
export function recordedConsole(color = false): RecordedConsole {
  let out = "";
  let err = "";
  return {
    console: {
      print: (line) => void (out += `${line}\n`),
      warn: (line) => void (err += `${line}\n`),
      draw: (text) => void (out += text),
      isTerminal: color,
      color,
      columns: () => 80,
    },
    out: () => out,
    err: () => err,
  };
}
