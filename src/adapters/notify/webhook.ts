/**
 * Where messages go, and in which form: read off an address that is a secret.
 *
 * @module
 */

import type {
  Notification,
  NotificationForm,
} from "../../domain/definition.ts";

/** An address that messages can be sent to. */
export interface Webhook {
  /** The whole address is a secret: it is never shown, not even in part. */
  readonly url: string;
  /** Whose form the messages have. */
  readonly form: NotificationForm;
  /** What every message has besides: at Telegram the chat, taken from the address. */
  readonly fields: Readonly<Record<string, string>>;
}

/** An address, or why it is none; the reason shows nothing of it. */
export type WebhookResult =
  | { readonly ok: true; readonly webhook: Webhook }
  | { readonly ok: false; readonly why: string };

/** What hosts send in, and no other host does. */
const HOSTS: Readonly<Record<string, NotificationForm>> = {
  "hooks.slack.com": "slack",
  "hooks.slack-gov.com": "slack",
  "discord.com": "discord",
  "discordapp.com": "discord",
  "canary.discord.com": "discord",
  "ptb.discord.com": "discord",
  "api.telegram.org": "telegram",
};

/** Reads the address of a webhook; a form that is written comes before the host's. */
export function readWebhook(
  text: string,
  form: Notification["form"],
): WebhookResult {
  const why = addressFault(text);
  if (why !== null) return { ok: false, why };
  const url = new URL(text);
  const chosen = form === "auto" ? HOSTS[url.hostname] ?? "json" : form;
  if (chosen === "discord") pinDiscord(url);
  if (chosen !== "telegram") {
    return { ok: true, webhook: { url: url.href, form: chosen, fields: {} } };
  }
  return readTelegram(url);
}

/** Why a text is no address to send to; `null` where it is one. */
export function addressFault(text: string): string | null {
  const url = URL.parse(text);
  if (url === null || url.hostname === "") {
    return 'it is no address; write one such as "https://alerts.example.com/hook"';
  }
  if (url.protocol !== "http:" && url.protocol !== "https:") {
    return "it must begin with http or https";
  }
  if (url.username !== "" || url.password !== "") {
    return "it holds a user name or a password, which would not be sent";
  }
  return null;
}

/**
 * Discord's own addresses name no version and get an old one, which counts waits in milliseconds
 * where it now says seconds: a limit of a second would hold an alarm back for a quarter of an hour.
 */
function pinDiscord(url: URL): void {
  url.pathname = url.pathname.replace(
    /^\/api\/webhooks\//,
    "/api/v10/webhooks/",
  );
}

/** Telegram takes the chat as a field of the message; an address is where people write it. */
function readTelegram(url: URL): WebhookResult {
  const fields = Object.fromEntries(url.searchParams);
  if (fields.chat_id === undefined || fields.chat_id === "") {
    return {
      ok: false,
      why:
        'Telegram needs the chat: end the address in "/sendMessage?chat_id=..."',
    };
  }
  url.search = "";
  url.hash = "";
  return { ok: true, webhook: { url: url.href, form: "telegram", fields } };
}
