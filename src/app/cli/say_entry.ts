/**
 * An entry of a journal in one line that a trader understands.
 *
 * @module
 */

import type { Effect } from "../../domain/effect.ts";
import type { Event } from "../../domain/event.ts";
import type { HookLog } from "../../domain/hook_end.ts";
import type { EdgeSettled, Notice, Outcome } from "../../domain/notice.ts";
import { LATE_MS } from "../../domain/notice.ts";
import type { OrderReport } from "../../domain/order.ts";
import type { Snapshot } from "../../domain/position.ts";
import { isGood } from "../../domain/settle.ts";
import type { Entry } from "../../runtime/ports.ts";
import { formatInstant } from "../wire_form.ts";
import { clean } from "./clean_text.ts";
import { durationText } from "./format_time.ts";
import type { Paint } from "./paint.ts";
import { positions } from "./say.ts";
import { sayDifferences } from "./say_differences.ts";
import { placeText } from "./say_hook.ts";

type Saying<T extends { readonly type: string }> = {
  readonly [K in T["type"]]: (
    what: Extract<T, { readonly type: K }>,
    paint: Paint,
  ) => string | null;
};

/** What each type of event says. */
const EVENT_SAYINGS: Saying<Event> = {
  "file.loaded": ({ definition, dryRun, armed }, { bold, caution }) => {
    const { sessions, accounts } = definition;
    const what = armed ? "run begins" : "run begins, by hand only";
    const dry = dryRun ? `, ${caution("DRY RUN")}` : "";
    return `${bold(what)}: ${count(sessions.length, "session")}, ${
      count(accounts.length, "account")
    }${dry}`;
  },
  "account.opened": ({ account, info }) => {
    const live = info.live === false ? "not live" : "LIVE";
    const equity = info.equity === null
      ? ""
      : `, equity ${info.currency} ${info.equity}`;
    return `account ${account} opened: ${live}, ${info.mode}${equity}`;
  },
  "account.unopened": ({ failure }, { bad }) => bad(clean(failure.message)),
  "edge.due": ({ edge, at, dueAt }, { bold, caution }) =>
    `${bold(edge)} is due${
      at - dueAt >= LATE_MS
        ? caution(`, LATE by ${durationText(at - dueAt)}`)
        : ""
    }`,
  "edge.advanced": ({ edge }, { bold }) =>
    `${bold(edge)} is asked for before it is due`,
  "timer.due": ({ timer }) => sayTimer(timer),
  "positions.read": ({ account, snapshot, source }) =>
    source === "book"
      ? `${account} by the book, not proven: ${sayHeld(snapshot)}`
      : `${account} read: ${saySnapshot(snapshot)}`,
  "positions.unread": ({ account, failure }, { bad }) =>
    bad(`${account} could not be read: ${clean(failure.message)}`),
  "book.differed": ({ account, differences }, { caution }) =>
    caution(
      `the book of ${account} was otherwise than the broker: ${
        clean(sayDifferences(differences))
      }`,
    ),
  "order.reported": ({ report }, paint) => sayReport(report, paint),
  "order.lost": ({ during, order, failure }, { bad }) =>
    bad(`${LOST[during]} ${order}: ${clean(failure.message)}`),
  "order.absent": ({ clientOrderId }, { caution }) =>
    caution(`the broker has no order ${clientOrderId}: it never arrived`),
  "cancel.answered": ({ orderId, report }) =>
    `working order ${clean(orderId)} ${report.status}`,
  "hook.returned": ({ call, elapsedMs, value = null, logs = [] }) =>
    `${call} came back after ${durationText(elapsedMs)}${
      value === null ? "" : ` with ${clean(value)}`
    }${sayLogs(logs)}`,
  "hook.failed": ({ call, outcome, message, place, logs = [] }, { bad }) =>
    bad(
      `${call} ${outcome.replaceAll("_", " ")}: ${clean(message)}${
        place === null || place === undefined ? "" : ` (${placeText(place)})`
      }`,
    ) + sayLogs(logs),
  "close.requested": ({ account, session, action, ordersOnly }) =>
    `asked for by hand: ${ordersOnly ? "cancel working orders" : action} of ${
      session === null ? `account ${account}` : session
    }`,
  "actions.requested": ({ session, actions }) =>
    `asked for by hand: ${
      typeof actions === "string" ? `${actions} actions` : actions.join(", ")
    } of ${session}`,
  "order.requested": ({ side, qty, symbol, account, session }) =>
    `asked for by ${session ?? "a program"}: ${side} ${qty} ${
      clean(symbol)
    } on ${account}`,
  "lists.requested": ({ account }) => `a hook looks at ${account}`,
  "file.reloaded": ({ definition, hash }, { bold }) =>
    `${bold("file edited")}, ${count(definition.sessions.length, "session")}, ${
      hash.slice(0, 8)
    }`,
  "session.added": ({ session }) => `session ${session.name} joins`,
  "session.removed": ({ session }) => `session ${session} leaves`,
  "edge.skip_requested": ({ edge, wish }, { caution }) =>
    wish === "skip"
      ? caution(`${edge} is to be left out`)
      : `${edge} is to run after all`,
  "pause.requested": ({ session }, { caution }) =>
    caution(`pause of ${session ?? "everything"}`),
  "resume.requested": ({ session }, { good }) =>
    good(`end of the pause of ${session ?? "everything"}`),
  "stop.requested": ({ policy, reason }, { bold }) =>
    `${bold("stop asked for")} by ${WHO[reason]}, on_stop ${policy}`,
};

/** What each type of notice adds to the event that led to it; `null` for what the event says. */
const NOTICE_SAYINGS: Saying<Notice> = {
  "run.started": () => null,
  "account.ready": () => null,
  "account.not_ready": ({ nextAt }, { caution }) =>
    nextAt === null
      ? caution("not tried again")
      : `tried again at ${formatInstant(nextAt)}`,
  "occurrence.armed": () => null,
  "occurrence.skipped": ({ occurrence, message }, { caution }) =>
    caution(`${occurrence} SKIPPED: ${message}`),
  "edge.fired": ({ edge, actions }) =>
    actions.length === 0 ? null : `${edge} begins ${actions.join(", ")}`,
  "edge.settled": saySettled,
  "hook.ended": ({ session, refusedUntilAt }, { caution }) =>
    refusedUntilAt === null ? null : caution(
      `${session} opens nothing new until ${formatInstant(refusedUntilAt)}`,
    ),
  "strategy.ended": ({ call, session, outcome, refusedUntilAt }, paint) => {
    if (refusedUntilAt !== null) {
      const until = formatInstant(refusedUntilAt);
      return paint.caution(`${session} opens nothing new until ${until}`);
    }
    // What came back or failed is said by the entry itself; this call never was one.
    return outcome === "skipped"
      ? paint.caution(`${call} is left out: its last call still runs`)
      : null;
  },
  "close.started": ({ targets, leftOpen, cancels, dryRun }) => {
    const verb = dryRun ? "would close" : "closing";
    const what = targets.length === 0
      ? "nothing to close"
      : `${verb} ${clean(positions(targets))}`;
    const orders = cancels === 0
      ? ""
      : `, cancelling ${count(cancels, "working order")}`;
    const left = leftOpen.length === 0
      ? ""
      : `, leaving ${clean(positions(leftOpen))}`;
    return `${what}${orders}${left}`;
  },
  "run.recovered": ({ resumed, caughtUp, missed, asked, edited }) =>
    `goes on from an earlier run: ${resumed} taken up, ${caughtUp} caught up, ${missed} missed, ${
      count(asked, "order")
    } asked about${edited ? ", file edited" : ""}`,
  "file.reloaded": ({ sessions: { added, removed, changed }, edges }) =>
    `sessions: ${added.length} added, ${removed.length} removed, ${changed.length} changed; edges of the next days: ${edges.added.length} come, ${edges.removed.length} go, ${edges.changed.length} change`,
  "edge.resumed": ({ edge, actions }, { caution }) =>
    caution(`${edge} taken up again: ${actions.join(", ")}`),
  "close.deferred": ({ stillOpen, untilAt }, { caution }) =>
    caution(
      `market closed: ${clean(positions(stillOpen))} stays open until ${
        formatInstant(untilAt)
      }`,
    ),
  "close.retrying": ({ message }, { caution }) =>
    caution(`looks again: ${clean(message)}`),
  "order.sent": ({ intent, attempt }) =>
    `sends ${intent.side} ${intent.qty} ${clean(intent.symbol)}${
      attempt > 1 ? `, attempt ${attempt}` : ""
    }`,
  "order.changed": ({ status, symbol }, { bad }) =>
    status === "unknown"
      ? bad(`${clean(symbol)} UNKNOWN: asking, treat as OPEN`)
      : null,
  "order.refused": ({ reason, message }, { caution }) =>
    caution(`not sent, ${reason}: ${clean(message)}`),
  "order.answered": () => null,
  "edge.skip_noted": () => null,
  "run.paused": ({ willNotRun }, { caution }) =>
    caution(`${count(willNotRun.length, "edge")} of the next day will not run`),
  "run.resumed": () => null,
  "anomaly": ({ about, message }, { caution }) =>
    caution(`odd: ${clean(message)} (${about})`),
  "book.differs": () => null,
  "journal.unwritable": ({ message }, { bad }) => bad(clean(message)),
  "journal.restored": ({ entries }, { caution }) =>
    caution(`${count(entries, "entry")} written late`),
  "run.stopping": ({ waitingFor }) =>
    waitingFor.length === 0 ? null : `finishes ${waitingFor.join(", ")} first`,
  "run.stopped": ({ open, notRun }, { caution }) => {
    const left = open.map(({ account, positions: held }) =>
      held === null
        ? caution(`${account} UNKNOWN`)
        : held.length === 0
        ? `${account} holds nothing`
        : caution(`${account} stays OPEN: ${clean(positions(held))}`)
    );
    const waiting = notRun.length === 0
      ? []
      : [caution(`${count(notRun.length, "edge")} will not run`)];
    return ["run over", ...left, ...waiting].join(", ");
  },
};

/** Every type that an entry can have or lead to a notice of. */
export const ENTRY_TYPES: readonly string[] = [
  ...Object.keys(EVENT_SAYINGS),
  ...Object.keys(NOTICE_SAYINGS),
];

/** An entry in a line: what happened, and what it led to. */
export function sayEntry({ event, effects }: Entry, paint: Paint): string {
  const led = effects.flatMap((effect) => {
    if (effect.type !== "tell") return [];
    const { notice } = effect;
    return sayAgain(event, notice, paint) ??
      sayWith(NOTICE_SAYINGS, notice, paint);
  });
  return [...sayWith(EVENT_SAYINGS, event, paint), ...led].join("; ");
}

/** What a notice adds where the event has said half of it; `null` where it has not. */
function sayAgain(
  event: Event,
  notice: Notice,
  paint: Paint,
): readonly string[] | null {
  if (event.type === "positions.unread" && notice.type === "close.retrying") {
    return [paint.caution("looks again")];
  }
  if (!("edge" in event && "edge" in notice) || event.edge !== notice.edge) {
    return null;
  }
  if (notice.type === "edge.settled") return [sayEnd(notice, paint)];
  if (notice.type !== "edge.fired") return null;
  return notice.actions.length === 0
    ? []
    : [`begins ${notice.actions.join(", ")}`];
}

/** What an entry asked of the world, a line for each; notices are in its own line. */
export function sayEffects({ effects }: Entry): readonly string[] {
  return effects.flatMap((effect) => sayEffect(effect) ?? []);
}

function sayEffect(effect: Effect): string | null {
  switch (effect.type) {
    case "timer.set":
      return `waits for ${
        effect.what === "edge" ? effect.key : sayTimer(effect.key)
      } until ${formatInstant(effect.dueAt)}`;
    case "timer.drop":
      return `waits no longer for ${
        effect.what === "edge" ? effect.key : sayTimer(effect.key)
      }`;
    case "positions.read":
      return `asks ${effect.account} what it holds, question ${effect.request}`;
    case "order.submit": {
      const { side, qty, symbol, clientOrderId } = effect.intent;
      return `sends ${side} ${qty} ${
        clean(symbol)
      } to ${effect.account} as ${clientOrderId}`;
    }
    case "order.find":
      return `asks ${effect.account} for order ${effect.clientOrderId}`;
    case "order.cancel":
      return `cancels ${clean(effect.orderId)} at ${effect.account}`;
    case "hook.run":
      return `calls ${effect.call}`;
    case "hook.cancel":
      return `gives up ${effect.call}`;
    case "tell":
      return `tells ${effect.notice.type}`;
    case "run.end":
      return "ends the run";
  }
}

// The compiler cannot follow that a table's saying belongs to the type that it was found by.
function sayWith<T extends { readonly type: string }>(
  sayings: Saying<T>,
  what: T,
  paint: Paint,
): readonly string[] {
  const saying = sayings[what.type as T["type"]] as
    | ((what: T, paint: Paint) => string | null)
    | undefined;
  // A newer version may have written what this one has no words for.
  const said = saying === undefined ? what.type : saying(what, paint);
  return said === null ? [] : [said];
}

function saySettled(notice: EdgeSettled, paint: Paint): string {
  return `${notice.edge} ${sayEnd(notice, paint)}`;
}

function sayEnd(notice: EdgeSettled, paint: Paint): string {
  const { outcome, closed, remaining, reason } = notice;
  const numbers = [
    ...(closed === 0 ? [] : [`${closed} closed`]),
    ...(remaining === 0 ? [] : [`${remaining} still open`]),
  ];
  const why = notice.message ?? reason;
  const because = why === null ? "" : `: ${clean(why)}`;
  const close = notice.close === undefined
    ? ""
    : `, its close ${paintOutcome(notice.close.outcome, paint)}`;
  return `ended ${
    [paintOutcome(outcome, paint), ...numbers].join(", ")
  }${because}${close}`;
}

/** An outcome in its colour. */
export function paintOutcome(outcome: Outcome, paint: Paint): string {
  if (outcome === "skipped" || outcome === "done") return paint.dim(outcome);
  return isGood(outcome) ? paint.good(outcome) : paint.bad(outcome);
}

function sayReport(report: OrderReport, { caution }: Paint): string {
  const { side, qty, filledQty, averagePrice, status } = report;
  const order = `${side} ${qty} ${clean(report.symbol)}`;
  const price = averagePrice === null ? "" : ` at ${averagePrice}`;
  const why = report.message ?? report.reason;
  const because = why === null ? "" : `: ${clean(why)}`;
  if (status === "filled") return `${order} filled${price}`;
  if (status === "working") {
    return `${order} works, ${filledQty} filled${price}`;
  }
  return caution(`${order} ${status}, ${filledQty} filled${price}${because}`);
}

function saySnapshot({ positions: held, orders, fills }: Snapshot): string {
  const what = held.length === 0
    ? "nothing open"
    : clean(positions(held.map((position) => ({
      ...position,
      profit: position.netProfit,
    }))));
  return [
    what,
    ...(orders.length === 0 ? [] : [count(orders.length, "working order")]),
    ...(fills.length === 0 ? [] : [count(fills.length, "new fill")]),
  ].join(", ");
}

/** A book's profits are none, and that they are unknown would say too much. */
function sayHeld({ positions: held, orders }: Snapshot): string {
  const what = held.length === 0
    ? "nothing open"
    : clean(positions(held.map(({ symbol, side, qty }) => ({
      symbol,
      side,
      qty,
    }))));
  return orders.length === 0
    ? what
    : `${what}, ${count(orders.length, "working order")}`;
}

function sayTimer(timer: string): string {
  const space = timer.indexOf(" ");
  const [kind, about] = [timer.slice(0, space), timer.slice(space + 1)];
  const edge = about.slice(0, Math.max(about.lastIndexOf("#"), 0));
  if (kind === "look") return `another look for ${edge}`;
  if (kind === "deadline") return `deadline of ${edge}`;
  if (kind === "strategy") return `the next call of ${about}`;
  return kind === "find"
    ? `question for order ${about.slice(0, about.indexOf(" "))}`
    : timer;
}

const LOST = {
  submit: "no answer to order",
  find: "no answer to the question for order",
  cancel: "could not cancel",
} as const;

const WHO = {
  user: "the user",
  until: "--until",
  library: "the program",
} as const;

function sayLogs(logs: readonly HookLog[]): string {
  if (logs.length === 0) return "";
  return `, logging ${logs.map(({ text }) => clean(text)).join(" | ")}`;
}

function count(n: number, noun: string): string {
  return `${n} ${noun}${n === 1 ? "" : "s"}`;
}
