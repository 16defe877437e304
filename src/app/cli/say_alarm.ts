/**
 * What did not get through to somebody else, in sentences.
 *
 * @module
 */

import type { AlarmReport } from "../notify/alarm_report.ts";

/** A report as one line. */
export function sayAlarm(report: AlarmReport): string {
  if (report.type === "heartbeat.changed") {
    return report.state === "restored"
      ? "heartbeat: signs of life arrive again."
      : `heartbeat: a sign of life did not arrive: ${report.message}.`;
  }
  const { webhook, form, event, reason, attempts, message } = report;
  const times = attempts === 1 ? "once" : `${attempts} times`;
  const tried = attempts === 0 ? "not sent" : `sent ${times}`;
  return `notify ${webhook} (${form}): ${event} NOT DELIVERED, ${tried}: ${message}${
    ENDS[reason]
  }.`;
}

const ENDS = {
  refused: "; it would say so again",
  gave_up: "; given up",
  dropped: "",
  stopped: "; the run is over",
} as const;
