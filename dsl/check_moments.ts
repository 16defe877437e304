/**
 * Whether a session's moments can come due.
 *
 * @module
 */

import type { Moment, Session } from "../src/domain/definition.ts";
import { isBlackoutEdgeName } from "../src/domain/blackout.ts";
import { isPauseEdgeName } from "../src/domain/pause.ts";
import { DAY_MS, type Weekday } from "../src/domain/time.ts";
import type { MomentSpec } from "./decode_session.ts";
import { type IssueLog, relatedTo } from "./issue_log.ts";
import type { Lowered } from "./lower_session.ts";
import { regularWindow } from "./regular_window.ts";
import type { Located } from "./shape.ts";
import {
  type ClockWindow,
  isWeekly,
  type SampleWeeks,
  weekdaysOf,
} from "./sample_weeks.ts";

/** Edges that every session has; those of its breaks have names of their own. */
const RESERVED_NAMES: readonly string[] = ["start", "end"];

/** Reports moments that share a name or lie outside of their session. */
export function checkMoments(
  { session, values }: Lowered,
  weeks: SampleWeeks,
  log: IssueLog,
): void {
  const written = values.moments?.value ?? [];
  const first = new Map<string, Located<unknown>>();
  for (const [index, moment] of session.moments.entries()) {
    const keys = written[index]?.value.keys;
    if (keys?.name === undefined || keys.at === undefined) continue;
    checkName(keys.name, first, log);
    checkPlace(session, moment, keys.at, weeks, log);
  }
}

function checkName(
  name: NonNullable<MomentSpec["keys"]["name"]>,
  first: Map<string, Located<unknown>>,
  log: IssueLog,
): void {
  if (RESERVED_NAMES.includes(name.value) || isPauseEdgeName(name.value)) {
    log.at(name.node, "moment/reserved-name", {
      expected:
        "a name other than start, end, break_start and break_end, the session's own edges",
    });
  }
  if (isBlackoutEdgeName(name.value)) {
    log.at(name.node, "moment/reserved-name", {
      expected:
        'a name that does not begin with "blackout-", as the edges of blackouts do',
    });
  }
  const known = first.get(name.value);
  if (known === undefined) {
    first.set(name.value, name);
    return;
  }
  log.at(name.node, "moment/duplicate-name", {
    expected: "a name that no other moment of the session has",
    related: relatedTo("first named here", known.node),
  });
}

function checkPlace(
  session: Session,
  moment: Moment,
  at: Located<unknown>,
  weeks: SampleWeeks,
  log: IssueLog,
): void {
  if (moment.at.kind !== "clock") return;
  const window = regularWindow(session);
  if (session.window !== null && window === null) return;
  const needsWeekday = window !== null && isWeekly(window);
  if (needsWeekday !== (moment.at.weekday !== null)) {
    log.at(at.node, "moment/weekday", {
      expected: needsWeekday
        ? "a weekday, since the session names weekdays"
        : "no weekday, since the session names none",
    });
    return;
  }
  const isInside = window === null
    ? moment.at.timeMs < DAY_MS
    : isEverInside(session, window, moment, weeks);
  if (isInside) return;
  log.at(at.node, "moment/outside-window", {
    expected: "a time from the session's start to before its end",
  });
}

/** Whether the moment lies inside of the window in any week that zones tell apart. */
function isEverInside(
  session: Session,
  window: ClockWindow,
  moment: Moment,
  weeks: SampleWeeks,
): boolean {
  const { at } = moment;
  if (at.kind !== "clock") return true;
  const day: Weekday = weekdaysOf(session.days)[0] ?? 1;
  return weeks.numbers.some((week) => {
    const stretch = weeks.stretch(window, day, week);
    return weeks.into(stretch, at, day, week) < stretch.to - stretch.from;
  });
}
