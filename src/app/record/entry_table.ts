/**
 * Entries as rows of a table: one for each event, and one for each thing it led to that a person
 * would look for.
 *
 * @module
 */

import type { Event } from "../../domain/event.ts";
import type { Notice } from "../../domain/notice.ts";
import type { OrderIntent, OrderReport } from "../../domain/order.ts";
import type { Entry } from "../../runtime/ports.ts";
import { formatInstant } from "../wire_form.ts";
import { type Cell, csvRecord, foreign, own } from "./csv.ts";
import { keyOf } from "./entry_subjects.ts";

/** What stands over each column. */
export const COLUMNS = [
  "seq",
  "recorded_at",
  "at",
  "due_at",
  "kind",
  "type",
  "edge",
  "account",
  "symbol",
  "side",
  "qty",
  "client_order_id",
  "outcome",
  "reason",
  "message",
] as const;

type Row = Readonly<Partial<Record<typeof COLUMNS[number], Cell>>>;

/** The line over the table. */
export function tableHead(): string {
  return csvRecord(COLUMNS.map(own));
}

/** An entry's rows, each with its line end; `keys` are the edges that it is about. */
export function tableRows(entry: Entry, keys: ReadonlySet<string>): string {
  const { seq, recordedAt, event, effects } = entry;
  const entryCells = {
    seq: own(seq),
    recorded_at: own(formatInstant(recordedAt)),
    at: own(formatInstant(event.at)),
  };
  const notices = effects.flatMap((effect) =>
    effect.type === "tell" ? [effect.notice] : []
  );
  return [
    { kind: own("event"), ...eventRow(event, keys) },
    ...notices.map((notice): Row => ({
      kind: own("notice"),
      ...noticeRow(notice),
    })),
  ].map((row: Row) => {
    const whole: Row = { ...entryCells, ...row };
    return csvRecord(COLUMNS.map((column) => whole[column] ?? null));
  }).join("");
}

function eventRow(event: Event, keys: ReadonlySet<string>): Row {
  return {
    type: own(event.type),
    ...("dueAt" in event ? { due_at: own(formatInstant(event.dueAt)) } : {}),
    edge: edgeCell(event, keys),
    ...("account" in event ? { account: foreign(event.account) } : {}),
    ...detailRow(event),
  };
}

/** The edges that an event is about; arming others on the way is not about them. */
function edgeCell(event: Event, keys: ReadonlySet<string>): Cell {
  if ("edge" in event) return foreign(event.edge);
  if (event.type === "file.loaded") return null;
  const edges = [...keys].filter((key) => !OCCURRENCE.test(key));
  return edges.length === 0 ? null : foreign(edges.join(" "));
}

const OCCURRENCE = /^[^/]+\/\d{4}-\d{2}-\d{2}$/;

function detailRow(event: Event): Row {
  switch (event.type) {
    case "order.reported":
      return {
        ...reportRow(event.report),
        client_order_id: foreign(event.clientOrderId),
      };
    case "order.absent":
      return {
        client_order_id: foreign(event.clientOrderId),
        outcome: own("absent"),
      };
    case "cancel.answered":
      return reportRow(event.report);
    case "order.lost":
      return {
        ...(event.during === "cancel"
          ? {}
          : { client_order_id: foreign(event.order) }),
        ...failureRow(event.failure),
      };
    case "positions.unread":
      return failureRow(event.failure);
    case "hook.returned":
      return { outcome: own("returned") };
    case "hook.failed":
      return { outcome: own(event.outcome), message: foreign(event.message) };
    case "stop.requested":
      return { outcome: own(event.policy), reason: own(event.reason) };
    default:
      return {};
  }
}

function noticeRow(notice: Notice): Row {
  const key = keyOf(notice);
  return {
    type: own(notice.type),
    ...("dueAt" in notice && notice.dueAt !== null
      ? { due_at: own(formatInstant(notice.dueAt)) }
      : {}),
    ...(key === null ? {} : { edge: foreign(key) }),
    ...("account" in notice ? { account: foreign(notice.account) } : {}),
    ...("intent" in notice ? intentRow(notice.intent) : {}),
    ...("outcome" in notice ? { outcome: own(notice.outcome) } : {}),
    ...("message" in notice ? { message: foreign(notice.message) } : {}),
    ...("reason" in notice ? { reason: foreign(notice.reason) } : {}),
    ...(notice.type === "order.changed"
      ? {
        symbol: foreign(notice.symbol),
        qty: own(notice.filledQty),
        client_order_id: foreign(notice.clientOrderId),
        outcome: own(notice.status),
      }
      : {}),
  };
}

function intentRow(intent: OrderIntent): Row {
  return {
    symbol: foreign(intent.symbol),
    side: own(intent.side),
    qty: own(intent.qty),
    client_order_id: foreign(intent.clientOrderId),
  };
}

function reportRow(report: OrderReport): Row {
  return {
    symbol: foreign(report.symbol),
    side: own(report.side),
    qty: own(report.filledQty),
    outcome: own(report.status),
    reason: foreign(report.reason),
    message: foreign(report.message),
  };
}

function failureRow(
  { code, message, outcome }: {
    readonly code: string;
    readonly message: string;
    readonly outcome: string;
  },
): Row {
  return {
    outcome: own(outcome),
    reason: foreign(code),
    message: foreign(message),
  };
}
