/**
 * Says in plain sentences what a market's calendar does to a session.
 *
 * @module
 */

import { dateOf } from "./date.ts";
import type { EpochDay } from "./date.ts";
import { clockText, shownIn } from "./hazard.ts";
import { marketDayOn } from "./market.ts";
import type { Market, MarketAnswer, MarketDay, Remark } from "./market.ts";
import type { Hazard, Pause } from "./occurrence.ts";
import { DAY_MS } from "./time.ts";
import { placedAt } from "./window.ts";
import type { PlacedTime, PlacedWindow } from "./window.ts";

/** A closed day's answer. */
type Closed = Extract<MarketAnswer, { kind: "closed" }>;

/** What is out of the ordinary about a market's day. */
export function dayHazards({ remarks }: MarketDay): readonly Hazard[] {
  return remarks.map(hazardOf);
}

function hazardOf({ calendar, what, day }: Remark): Hazard {
  const { code, timezone } = calendar;
  const { date } = day;
  const clock = (at: number) =>
    `${clockText(wallMsOf(at, timezone))} ${timezone}`;
  switch (what) {
    case "early_close":
      return {
        code: "half-day",
        message: `${code} closes early on ${date}, at ${clock(day.closeAt)}`,
      };
    case "late_open":
      return {
        code: "late-open",
        message: `${code} opens late on ${date}, at ${clock(day.openAt)}`,
      };
    case "special":
      return {
        code: "special-session",
        message: `${code} trades in hours of their own on ${date}, from ${
          clock(day.openAt)
        } to ${clock(day.closeAt)}`,
      };
    case "overridden":
      return {
        code: "override",
        message:
          `the file's own calendar "${code}" says the hours of ${date}, from ${
            clock(day.openAt)
          } to ${clock(day.closeAt)}`,
      };
  }
}

/** Time of day in a zone. @units milliseconds since local midnight */
function wallMsOf(at: number, timezone: string): number {
  const { wallMs } = placedAt(at, timezone);
  return wallMs - Math.floor(wallMs / DAY_MS) * DAY_MS;
}

/** The holidays that a window of several days meets. */
export function restHazards(
  market: Market,
  { start, end }: PlacedWindow,
): readonly Hazard[] {
  const hazards: Hazard[] = [];
  const lastDay = dayIn(market, end.at - 1);
  for (let day = dayIn(market, start.at); day <= lastDay; day++) {
    const answer = marketDayOn(market, day);
    if (answer.kind === "open" || answer.name === null) continue;
    const message = closedMessage(answer, day);
    hazards.push({ code: "holiday", message });
  }
  return hazards;
}

function dayIn({ timezone }: Market, at: number): EpochDay {
  return Math.floor(placedAt(at, timezone).wallMs / DAY_MS);
}

/** Why a market does not trade on a date. */
export function closedMessage({ by, name }: Closed, day: EpochDay): string {
  const date = dateOf(day);
  if (by === null) {
    return `The calendars have no hours in common on ${date}`;
  }
  return name === null
    ? `${by.code} does not trade on ${date}`
    : `${by.code} is closed on ${date}: ${name}`;
}

/** Whether one of a market's calendars closes early on a date. */
export function isHalfDay({ remarks }: MarketDay): boolean {
  return remarks.some(({ what }) => what === "early_close");
}

/** Why a half day is left out. */
export function halfDayMessage(half: MarketDay): string {
  const hazard = dayHazards(half).find(({ code }) => code === "half-day");
  return `${hazard?.message ?? dateOf(half.day)}, and half_days is skip`;
}

/** Why an offset from the open or the close leaves nothing of a day. */
export function pastDayMessage(
  { start, end }: PlacedWindow,
  day: EpochDay,
): string {
  return `The market's day of ${dateOf(day)} is too short: it would open at ${
    shownIn(start)
  } and close at ${shownIn(end)}`;
}

/** Why the market's hours leave nothing of a window. */
export function outsideHoursMessage(
  { start, end }: PlacedWindow,
  market: Market,
  day: EpochDay,
): string {
  const codes = market.calendars.map(({ code }) => code).join(" and ");
  return `${codes} is not open at any time from ${shownIn(start)} to ${
    shownIn(end)
  }, so ${dateOf(day)} has no window`;
}

/** A moment whose own market is closed. */
export function momentClosedHazard(
  name: string,
  closed: Closed,
  day: EpochDay,
): Hazard {
  const why = closedMessage(closed, day);
  return {
    code: closed.name === null ? "moment-outside" : "holiday",
    message: `${name}: ${why}, it does not run`,
  };
}

/** A moment that the market's hours do not hold. */
export function momentOutsideHazard(
  name: string,
  placed: PlacedTime,
  window: PlacedWindow,
): Hazard {
  return {
    code: "moment-outside",
    message: `${name}: ${shownIn(placed)} lies outside the hours from ${
      shownIn(window.start)
    } to ${shownIn(window.end)}, it does not run`,
  };
}

/** A moment that a session split at its market's breaks does not hold. */
export function momentPausedHazard(
  name: string,
  placed: PlacedTime,
  { fromAt, toAt }: Pause,
): Hazard {
  const { timezone } = placed.time;
  return {
    code: "moment-outside",
    message: `${name}: ${shownIn(placed)} lies in the break from ${
      shownIn(placedAt(fromAt, timezone))
    } to ${shownIn(placedAt(toAt, timezone))}, it does not run`,
  };
}
