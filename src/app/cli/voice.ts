/**
 * Who speaks, and to whom.
 *
 * @module
 */

import type { Paint } from "./paint.ts";

/** Who speaks, and to whom. */
export interface Voice {
  readonly paint: Paint;
  /** The reader's own zone. */
  readonly here: string;
  /** The zone of an edge's session. */
  readonly zoneOf: (edge: string) => string;
  /** The kind of an account's broker. */
  readonly kindOf: (account: string) => string;
  /** How many accounts there are: with one, its name goes without saying. */
  readonly accounts: number;
  /** The command that closes by hand. */
  readonly flattenHint: string;
}
