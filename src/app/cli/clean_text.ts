/**
 * Text of strangers as it may be shown.
 *
 * @module
 */

/** Text of somebody else's without what would move the cursor, or hide something. */
export function clean(text: string): string {
  return text.replaceAll(/[\p{Cc}\p{Cf}\u2028\u2029]/gu, " ");
}
