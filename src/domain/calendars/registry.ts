/**
 * The calendars there are, by their codes.
 *
 * @module
 */

import type { Calendar } from "./calendar.ts";
import {
  AROUND_THE_CLOCK,
  WEEKDAYS_AROUND_THE_CLOCK,
} from "./around_the_clock.ts";
import { BVMF } from "./bvmf.ts";
import { CME_EQUITY } from "./cme_equity.ts";
import { CMES } from "./cmes.ts";
import { FX } from "./fx.ts";
import { XAMS } from "./xams.ts";
import { XASX } from "./xasx.ts";
import { XBOM, XNSE } from "./xbom.ts";
import { XBRU } from "./xbru.ts";
import { XCSE } from "./xcse.ts";
import { XDUB } from "./xdub.ts";
import { XETR, XFRA } from "./xetr.ts";
import { XHEL } from "./xhel.ts";
import { XHKG } from "./xhkg.ts";
import { XJSE } from "./xjse.ts";
import { XKRX } from "./xkrx.ts";
import { XLIS } from "./xlis.ts";
import { XLON } from "./xlon.ts";
import { XMAD } from "./xmad.ts";
import { XMIL } from "./xmil.ts";
import { XNAS, XNYS } from "./xnys.ts";
import { XNZE } from "./xnze.ts";
import { XOSL } from "./xosl.ts";
import { XPAR } from "./xpar.ts";
import { XSES } from "./xses.ts";
import { XSHE, XSHG } from "./xshg.ts";
import { XSTO } from "./xsto.ts";
import { XSWX } from "./xswx.ts";
import { XTKS } from "./xtks.ts";
import { XTSE } from "./xtse.ts";
import { XWBO } from "./xwbo.ts";

const CALENDARS: readonly Calendar[] = [
  XNYS,
  XNAS,
  XLON,
  XETR,
  XFRA,
  XPAR,
  XAMS,
  XBRU,
  XLIS,
  XDUB,
  XMIL,
  XMAD,
  XSWX,
  XWBO,
  XSTO,
  XCSE,
  XHEL,
  XOSL,
  XJSE,
  XTSE,
  BVMF,
  XTKS,
  XHKG,
  XSHG,
  XSHE,
  XSES,
  XKRX,
  XASX,
  XNZE,
  XBOM,
  XNSE,
  CMES,
  CME_EQUITY,
  FX,
  WEEKDAYS_AROUND_THE_CLOCK,
  AROUND_THE_CLOCK,
];

const BY_CODE: ReadonlyMap<string, Calendar> = new Map(
  CALENDARS.map((calendar) => [calendar.code, calendar]),
);

/** The codes of all calendars, in the order of the list. */
export const CALENDAR_CODES: readonly string[] = [...BY_CODE.keys()];

/**
 * The calendar of a code; `null` where there is none.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * assert.equal(calendarOf("XLON")?.timezone, "Europe/London");
 * assert.equal(calendarOf("XXXX"), null);
 * ```
 */
export function calendarOf(code: string): Calendar | null {
  return BY_CODE.get(code) ?? null;
}
