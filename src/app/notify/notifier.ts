/**
 * Tells the file's webhooks of a run: chooses what each is told, and lets it go on its way.
 *
 * @module
 */

import { bodyOf, type Message } from "../../adapters/notify/body.ts";
import { Outbox, type Undelivered } from "../../adapters/notify/outbox.ts";
import { sendOnce } from "../../adapters/notify/send.ts";
import type { NotificationEvent } from "../../domain/definition.ts";
import type { AccountReady, Notice } from "../../domain/notice.ts";
import { SECOND_MS } from "../../domain/time.ts";
import type { DurationMs } from "../../domain/time.ts";
import type { Clock } from "../../runtime/ports.ts";
import type { Voice } from "../cli/voice.ts";
import type { AlarmReport } from "./alarm_report.ts";
import type { PlannedWebhook } from "./alarm_plan.ts";
import { eventsOf } from "./notice_events.ts";
import {
  failureMessage,
  isTelling,
  noticeMessage,
  type RunFailure,
  type Sender,
} from "./notice_message.ts";

/** How long an answer of a webhook is waited for. @units milliseconds */
export const ANSWER_MS_MAX: DurationMs = 10 * SECOND_MS;

/** How long the end of a run waits for what is still on its way. @units milliseconds */
export const GRACE_MS: DurationMs = 5 * SECOND_MS;

/** What a notifier works with. */
export interface NotifierParts {
  readonly webhooks: readonly PlannedWebhook[];
  readonly clock: Clock;
  /** The file's own name, without its folders. */
  readonly file: string;
  readonly dryRun: boolean;
  readonly voice: Voice;
  readonly report: (report: AlarmReport) => void;
}

/** Who is told of one run; nothing here waits or throws. */
export class Notifier {
  readonly #parts: NotifierParts;
  readonly #routes: readonly Route[];
  readonly #ready = new Map<string, AccountReady["info"]>();

  /** A notifier that has nothing to say yet. */
  constructor(parts: NotifierParts) {
    this.#parts = parts;
    this.#routes = parts.webhooks.map((webhook, index) =>
      openRoute(webhook, index, parts)
    );
  }

  /** Tells of a notice, where somebody asked for it. */
  tell(notice: Notice): void {
    if (notice.type === "account.ready") {
      this.#ready.set(notice.account, notice.info);
    }
    if (!isTelling(notice)) return;
    this.#send(
      eventsOf(notice),
      (event) => noticeMessage(notice, event, this.#sender()),
    );
  }

  /** Tells that the run cannot go on. */
  broken(failure: RunFailure): void {
    this.#send(
      ["run_failed"],
      () => failureMessage(failure, this.#sender()),
    );
  }

  /** Lets what is on its way arrive, for a while; the signal cuts it short. */
  async close(leave?: AbortSignal): Promise<void> {
    await Promise.all(
      this.#routes.map(({ outbox }) => outbox.close(GRACE_MS, leave)),
    );
  }

  /** One message for each webhook, under the worst of the events that it asked for. */
  #send(
    events: readonly NotificationEvent[],
    messageOf: (event: NotificationEvent) => Message,
  ): void {
    for (const { webhook, outbox } of this.#routes) {
      const event = events.find((one) => webhook.events.includes(one));
      if (event !== undefined) outbox.put(messageOf(event));
    }
  }

  #sender(): Sender {
    const { file, dryRun, voice } = this.#parts;
    return {
      file,
      dryRun,
      voice,
      accountName: (account) => {
        if (voice.kindOf(account) === "paper") return `PAPER ${account}`;
        const info = this.#ready.get(account);
        // An account that has not said what it is counts as live.
        return `${info?.live ?? true ? "LIVE" : "DEMO"} ${account}`;
      },
    };
  }
}

interface Route {
  readonly webhook: PlannedWebhook;
  readonly outbox: Outbox;
}

function openRoute(
  webhook: PlannedWebhook,
  index: number,
  { clock, report }: NotifierParts,
): Route {
  const outbox = new Outbox({
    clock,
    send: (message, signal) => {
      const body = bodyOf(message, webhook);
      const sending = { url: webhook.url, body, limitMs: ANSWER_MS_MAX };
      return sendOnce(sending, clock, signal);
    },
    report: (undelivered) => report(reportOf(undelivered, webhook, index + 1)),
  });
  return { webhook, outbox };
}

function reportOf(
  { message, reason, attempts, why }: Undelivered,
  { form }: PlannedWebhook,
  webhook: number,
): AlarmReport {
  return {
    type: "notify.failed",
    webhook,
    form,
    id: message.id,
    event: message.event,
    reason,
    attempts,
    message: why,
  };
}
