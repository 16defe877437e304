/**
 * What an issue says, one sentence for each rule.
 *
 * @module
 */

import type { Issue, IssueCode } from "./issue.ts";

type Sentence = (issue: Issue) => string;

/** The sentences; `received` is what the file has in place of what it should have. */
const SENTENCES: Readonly<Record<IssueCode, Sentence>> = {
  "account/broker-and-accounts": () =>
    'Cannot have "broker" and "accounts" in one file',
  "account/literal-token": () =>
    "A token stands in the file itself: everyone who reads the file has it",
  "account/live-needs-id": () => "A live account must say its id",
  "account/live-needs-name": () =>
    "A session on a live account must have a written name",
  "account/live-needs-scope": () =>
    "A session on a live account must say which positions it may touch",
  "account/not-named": () =>
    "The session must say which of the accounts it acts on",
  "account/secret-in-url": (issue) =>
    `The url holds ${got(issue)}, where a secret may stand`,
  "account/unknown": (issue) => `No account is called ${got(issue)}`,
  "action/misplaced": (issue) => `Cannot do ${got(issue)} here`,
  "calendar/circular": (issue) =>
    `A calendar starts from itself by way of ${got(issue)}`,
  "calendar/closed-day": (issue) =>
    `Cannot change the hours of ${got(issue)}, a day without trading`,
  "calendar/ics-empty": (issue) =>
    `The file of closures closes no day: ${got(issue)}`,
  "calendar/ics-form": (issue) =>
    `Cannot use the file of closures: ${got(issue)}`,
  "calendar/ics-left-out": (issue) =>
    `An event of the file of closures is left out: ${got(issue)}`,
  "calendar/ics-unreadable": (issue) =>
    `Cannot read the file of closures: ${got(issue)}`,
  "blackout/outside-window": (issue) =>
    `The blackout from ${got(issue)} lies outside of its session`,
  "calendar/name-taken": (issue) =>
    `Cannot call a calendar ${got(issue)}: the name is taken`,
  "calendar/needed": (issue) =>
    `${got(issue)} needs a calendar, and there is none`,
  "calendar/none-in-list": () => 'Cannot put "none" beside a calendar',
  "calendar/outside-day": (issue) =>
    `${got(issue)} lies outside of the day's hours`,
  "calendar/unknown": (issue) => `No calendar is called ${got(issue)}`,
  "date/backwards": (issue) => `The range ${got(issue)} ends before it begins`,
  "date/form": (issue) => `${got(issue)} is not a date`,
  "days/form": (issue) => `${got(issue)} does not say days`,
  "duration/form": (issue) => `${got(issue)} is not a duration`,
  "duration/negative": (issue) => `The duration ${got(issue)} is negative`,
  "duration/too-long": (issue) => `The duration ${got(issue)} is too long`,
  "duration/zero": () => "The duration must be above zero",
  "entries/outside-window": (issue) =>
    `The time ${got(issue)} for entries lies outside of its session`,
  "file/missing-key": (issue) => `Missing: ${issue.expected ?? "a key"}`,
  "file/unknown-key": (issue) => `Unknown key ${got(issue)}`,
  "file/version": (issue) => `Cannot read version ${got(issue)} of the format`,
  "hook/code-and-module": () => 'Cannot have "code" and "module" in one hook',
  "hook/import": (issue) => `The code imports what it may not: ${got(issue)}`,
  "hook/isolation": (issue) =>
    `Isolation "vm" cannot grant ${got(issue)} to the code`,
  "hook/no-code": () => "The hook does not say where its code is",
  "hook/no-export": (issue) => `The module does not export ${got(issue)}`,
  "hook/permission": (issue) => `Cannot grant ${got(issue)} to the code`,
  "hook/syntax": (issue) => `This is no code: ${got(issue)}`,
  "hook/unreadable": (issue) => `${got(issue)}`,
  "literal/circular": () => "The value holds itself, or is nested too deep",
  "literal/value": (issue) => `Cannot use ${got(issue)} in a definition`,
  "module/failed": (issue) => issue.received ?? "The module failed",
  "module/import": (issue) => issue.received ?? "Cannot import this",
  "module/syntax": (issue) => issue.received ?? "This is not TypeScript",
  "module/unreadable": (issue) => issue.received ?? "Cannot read a module",
  "moment/duplicate-name": (issue) =>
    `Two moments of the session are called ${got(issue)}`,
  "moment/outside-window": (issue) =>
    `The moment at ${got(issue)} lies outside of its session`,
  "moment/reserved-name": (issue) => `A moment cannot be called ${got(issue)}`,
  "moment/weekday": (issue) =>
    `The moment at ${got(issue)} does not fit its session`,
  "name/duplicate": (issue) => `Two sessions are called ${got(issue)}`,
  "name/form": (issue) => `${got(issue)} cannot be a name`,
  "scope/unknown-session": (issue) => `No session is called ${got(issue)}`,
  "session/close-at-close": () =>
    "Cannot close positions at the very close of the market",
  "session/closed-date": (issue) => `The session does not run on ${got(issue)}`,
  "session/empty-blackout": () => "The blackout begins where it ends",
  "session/half-weekday": (issue) =>
    `${got(issue)} does not go with the session's other edge`,
  "session/half-window": () => "The session has only one of its two edges",
  "session/lead-too-long": (issue) =>
    `The lead ${got(issue)} is as long as the session, or longer`,
  "session/missing-hook": (issue) =>
    `Nothing says which code ${got(issue)} runs`,
  "session/no-edges": () => "The session has no edges: nothing would happen",
  "session/no-name": () =>
    "A session without start and end must have a written name",
  "session/no-trade-date": (issue) => `The session never runs: ${got(issue)}`,
  "session/offset-outside-day": (issue) =>
    `${got(issue)} lies beyond the other end of the market's day`,
  "session/outside-hours": (issue) =>
    `The session is never open: ${got(issue)}`,
  "session/overlapping-closes": (issue) =>
    `The close of ${got(issue)} takes another session's positions with it`,
  "session/unreachable-hook": () => "No action calls this code",
  "session/zero-length": (issue) =>
    `The session is empty: its end ${got(issue)} is not after its start`,
  "source/not-utf8": (issue) => `The file is not text in UTF-8: ${got(issue)}`,
  "source/too-large": (issue) => `The file is too large: ${got(issue)}`,
  "support/not-yet": (issue) => `This version does not carry out ${got(issue)}`,
  "time/form": (issue) => `${got(issue)} is not a time`,
  "time/out-of-range": (issue) => `No clock shows ${got(issue)}`,
  "time/starts-at-24": (issue) =>
    `A session cannot start at ${got(issue)}, the end of a day`,
  "value/boolean": (issue) => `${got(issue)} is neither true nor false`,
  "value/duplicate": (issue) => `${got(issue)} stands in the list twice`,
  "value/empty": () => "The value is missing",
  "value/form": (issue) => `Cannot use ${got(issue)} here`,
  "value/interpolation": (issue) => `Cannot put in ${got(issue)} here`,
  "value/number": (issue) => `${got(issue)} is not a number`,
  "value/out-of-range": (issue) => `Out of range: ${got(issue)}`,
  "value/unknown-word": (issue) => `Unknown word ${got(issue)}`,
  "yaml/complex-key": (issue) => `A key must be a word, not ${got(issue)}`,
  "yaml/duplicate-key": (issue) => `The key ${got(issue)} is written twice`,
  "yaml/empty": () => "The file says nothing",
  "yaml/recursive-alias": (issue) => `The alias ${got(issue)} holds itself`,
  "yaml/several-documents": () => "The file holds more than one document",
  "yaml/syntax": (issue) => `This is not YAML: ${got(issue)}`,
  "yaml/tab": () => "A tab cannot indent a line",
  "yaml/tag": (issue) => `The tag ${got(issue)} has no meaning here`,
  "yaml/too-deep": () => "Lists and mappings stand too deep in one another",
  "yaml/too-many-aliases": () => "The aliases stand for too much",
  "yaml/unknown-alias": (issue) => `Nothing is called ${got(issue)} before`,
  "zone/unknown": (issue) => `${got(issue)} is not a time zone`,
};

/** The sentence of an issue, without its place and its advice. */
export function issueText(issue: Issue): string {
  return SENTENCES[issue.code](issue);
}

function got(issue: Issue): string {
  return issue.received ?? "it";
}
