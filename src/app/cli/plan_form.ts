/**
 * The form in which a plan is answered, and how far each form looks.
 *
 * @module
 */

import { localDate } from "../../domain/civil.ts";
import { addDays } from "../../domain/date.ts";
import type { EpochMs } from "../../domain/time.ts";
import { CallError } from "./call_error.ts";
import type { PlanArgs } from "./grammar.ts";

/** How a plan is shown. */
export type PlanForm = "text" | "json" | "ics" | "svg";

/**
 * The form that is asked for.
 *
 * @throws {CallError} if several are
 */
export function planForm(
  { json, ics, svg }: Pick<PlanArgs, "json" | "ics" | "svg">,
): PlanForm {
  const asked = [
    ...(json ? ["json" as const] : []),
    ...(ics ? ["ics" as const] : []),
    ...(svg ? ["svg" as const] : []),
  ];
  if (asked.length > 1) {
    const names = asked.map((form) => `--${form}`).join(" and ");
    throw new CallError(
      `Choose one form of the answer: ${names} do not go together`,
    );
  }
  return asked[0] ?? "text";
}

/**
 * Both ends as the call gives them, or as its form has them where it does not: a calendar goes on
 * for a year, and a picture shows the whole year of today.
 */
export function endsOf(
  { from, to }: Pick<PlanArgs, "from" | "to">,
  form: PlanForm,
  now: EpochMs,
  timezone: string,
): Pick<PlanArgs, "from" | "to"> {
  if (to !== null || form === "text" || form === "json") return { from, to };
  const today = localDate(now, timezone);
  if (form === "svg" && from === null) {
    const year = today.slice(0, 4);
    return { from: `${year}-01-01`, to: `${year}-12-31` };
  }
  const first = from === null ? today : from.slice(0, "YYYY-MM-DD".length);
  return { from, to: addDays(first, YEAR_DAYS - 1) };
}

/** @units days */
const YEAR_DAYS = 365;
