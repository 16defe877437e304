/**
 * Targets that a book showed and that never were.
 *
 * @module
 */

import type { Closing, Target } from "./closing.ts";
import type { Snapshot } from "./position.ts";

/**
 * A close as the broker's lists have it: targets that they show are theirs from now on, and those
 * that only a book showed and for which no order of ours did anything were none, and do not count as
 * closed.
 */
export function withoutGhosts(
  closing: Closing,
  { positions }: Snapshot,
): Closing {
  const { targets } = closing;
  if (targets === null || targets.every(({ byBook }) => !byBook)) {
    return closing;
  }
  const listed = new Set(positions.map(({ id }) => id));
  return {
    ...closing,
    targets: targets.flatMap((target): readonly Target[] => {
      const { byBook, ...known } = target;
      if (listed.has(target.line.id)) return [known];
      const isGhost = byBook === true &&
        (target.attempts === 0 || target.trouble !== null);
      return isGhost ? [] : [target];
    }),
  };
}
