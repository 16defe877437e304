import assert from "node:assert/strict";
import {
  bodyOf,
  type Message,
  TEXT_LENGTH_MAX,
} from "../../src/adapters/notify/body.ts";
import type { Webhook } from "../../src/adapters/notify/webhook.ts";
import { makePaint } from "../../src/app/cli/paint.ts";
import { eventsOf } from "../../src/app/notify/notice_events.ts";
import {
  failureMessage,
  noticeMessage,
  type Sender,
  type TellingNotice,
} from "../../src/app/notify/notice_message.ts";
import { decimal } from "../../src/domain/decimal.ts";
import type { NotificationEvent } from "../../src/domain/definition.ts";
import type { EdgeSettled, Outcome } from "../../src/domain/notice.ts";
import { OUTCOMES } from "../../src/domain/settle.ts";
import { expectGolden } from "../support/golden.ts";

const DUE_AT = Date.UTC(2026, 10, 27, 17, 55);

const SENDER: Sender = {
  file: "desk.yaml",
  dryRun: false,
  voice: {
    paint: makePaint(false),
    here: "UTC",
    zoneOf: () => "America/New_York",
    kindOf: () => "http",
    accounts: 2,
    flattenHint: "carillon flatten desk.yaml",
  },
  accountName: (account) => `LIVE ${account}`,
};

const SETTLED: EdgeSettled = {
  type: "edge.settled",
  at: DUE_AT + 4_000,
  edge: "nyse/2026-11-27/end",
  request: null,
  account: "fx",
  dueAt: DUE_AT,
  firedAt: DUE_AT,
  outcome: "done",
  closed: 0,
  remaining: 0,
  workingOrders: 0,
  attempts: 0,
  leftOpen: [],
  stillOpen: [],
  hooks: [],
  reason: null,
  message: null,
};

const SQQQ = {
  id: "SQQQ",
  symbol: "SQQQ",
  side: "short",
  qty: decimal("50"),
  profit: decimal("-41.20"),
  profitCurrency: "USD",
} as const;

const NOT_RUN = [{
  edge: "nyse/2026-11-30/end",
  dueAt: Date.UTC(2026, 10, 30, 20, 55),
  actions: ["close_all"],
}] as const;

/** One notice for each event that a notice leads to. */
const NOTICES: Readonly<
  Record<Exclude<NotificationEvent, "run_failed">, TellingNotice>
> = {
  close_failed: {
    ...SETTLED,
    at: DUE_AT + 60_000,
    outcome: "partially_closed",
    closed: 1,
    remaining: 1,
    attempts: 3,
    stillOpen: [SQQQ],
    reason: "deadline",
    message: "Still open at the deadline: 40310000, held by order <X> & @all",
  },
  unknown: {
    ...SETTLED,
    at: DUE_AT + 60_000,
    outcome: "unknown",
    remaining: 1,
    attempts: 1,
    stillOpen: [SQQQ],
    reason: "unanswered",
    message: "An order was sent and no answer came; treat SQQQ as OPEN",
  },
  missed: {
    ...SETTLED,
    at: DUE_AT + 7_200_000,
    firedAt: DUE_AT + 7_200_000,
    outcome: "missed",
    reason: "not_running",
    message: "Nothing ran when close_all was due; look at the broker",
  },
  hook_failed: {
    ...SETTLED,
    outcome: "failed",
    closed: 2,
    attempts: 1,
    hooks: [{
      name: "custom_end",
      outcome: "failed",
      message: "report.ts: the desk is closed",
    }],
    reason: "hook_failed",
    message: "custom_end: report.ts: the desk is closed",
  },
  journal_failed: {
    type: "journal.unwritable",
    at: DUE_AT,
    message: "Cannot write the journal: the disk is full",
  },
  flat: { ...SETTLED, outcome: "flat_verified", closed: 2, attempts: 1 },
  closed: {
    ...SETTLED,
    edge: "nyse/2026-11-27/lunch",
    outcome: "closed_verified",
    closed: 1,
    attempts: 1,
    leftOpen: [SQQQ],
  },
  paused: {
    type: "run.paused",
    at: DUE_AT,
    session: null,
    sinceAt: DUE_AT,
    willNotRun: NOT_RUN,
  },
  started: { type: "run.started", at: DUE_AT, sessions: 2, dryRun: false },
  stopped: {
    type: "run.stopped",
    at: DUE_AT,
    reason: "user",
    open: [{
      account: "fx",
      positions: [{
        id: "SQQQ",
        symbol: "SQQQ",
        side: "short",
        qty: decimal("50"),
        entryPrice: decimal("20.5"),
        netProfit: decimal("-41.20"),
        grossProfit: decimal("-41.20"),
        profitCurrency: "USD",
        openedAt: DUE_AT - 3_600_000,
        tag: null,
      }],
    }],
    notRun: NOT_RUN,
  },
};

const WEBHOOKS: readonly Webhook[] = [
  { form: "json", url: "", fields: {} },
  { form: "slack", url: "", fields: {} },
  { form: "discord", url: "", fields: {} },
  { form: "telegram", url: "", fields: { chat_id: "-1001", protect: "1" } },
];

/** A message in every form, one after another, as it is sent. */
function allForms(message: Message): string {
  const forms = WEBHOOKS.map((webhook) =>
    [webhook.form, JSON.parse(bodyOf(message, webhook))] as const
  );
  return `${JSON.stringify(Object.fromEntries(forms), null, 2)}\n`;
}

for (const [event, notice] of Object.entries(NOTICES)) {
  Deno.test(`noticeMessage() of ${event}, in every form`, () => {
    const [own] = eventsOf(notice);
    assert.equal(own, event);
    const message = noticeMessage(notice, own, SENDER);
    expectGolden(`notify/${event}.json`, allForms(message));
  });
}

Deno.test("failureMessage() in every form", () => {
  const message = failureMessage({
    at: DUE_AT,
    message: "Cannot write the journal: the disk is full",
    notRun: NOT_RUN,
  }, SENDER);
  expectGolden("notify/run_failed.json", allForms(message));
});

Deno.test("noticeMessage() marks a dry run, and names a close by hand", () => {
  const dry = noticeMessage(NOTICES.started, "started", {
    ...SENDER,
    dryRun: true,
  });
  assert.match(dry.text, /^DRY RUN\. carillon \(desk\.yaml\)\n/);
  assert.equal(Reflect.get(dry.json, "dry_run"), true);
  const byHand = { ...SETTLED, edge: "request/r/1", request: "r1" };
  const text = noticeMessage(byHand, "flat", SENDER).text;
  assert.match(text, /^LIVE fx, close by hand \(desk\.yaml\)/);
});

Deno.test("noticeMessage() gives one cause one id, and another another", () => {
  const idOf = (change: Partial<EdgeSettled>) =>
    noticeMessage({ ...SETTLED, ...change }, "missed", SENDER).id;
  assert.equal(idOf({}), idOf({ at: DUE_AT + 99_000, message: "again" }));
  const ids = [
    idOf({}),
    idOf({ outcome: "missed" }),
    idOf({ edge: "nyse/2026-11-28/end" }),
    idOf({ dueAt: DUE_AT + 1 }),
  ];
  assert.equal(new Set(ids).size, ids.length);
});

Deno.test("eventsOf() has a place for every outcome", () => {
  const expected: Readonly<Record<Outcome, readonly NotificationEvent[]>> = {
    done: [],
    flat_verified: ["flat"],
    closed_verified: ["closed"],
    skipped: [],
    partially_closed: ["close_failed"],
    refused: ["close_failed"],
    missed: ["missed"],
    failed: ["close_failed"],
    unknown: ["unknown"],
  };
  for (const outcome of OUTCOMES) {
    assert.deepEqual(eventsOf({ ...SETTLED, outcome }), expected[outcome]);
  }
});

Deno.test("eventsOf() tells a failed hook from a failed close, and both where both failed", () => {
  const hooks = [
    { name: "custom_end", outcome: "timed_out", message: null },
  ] as const;
  const failed = { ...SETTLED, outcome: "failed", hooks } as const;
  const late = { ...failed, reason: "hook_timed_out" } as const;
  assert.deepEqual(eventsOf(late), ["hook_failed"]);
  // The worst outcome is the hook's, and yet something is open.
  for (const open of [{ remaining: 1 }, { workingOrders: 1 }]) {
    assert.deepEqual(eventsOf({ ...late, ...open }), [
      "close_failed",
      "hook_failed",
    ]);
  }
  assert.deepEqual(eventsOf({ ...failed, reason: "deadline" }), [
    "close_failed",
    "hook_failed",
  ]);
  const returned = [{ ...hooks[0], outcome: "returned" }] as const;
  const fine = {
    ...SETTLED,
    outcome: "flat_verified",
    hooks: returned,
  } as const;
  assert.deepEqual(eventsOf(fine), ["flat"]);
});

Deno.test("bodyOf() keeps to each service's length, and cuts no character in two", () => {
  const text = "_<&😀".repeat(3_000);
  const message: Message = {
    id: "1",
    event: "flat",
    urgent: false,
    text,
    json: { text },
  };
  for (const webhook of WEBHOOKS) {
    const body = JSON.parse(bodyOf(message, webhook));
    const said: string = body.text ?? body.content;
    if (webhook.form === "json") {
      assert.equal(said, text);
      continue;
    }
    assert.ok(said.length <= TEXT_LENGTH_MAX[webhook.form], webhook.form);
    assert.ok(said.length > TEXT_LENGTH_MAX[webhook.form] - 20, webhook.form);
    assert.ok(said.isWellFormed());
    assert.match(said, /(&amp;|&lt;|\\_|\\<|[_<&😀]) \.\.\.$/u, webhook.form);
  }
});
