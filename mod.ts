/**
 * carillon runs trading sessions: it fires their actions at the instants they are due, closes
 * positions at the broker, and calls them closed only when the broker's own list says so.
 *
 * @module
 */

export { CarillonError } from "./src/domain/error.ts";
export type { ErrorCode, FailureOutcome } from "./src/domain/error.ts";
export { decimal } from "./src/domain/decimal.ts";
export type { Decimal } from "./src/domain/decimal.ts";
export type { DurationMs, EpochMs, Weekday } from "./src/domain/time.ts";
export type {
  Account,
  AccountMode,
  Action,
  CloseAction,
  Definition,
  DstPolicy,
  HookAction,
  PositionSide,
  ProfitKind,
  Session as SessionDefinition,
  StopPolicy,
} from "./src/domain/definition.ts";
export type {
  OrderIntent,
  OrderReport,
  ReportedStatus,
} from "./src/domain/order.ts";
export type {
  AccountInfo,
  Fill,
  OrderSide,
  Position,
  Snapshot,
  WorkingOrder,
} from "./src/domain/position.ts";
export type {
  Broker,
  BrokerEvent,
  BrokerWatch,
  Clock,
  Entry,
  HookRunner,
  Journal,
  Random,
} from "./src/runtime/ports.ts";

export { defineSessions } from "./dsl/define_sessions.ts";
export type { SessionsDefinition } from "./dsl/define_sessions.ts";
export type { SessionsSpec } from "./dsl/sessions_spec.ts";
export type {
  EdgeSettled,
  Notice,
  Outcome,
  PositionLine,
} from "./src/domain/notice.ts";
export { openHttpBroker } from "./src/adapters/brokers/http/http_broker.ts";
export type { HttpBrokerOptions } from "./src/adapters/brokers/http/http_broker.ts";
export {
  createPaperBroker,
  PaperBroker,
} from "./src/adapters/brokers/paper/paper_broker.ts";
export type { PaperBrokerOptions } from "./src/adapters/brokers/paper/paper_broker.ts";
export { servePaper } from "./src/adapters/brokers/paper/server.ts";
export type {
  PaperServer,
  ServeOptions,
} from "./src/adapters/brokers/paper/server.ts";
export { ScaledClock } from "./src/adapters/clock/scaled_clock.ts";
export { SystemClock } from "./src/adapters/clock/system_clock.ts";
export { VirtualClock } from "./src/adapters/clock/virtual_clock.ts";
export { SqliteJournal } from "./src/adapters/journal/sqlite_journal.ts";
export { MemoryJournal } from "./src/runtime/memory_journal.ts";

export { backtestSleep } from "./src/sessions/backtest_sleep.ts";
export { Duration } from "./src/sessions/duration.ts";
export type { Moment } from "./src/sessions/moment.ts";
export type { AccountIdentity, RunOptions } from "./src/sessions/open_run.ts";
export type {
  EdgeOutcome,
  SessionNotice,
  Told,
  ToldField,
} from "./src/sessions/public_notice.ts";
export { Session } from "./src/sessions/session.ts";
export type {
  DefinedSession,
  HookContext,
  SessionFunction,
  SessionOptions,
} from "./src/sessions/session.ts";
export type {
  Days,
  EndAction,
  Length,
  SessionRules,
  SessionScope,
  StartAction,
  TradingDayWord,
  WeekdayWord,
} from "./src/sessions/session_rules.ts";
export { SessionSeconds } from "./src/sessions/session_seconds.ts";
export { Sessions } from "./src/sessions/sessions.ts";
export type { DefinedSessions, OpenOptions } from "./src/sessions/sessions.ts";
export { delta } from "./src/sessions/time_of_day.ts";
export type { TimeOfDay } from "./src/sessions/time_of_day.ts";

if (import.meta.main) {
  // Who imports the library does not load the program. Nothing is awaited: a definition in
  // TypeScript imports this module and would wait for it in vain.
  import("./src/app/cli/main.ts")
    .then(({ main }) => main(Deno.args))
    .then(Deno.exit);
}
