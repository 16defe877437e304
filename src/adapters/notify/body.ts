/**
 * One message in the form that each service wants.
 *
 * Broker's words are part of a text: nothing in it may be taken for markup or call people up.
 *
 * @module
 */

import type {
  NotificationEvent,
  NotificationForm,
} from "../../domain/definition.ts";
import type { Webhook } from "./webhook.ts";

/** One message, ready to be sent in any form. */
export interface Message {
  /** The same for the same cause, so that a receiver can drop what it has. */
  readonly id: string;
  /** What it is about. */
  readonly event: NotificationEvent;
  /** Whether it says that something went wrong: such a message is dropped last. */
  readonly urgent: boolean;
  /** What people read. */
  readonly text: string;
  /** What programs read: plain JSON. */
  readonly json: object;
}

/** The longest text that each service takes whole. @units UTF-16 code units */
export const TEXT_LENGTH_MAX: Readonly<
  Record<Exclude<NotificationForm, "json">, number>
> = { slack: 4_000, discord: 2_000, telegram: 4_096 };

/** A message as the JSON that a webhook wants. */
export function bodyOf(message: Message, webhook: Webhook): string {
  return JSON.stringify(valueOf(message, webhook));
}

function valueOf({ text, json }: Message, { form, fields }: Webhook): object {
  switch (form) {
    case "json":
      return json;
    case "slack":
      return {
        text: fit(text, TEXT_LENGTH_MAX.slack, slackCharacter),
        mrkdwn: false,
        unfurl_links: false,
      };
    case "discord":
      return {
        content: fit(text, TEXT_LENGTH_MAX.discord, discordCharacter),
        allowed_mentions: { parse: [] },
      };
    case "telegram":
      return {
        ...fields,
        text: fit(text, TEXT_LENGTH_MAX.telegram, (character) => character),
        link_preview_options: { is_disabled: true },
      };
  }
}

const SLACK_ENTITIES: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
};

function slackCharacter(character: string): string {
  return SLACK_ENTITIES[character] ?? character;
}

function discordCharacter(character: string): string {
  return /[\\*_~`|<>#@[\]]/.test(character) ? `\\${character}` : character;
}

const CUT = " ...";

/** Character by character, so that a cut never goes through one that was escaped. */
function fit(
  text: string,
  lengthMax: number,
  write: (character: string) => string,
): string {
  let whole = "";
  let short = "";
  for (const character of text) {
    whole += write(character);
    if (whole.length <= lengthMax - CUT.length) short = whole;
    if (whole.length > lengthMax) return `${short}${CUT}`;
  }
  return whole;
}
