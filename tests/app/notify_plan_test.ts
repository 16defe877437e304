import assert from "node:assert/strict";
import { readWebhook } from "../../src/adapters/notify/webhook.ts";
import { NO_ALARMS, planAlarms } from "../../src/app/notify/alarm_plan.ts";
import type { Notification } from "../../src/domain/definition.ts";
import { CarillonError } from "../../src/domain/error.ts";

const SECRET = "s3cret";

function formOf(url: string, form: Notification["form"] = "auto"): string {
  const result = readWebhook(url, form);
  return result.ok ? result.webhook.form : result.why;
}

Deno.test("readWebhook() knows whose form it is by the host, unless the file says it", () => {
  const bot = "https://api.telegram.org/bot1:x/sendMessage?chat_id=7";
  assert.deepEqual(
    [
      "https://hooks.slack.com/services/T/B/x",
      "https://discord.com/api/webhooks/1/x",
      "https://discordapp.com/api/webhooks/1/x",
      bot,
      "https://alerts.example.com/hook",
      "https://hooks.slack.com.example.com/",
      "http://127.0.0.1:8080/",
    ].map((url) => formOf(url)),
    ["slack", "discord", "discord", "telegram", "json", "json", "json"],
  );
  assert.equal(formOf("https://chat.example.com/x", "slack"), "slack");
  assert.equal(formOf(bot, "json"), "json");
});

Deno.test("readWebhook() asks Discord for a version whose waits are in seconds", () => {
  const urlOf = (url: string) => {
    const result = readWebhook(url, "discord");
    return result.ok ? result.webhook.url : result.why;
  };
  const pinned = "https://discord.com/api/v10/webhooks/1/x?thread_id=2";
  assert.equal(urlOf(pinned.replace("/v10", "")), pinned);
  for (const own of [pinned, "https://chat.example.com/hooks/1"]) {
    assert.equal(urlOf(own), own);
  }
});

Deno.test("readWebhook() takes Telegram's chat out of the address and puts it into the message", () => {
  const url =
    "https://api.telegram.org/bot1:x/sendMessage?chat_id=-1001&message_thread_id=5";
  assert.deepEqual(readWebhook(url, "auto"), {
    ok: true,
    webhook: {
      url: "https://api.telegram.org/bot1:x/sendMessage",
      form: "telegram",
      fields: { chat_id: "-1001", message_thread_id: "5" },
    },
  });
  const without = "https://api.telegram.org/bot1:x/sendMessage";
  assert.match(formOf(without), /Telegram needs the chat/);
});

Deno.test("readWebhook() refuses what is no address, and shows nothing of it", () => {
  for (
    const [url, why] of [
      [SECRET, /it is no address/],
      [`https:///${SECRET} x`, /it is no address/],
      [`ftp://h.example.com/${SECRET}`, /begin with http/],
      [`https://me:${SECRET}@h.example.com/`, /user name or a password/],
    ] as const
  ) {
    const said = formOf(url);
    assert.match(said, why);
    assert.ok(!said.includes(SECRET), said);
  }
});

Deno.test("planAlarms() reads addresses out of the environment, and says which hosts it takes", () => {
  const names = ["CARILLON_TEST_HOOK", "CARILLON_TEST_PING"] as const;
  Deno.env.set(names[0], `hooks.slack.com/services/${SECRET}`);
  Deno.env.set(names[1], `http://127.0.0.1:9/${SECRET}`);
  try {
    const plan = planAlarms({
      notify: [{
        webhook: `https://\${env:${names[0]}}`,
        form: "auto",
        events: ["flat"],
      }],
      heartbeat: { url: `\${env:${names[1]}}`, everyMs: 60_000 },
    });
    assert.deepEqual(plan, {
      webhooks: [{
        url: `https://hooks.slack.com/services/${SECRET}`,
        form: "slack",
        fields: {},
        events: ["flat"],
      }],
      heartbeat: { url: `http://127.0.0.1:9/${SECRET}`, everyMs: 60_000 },
      hosts: ["hooks.slack.com:443", "127.0.0.1:9"],
    });
  } finally {
    for (const name of names) Deno.env.delete(name);
  }
  assert.deepEqual(planAlarms({ notify: [], heartbeat: null }), NO_ALARMS);
});

Deno.test("planAlarms() names the key of what is missing or wrong, and never the address", () => {
  const notify = (webhook: string) => ({
    notify: [{ webhook, form: "auto", events: [] }] as const,
    heartbeat: null,
  });
  const heartbeat = (url: string) => ({
    notify: [],
    heartbeat: { url, everyMs: 1 },
  });
  for (
    const [asked, code, message] of [
      [
        notify("${env:CARILLON_TEST_NONE}"),
        "secret/missing",
        /^Cannot use "notify\[0\]\.webhook": cannot find "CARILLON_TEST_NONE"/,
      ],
      [
        heartbeat("${env:CARILLON_TEST_NONE}"),
        "secret/missing",
        /^Cannot use "heartbeat\.url": cannot find "CARILLON_TEST_NONE"/,
      ],
      [
        notify(SECRET),
        "notify/bad-address",
        /^Cannot use "notify\[0\]\.webhook": it is no address/,
      ],
      [
        heartbeat(`ws://${SECRET}.example.com`),
        "notify/bad-address",
        /^Cannot use "heartbeat\.url": it must begin with http/,
      ],
    ] as const
  ) {
    assert.throws(() => planAlarms(asked), (error) => {
      assert.ok(error instanceof CarillonError);
      assert.equal(error.code, code);
      assert.match(error.message, message);
      assert.ok(
        !JSON.stringify([error.message, error.details]).includes(SECRET),
      );
      return true;
    });
  }
});
