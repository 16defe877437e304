/**
 * The terminal, as far as commands may know it.
 *
 * @module
 */

/** Where a command writes, and how it may look. */
export interface Console {
  /** Writes a line of the answer. */
  readonly print: (line: string) => void;
  /** Writes a line about the answer: problems, progress. */
  readonly warn: (line: string) => void;
  /** Writes text as it is, for pictures that are redrawn. */
  readonly draw: (text: string) => void;
  /** Whether people watch: standard output is a terminal. */
  readonly isTerminal: boolean;
  /** Whether colours are wanted. */
  readonly color: boolean;
  /** How wide the terminal is. @units characters */
  readonly columns: () => number;
}

/** How a command ends. */
export const EXIT = {
  /** Everything that was due came true. */
  done: 0,
  /** Something that was due did not come true, or the world did not cooperate. */
  failed: 1,
  /** The file or the call is wrong; nothing was started. */
  wrong: 2,
  /** Stopped by the user. */
  stopped: 130,
} as const;

/** One of the exit codes. */
export type ExitCode = typeof EXIT[keyof typeof EXIT];

/** The real terminal. */
export function systemConsole(): Console {
  const encoder = new TextEncoder();
  const write = (
    to: { writeSync(bytes: Uint8Array): number },
    text: string,
  ) => {
    let bytes = encoder.encode(text);
    while (bytes.length > 0) bytes = bytes.subarray(to.writeSync(bytes));
  };
  const isTerminal = Deno.stdout.isTerminal();
  return {
    print: (line) => write(Deno.stdout, `${line}\n`),
    warn: (line) => write(Deno.stderr, `${line}\n`),
    draw: (text) => write(Deno.stdout, text),
    isTerminal,
    // Deno reads NO_COLOR itself and needs no permission to tell.
    color: isTerminal && !Deno.noColor,
    columns: () => isTerminal ? Deno.consoleSize().columns : 80,
  };
}
