/**
 * Where in the file something finished comes from, for messages that come later.
 *
 * @module
 */

import type { FileSpec } from "./decode.ts";
import type { Lowered } from "./lower_session.ts";
import { entryOf, type NodeBase } from "./node.ts";
import { type Door, keyWord } from "./shape.ts";

/** Finds the place of a key or a name; `null` where the file does not write it. */
export interface Places {
  /** A key of the file, by its camelCase name. */
  file(key: string): NodeBase | null;
  /** A whole session, by name. */
  session(name: string): NodeBase | null;
  /** A key of a session, by its camelCase name; it may be written under `defaults` or in the file. */
  sessionKey(name: string, key: string): NodeBase | null;
  /** A whole account, by name. */
  account(name: string): NodeBase | null;
  /** A key of a calendar under `calendars`, by its camelCase name. */
  calendarKey(name: string, key: string): NodeBase | null;
}

/** Remembers where things are written; nothing is looked up before it is asked for. */
export function makePlaces(
  spec: FileSpec,
  sessions: readonly Lowered[],
  door: Door,
): Places {
  const byName = new Map(
    sessions.map((lowered) => [lowered.session.name, lowered]),
  );
  const file = (key: string): NodeBase | null =>
    entryOf(spec.node, keyWord(key, door))?.value ?? null;
  return {
    file,
    session: (name) => byName.get(name)?.spec.node ?? null,
    sessionKey(name, key) {
      const lowered = byName.get(name);
      if (lowered === undefined) return null;
      const word = keyWord(key, door);
      const own = entryOf(lowered.spec.node, word)?.value;
      const shared = spec.keys.defaults?.node;
      const inherited = shared && entryOf(shared, word)?.value;
      return own ?? inherited ?? file(key);
    },
    calendarKey(name, key) {
      const calendar = spec.keys.calendars?.value.get(name)?.value;
      if (calendar === undefined) return null;
      return entryOf(calendar.node, keyWord(key, door))?.value ?? null;
    },
    account: (name) =>
      spec.keys.accounts?.value.get(name)?.node ?? file("broker"),
  };
}
