/**
 * What the process may not do, told with the flag that helps.
 *
 * @module
 */

import { CarillonError } from "../domain/error.ts";

/**
 * Makes sure that hosts may be reached; on a terminal Deno asks, as it would at the first request.
 *
 * @throws {CarillonError} "permission/missing", with all of them in the flag
 */
export function requireHosts(hosts: readonly string[]): void {
  const needed = [...new Set(hosts)].sort();
  const missing = needed.filter((host) => !mayReach(host));
  if (missing.length === 0) return;
  const names = missing.map((host) => `"${host}"`).join(", ");
  throw new CarillonError(
    "permission/missing",
    `Cannot reach ${names}: run with --allow-net=${needed.join(",")}`,
    { details: { net: needed } },
  );
}

function mayReach(host: string): boolean {
  const permission = { name: "net", host } as const;
  return Deno.permissions.querySync(permission).state === "granted" ||
    Deno.permissions.requestSync(permission).state === "granted";
}

/** The permission that an error is about, wherever in its causes; `null` where it is about none. */
export function permissionFault(error: unknown): CarillonError | null {
  for (let at = error; at instanceof Error; at = at.cause) {
    if (at instanceof Deno.errors.NotCapable) return faultOf(at);
  }
  return null;
}

/** The platform says what is missing in words only; words we do not know are passed on. */
function faultOf(error: Deno.errors.NotCapable): CarillonError {
  const [, kind, what] = /^Requires (\w+) access to "([^"]*)"/
    .exec(error.message) ?? [];
  const [, all] = /the --(allow-\w+) flag/.exec(error.message) ?? [];
  // Port 0 means any, and a flag cannot say so but by naming none.
  const value = kind === "net" ? what?.replace(/:0$/, "") : what;
  const advice = kind !== undefined && value !== undefined
    ? `run with --allow-${kind}=${value}`
    : all !== undefined
    ? `run with --${all}`
    : error.message;
  return new CarillonError(
    "permission/missing",
    `Cannot go on without a permission: ${advice}`,
    { cause: error },
  );
}
