/**
 * SIGHUP: read the file again; or the terminal has gone, which ends the run.
 *
 * @module
 */

/** What a hang-up may mean. */
export interface HangUp {
  /** Somebody asks for the file to be read again. */
  readonly reload: () => void;
  /** The terminal that the run was started from is gone. */
  readonly stop: () => void;
}

/** Listens for SIGHUP, where there is such a signal. */
export function listenForHangUp({ reload, stop }: HangUp): Disposable {
  if (Deno.build.os === "windows") return { [Symbol.dispose]: () => {} };
  const before = terminals();
  const hear = () => {
    // The system sends the same signal when a terminal closes; that one is no terminal any more.
    if (terminals() < before) stop();
    else reload();
  };
  Deno.addSignalListener("SIGHUP", hear);
  return {
    [Symbol.dispose]: () => Deno.removeSignalListener("SIGHUP", hear),
  };
}

function terminals(): number {
  return [Deno.stdin, Deno.stdout, Deno.stderr]
    .filter((stream) => stream.isTerminal()).length;
}
