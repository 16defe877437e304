/**
 * A sign of life of a run that is able to work.
 *
 * @module
 */

import type { Notice } from "../../domain/notice.ts";
import type { DurationMs } from "../../domain/time.ts";
import type { Pulse } from "../../runtime/drive.ts";

/** A pulse, and what keeps it back. */
export interface RunPulse {
  readonly pulse: Pulse;
  /** Hears what the run tells. */
  readonly hear: (notice: Notice) => void;
}

/** Beats as long as the run can record what it does: without a record it closes, and begins nothing. */
export function runPulse(
  heartbeat: { beat(): void },
  everyMs: DurationMs,
): RunPulse {
  let isRecording = true;
  return {
    pulse: {
      everyMs,
      beat: () => {
        if (isRecording) heartbeat.beat();
      },
    },
    hear: ({ type }) => {
      if (type === "journal.unwritable") isRecording = false;
      if (type === "journal.restored") isRecording = true;
    },
  };
}
