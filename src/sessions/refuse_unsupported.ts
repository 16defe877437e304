/**
 * Refuses a definition that asks for what this version does not carry out: said, never ignored.
 *
 * @module
 */

import type { Definition, Session, TimeValue } from "../domain/definition.ts";
import { CarillonError } from "../domain/error.ts";

type Asks<T> = Readonly<Record<string, (value: T) => boolean>>;

const FILE_ASKS: Asks<Definition> = {
  calendars: ({ calendars }) => calendars.length > 0,
  notify: ({ notify }) => notify.length > 0,
  heartbeat: ({ heartbeat }) => heartbeat !== null,
  limits: ({ limits }) => limits !== null,
};

const SESSION_ASKS: Asks<Session> = {
  calendar: ({ calendar }) => calendar.length > 0,
  start: ({ window }) => isMarket(window?.start),
  end: ({ window }) => isMarket(window?.end),
  moments: ({ moments }) => moments.some(({ at }) => isMarket(at)),
  hours: ({ hours }) => hours !== "clip",
  halfDays: ({ halfDays }) => halfDays !== "shift",
  breaks: ({ breaks }) => breaks !== "ignore",
  days: ({ days }) => days.some(({ kind }) => kind !== "weekday"),
  "scope.session": ({ scope }) => scope.session !== null,
  ifClosed: ({ ifClosed }) => ifClosed.kind !== "report",
  entries: ({ entries }) => entries !== null,
  noNewEntries: ({ noNewEntriesMs }) => noNewEntriesMs !== null,
  blackouts: ({ blackouts }) => blackouts.length > 0,
  catchUp: ({ catchUp }) => catchUp.written,
  strategies: ({ strategies }) => strategies.length > 0,
};

/**
 * Refuses what is not carried out.
 *
 * @throws {CarillonError} "support/not-yet" naming everything at once
 */
export function refuseUnsupported(
  definition: Definition,
  runsModules: boolean,
): void {
  const asked = [
    ...asksOf(definition, FILE_ASKS, ""),
    ...definition.sessions.flatMap((session) => [
      ...asksOf(session, SESSION_ASKS, `${session.name}: `),
      ...(runsModules ? [] : sandboxed(session)),
    ]),
  ];
  if (asked.length === 0) return;
  throw new CarillonError(
    "support/not-yet",
    `Cannot carry out everything that is asked for: ${asked.join("; ")}`,
    { details: { asked } },
  );
}

function asksOf<T>(value: T, asks: Asks<T>, prefix: string): readonly string[] {
  return Object.entries(asks)
    .filter(([, isAsked]) => isAsked(value))
    .map(([key]) => prefix + key);
}

function sandboxed(session: Session): readonly string[] {
  return (["customStart", "customEnd"] as const)
    .filter((key) => {
      const hook = session[key];
      return hook !== null && hook.source.kind !== "function";
    })
    .map((key) => `${session.name}: ${key} that is no function`);
}

function isMarket(time: TimeValue | undefined): boolean {
  return time?.kind === "market";
}
