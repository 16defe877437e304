/**
 * Ctrl-C: once to finish, twice to leave.
 *
 * @module
 */

/** The user's wish to stop, as long as it is listened for. */
export interface StopSignals extends Disposable {
  /** How often the user has asked. */
  readonly count: number;
}

/** Calls `finish` at the first signal and `leave` at every further one. */
export function listenForStop(
  finish: () => void,
  leave: () => void,
): StopSignals {
  let count = 0;
  const hear = () => {
    count++;
    if (count === 1) finish();
    else leave();
  };
  const signals = stopSignals();
  for (const signal of signals) Deno.addSignalListener(signal, hear);
  return {
    get count() {
      return count;
    },
    [Symbol.dispose]() {
      for (const signal of signals) Deno.removeSignalListener(signal, hear);
    },
  };
}

function stopSignals(): readonly Deno.Signal[] {
  return Deno.build.os === "windows"
    ? ["SIGINT", "SIGBREAK"]
    : ["SIGINT", "SIGTERM", "SIGHUP"];
}
