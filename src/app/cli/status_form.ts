/**
 * What `carillon status` says to programs.
 *
 * @module
 */

import { ownerKey } from "../../domain/account.ts";
import type { Job } from "../../domain/job.ts";
import { openTargets } from "../../domain/closing.ts";
import { keptHolds } from "../../domain/entry_hold.ts";
import { strategyKey } from "../../domain/strategy.ts";
import { rows } from "../../domain/table.ts";
import { SECOND_MS } from "../../domain/time.ts";
import { wireForm } from "../wire_form.ts";
import {
  comingEdges,
  isWell,
  openNow,
  stageOf,
  type StatusPicture,
} from "./status_picture.ts";

/** The picture as one object. */
export function statusForm(picture: StatusPicture): unknown {
  const { path, now, isHeld, holder, status } = picture;
  const { entries, lastRecordedAt, run, state, settled, unanswered } = status;
  return wireForm({
    at: now,
    journal: path,
    ok: isWell(picture),
    stage: stageOf(picture),
    holder: isHeld && holder !== null ? holderForm(picture) : null,
    entries,
    lastRecordedAt,
    run,
    controls: state.controls,
    accounts: status.looks.map(({ account, snapshot, readAt, trouble }) => ({
      account,
      info: state.accounts[account]?.info ?? null,
      readAt,
      ageSeconds: readAt === null ? null : (now - readAt) / SECOND_MS,
      positions: snapshot?.positions ?? null,
      orders: snapshot?.orders ?? null,
      trouble,
    })),
    open: openNow(picture).map(({ key, session, opensAt, closesAt }) => ({
      occurrence: key,
      session,
      opensAt,
      closesAt,
    })),
    underWay: Object.values(state.jobs).map(jobForm),
    next: comingEdges(picture).map(({ edge, leftOut }) => ({
      edge: edge.key,
      dueAt: edge.dueAt,
      inSeconds: (edge.dueAt - now) / SECOND_MS,
      actions: edge.actions,
      leftOut,
    })),
    hooks: Object.entries(state.hookTallies).map(([hook, tally]) => ({
      hook,
      ...tally,
    })),
    strategies: rows(state.strategies).map((row) => ({
      strategy: strategyKey(row.session, row.name),
      nextAt: row.next?.dueAt ?? null,
      running: row.running?.call ?? null,
      waiting: row.waiting?.call ?? null,
      last: row.last,
      ...row.counts,
      stateCharacters: row.kept?.length ?? 0,
    })),
    entryHolds: keptHolds(state.entryHolds, now),
    settled,
    unanswered: unanswered.map((tracked) => ({
      edge: ownerKey(tracked),
      account: tracked.account,
      status: tracked.order.status,
      ...tracked.order.intent,
    })),
  });
}

function holderForm({ holder, isSuspended }: StatusPicture): object | null {
  if (holder === null) return null;
  const { pid, host, since, doing } = holder;
  return { pid, host, sinceAt: since, doing, suspended: isSuspended };
}

function jobForm({ plan, firedAt, closings, hooks, heldBy }: Job): object {
  return {
    edge: plan.key,
    account: plan.account,
    dueAt: plan.dueAt,
    firedAt,
    heldBy,
    hooks: hooks.map(({ call, status }) => ({ call, status })),
    closes: closings.map((closing) => ({
      action: closing.order.action,
      phase: closing.phase.kind,
      deadlineAt: closing.deadlineAt,
      targets: closing.targets?.length ?? null,
      stillOpen: openTargets(closing).map(({ line }) => line),
      workingOrders: closing.workingOrders,
    })),
  };
}
