import assert from "node:assert/strict";
import type { Calendar } from "../../../src/domain/calendars/calendar.ts";
import { calendarOf } from "../../../src/domain/calendars/registry.ts";
import {
  closureOf,
  isKnown,
  tradingDay,
} from "../../../src/domain/calendars/trading_day.ts";
import { carillonLines } from "../../support/calendar_answers.ts";

function calendar(code: string): Calendar {
  const found = calendarOf(code);
  assert.ok(found !== null, `no calendar "${code}"`);
  return found;
}

/** Open days: date, open, start and end of the pause, close. */
const OPEN: Readonly<Record<string, readonly string[]>> = {
  XTKS: [
    "2024-11-01 09:00 11:30 12:30 15:00",
    "2024-11-05 09:00 11:30 12:30 15:30",
    // The holidays that the Olympic Games took away.
    "2020-07-20 09:00 11:30 12:30 15:00",
    "2021-10-11 09:00 11:30 12:30 15:00",
    "2019-12-23 09:00 11:30 12:30 15:00",
  ],
  XHKG: [
    "2026-02-13 09:30 12:00 13:00 16:00",
    "2026-02-16 09:30 - - 12:00",
    "2025-12-24 09:30 - - 12:00",
    // A Sunday's Christmas Eve has no half day on the Friday.
    "2023-12-22 09:30 12:00 13:00 16:00",
    "2024-11-14 09:30 12:00 13:00 16:00",
  ],
  XSHG: [
    "2026-02-13 09:30 11:30 13:00 15:00",
    "2025-10-09 09:30 11:30 13:00 15:00",
    "2022-05-05 09:30 11:30 13:00 15:00",
  ],
  XSHE: ["2026-02-13 09:30 11:30 13:00 15:00"],
  XSES: ["2025-10-21 09:00 - - 17:00", "2027-12-24 09:00 - - 12:00"],
  XKRX: [
    "2016-07-29 09:00 - - 15:00",
    "2016-08-01 09:00 - - 15:30",
    "2015-11-12 10:00 - - 16:00",
    // The exam was put off on the eve; both days kept its hours.
    "2017-11-16 10:00 - - 16:30",
    "2017-11-23 10:00 - - 16:30",
    "2020-12-03 10:00 - - 16:30",
    "2027-11-18 10:00 - - 16:30",
    "2021-01-04 10:00 - - 15:30",
  ],
  XASX: [
    "2025-12-24 10:00 - - 14:10",
    "2021-12-31 10:00 - - 14:10",
    "2017-12-22 10:00 - - 14:10",
    "2022-12-23 10:00 - - 16:00",
    "2022-12-30 10:00 - - 16:00",
    // Anzac Day fell on the Saturday before.
    "2026-04-27 10:00 - - 16:00",
  ],
  XNZE: [
    "2025-12-24 10:00 - - 12:45",
    "2022-12-30 10:00 - - 12:45",
    "2021-07-02 10:00 - - 16:45",
  ],
  XBOM: [
    "2024-01-20 09:15 - - 15:30",
    "2025-02-01 09:15 - - 15:30",
    "2026-11-09 09:15 - - 15:30",
  ],
  XNSE: ["2024-01-20 09:15 - - 15:30"],
};

for (const [code, lines] of Object.entries(OPEN)) {
  Deno.test(`${code} keeps its hours on well-known days`, () => {
    for (const line of lines) {
      const date = line.slice(0, "2026-01-01".length);
      assert.deepEqual(carillonLines(calendar(code), date, date), [line]);
    }
  });
}

/** Days without trading, and why. */
const CLOSED: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  XTKS: {
    "2019-04-30": "Citizens' Holiday",
    "2019-05-01": "Accession and Enthronement of the Emperor",
    "2019-05-06": "Children's Day (observed)",
    "2020-07-24": "Sports Day",
    "2021-08-09": "Mountain Day (observed)",
    "2020-10-01": "Failure of the trading system",
    "2026-05-06": "Constitution Day (observed)",
    "2026-09-22": "Citizens' Holiday",
    "2032-09-21": "Citizens' Holiday",
    "2025-12-31": "New Year",
  },
  XHKG: {
    "2021-04-06": "Ching Ming Festival (observed)",
    "2022-09-12": "Day after the Mid-Autumn Festival (observed)",
    "2022-12-27": "Christmas Day (observed)",
    "2018-09-25": "Day after the Mid-Autumn Festival",
    "2024-09-06": "Typhoon Yagi",
    "2028-05-29": "Dragon Boat Festival (observed)",
  },
  XSHG: {
    "2015-09-04": "70 years of victory",
    "2020-01-31": "Longer Spring Festival in the epidemic",
    "2022-04-04": "Tomb-Sweeping Day",
    "2024-02-09": "Spring Festival",
    "2025-10-08": "National Day",
    "2026-01-02": "New Year's Day",
  },
  XSES: {
    "2015-08-07": "50 years of independence",
    "2020-07-10": "Polling Day",
    "2026-06-01": "Vesak Day (observed)",
    "2026-11-09": "Deepavali (observed)",
    "2027-03-10": "Hari Raya Puasa",
  },
  XKRX: {
    "2017-10-06": "Harvest Festival (observed)",
    "2020-04-15": "Parliamentary election",
    "2024-10-01": "Armed Forces Day",
    "2025-05-06": "Children's Day (observed)",
    "2025-12-31": "Year-end closing",
    "2027-07-19": "Constitution Day (observed)",
  },
  XASX: {
    "2022-09-22": "Mourning for Queen Elizabeth II",
    "2022-12-27": "Christmas Day (observed)",
    "2026-12-28": "Boxing Day (observed)",
    "2024-06-10": "King's Birthday",
  },
  XNZE: {
    "2022-09-26": "Memorial day for Queen Elizabeth II",
    "2026-07-10": "Matariki",
    "2026-04-27": "Anzac Day (observed)",
    "2023-01-03": "New Year's Day (observed)",
  },
  XBOM: {
    "2020-11-16": "Diwali Balipratipada",
    "2024-01-22": "Consecration of the temple of Ayodhya",
    "2024-11-01": "Diwali Laxmi Pujan",
    "2026-03-03": "Holi",
    "2027-03-22": "Holi",
  },
  XNSE: { "2024-11-20": "Election of Maharashtra's assembly" },
};

for (const [code, days] of Object.entries(CLOSED)) {
  Deno.test(`${code} names what closes it on well-known days`, () => {
    for (const [date, name] of Object.entries(days)) {
      assert.equal(closureOf(calendar(code), date), name, date);
    }
  });
}

Deno.test("XSHE and XNSE keep the days and hours of XSHG and XBOM", () => {
  for (const [code, twin] of [["XSHE", "XSHG"], ["XNSE", "XBOM"]] as const) {
    assert.deepEqual(
      carillonLines(calendar(code), "2015-01-01", "2030-12-31"),
      carillonLines(calendar(twin), "2015-01-01", "2030-12-31"),
    );
  }
});

Deno.test("XNZE keeps Matariki on a Friday of June or July to 2052", () => {
  const XNZE = calendar("XNZE");
  for (let year = 2022; year <= 2052; year++) {
    const days = carillonDatesClosedBy(XNZE, "Matariki", year);
    assert.equal(days.length, 1, `${year}`);
    assert.equal(days[0]?.dayOfWeek, 5, `${year}`);
  }
});

function carillonDatesClosedBy(
  calendar: Calendar,
  name: string,
  year: number,
): readonly Temporal.PlainDate[] {
  const days: Temporal.PlainDate[] = [];
  let date = new Temporal.PlainDate(year, 6, 1);
  for (; date.month < 8; date = date.add({ days: 1 })) {
    if (closureOf(calendar, date.toString()) === name) days.push(date);
  }
  return days;
}

Deno.test("XKRX is known to the middle of 2026 only", () => {
  const XKRX = calendar("XKRX");
  assert.equal(isKnown(XKRX, "2026-06-30"), true);
  assert.equal(isKnown(XKRX, "2026-07-17"), false);
});

Deno.test("XHKG drops the afternoon on a half day", () => {
  const day = tradingDay(calendar("XHKG"), "2026-12-24");
  assert.equal(day?.kind, "early_close");
  assert.equal(day.breakStartAt, null);
});
