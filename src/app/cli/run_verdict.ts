/**
 * What a run comes to in one number.
 *
 * @module
 */

import type { Notice } from "../../domain/notice.ts";
import { isGood } from "../../domain/settle.ts";
import { EXIT, type ExitCode } from "./console.ts";

/** Whether everything that was due came true. */
export class Verdict {
  #failed = false;
  readonly #notReady = new Set<string>();

  /** Takes in what is told. */
  hear(notice: Notice): void {
    if (notice.type === "account.not_ready") {
      this.#notReady.add(notice.account);
    } else if (notice.type === "account.ready") {
      this.#notReady.delete(notice.account);
    }
    if (notice.type === "edge.settled" && !isGood(notice.outcome)) {
      this.#failed = true;
    }
    // A close that waits for its market has no end yet. A user who stops knows; an end by plan does not.
    const isCutOff = notice.type === "run.stopped" &&
      notice.reason !== "user" &&
      notice.notRun.some(({ dueAt }) => dueAt < notice.at);
    if (isCutOff) this.#failed = true;
  }

  /** How the program ends; `stops` counts how often the user asked for the end. */
  exitCode(stops: number): ExitCode {
    if (this.#failed || this.#notReady.size > 0) return EXIT.failed;
    return stops > 0 ? EXIT.stopped : EXIT.done;
  }
}
