import assert from "node:assert/strict";
import { FX } from "../../../src/domain/calendars/fx.ts";
import { tradingDaysBetween } from "../../../src/domain/calendars/trading_day.ts";
import { addDays } from "../../../src/domain/date.ts";
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
import { readText, ROOT } from "../../../tools/project_files.ts";

const FOLDER = "data/calendars";
const FROM = "2015-01-01";
const TO = "2026-12-31";

/** Codes whose answers are there, by the names of their files. */
const RECORDED = [
  "XNYS",
  "XLON",
  "XETR",
  "XTSE",
  "XJSE",
  "BVMF",
  "XTKS",
  "XHKG",
  "XSHG",
  "XSES",
  "XKRX",
  "XBOM",
  "CMES",
  "24-5",
  "24-7",
];

for (const file of RECORDED) {
  Deno.test({
    ...needsShared(
      `${file} keeps every recorded day of 2015 to 2026 to the minute`,
      `${FOLDER}/${file}.json`,
    ),
    fn: () => {
      const answers = JSON.parse(
        readText(`../shared/${FOLDER}/${file}.json`),
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

interface RecordedWeeks {
  /** Sunday's date, opening and close. */
  readonly sessions: readonly (readonly [string, string, string])[];
}

Deno.test({
  ...needsShared(
    "FX trades without a gap through every recorded week of 2015 to 2026",
    `${FOLDER}/FX-WEEK.json`,
  ),
  fn: () => {
    const { sessions } = JSON.parse(
      readText(`../shared/${FOLDER}/FX-WEEK.json`),
    ) as RecordedWeeks;
    const weeks = sessions.filter(([, , close]) => close.slice(0, 10) <= TO);
    assert.ok(weeks.length > 620, `${weeks.length} recorded weeks`);
    for (const [sunday, open, close] of weeks) {
      const days = tradingDaysBetween(FX, sunday, addDays(sunday, 6));
      assert.deepEqual(
        days.map(({ date }) => date),
        [1, 2, 3, 4, 5].map((count) => addDays(sunday, count)),
      );
      assert.deepEqual(
        days.map(({ openAt }) => openAt),
        [atOf(open), ...days.slice(0, -1).map(({ closeAt }) => closeAt)],
      );
      assert.equal(days.at(-1)?.closeAt, atOf(close), sunday);
    }
  },
});

function atOf(text: string): number {
  return Temporal.Instant.from(text).epochMilliseconds;
}

Deno.test({
  ...needsShared("every recorded file is compared", FOLDER),
  fn: () => {
    const files = Array.from(
      Deno.readDirSync(new URL(`../shared/${FOLDER}`, ROOT)),
      ({ name }) => name.replace(/\.json$/, ""),
    );
    assert.deepEqual(files.sort(), [...RECORDED, "FX-WEEK"].sort());
  },
});

Deno.test("CALENDAR_CODES holds each code once, and each is found", () => {
  assert.equal(new Set(CALENDAR_CODES).size, CALENDAR_CODES.length);
  for (const code of CALENDAR_CODES) {
    assert.equal(calendarOf(code)?.code, code);
  }
  assert.equal(calendarOf("xnys"), null);
});

Deno.test("CALENDAR_CODES are those that docs/calendars.md lists", () => {
  const [, listed = ""] = /## What there is\n([^]*?)\n## /
    .exec(readText("docs/calendars.md")) ?? [];
  const rows = listed.split("\n").filter((line) => line.startsWith("| `"));
  const codes = rows.flatMap((row) =>
    [...(row.split(" | ")[0] ?? "").matchAll(/`([^`]+)`/g)]
      .map(([, code = ""]) => code)
  );
  assert.deepEqual(codes.sort(), CALENDAR_CODES.toSorted());
});
