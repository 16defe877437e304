/**
 * `--json`, which everything that reports has.
 *
 * @module
 */

import { message } from "@optique/core/message";
import type { Parser } from "@optique/core/parser";
import { option } from "@optique/core/primitives";

/** Whether the answer is for programs. */
export const json: Parser<"sync", boolean, unknown> = option("--json", {
  description: message`Answers in JSON, for programs.`,
});
