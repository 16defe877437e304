/**
 * What `carillon status` says to people: a picture of a run in a few lines.
 *
 * @module
 */

import { type Closing, openTargets } from "../../domain/closing.ts";
import { localDate } from "../../domain/civil.ts";
import type { Job } from "../../domain/job.ts";
import type { EdgeSettled } from "../../domain/notice.ts";
import { closesNextAt } from "../../domain/open_window.ts";
import { getRow } from "../../domain/table.ts";
import type { EpochMs } from "../../domain/time.ts";
import type { LastLook } from "../record/run_status.ts";
import {
  countdownText,
  durationText,
  instantText,
  localDateText,
  toSecond,
} from "./format_time.ts";
import type { Paint } from "./paint.ts";
import { positions } from "./say.ts";
import { clean } from "./clean_text.ts";
import { paintOutcome } from "./say_entry.ts";
import {
  comingEdges,
  openNow,
  stageOf,
  type StatusPicture,
} from "./status_picture.ts";
import { strategyKey } from "../../domain/strategy.ts";
import { rows } from "../../domain/table.ts";
import { formatTable } from "./table.ts";

type Row = readonly [label: string, text: string];

/** The picture in lines. */
export function statusLines(
  picture: StatusPicture,
  paint: Paint,
): readonly string[] {
  return formatTable([
    ["Run", sayStage(picture, paint)],
    ...editRows(picture),
    ["Journal", sayJournal(picture)],
    ...controlRows(picture, paint),
    ...labelled(
      "Account",
      picture.status.looks.map((look) => sayLook(look, picture, paint)),
    ),
    ...unansweredRows(picture, paint),
    ...labelled("Open", openTexts(picture)),
    ...labelled(
      "Under way",
      Object.values(picture.status.state.jobs).map((job) =>
        sayJob(job, picture, paint)
      ),
    ),
    ...labelled("Strategies", strategyTexts(picture, paint)),
    ...labelled("Next", nextTexts(picture, paint)),
    ...labelled(
      "Last",
      picture.status.settled.map((notice) =>
        saySettled(notice, picture, paint)
      ),
    ),
  ]);
}

function labelled(label: string, texts: readonly string[]): readonly Row[] {
  return texts.map((text, index) => [index === 0 ? label : "", text]);
}

function sayStage(picture: StatusPicture, paint: Paint): string {
  const { status: { run, lastRecordedAt }, now, holder } = picture;
  if (run === null) return paint.caution("NOTHING HAS RUN here yet.");
  const dry = run.dryRun ? paint.caution(" DRY RUN, nothing is sent.") : "";
  const since = `since ${when(run.startedAt, picture)}, for ${
    durationText(now - run.startedAt)
  }`;
  const who = holder === null
    ? "by a process that does not say who it is"
    : `by process ${holder.pid}${
      holder.host === null ? "" : ` on ${holder.host}`
    }: ${holder.doing}`;
  switch (stageOf(picture)) {
    case "running":
      return `${paint.good("RUNNING")} ${since}, ${who}.${dry}`;
    case "suspended":
      return `${
        paint.bad("SUSPENDED: nothing fires.")
      } Running ${since}, ${who}. kill -CONT ${holder?.pid} lets it go on.`;
    case "stopped":
      return `${paint.caution("STOPPED")} ${
        when(run.stoppedAt ?? now, picture)
      }, ${durationText(now - (run.stoppedAt ?? now))} ago. Nothing fires.`;
    default:
      return `${paint.bad("BROKEN OFF: nothing fires.")} The run that began ${
        when(run.startedAt, picture)
      } ends with a record of ${
        when(lastRecordedAt ?? now, picture)
      }. Start it again; look at the broker.`;
  }
}

/** What runs is not what was started, where the file was edited meanwhile. */
function editRows(picture: StatusPicture): readonly Row[] {
  const at = picture.status.run?.reloadedAt ?? null;
  if (at === null) return [];
  const { now } = picture;
  return [[
    "File",
    `as edited ${when(at, picture)}, ${countdownText(at, now)}`,
  ]];
}

function sayJournal({ path, status, now }: StatusPicture): string {
  const { entries, lastRecordedAt } = status;
  const last = lastRecordedAt === null
    ? ""
    : `, the last one ${countdownText(lastRecordedAt, now)}`;
  return `${path}, ${count(entries, "entry", "entries")}${last}`;
}

function controlRows(picture: StatusPicture, paint: Paint): readonly Row[] {
  const { pauses, skips } = picture.status.state.controls;
  return [
    ...pauses.map(({ session, sinceAt }): Row => [
      "Paused",
      paint.bad(
        `${session ?? "every session"} since ${
          when(sinceAt, picture)
        }: what comes due is left out`,
      ),
    ]),
    ...labelled(
      "Skipped",
      skips.map(({ edge }) => paint.caution(`${edge} WILL NOT RUN`)),
    ),
  ];
}

function sayLook(
  { account, snapshot, readAt, trouble }: LastLook,
  { now }: StatusPicture,
  paint: Paint,
): string {
  const name = paint.bold(account);
  if (snapshot === null || readAt === null) {
    const why = trouble === null
      ? "it is read when something is due"
      : clean(trouble);
    return `${name}: ${paint.caution("UNKNOWN what it holds")}, ${why}`;
  }
  const held = snapshot.positions.length === 0
    ? "nothing open"
    : clean(positions(snapshot.positions.map((position) => ({
      ...position,
      profit: position.netProfit,
    }))));
  const orders = snapshot.orders.length === 0
    ? ""
    : `, ${count(snapshot.orders.length, "working order", "working orders")}`;
  const since = trouble === null
    ? ""
    : paint.bad(`; could not be read since: ${clean(trouble)}`);
  return `${name}: ${held}${orders}, as read ${
    countdownText(readAt, now)
  }${since}`;
}

function unansweredRows(
  { status: { unanswered } }: StatusPicture,
  paint: Paint,
): readonly Row[] {
  return unanswered.map(({ order, account }) => {
    const { side, qty, symbol } = order.intent;
    const text = `${side} ${qty} ${
      clean(symbol)
    } at ${account}: sent, no answer. Treat as OPEN`;
    return [paint.bad("UNKNOWN"), paint.bad(text)];
  });
}

function openTexts(picture: StatusPicture): readonly string[] {
  const { now } = picture;
  return openNow(picture).map((occurrence) => {
    const closesAt = closesNextAt(occurrence, now);
    return `${occurrence.key}  closes ${
      when(closesAt, picture, occurrence.session)
    }, ${countdownText(closesAt, now)}`;
  });
}

function strategyTexts(
  picture: StatusPicture,
  paint: Paint,
): readonly string[] {
  return rows(picture.status.state.strategies).map((row) => {
    const { counts: { returned, failed, cancelled, skipped } } = row;
    const count = (n: number, what: string) => n === 0 ? "" : `, ${n} ${what}`;
    const text = `${strategyKey(row.session, row.name)}  ${returned} calls${
      count(failed, "FAILED")
    }${count(cancelled, "given up")}${count(skipped, "left out")}${
      row.next === null
        ? ""
        : `, next ${when(row.next.dueAt, picture, row.session)}`
    }`;
    return failed > 0 ? paint.bad(text) : text;
  });
}

function sayJob(
  { plan, firedAt, closings, hooks }: Job,
  picture: StatusPicture,
  { active }: Paint,
): string {
  const running = hooks.filter(({ status }) => status === "running");
  const parts = [
    ...running.map(({ call }) => `${call} runs`),
    ...closings.map((closing) => sayClosing(closing, picture)),
  ];
  return `${active(plan.key)}  since ${durationText(picture.now - firedAt)}: ${
    parts.length === 0 ? "waits for its turn" : parts.join("; ")
  }`;
}

function sayClosing(closing: Closing, picture: StatusPicture): string {
  const { order, phase, targets, deadlineAt, workingOrders } = closing;
  const left = openTargets(closing).map(({ line }) => line);
  const far = targets === null
    ? "has not seen the account yet"
    : left.length === 0
    ? "waits for the proof"
    : `${clean(positions(left))} still to close`;
  const orders = workingOrders === 0
    ? ""
    : `, ${count(workingOrders, "working order", "working orders")} left`;
  const doing = {
    reading: "asking the broker",
    acting: "waiting for answers",
    waiting: "looks again soon",
    deferred: "waits for its market to open",
    settled: "ended",
  }[phase.kind];
  return `${order.action}, ${far}${orders}, ${doing}, deadline ${
    when(deadlineAt, picture)
  }`;
}

function nextTexts(picture: StatusPicture, paint: Paint): readonly string[] {
  const coming = comingEdges(picture);
  if (coming.length === 0) return [paint.dim("nothing")];
  const { now } = picture;
  const stage = stageOf(picture);
  const isAlive = stage === "running";
  const table = coming.map(({ edge, leftOut }) => [
    edge.key,
    when(edge.dueAt, picture, edge.session),
    paint.bold(countdownText(edge.dueAt, now)),
    leftOut !== null
      ? paint.caution("WILL BE LEFT OUT")
      : isAlive
      ? edge.actions.join(", ")
      : paint.caution(`${edge.actions.join(", ")} WILL NOT RUN`),
  ]);
  return formatTable(table);
}

function saySettled(
  { edge, outcome, at, closed, remaining, request }: EdgeSettled,
  picture: StatusPicture,
  paint: Paint,
): string {
  const numbers = [
    ...(closed === 0 ? [] : [`${closed} closed`]),
    ...(remaining === 0 ? [] : [`${remaining} still open`]),
  ];
  const name = request === null ? edge : "by hand";
  const session = edge.slice(0, Math.max(edge.indexOf("/"), 0));
  return `${name}  ${[paintOutcome(outcome, paint), ...numbers].join(", ")}, ${
    when(at, picture, session)
  }`;
}

/** By the exchange's clock and the reader's own, with the date where it is not today's. */
function when(
  at: EpochMs,
  { status, now, here }: StatusPicture,
  session: string | null = null,
): string {
  const { state } = status;
  const known = session === null ? undefined : getRow(state.sessions, session);
  const zone = known?.session.timezone ??
    state.run?.definition.timezone ?? "UTC";
  const text = instantText(toSecond(at), zone, here);
  return localDate(at, zone) === localDate(now, zone)
    ? text
    : `${localDateText(at, zone)} ${text}`;
}

function count(n: number, one: string, many: string): string {
  return `${n} ${n === 1 ? one : many}`;
}
