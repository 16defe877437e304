/**
 * Who is told of a run, made out of the file and the environment before anything is started.
 *
 * An alarm that could not be sent is found here, not at the first alarm.
 *
 * @module
 */

import { addressFault, readWebhook } from "../../adapters/notify/webhook.ts";
import type { Webhook } from "../../adapters/notify/webhook.ts";
import type {
  Definition,
  NotificationEvent,
  SecretText,
} from "../../domain/definition.ts";
import { CarillonError } from "../../domain/error.ts";
import type { DurationMs } from "../../domain/time.ts";
import { resolveSecret } from "../secret.ts";

/** A webhook of the file, and what it is told of. */
export interface PlannedWebhook extends Webhook {
  readonly events: readonly NotificationEvent[];
}

/** Everybody who is told of a run. */
export interface AlarmPlan {
  readonly webhooks: readonly PlannedWebhook[];
  /** A secret address, and how often it is asked for; `null` where nobody waits for it. */
  readonly heartbeat:
    | { readonly url: string; readonly everyMs: DurationMs }
    | null;
  /** The hosts that have to be reached, each with its port. */
  readonly hosts: readonly string[];
}

/** Nobody is told of a run whose time is played. */
export const NO_ALARMS: AlarmPlan = {
  webhooks: [],
  heartbeat: null,
  hosts: [],
};

/**
 * Reads addresses out of the environment.
 *
 * @throws {CarillonError} "secret/missing" or "notify/bad-address"; the message shows no address
 */
export function planAlarms(
  { notify, heartbeat }: Pick<Definition, "notify" | "heartbeat">,
): AlarmPlan {
  const webhooks = notify.map(({ webhook, form, events }, index) => {
    const key = `notify[${index}].webhook`;
    const result = readWebhook(readAddress(key, webhook), form);
    if (!result.ok) throw badAddress(key, result.why);
    return { ...result.webhook, events };
  });
  const ping = heartbeat === null ? null : {
    url: readPing(heartbeat.url),
    everyMs: heartbeat.everyMs,
  };
  const urls = webhooks.map(({ url }) => url);
  if (ping !== null) urls.push(ping.url);
  return { webhooks, heartbeat: ping, hosts: urls.map(hostAndPort) };
}

/** A host with its port, as a permission names it. @throws {TypeError} if it is no address */
export function hostAndPort(address: string): string {
  const { protocol, hostname, port } = new URL(address);
  const standard = protocol === "https:" ? "443" : "80";
  return `${hostname}:${port === "" ? standard : port}`;
}

function readPing(text: SecretText): string {
  const url = readAddress("heartbeat.url", text);
  const why = addressFault(url);
  if (why !== null) throw badAddress("heartbeat.url", why);
  return url;
}

function readAddress(key: string, text: SecretText): string {
  const result = resolveSecret(text);
  if (result.ok) return result.text;
  const why = result.missing.map(({ message }) =>
    message.replace(/^Cannot /, "cannot ")
  );
  throw new CarillonError(
    "secret/missing",
    `Cannot use "${key}": ${why.join("; ")}`,
    { details: { key, names: result.missing.map(({ name }) => name) } },
  );
}

function badAddress(key: string, why: string): CarillonError {
  return new CarillonError(
    "notify/bad-address",
    `Cannot use "${key}": ${why}`,
    { details: { key } },
  );
}
