/**
 * An account that a run goes on without, in sentences a trader understands.
 *
 * @module
 */

import type { AccountNotReady } from "../../domain/notice.ts";
import { shortClockText, toSecond } from "./format_time.ts";
import type { Voice } from "./voice.ts";

/** What stands against the account, and what that means for its edges. */
export function sayNotReady(
  { account, message, nextAt }: AccountNotReady,
  { paint, here }: Voice,
): readonly string[] {
  const then = nextAt === null
    ? "It is not tried again: nothing of it is closed by this run. Look at the broker, put right what stands against it, and start again."
    : `Trying again until it opens, next at ${
      shortClockText(toSecond(nextAt), here)
    }. The other accounts go on; what is due in ${account} fails until then.`;
  return [
    paint.bad(`NOT OPEN ${account}: ${message}.`),
    `  ${then}`,
  ];
}
