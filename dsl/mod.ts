/**
 * The language of session files: text or object literal -> definition, or every problem in it.
 *
 * @module
 */

export { defineSessions, type SessionsDefinition } from "./define_sessions.ts";
export { formatIssues, type FormatOptions, issueToJson } from "./format.ts";
export {
  closureFiles,
  type ClosureImport,
  type ClosureText,
  importClosures,
} from "./import_closures.ts";
export {
  type Issue,
  ISSUE_CODES,
  type IssueCode,
  type IssueSeverity,
  makeIssue,
  type RelatedPlace,
} from "./issue.ts";
export { issueText } from "./issue_text.ts";
export type { NodeBase, Path } from "./node.ts";
export type { Places } from "./places.ts";
export type { HookFunction } from "./read_literal.ts";
export { readDefinitionData } from "./read_data.ts";
export { type Reading, readSessions } from "./read_sessions.ts";
export { makeSchema } from "./schema.ts";
export type {
  AccountInput,
  BlackoutInput,
  CalendarInput,
  DateInput,
  DecimalInput,
  DurationInput,
  GatewayInput,
  HeartbeatInput,
  HookInput,
  HookOptions,
  HttpInput,
  LimitsInput,
  MomentInput,
  NotificationInput,
  OneOrMany,
  PaperInput,
  PaperPositionInput,
  RemoteKind,
  ScopeInput,
  SessionInput,
  SessionsSpec,
  SharedInput,
  StrategyInput,
  TimeInput,
  VenueInput,
} from "./sessions_spec.ts";
export type { Json, JsonSchema } from "./shape.ts";
export {
  decodeSource,
  makeSource,
  positionAt,
  type Source,
  SOURCE_BYTES_MAX,
  type SourceReading,
} from "./source.ts";
export type { Position, Span } from "./span.ts";
export { nearestWord } from "./suggest.ts";
export { unsupported } from "./support.ts";
export { durationText, timeText } from "./time_text.ts";
