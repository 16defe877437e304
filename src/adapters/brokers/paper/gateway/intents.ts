/**
 * What clients of a gateway can want to hear.
 *
 * @module
 */

/** Which kind of news a client wants to hear; the numbers add up. */
export const INTENT = {
  orders: 1,
  fills: 2,
  positions: 4,
  quotes: 8,
} as const;

/** Everything there is to hear. */
export const INTENTS_ALL = 15;
