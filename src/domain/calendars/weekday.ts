/**
 * The weekdays by name, for calendars to read well.
 *
 * @module
 */

import type { Weekday } from "../time.ts";

/** Monday. */
export const MON = 1 satisfies Weekday;
/** Tuesday. */
export const TUE = 2 satisfies Weekday;
/** Wednesday. */
export const WED = 3 satisfies Weekday;
/** Thursday. */
export const THU = 4 satisfies Weekday;
/** Friday. */
export const FRI = 5 satisfies Weekday;
/** Saturday. */
export const SAT = 6 satisfies Weekday;
/** Sunday. */
export const SUN = 7 satisfies Weekday;

/** Monday to Friday. */
export const MON_FRI: readonly Weekday[] = [MON, TUE, WED, THU, FRI];

/** Monday to Thursday. */
export const MON_THU: readonly Weekday[] = [MON, TUE, WED, THU];

/** Saturday and Sunday. */
export const WEEKEND: readonly Weekday[] = [SAT, SUN];

/** All seven. */
export const EVERY_DAY: readonly Weekday[] = [...MON_FRI, ...WEEKEND];
