import assert from "node:assert/strict";
import { SystemClock } from "../../src/adapters/clock/system_clock.ts";
import { makePaint } from "../../src/app/cli/paint.ts";
import { sayAlarm } from "../../src/app/cli/say_alarm.ts";
import type { AlarmReport } from "../../src/app/notify/alarm_report.ts";
import { Notifier } from "../../src/app/notify/notifier.ts";
import type { NotificationEvent } from "../../src/domain/definition.ts";
import type { Notice } from "../../src/domain/notice.ts";
import { type HookServer, serveHooks } from "../support/hook_server.ts";
import { held, openPaperRun } from "../support/paper_run.ts";

/** A notifier with one webhook at each server, in its form of plain JSON. */
function openNotifier(
  servers: readonly (readonly [HookServer, readonly NotificationEvent[]])[],
) {
  const told: AlarmReport[] = [];
  const notifier = new Notifier({
    webhooks: servers.map(([{ url }, events]) => ({
      url: `${url}/s3cret`,
      form: "json",
      fields: {},
      events,
    })),
    clock: new SystemClock(),
    file: "desk.yaml",
    dryRun: false,
    voice: {
      paint: makePaint(false),
      here: "UTC",
      zoneOf: () => "UTC",
      kindOf: (account) => account === "main" ? "paper" : "http",
      accounts: 1,
      flattenHint: "carillon flatten desk.yaml",
    },
    report: (report) => told.push(report),
  });
  return { notifier, told };
}

function textsAt({ received }: HookServer): readonly string[] {
  return received.map(({ body }) => JSON.parse(body).text);
}

Deno.test("Notifier tells each webhook what it asked for, of a whole run", async () => {
  await using all = serveHooks();
  await using flat = serveHooks();
  await using worst = serveHooks();
  const { notifier, told } = openNotifier([
    [all, ["flat", "started", "stopped"]],
    [flat, ["flat"]],
    [worst, ["close_failed", "unknown", "missed"]],
  ]);
  await using run = await openPaperRun({
    account: { positions: [held("EURUSD")] },
  });
  run.runtime.listen((notice) => notifier.tell(notice));
  await run.playUntil("2026-11-23T16:31:00Z");
  await run.stop();
  await notifier.close();
  assert.deepEqual(textsAt(all), [
    "carillon (desk.yaml)\nStarted: 1 session.",
    FLAT,
    "carillon (desk.yaml)\nStopped.\nNo position stays open.\n" +
    "desk/2026-11-24/end (close_all) WILL NOT RUN: due Tue 2026-11-24 16:30 UTC.",
  ]);
  assert.deepEqual(textsAt(flat), [FLAT]);
  assert.deepEqual([worst.received, told], [[], []]);
});

const FLAT = "PAPER main, desk/2026-11-23/end (desk.yaml)\n" +
  "FLAT in scope, proven by the broker 16:30 UTC. 1 closed. Working orders 0.";

Deno.test("Notifier tells of a close that the broker will not let through", async () => {
  await using server = serveHooks();
  const { notifier } = openNotifier([[server, ["flat", "close_failed"]]]);
  await using run = await openPaperRun({
    account: { positions: [held("EURUSD")] },
    faults: [{ on: "close", do: { kind: "reject", reason: "no margin" } }],
  });
  run.runtime.listen((notice) => notifier.tell(notice));
  await run.playUntil("2026-11-23T16:32:00Z");
  await notifier.close();
  const [text = ""] = textsAt(server);
  assert.match(
    text,
    /^PAPER main, desk\/2026-11-23\/end \(desk\.yaml\)\nNOT FLAT: EURUSD \+1000/,
  );
  assert.match(text, /or: carillon flatten desk\.yaml$/);
  assert.equal(server.received.length, 1);
  assert.equal(
    JSON.parse(server.received[0]?.body ?? "").event,
    "close_failed",
  );
});

Deno.test("Notifier counts an account as live that has not said what it is", async () => {
  await using server = serveHooks();
  const { notifier } = openNotifier([[server, ["missed"]]]);
  const ready = (account: string, live: boolean | null): Notice => ({
    type: "account.ready",
    at: 0,
    account,
    info: {
      id: "1",
      live,
      mode: "netting",
      currency: "USD",
      equity: null,
      inFlightMax: 1,
      epoch: null,
    },
  });
  notifier.tell(ready("silent", null));
  notifier.tell(ready("demo", false));
  for (const account of ["silent", "demo", "absent"]) {
    notifier.tell(missed(account));
  }
  await notifier.close();
  assert.deepEqual(
    textsAt(server).map((text) => text.split(",")[0]),
    ["LIVE silent", "DEMO demo", "LIVE absent"],
  );
});

function missed(account: string): Notice {
  return {
    type: "edge.settled",
    at: 0,
    edge: "desk/2026-11-23/end",
    request: null,
    account,
    dueAt: 0,
    firedAt: 0,
    outcome: "missed",
    closed: 0,
    remaining: 0,
    workingOrders: 0,
    attempts: 0,
    leftOpen: [],
    stillOpen: [],
    hooks: [],
    reason: "not_running",
    message: "Nothing ran",
  };
}

Deno.test("Notifier tells of a run that cannot go on, and what did not get through without its address", async () => {
  await using taking = serveHooks();
  await using gone = serveHooks(() => new Response(null, { status: 404 }));
  const { notifier, told } = openNotifier([
    [taking, ["run_failed"]],
    [gone, ["run_failed"]],
  ]);
  notifier.broken({ at: 0, message: "The disk is full", notRun: [] });
  await notifier.close();
  assert.match(
    textsAt(taking)[0] ?? "",
    /nothing fires any more. The disk is full/,
  );
  const { id } = JSON.parse(gone.received[0]?.body ?? "");
  assert.deepEqual(told, [{
    type: "notify.failed",
    webhook: 2,
    form: "json",
    id,
    event: "run_failed",
    reason: "refused",
    attempts: 1,
    message: "it answered 404",
  }]);
  assert.deepEqual(told.map(sayAlarm), [
    "notify 2 (json): run_failed NOT DELIVERED, sent once: it answered 404; it would say so again.",
  ]);
});

Deno.test("sayAlarm() says of a message how often it was sent, and why not again", () => {
  const say = (reason: "gave_up" | "dropped" | "stopped", attempts: number) =>
    sayAlarm({
      type: "notify.failed",
      webhook: 1,
      form: "slack",
      id: "1",
      event: "flat",
      reason,
      attempts,
      message: "why",
    }).replace(/^notify 1 \(slack\): flat NOT DELIVERED, /, "");
  assert.deepEqual(
    [say("gave_up", 20), say("dropped", 0), say("stopped", 1)],
    [
      "sent 20 times: why; given up.",
      "not sent: why.",
      "sent once: why; the run is over.",
    ],
  );
});

Deno.test("sayAlarm() says whether signs of life arrive", () => {
  const type = "heartbeat.changed";
  assert.deepEqual(
    [
      sayAlarm({ type, state: "lost", message: "it answered 500" }),
      sayAlarm({ type, state: "restored", message: null }),
    ],
    [
      "heartbeat: a sign of life did not arrive: it answered 500.",
      "heartbeat: signs of life arrive again.",
    ],
  );
});
