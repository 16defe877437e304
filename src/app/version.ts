/**
 * Which version of carillon this is.
 *
 * @module
 */

/** The version as `deno.json` has it; a test says when the two differ. */
export const VERSION = "0.1.0";
