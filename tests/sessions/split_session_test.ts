/**
 * A session that is split at its market's break: its answers, and a run in virtual time.
 *
 * @module
 */

import assert from "node:assert/strict";
import type { Definition } from "../../src/domain/definition.ts";
import type { Session as SessionDefinition } from "../../src/domain/definition.ts";
import { defineSessions } from "../../dsl/mod.ts";
import { Session } from "../../src/sessions/session.ts";
import { Sessions } from "../../src/sessions/sessions.ts";
import { marketSession } from "../support/market_session.ts";
import { held, openDesk, settled } from "./open_paper.ts";

const TOKYO = "Asia/Tokyo";

function tokyo(more: Partial<SessionDefinition> = {}): SessionDefinition {
  return marketSession("XTKS", "09:00", "15:30", TOKYO, {
    name: "tokyo",
    breaks: "split",
    onEnd: ["close_all"],
    ...more,
  });
}

function at(text: string): Temporal.Instant {
  return Temporal.Instant.from(`2026-11-24T${text}+09:00`);
}

/** A file's definition with the session in place of its own. */
function definitionOf(session: SessionDefinition): Definition {
  const { definition } = defineSessions({ sessions: [{ start: 8, end: 16 }] });
  return { ...definition, sessions: [session] };
}

Deno.test("Session that is split is closed in the break, and counts it in nothing", () => {
  const session = new Session({ definition: tokyo() });
  assert.equal(session.inSession(at("11:29:59.999")), true);
  assert.equal(session.inSession(at("11:30")), false);
  assert.equal(session.contains(at("12:29:59.999")), false);
  assert.equal(session.contains(at("12:30")), true);
  assert.equal(session.duration(at("10:00")).toString(), "PT5H30M");
  assert.equal(session.duration(at("12:00")).toString(), "PT5H30M");
  assert.equal(session.until(at("12:00")), 30 * 60);
  assert.equal(session.until(at("12:30")), 0);
  assert.equal(session.nextStart(at("10:00"))?.equals(at("12:30")), true);
});

Deno.test("Session whose market has no break that day is open throughout", () => {
  const definition = marketSession(
    "XHKG",
    "open",
    "close",
    "Asia/Hong_Kong",
    { breaks: "split" },
  );
  const session = new Session({ definition });
  const half = Temporal.Instant.from("2026-12-24T10:00+08:00");
  assert.equal(session.duration(half).toString(), "PT2H30M");
});

Deno.test("Sessions.find() and findNext() know the break", () => {
  const sessions = new Sessions([new Session({ definition: tokyo() })]);
  assert.equal(sessions.find(at("11:00"))?.name, "tokyo");
  assert.equal(sessions.find(at("12:00")), null);
  assert.equal(sessions.findNext(at("12:00"))?.name, "tokyo");
});

Deno.test("Session.seconds refuses a session that is split: a day without a break has others", () => {
  const session = new Session({ definition: tokyo() });
  assert.throws(() => session.seconds, { code: "support/not-yet" });
});

Deno.test("open() closes at the break and at the end of the day", async () => {
  const run = await openDesk({
    sessions: definitionOf(tokyo()),
    at: "2026-11-24T08:00+09:00",
    positions: [held("EURUSD", "1")],
  });
  await run.runTo("2026-11-24T11:28:59+09:00");
  assert.deepEqual(run.symbols(), ["EURUSD"]);
  await run.runTo("2026-11-24T16:00+09:00");
  assert.deepEqual(run.symbols(), []);
  await run.sessions.leave();
  const fired = run.notices.flatMap((notice) =>
    notice.type === "edge.fired" && notice.actions.length > 0
      ? [
        `${notice.edge} ${
          notice.dueAt.toZonedDateTimeISO(TOKYO).toPlainTime()
        }`,
      ]
      : []
  );
  assert.deepEqual(fired, [
    // A minute before the market stops: nothing can be closed at its very close.
    "tokyo/2026-11-24/break_start 11:29:00",
    "tokyo/2026-11-24/end 15:29:00",
  ]);
  assert.deepEqual(
    settled(run).filter((line) => !/start done|break_end/.test(line)),
    [
      "tokyo/2026-11-24/break_start flat_verified",
      "tokyo/2026-11-24/end flat_verified",
    ],
  );
});

Deno.test("open() in the break fires nothing that lay before, and what comes after", async () => {
  const run = await openDesk({
    sessions: definitionOf(tokyo()),
    at: "2026-11-24T12:00+09:00",
    positions: [held("EURUSD", "1")],
  });
  assert.deepEqual(run.sessions.current(), []);
  await run.runTo("2026-11-24T15:00+09:00");
  assert.deepEqual(run.sessions.current().map(({ name }) => name), ["tokyo"]);
  assert.deepEqual(run.symbols(), ["EURUSD"]);
  await run.runTo("2026-11-24T16:00+09:00");
  assert.deepEqual(run.symbols(), []);
  await run.sessions.leave();
});

Deno.test("check() waits through the break for the session to start again", async () => {
  const run = await openDesk({
    sessions: definitionOf(
      tokyo({ dates: [{ from: "2026-11-24", to: "2026-11-24" }] }),
    ),
    at: "2026-11-24T11:45+09:00",
  });
  const waiting = run.sessions.check();
  await run.runTo("2026-11-24T13:00+09:00");
  assert.equal((await waiting)?.name, "tokyo");
  await run.runTo("2026-11-24T16:00+09:00");
  assert.equal(await run.sessions.check(), null);
  await run.sessions.leave();
});

Deno.test("leave() fires the end in the morning, and nothing in the break", async () => {
  const endsAt = async (text: string) => {
    const run = await openDesk({
      sessions: definitionOf(tokyo()),
      at: "2026-11-24T10:00+09:00",
    });
    await run.runTo(text);
    return (await run.sessions.leave()).map(({ edge }) => edge);
  };
  assert.deepEqual(await endsAt("2026-11-24T11:00+09:00"), [
    "tokyo/2026-11-24/end",
  ]);
  assert.deepEqual(await endsAt("2026-11-24T12:00+09:00"), []);
});
