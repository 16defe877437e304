/**
 * What a definition asks for and this version does not carry out: said, never ignored.
 *
 * @module
 */

import type {
  Definition,
  Hook,
  Session,
  TimeValue,
} from "../src/domain/definition.ts";
import { SESSION_DEFAULTS } from "./defaults.ts";
import type { Issue } from "./issue.ts";
import { IssueLog } from "./issue_log.ts";
import type { NodeBase } from "./node.ts";
import type { Places } from "./places.ts";
import { snakeCase } from "./shape.ts";

interface Need<T> {
  /** The key that asks for it, in camelCase. */
  readonly key: string;
  readonly what: string;
  readonly isAsked: (value: T) => boolean;
}

const FILE_NEEDS: readonly Need<Definition>[] = [
  {
    key: "calendars",
    what: "calendars of your own",
    isAsked: ({ calendars }) => calendars.length > 0,
  },
  {
    key: "notify",
    what: "notifications",
    isAsked: ({ notify }) => notify.length > 0,
  },
  {
    key: "heartbeat",
    what: "a heartbeat",
    isAsked: ({ heartbeat }) => heartbeat !== null,
  },
  {
    key: "limits",
    what: "loss limits",
    isAsked: ({ limits }) => limits !== null,
  },
];

const SESSION_NEEDS: readonly Need<Session>[] = [
  {
    key: "calendar",
    what: "calendars",
    isAsked: ({ calendar }) => calendar.length > 0,
  },
  {
    key: "start",
    what: "times relative to a market's open or close",
    isAsked: ({ window }) => isMarket(window?.start),
  },
  {
    key: "end",
    what: "times relative to a market's open or close",
    isAsked: ({ window }) => isMarket(window?.end),
  },
  {
    key: "moments",
    what: "times relative to a market's open or close",
    isAsked: ({ moments }) => moments.some(({ at }) => isMarket(at)),
  },
  {
    key: "hours",
    what: '"hours: ignore"',
    isAsked: ({ hours }) => hours !== SESSION_DEFAULTS.hours,
  },
  {
    key: "halfDays",
    what: '"half_days: skip"',
    isAsked: ({ halfDays }) => halfDays !== SESSION_DEFAULTS.halfDays,
  },
  {
    key: "breaks",
    what: '"breaks: split"',
    isAsked: ({ breaks }) => breaks !== SESSION_DEFAULTS.breaks,
  },
  {
    key: "days",
    what: "days other than weekdays",
    isAsked: ({ days }) => days.some(({ kind }) => kind !== "weekday"),
  },
  {
    key: "scope",
    what: "a scope by session",
    isAsked: ({ scope }) => scope.session !== null,
  },
  {
    key: "ifClosed",
    what: "a close that waits for the next open",
    isAsked: ({ ifClosed }) => ifClosed.kind !== "report",
  },
  {
    key: "entries",
    what: "windows for entries",
    isAsked: ({ entries }) => entries !== null,
  },
  {
    key: "noNewEntries",
    what: "windows for entries",
    isAsked: ({ noNewEntriesMs }) => noNewEntriesMs !== null,
  },
  {
    key: "blackouts",
    what: "blackouts",
    isAsked: ({ blackouts }) => blackouts.length > 0,
  },
  {
    key: "catchUp",
    what: "catching up",
    isAsked: ({ catchUp }) => catchUp.written,
  },
  {
    key: "strategies",
    what: "strategies",
    isAsked: ({ strategies }) => strategies.length > 0,
  },
  {
    key: "customStart",
    what: "code in a sandbox",
    isAsked: ({ customStart }) => isSandboxed(customStart),
  },
  {
    key: "customEnd",
    what: "code in a sandbox",
    isAsked: ({ customEnd }) => isSandboxed(customEnd),
  },
];

/**
 * Everything that is asked for and not carried out yet, as errors of code "support/not-yet".
 *
 * `check` shows them as warnings; `run` refuses the file. With places each issue knows its line.
 */
export function unsupported(
  definition: Definition,
  places: Places | null = null,
): readonly Issue[] {
  const log = new IssueLog();
  for (const { key, what, isAsked } of FILE_NEEDS) {
    if (isAsked(definition)) tell(log, what, places?.file(key), snakeCase(key));
  }
  for (const { kind, name } of definition.accounts) {
    if (kind === "paper" || kind === "http") continue;
    const place = places?.account(name);
    tell(log, `accounts of kind ${kind}`, place, `accounts.${name}`);
  }
  for (const [index, session] of definition.sessions.entries()) {
    for (const { key, what, isAsked } of SESSION_NEEDS) {
      if (!isAsked(session)) continue;
      const place = places?.sessionKey(session.name, key);
      tell(log, what, place, `sessions[${index}].${snakeCase(key)}`);
    }
  }
  return log.inOrder();
}

function tell(
  log: IssueLog,
  what: string,
  place: NodeBase | null | undefined,
  path: string,
): void {
  const details = { received: what };
  if (place) log.place(place, "support/not-yet", details);
  else {log.place({ path: null, span: null }, "support/not-yet", {
      ...details,
      path,
    });}
}

function isMarket(time: TimeValue | undefined): boolean {
  return time?.kind === "market";
}

/** A function of the library's user runs in its own process; any other code needs the sandbox. */
function isSandboxed(hook: Hook | null): boolean {
  return hook !== null && hook.source.kind !== "function";
}
