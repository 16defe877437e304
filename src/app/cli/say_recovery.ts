/**
 * What a run says that goes on from its journal, or waits for its market.
 *
 * @module
 */

import type {
  CloseDeferred,
  EdgeResumed,
  RunRecovered,
} from "../../domain/notice.ts";
import { durationText, instantText, toSecond } from "./format_time.ts";
import type { Voice } from "./voice.ts";

/** What a run takes over from an earlier one; none where there is nothing. */
export function sayRecovered(
  { edited, asked, resumed, caughtUp, missed }: RunRecovered,
  { paint }: Voice,
): readonly string[] {
  const parts = [
    resumed > 0 ? `${edges(resumed)} taken up again` : "",
    caughtUp > 0 ? `${edges(caughtUp)} caught up` : "",
    missed > 0 ? paint.bad(`${edges(missed)} missed`) : "",
    asked > 0
      ? `asking the broker what became of ${asked} ${
        asked === 1 ? "order" : "orders"
      }`
      : "",
    edited ? "the file was edited" : "",
  ].filter((part) => part !== "");
  return parts.length === 0
    ? []
    : [`${paint.bold("Going on from the journal:")} ${parts.join(", ")}.`];
}

function edges(count: number): string {
  return count === 1 ? "1 edge" : `${count} edges`;
}

/** An edge that a crash cut off goes on. */
export function sayResumed(notice: EdgeResumed, voice: Voice): string {
  const { paint } = voice;
  const actions = notice.actions.join(", ");
  const late = `due ${durationText(notice.lateMs)} ago`;
  return `${paint.bold(notice.edge)}  ${
    paint.caution("CUT OFF by a crash, taken up again")
  }: ${actions === "" ? "nothing to close" : actions} (${late})`;
}

/** A close waits for its market. */
export function sayDeferred(notice: CloseDeferred, voice: Voice): string {
  const { paint } = voice;
  return `${paint.bold(notice.edge)}  ${
    paint.caution("MARKET CLOSED")
  }: still open ${
    notice.stillOpen.map(({ symbol, side, qty }) =>
      `${symbol} ${side === "long" ? "+" : "-"}${qty}`
    ).join(", ")
  }; goes on ${
    instantText(toSecond(notice.untilAt), voice.zoneOf(notice.edge), voice.here)
  }.`;
}
