/**
 * A call that is wrong.
 *
 * @module
 */

/** The user's command line asks for something that cannot be: told as a sentence, exit code 2. */
export class CallError extends Error {
  override readonly name = "CallError";
}
