/**
 * Instants and durations as the core counts them.
 *
 * @module
 */

/**
 * A moment on the world's time line.
 *
 * @units milliseconds since 1970-01-01T00:00:00Z
 */
export type EpochMs = number;

/**
 * A length of time.
 *
 * @units milliseconds
 */
export type DurationMs = number;

/** Monday is 1 and Sunday is 7, as in ISO 8601 and Temporal. */
export type Weekday = 1 | 2 | 3 | 4 | 5 | 6 | 7;

/**
 * One second.
 *
 * @units milliseconds
 */
export const SECOND_MS: DurationMs = 1_000;

/**
 * One minute.
 *
 * @units milliseconds
 */
export const MINUTE_MS: DurationMs = 60 * SECOND_MS;

/**
 * One hour.
 *
 * @units milliseconds
 */
export const HOUR_MS: DurationMs = 60 * MINUTE_MS;

/**
 * The civil day of 24 hours; a day on which the clock changes is longer or shorter.
 *
 * @units milliseconds
 */
export const DAY_MS: DurationMs = 24 * HOUR_MS;
