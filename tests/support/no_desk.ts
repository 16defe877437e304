/**
 * A desk for hooks that ask for nothing.
 *
 * @module
 */

import type { HookDesk } from "../../src/runtime/hook_desk.ts";

function refuse(): Promise<never> {
  return Promise.reject(new Error("nothing was to be asked for"));
}

/** Says no to everything. */
export const NO_DESK: HookDesk = {
  session: null,
  account: refuse,
  now: () => 0,
  entries: () => null,
  look: refuse,
  quote: refuse,
  bars: refuse,
  order: refuse,
  close: refuse,
};
