/**
 * What happened, in sentences a trader understands.
 *
 * `FLAT` and `NOT FLAT` are said in one place only, and only of an outcome that carries the proof.
 *
 * @module
 */

import { type Decimal, isZero, roundedText } from "../../domain/decimal.ts";
import type { PositionSide } from "../../domain/definition.ts";
import type {
  AccountReady,
  CloseStarted,
  EdgeFired,
  EdgeSettled,
  Notice,
  OrderChanged,
  PositionLine,
  RunStopped,
} from "../../domain/notice.ts";
import { LATE_MS } from "../../domain/notice.ts";
import { isGood } from "../../domain/settle.ts";
import type { EpochMs } from "../../domain/time.ts";
import {
  durationText,
  instantText,
  shortClockText,
  toSecond,
  zoneText,
} from "./format_time.ts";
import { sayControl, sayLeftOut } from "./say_control.ts";
import { sayDifferences } from "./say_differences.ts";
import { isOnlyHook } from "../notify/notice_events.ts";
import { placeText, sayHookEnded, sayStrategyEnded } from "./say_hook.ts";
import { sayNotReady } from "./say_not_ready.ts";
import { sayNotRun } from "./say_not_run.ts";
import { sayDeferred, sayRecovered, sayResumed } from "./say_recovery.ts";
import { sayReloaded } from "./say_reload.ts";
import type { Voice } from "./voice.ts";

const ON_UNWRITABLE =
  "  What is due is still closed; hooks and new orders are refused until it can be written.";

/** A notice in lines; none for what is not worth one. */
export function sayNotice(notice: Notice, voice: Voice): readonly string[] {
  const { paint } = voice;
  switch (notice.type) {
    case "run.started":
      return notice.dryRun
        ? [paint.caution("DRY RUN: everything is read and nothing is sent.")]
        : [];
    case "run.recovered":
      return sayRecovered(notice, voice);
    case "file.reloaded":
      return sayReloaded(notice, voice);
    case "account.ready":
      return [sayAccount(notice, voice)];
    case "account.not_ready":
      return sayNotReady(notice, voice);
    case "occurrence.armed":
      return [];
    case "occurrence.skipped":
      return [
        paint.caution(`${notice.occurrence}  SKIPPED: ${notice.message}.`),
      ];
    case "edge.fired":
      return sayFired(notice, voice);
    case "close.started":
      return [sayClose(notice, voice)];
    case "close.retrying":
      return [
        paint.dim(
          `  looking again ${
            time(notice.nextAt, notice.edge, voice)
          }: ${notice.message}`,
        ),
      ];
    case "edge.resumed":
      return [sayResumed(notice, voice)];
    case "close.deferred":
      return [sayDeferred(notice, voice)];
    case "order.sent":
      return [
        `  sent ${notice.intent.side} ${notice.intent.qty} ${notice.intent.symbol}` +
        (notice.attempt > 1 ? `, attempt ${notice.attempt}` : ""),
      ];
    case "order.changed":
      return [sayOrder(notice, voice)];
    case "order.refused":
      return [
        paint.caution(
          `  refused ${notice.side} ${notice.qty} ${notice.symbol}: ${notice.message}`,
        ),
      ];
    case "order.answered":
      // The line of the order itself says it.
      return [];
    case "edge.settled":
      return saySettled(notice, voice);
    case "hook.ended":
      return sayHookEnded(notice, voice);
    case "strategy.ended":
      return sayStrategyEnded(notice, voice);
    case "edge.skip_noted":
    case "run.paused":
    case "run.resumed":
      return sayControl(notice, voice);
    case "anomaly":
      return [paint.caution(`  odd: ${notice.message} (${notice.about}).`)];
    case "book.differs":
      return [
        paint.caution(
          `  ${notice.account}: the book was otherwise than the broker, which holds: ${
            sayDifferences(notice.differences)
          }.`,
        ),
      ];
    case "journal.unwritable":
      return [paint.bad(`NOT ON RECORD: ${notice.message}.`), ON_UNWRITABLE];
    case "journal.restored":
      return [
        `On record again: ${count(notice.entries, "event")} since ${
          shortClockText(notice.sinceAt, voice.here)
        }, written late.`,
      ];
    case "run.stopping":
      return notice.waitingFor.length === 0
        ? []
        : [`Stopping. Finishing first: ${notice.waitingFor.join(", ")}.`];
    case "run.stopped":
      return sayStopped(notice, voice);
  }
}

function sayAccount({ account, info }: AccountReady, voice: Voice): string {
  const kind = voice.kindOf(account);
  const equity = info.equity === null
    ? ""
    : `, equity ${info.currency} ${money(info.equity)}`;
  if (kind === "paper") {
    return `PAPER ${voice.paint.bold(account)}: ${info.mode}${equity}.`;
  }
  const isLive = info.live ?? true;
  const word = isLive ? voice.paint.bad("LIVE") : "DEMO";
  return `${word} ${kind} ${voice.paint.bold(account)}, account ${
    shortId(info.id)
  } (id verified): ${info.mode}${equity}.`;
}

/** Enough of an account's id to know it by. */
function shortId(id: string): string {
  return id.length <= 6 ? id : `...${id.slice(-4)}`;
}

function sayFired(notice: EdgeFired, voice: Voice): readonly string[] {
  const { paint } = voice;
  const late = notice.lateMs >= LATE_MS
    ? paint.caution(`  LATE by ${durationText(notice.lateMs)}`)
    : "";
  const actions = notice.actions.length === 0
    ? "no action"
    : notice.actions.join(", ");
  const zone = voice.zoneOf(notice.edge);
  return [
    `${paint.bold(edgeName(notice))}  ${
      instantText(toSecond(notice.at), zone, voice.here)
    }  ${paint.active(actions)}${late}`,
  ];
}

function sayClose(notice: CloseStarted, voice: Voice): string {
  const verb = notice.dryRun ? "would close" : "closing";
  // A book has no profits, which is not to say that the broker gives none.
  const targets = notice.source === "book"
    ? notice.targets.map(({ symbol, side, qty }) => ({ symbol, side, qty }))
    : notice.targets;
  const what = notice.targets.length === 0
    ? "nothing to close"
    : `${verb} ${positions(targets)}`;
  const cancels = notice.cancels === 0
    ? ""
    : `; ${notice.dryRun ? "would cancel" : "cancelling"} ${
      count(notice.cancels, "working order")
    }`;
  const left = notice.leftOpen.length === 0
    ? ""
    : `; leaves ${positions(notice.leftOpen)}`;
  const by = notice.targets.length === 0 || notice.dryRun
    ? ""
    : `; deadline ${time(notice.deadlineAt, notice.edge, voice)}`;
  return `  ${what}${cancels}${left}${by}`;
}

function sayOrder(notice: OrderChanged, voice: Voice): string {
  const { paint } = voice;
  const why = notice.message ?? notice.reason;
  const because = why === null ? "" : `: ${why}`;
  switch (notice.status) {
    case "filled":
      return `  filled ${notice.filledQty} ${notice.symbol}`;
    case "working":
      return `  accepted, still working: ${notice.symbol}, ${notice.filledQty} filled`;
    case "unknown":
      return paint.bad(
        `  UNKNOWN: ${notice.symbol} sent, no answer. Not sent again; asking. Treat as OPEN.`,
      );
    case "canceled":
      return paint.caution(
        `  cancelled after ${notice.filledQty} ${notice.symbol}${because}`,
      );
    case "rejected":
      return paint.caution(`  rejected ${notice.symbol}${because}`);
    case "unsent":
    case "submitted":
      return paint.caution(
        `  ${notice.symbol} did not reach the broker${because}`,
      );
  }
}

function saySettled(notice: EdgeSettled, voice: Voice): readonly string[] {
  const { close, ...edge } = notice;
  // What became of the close is said by itself: a function that failed beside it opens nothing.
  const closed = close && sayOutcome({ ...edge, ...close }, voice);
  const ended = close === undefined
    ? sayOutcome(notice, voice)
    : isGood(close.outcome)
    // The orders that were sent are the close's.
    ? sayOutcome({ ...notice, attempts: 0 }, voice)
    : null;
  const hooks = notice.hooks
    .filter(({ outcome }) => outcome !== "returned")
    .map(({ name, outcome, message, place }) =>
      voice.paint.bad(
        `  ${name} ${outcome.replaceAll("_", " ")}${
          message === null ? "" : `: ${message}`
        }${place === undefined ? "" : ` (${placeText(place)})`}`,
      )
    );
  const verdicts = [closed ?? null, ended].filter((each) => each !== null);
  return [...hooks, ...verdicts.map((verdict) => `  ${verdict}`)];
}

function sayOutcome(notice: EdgeSettled, voice: Voice): string | null {
  const { paint } = voice;
  const at = time(notice.at, notice.edge, voice);
  const closed = notice.closed === 0
    ? "nothing to close"
    : `${notice.closed} closed`;
  const why = notice.message ?? notice.reason;
  const because = why === null ? "." : `. ${why}.`;
  const left = notice.leftOpen.length === 0
    ? ""
    : ` Left open: ${positions(notice.leftOpen)}.`;
  // Nothing else has named the edge of a run that broke off.
  const subject = notice.reason === "interrupted" ? `${notice.edge}  ` : "";
  switch (notice.outcome) {
    case "done":
      return null;
    case "flat_verified":
      return `${paint.good(`FLAT in scope, proven by the broker ${at}.`)} ${
        capital(closed)
      }. Working orders ${notice.workingOrders}.`;
    case "closed_verified":
      return `${paint.good(`CLOSED, proven by the broker ${at}.`)} ${
        capital(closed)
      }.${left}`;
    case "skipped":
      return sayLeftOut(notice, voice) ??
        `${notice.edge}  ${paint.dim("skipped")}${because}`;
    case "missed":
      return paint.bad(`${notice.edge} MISSED${because}`);
    case "unknown":
      return `${subject}${
        paint.bad(
          `UNKNOWN${because} Look at the broker, or: ${voice.flattenHint}`,
        )
      }`;
    case "refused":
    case "partially_closed":
    case "failed":
      return `${paint.bad(notOver(notice))}${because}${left}${
        notice.attempts === 0 ? "" : ` ${count(notice.attempts, "attempt")}.`
      }${
        // What failed was the user's own code: there is nothing to close because of it.
        isOnlyHook(notice)
          ? ""
          : ` Close it at the broker, or: ${voice.flattenHint}`}`;
  }
}

function notOver(notice: EdgeSettled): string {
  if (notice.stillOpen.length > 0) {
    return `NOT FLAT: ${positions(notice.stillOpen)}`;
  }
  if (notice.workingOrders > 0) {
    return `NOT FLAT: ${count(notice.workingOrders, "working order")}`;
  }
  return notice.outcome === "partially_closed" ? "NOT DONE" : "FAILED";
}

function sayStopped(notice: RunStopped, voice: Voice): readonly string[] {
  const { paint } = voice;
  const lines = notice.open.map(({ account, positions: open }) => {
    const name = voice.accounts > 1 ? `${account}: ` : "";
    if (open === null) {
      return paint.bad(
        `${name}UNKNOWN what stays open: the broker's list could not be read.`,
      );
    }
    if (open.length === 0) return `${name}No position stays open.`;
    const stay = open.length === 1 ? "position stays" : "positions stay";
    return paint.caution(
      `${name}${open.length} ${stay} OPEN: ${positions(open)}.`,
    );
  });
  // A played day that ends flat leaves nothing behind that tomorrow's edges would matter to.
  const matters = notice.reason !== "until" ||
    notice.open.some(({ positions: open }) => open?.length !== 0);
  const notRun = matters ? notice.notRun : [];
  return ["Stopped.", ...lines, ...sayNotRun(notRun, voice)];
}

/** What an edge, or what was asked for in place of one, is called. */
export function edgeName(
  notice: Pick<EdgeFired, "edge" | "request">,
): string {
  if (notice.request === null) return notice.edge;
  return notice.request.startsWith("stop:")
    ? `on stop, ${notice.request.slice("stop:".length)}`
    : "by hand";
}

/** Positions with what they earn: `EURUSD +1000 (+31.20 USD)`. */
export function positions(
  lines: readonly (
    & Pick<PositionLine, "symbol" | "qty">
    & {
      readonly side: PositionSide;
      readonly profit?: PositionLine["profit"];
      readonly profitCurrency?: string | null;
    }
  )[],
): string {
  return lines.map((line) => {
    const sign = line.side === "long" ? "+" : "-";
    const name = `${line.symbol} ${sign}${line.qty}`;
    if (line.profit === undefined) return name;
    if (line.profit === null) return `${name} (profit unknown)`;
    const earned = signedMoney(line.profit);
    const currency = line.profitCurrency ?? null;
    return `${name} (${earned}${currency === null ? "" : ` ${currency}`})`;
  }).join(", ");
}

function signedMoney(amount: Decimal): string {
  const text = money(amount);
  return text.startsWith("-") ? text : `+${text}`;
}

/** To the cent; what is smaller than a cent is said in full. */
function money(amount: Decimal): string {
  const text = roundedText(amount, 2);
  return /[1-9]/.test(text) || isZero(amount) ? text : amount;
}

function time(at: EpochMs, edge: string, voice: Voice): string {
  const zone = voice.zoneOf(edge);
  return `${shortClockText(toSecond(at), zone)} ${zoneText(zone)}`;
}

function count(n: number, noun: string): string {
  return `${n} ${noun}${n === 1 ? "" : "s"}`;
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
