/**
 * How far a drill has come: one line that is redrawn on a terminal, a line for each case elsewhere.
 *
 * @module
 */

import type { CaseResult } from "../drill/case_result.ts";
import type { DrillProgress } from "../drill/run_drill.ts";
import type { Console } from "./console.ts";
import { playsText } from "./drill_text.ts";
import { cutTo } from "./table.ts";

/** Where progress is shown. */
export interface ShownProgress {
  readonly step: (progress: DrillProgress) => void;
  readonly end: (result: CaseResult) => void;
  /** Takes the last line away. */
  readonly clear: () => void;
}

/** The line is redrawn after so many days, which is often enough for an eye. @units a count */
const REDRAWN_EACH = 4;

/** Shows nothing to programs, and leaves nothing behind on a terminal. */
export function showProgress(
  console: Console,
  cases: number,
  isForProgram: boolean,
): ShownProgress {
  if (isForProgram) return { step() {}, end() {}, clear() {} };
  if (!console.isTerminal) {
    return {
      step() {},
      end: ({ name, verdict, plays, of }) =>
        console.warn(
          verdict === "not_applicable"
            ? `${name}: not applicable`
            : `${name}: ${verdict}, ${playsText(plays, of)}`,
        ),
      clear() {},
    };
  }
  return {
    step: ({ drilled, index, played, plays }) => {
      if (played % REDRAWN_EACH !== 0) return;
      const text = `${index} of ${cases}  ${drilled.title}  ${played + 1} of ${
        playsText(plays, plays)
      }`;
      console.draw(`\r\x1b[2K${cutTo(text, console.columns() - 1)}`);
    },
    end() {},
    clear: () => console.draw("\r\x1b[2K"),
  };
}
