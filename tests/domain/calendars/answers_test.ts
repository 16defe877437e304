import assert from "node:assert/strict";
import {
  CALENDAR_CODES,
  calendarOf,
} from "../../../src/domain/calendars/registry.ts";
import {
  type Answers,
  carillonLines,
  differences,
  recordedLines,
} from "../../support/calendar_answers.ts";
import { needsShared } from "../../support/needs.ts";

const FOLDER = "data/calendars";
const FROM = "2015-01-01";
const TO = "2026-12-31";

/** Codes whose answers are there, by the names of their files. */
const RECORDED = [
  "XNYS",
  "XLON",
];

for (const file of RECORDED) {
  Deno.test({
    ...needsShared(
      `${file} keeps every recorded day of 2015 to 2026 to the minute`,
      `${FOLDER}/${file}.json`,
    ),
    fn: () => {
      const answers = JSON.parse(
        Deno.readTextFileSync(`../shared/${FOLDER}/${file}.json`),
      ) as Answers;
      const calendar = calendarOf(answers.mic);
      assert.ok(calendar !== null, `no calendar "${answers.mic}"`);
      assert.equal(calendar.timezone, answers.tz);
      const recorded = recordedLines(answers, FROM, TO);
      assert.ok(recorded.length > 2_900, `${recorded.length} recorded days`);
      assert.deepEqual(
        differences(recorded, carillonLines(calendar, FROM, TO)),
        [],
      );
    },
  });
}

Deno.test("CALENDAR_CODES holds each code once", () => {
  assert.equal(new Set(CALENDAR_CODES).size, CALENDAR_CODES.length);
});
