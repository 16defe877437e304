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
  /** Hears of every change of the terminal's size, where there is one; the answer ends it. */
  readonly onResize?: (listener: () => void) => () => void;
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
  const out = textWriter(Deno.stdout);
  const err = textWriter(Deno.stderr);
  const isTerminal = Deno.stdout.isTerminal();
  return {
    print: (line) => out(`${line}\n`),
    warn: (line) => err(`${line}\n`),
    draw: out,
    isTerminal,
    // Deno reads NO_COLOR itself and needs no permission to tell.
    color: isTerminal && !Deno.noColor,
    columns: () => isTerminal ? terminalColumns() : COLUMNS,
    ...(isTerminal && Deno.build.os !== "windows" ? { onResize } : {}),
  };
}

/** How wide text is where there is no terminal, or none any more. @units characters */
const COLUMNS = 80;

function terminalColumns(): number {
  try {
    return Deno.consoleSize().columns;
  } catch {
    // It was closed: whoever draws on it must not end the run by that.
    return COLUMNS;
  }
}

function onResize(listener: () => void): () => void {
  Deno.addSignalListener("SIGWINCH", listener);
  return () => Deno.removeSignalListener("SIGWINCH", listener);
}

/**
 * Writes until nobody reads any more.
 *
 * A reader that has gone, as in `| head`, or a terminal that was closed must not end a run that holds
 * positions.
 */
function textWriter(
  to: { writeSync(bytes: Uint8Array): number },
): (text: string) => void {
  const encoder = new TextEncoder();
  let isRead = true;
  return (text) => {
    if (!isRead) return;
    try {
      let bytes = encoder.encode(text);
      while (bytes.length > 0) bytes = bytes.subarray(to.writeSync(bytes));
    } catch (error) {
      if (!isGone(error)) throw error;
      isRead = false;
    }
  };
}

/** A pipe that nobody reads, or a terminal that was closed. */
function isGone(error: unknown): boolean {
  return error instanceof Deno.errors.BrokenPipe ||
    error instanceof Error && "code" in error && error.code === "EIO";
}
