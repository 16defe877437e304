/**
 * What can be wrong with a session file: data with a stable code, collected, never thrown.
 *
 * @module
 */

import type { Span } from "./span.ts";

/** The closed list of rules; tools may branch on these. */
export const ISSUE_CODES = [
  "account/broker-and-accounts",
  "account/literal-token",
  "account/live-needs-id",
  "account/live-needs-name",
  "account/live-needs-scope",
  "account/not-named",
  "account/secret-in-url",
  "account/unknown",
  "action/misplaced",
  "blackout/outside-window",
  "calendar/circular",
  "calendar/closed-day",
  "calendar/ics-empty",
  "calendar/ics-form",
  "calendar/ics-left-out",
  "calendar/ics-unreadable",
  "calendar/name-taken",
  "calendar/needed",
  "calendar/none-in-list",
  "calendar/outside-day",
  "calendar/unknown",
  "date/backwards",
  "date/form",
  "days/form",
  "duration/form",
  "duration/negative",
  "duration/too-long",
  "duration/zero",
  "entries/outside-window",
  "file/missing-key",
  "file/unknown-key",
  "file/version",
  "hook/code-and-module",
  "hook/import",
  "hook/isolation",
  "hook/no-code",
  "hook/no-export",
  "hook/permission",
  "hook/syntax",
  "hook/unreadable",
  "literal/circular",
  "literal/value",
  "module/failed",
  "module/import",
  "module/syntax",
  "module/unreadable",
  "moment/duplicate-name",
  "moment/outside-window",
  "moment/reserved-name",
  "moment/weekday",
  "name/duplicate",
  "name/form",
  "scope/unknown-session",
  "session/close-at-close",
  "session/closed-date",
  "session/empty-blackout",
  "session/half-weekday",
  "session/half-window",
  "session/lead-too-long",
  "session/missing-hook",
  "session/no-edges",
  "session/no-name",
  "session/no-trade-date",
  "session/offset-outside-day",
  "session/outside-hours",
  "session/overlapping-closes",
  "session/unreachable-hook",
  "session/zero-length",
  "source/not-utf8",
  "source/too-large",
  "support/not-yet",
  "time/form",
  "time/out-of-range",
  "time/starts-at-24",
  "value/boolean",
  "value/duplicate",
  "value/empty",
  "value/form",
  "value/interpolation",
  "value/number",
  "value/out-of-range",
  "value/unknown-word",
  "yaml/complex-key",
  "yaml/duplicate-key",
  "yaml/empty",
  "yaml/recursive-alias",
  "yaml/several-documents",
  "yaml/syntax",
  "yaml/tab",
  "yaml/tag",
  "yaml/too-deep",
  "yaml/too-many-aliases",
  "yaml/unknown-alias",
  "zone/unknown",
] as const;

/** A rule that a file can break. */
export type IssueCode = typeof ISSUE_CODES[number];

/** Whether a file can be used in spite of it. */
export type IssueSeverity = "error" | "warning";

/** One problem of a file. */
export interface Issue {
  /** The rule that is broken. */
  readonly code: IssueCode;
  /** Whether the file can be used in spite of it. */
  readonly severity: IssueSeverity;
  /** The key it is about, as written: `sessions[0].on_end[1]`; empty for the whole file. */
  readonly path: string;
  /** `null` where there is no text (TypeScript), or no place in it. */
  readonly span: Span | null;
  /** What would have been right. */
  readonly expected: string | null;
  /** What is there instead. */
  readonly received: string | null;
  /** What to do about it. */
  readonly hint: string | null;
  /** The valid word nearest to what is there. */
  readonly nearest: string | null;
  /** Another place that has to do with it. */
  readonly related: RelatedPlace | null;
}

/** A second place that a message points to, such as the first of two equal keys. */
export interface RelatedPlace {
  /** What is there. */
  readonly label: string;
  /** The key, as written. */
  readonly path: string;
  /** `null` where there is no text, or no place in it. */
  readonly span: Span | null;
}

/** What an issue says beside its code; what is left out is `null`, empty or an error. */
export type IssueDetails = Partial<Omit<Issue, "code">>;

/** Makes an issue with everything that is not given left empty. */
export function makeIssue(code: IssueCode, details: IssueDetails): Issue {
  return {
    code,
    severity: "error",
    path: "",
    span: null,
    expected: null,
    received: null,
    hint: null,
    nearest: null,
    related: null,
    ...details,
  };
}
