/**
 * Ctrl-C: once to finish, twice to leave.
 *
 * @module
 */

/** The user's wish to stop, as long as it is listened for. */
export interface StopSignals extends Disposable {
  /** How often the user has asked. */
  readonly count: number;
  /** Asks in the user's place. */
  readonly ask: () => void;
}

/**
 * Calls `finish` at the first signal and `leave` at every further one.
 *
 * A hang-up is such a signal, unless it means something else to the command.
 */
export function listenForStop(
  finish: () => void,
  leave: () => void,
  { hangUp = true }: { readonly hangUp?: boolean } = {},
): StopSignals {
  let count = 0;
  const hear = () => {
    count++;
    if (count === 1) finish();
    else leave();
  };
  const signals = stopSignals(hangUp);
  for (const signal of signals) Deno.addSignalListener(signal, hear);
  return {
    get count() {
      return count;
    },
    ask: hear,
    [Symbol.dispose]() {
      for (const signal of signals) Deno.removeSignalListener(signal, hear);
    },
  };
}

function stopSignals(hangUp: boolean): readonly Deno.Signal[] {
  if (Deno.build.os === "windows") return ["SIGINT", "SIGBREAK"];
  return hangUp ? ["SIGINT", "SIGTERM", "SIGHUP"] : ["SIGINT", "SIGTERM"];
}
