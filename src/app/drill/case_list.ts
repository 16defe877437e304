/**
 * Every case of the drill, in the order in which they are played.
 *
 * @module
 */

import { BROKER_CASES } from "./broker_cases.ts";
import { CRASH_CASES } from "./crash_cases.ts";
import { type DrillCase, playEach } from "./drill_case.ts";
import { MACHINE_CASES } from "./machine_cases.ts";
import { peaceful } from "./play_plan.ts";

/** Every case; the first shows what the day is like when nothing goes wrong. */
export const DRILL_CASES: readonly DrillCase[] = [
  {
    name: "no_fault",
    title: "nothing goes wrong",
    does: "The day as it is.",
    plan: ({ day }) => playEach([day], peaceful),
  },
  ...CRASH_CASES,
  ...BROKER_CASES,
  ...MACHINE_CASES,
];
