/**
 * carillon runs trading sessions: it fires their actions at the instants they are due, closes
 * positions at the broker, and calls them closed only when the broker's own list says so.
 *
 * @module
 */

export { CarillonError, ERROR_CODES } from "./src/domain/error.ts";
export type { ErrorCode, FailureOutcome } from "./src/domain/error.ts";
export { decimal } from "./src/domain/decimal.ts";
export type { Decimal } from "./src/domain/decimal.ts";
export type { DurationMs, EpochMs, Weekday } from "./src/domain/time.ts";
export {
  decodeGatewayBotInfo,
  GatewayBotInfo,
} from "./src/domain/gateway_bot_info.ts";
export type { GatewayBotInfoFields } from "./src/domain/gateway_bot_info.ts";
export {
  decodeSessionStartLimit,
  SessionStartLimit,
} from "./src/domain/session_start_limit.ts";
export type { SessionStartLimitFields } from "./src/domain/session_start_limit.ts";
export type {
  Account,
  AccountGateway,
  AccountMode,
  Action,
  Blackout,
  CatchUp,
  ClockTime,
  CloseAction,
  ClosureFile,
  DateRange,
  DayRule,
  Definition,
  DstPolicy,
  EntryWindow,
  Heartbeat,
  Hook,
  HookAction,
  HookPermissions,
  HookSource,
  IfClosed,
  Limits,
  MarketCalendar,
  MarketTime,
  Moment as MomentDefinition,
  NamedClosure,
  Notification,
  NotificationEvent,
  NotificationForm,
  OverlapPolicy,
  PaperAccount,
  PaperPosition,
  PositionSide,
  PriceSource,
  ProfitKind,
  RemoteAccount,
  Scope,
  SecretText,
  Session as SessionDefinition,
  StopPolicy,
  Strategy,
  TimeValue,
  UserCalendar,
  Window as SessionWindow,
} from "./src/domain/definition.ts";
export type {
  BookDifference,
  BookNews,
  BookView,
  Quote,
} from "./src/domain/book.ts";
export { shardKey, shardOf } from "./src/domain/shard_of.ts";
export type {
  OrderIntent,
  OrderReport,
  OrderStatus,
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
  AccountOpened,
  AccountUnopened,
  ActionsRequested,
  BookDiffered,
  CancelAnswered,
  CloseRequested,
  EdgeAdvanced,
  EdgeDue,
  EdgeSkipRequested,
  Event as JournalEvent,
  EventBase,
  Failure,
  FileLoaded,
  FileReloaded,
  HookFailed,
  HookReturned,
  ListsRequested,
  OrderAbsent,
  OrderLost,
  OrderReported,
  OrderRequested,
  PauseRequested,
  PositionsRead,
  PositionsUnread,
  ResumeRequested,
  SessionAdded,
  SessionRemoved,
  StopRequested,
  TimerDue,
} from "./src/domain/event.ts";
export type {
  HookEnd,
  HookFailure,
  HookFault,
  HookLog,
  HookLogLevel,
  HookPlace,
  HookSuccess,
} from "./src/domain/hook_end.ts";
export type {
  EntryRefusal,
  EntryRefusalReason,
  EntryRight,
} from "./src/domain/entry_right.ts";
export type { Bar, BarWish } from "./src/domain/bar.ts";
export type { EntryStopReason } from "./src/domain/occurrence.ts";
export type {
  FileHook,
  FileHookAccount,
  FileHookAnswer,
  FileHookBar,
  FileHookBarsWish,
  FileHookBroker,
  FileHookClosed,
  FileHookCloseWish,
  FileHookContext,
  FileHookEntries,
  FileHookLog,
  FileHookLogLevel,
  FileHookLogLine,
  FileHookOccurrence,
  FileHookOrder,
  FileHookOrderWish,
  FileHookPosition,
  FileHookQuote,
  FileHookSession,
  FileHookSnapshot,
  FileStrategy,
  FileStrategyContext,
} from "./src/app/hooks/hook_context.ts";
export type { MarketQuote } from "./src/domain/quote.ts";
export type { HookDesk, OrderWish } from "./src/runtime/hook_desk.ts";
export type {
  Effect,
  HookCancel,
  HookOccurrence,
  HookRun,
  HookStrategy,
  OrderCancel,
  OrderFind,
  OrderSubmit,
  PositionsRead as PositionsReadEffect,
  RunEnd,
  Tell,
  TimerDrop,
  TimerSet,
} from "./src/domain/effect.ts";
export type {
  Broker,
  BrokerEvent,
  BrokerWatch,
  Checkpoint,
  Clock,
  Entry,
  HookRunner,
  Journal,
  Random,
} from "./src/runtime/ports.ts";
export type {
  AccountNotReady,
  AccountReady,
  Anomaly,
  BookDiffers,
  CloseDeferred,
  CloseRetrying,
  CloseStarted,
  CloseVerdict,
  EdgeFired,
  EdgeResumed,
  EdgeSettled,
  EdgeSkipNoted,
  FileReloaded as FileReloadedNotice,
  HookEnded,
  HookLine,
  JournalRestored,
  JournalUnwritable,
  Notice,
  NoticeBase,
  OccurrenceArmed,
  OccurrenceSkipped,
  OrderAnswer,
  OrderAnswered,
  OrderChanged,
  OrderRefusalReason,
  OrderRefused,
  OrderSent,
  Outcome,
  PlannedEdge,
  PositionLine,
  ReplannedEdge,
  RunPaused,
  RunRecovered,
  RunResumed,
  RunStarted,
  RunStopped,
  RunStopping,
  StrategyEnded,
} from "./src/domain/notice.ts";

export { defineSessions } from "./dsl/define_sessions.ts";
export type { SessionsDefinition } from "./dsl/define_sessions.ts";
export { ISSUE_CODES } from "./dsl/issue.ts";
export type {
  Issue,
  IssueCode,
  IssueSeverity,
  RelatedPlace,
} from "./dsl/issue.ts";
export type { HookFunction } from "./dsl/read_literal.ts";
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
} from "./dsl/sessions_spec.ts";
export type { Json } from "./dsl/shape.ts";
export type { Position as TextPosition, Span } from "./dsl/span.ts";

export { openHttpBroker } from "./src/adapters/brokers/http/http_broker.ts";
export type { HttpBrokerOptions } from "./src/adapters/brokers/http/http_broker.ts";
export {
  BOOK_INTENTS,
  readAccountNews,
} from "./src/adapters/brokers/protocol/gateway_news.ts";
export type { AccountNews } from "./src/adapters/brokers/protocol/gateway_news.ts";
export type {
  Closing,
  Duplicate,
  Exposure,
  PaperAudit,
} from "./src/adapters/brokers/paper/audit.ts";
export { FAULT_TARGETS } from "./src/adapters/brokers/paper/faults.ts";
export type {
  Fault,
  FaultRule,
  FaultTarget,
  PaperFaultRule,
} from "./src/adapters/brokers/paper/faults.ts";
export type { PaperGatewayAudit } from "./src/adapters/brokers/paper/gateway/gateway_audit.ts";
export { GATEWAY_FAULT_TARGETS } from "./src/adapters/brokers/paper/gateway/gateway_faults.ts";
export type {
  GatewayFault,
  GatewayFaultRule,
  GatewayFaultTarget,
} from "./src/adapters/brokers/paper/gateway/gateway_faults.ts";
export type { PaperGatewayOptions } from "./src/adapters/brokers/paper/gateway/limits.ts";
export type { PaperGateway } from "./src/adapters/brokers/paper/gateway/paper_gateway.ts";
export type { StartTally } from "./src/adapters/brokers/paper/gateway/session_starts.ts";
export {
  createPaperBroker,
  PaperBroker,
} from "./src/adapters/brokers/paper/paper_broker.ts";
export type { PaperBrokerOptions } from "./src/adapters/brokers/paper/paper_broker.ts";
export type { PriceText } from "./src/adapters/brokers/paper/prices/csv_prices.ts";
export { servePaper } from "./src/adapters/brokers/paper/server.ts";
export type {
  PaperServer,
  ServeOptions,
} from "./src/adapters/brokers/paper/server.ts";
export { SeededRandom, SystemRandom } from "./src/adapters/clock/random.ts";
export { ScaledClock } from "./src/adapters/clock/scaled_clock.ts";
export { SystemClock } from "./src/adapters/clock/system_clock.ts";
export { VirtualClock } from "./src/adapters/clock/virtual_clock.ts";
export type { VirtualRunOptions } from "./src/adapters/clock/virtual_clock.ts";
export type { Anchor, AnchorFinding } from "./src/adapters/journal/anchor.ts";
export type { Mark } from "./src/adapters/journal/chain.ts";
export {
  JournalReader,
  openJournalForReading,
} from "./src/adapters/journal/journal_reader.ts";
export type { RecordedEntry } from "./src/adapters/journal/journal_reader.ts";
export { webGateway } from "./src/adapters/gateway/web_gateway.ts";
export type { WebGatewayOptions } from "./src/adapters/gateway/web_gateway.ts";
export { SqliteJournal } from "./src/adapters/journal/sqlite_journal.ts";
export { verifyJournal } from "./src/adapters/journal/verify_journal.ts";
export type {
  ChainBreak,
  EndEntry,
  JournalReport,
} from "./src/adapters/journal/verify_journal.ts";
export type { WalTail } from "./src/adapters/journal/wal_tail.ts";
export { SqliteStartStore } from "./src/adapters/journal/sqlite_start_store.ts";
export { MemoryJournal } from "./src/runtime/memory_journal.ts";

export { AccountBook } from "./src/gateway/account_book.ts";
export type {
  AccountBookOptions,
  BookProof,
} from "./src/gateway/account_book.ts";
export { BookBroker } from "./src/gateway/book_broker.ts";
export type { BookBrokerOptions } from "./src/gateway/book_broker.ts";
export {
  BookFeed,
  CLOSE_NEED_MS,
  REOPEN_MS_MAX,
  REOPEN_MS_MIN,
} from "./src/gateway/book_feed.ts";
export type { BookFeedOptions, FeedNews } from "./src/gateway/book_feed.ts";
export { assignKeys, keysMoved } from "./src/gateway/assignment.ts";
export type { Move as KeyMove } from "./src/gateway/assignment.ts";
export { GatewayClient, openGateway } from "./src/gateway/client.ts";
export type {
  GatewayMessage,
  GatewayOptions,
} from "./src/gateway/gateway_options.ts";
export type {
  GatewayEvent,
  GatewayEventBase,
  ParkReason,
  SessionLost,
  ShardAnomaly,
  ShardDispatch,
  ShardFailed,
  ShardGap,
  ShardHeld,
  ShardLost,
  ShardParked,
  ShardReady,
  ShardResumed,
} from "./src/gateway/gateway_event.ts";
export { MemoryStartStore } from "./src/gateway/memory_start_store.ts";
export type {
  GatewayAnswer,
  GatewaySocket,
  GatewayTransport,
  RecordedStart,
  SocketListener,
  StartBudgetStore,
  StartRecord,
} from "./src/gateway/ports.ts";
export type { ShardStatus } from "./src/gateway/shard.ts";
export type { ShardPhase, ShardSession } from "./src/gateway/shard_life.ts";

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
