/**
 * A gateway's session: who hears, how far, and what can be told again.
 *
 * @module
 */

import type { DurationMs } from "../../../../domain/time.ts";
import type { GatewayLimits } from "./limits.ts";
import { headOf, type News } from "./news.ts";
import { EMPTY_BUFFER, keep, type ResumeBuffer } from "./resume_buffer.ts";

/** What holds for one connection. */
export interface GatewayRules {
  readonly limits: GatewayLimits;
  /** What clients must show; `null` lets everybody in. */
  readonly token: string | null;
  /** Where sessions are resumed. */
  readonly resumeUrl: string;
  readonly accountId: string;
}

/** A session, which goes from one connection to the next. */
export interface Session {
  readonly id: string;
  /** Id and count. */
  readonly shard: Shard;
  readonly intents: number;
  /** The number of its latest news. */
  readonly seq: number;
  readonly buffer: ResumeBuffer;
}

/** A shard's id, and of how many it is one. */
export type Shard = readonly [id: number, count: number];

/** A session that begins, and the head of the frame that says so. @units `at`: milliseconds */
export function openSession(
  rules: GatewayRules,
  opening: Pick<Session, "id" | "shard" | "intents">,
  accountSeq: number,
  at: DurationMs,
): readonly [Session, string] {
  const { limits, accountId, resumeUrl } = rules;
  const head = headOf("READY", {
    v: 10,
    user: { id: accountId, username: accountId, bot: true },
    guilds: [],
    session_id: opening.id,
    resume_gateway_url: resumeUrl,
    shard: opening.shard,
    application: { id: accountId, flags: 0 },
    account_id: accountId,
    seq: accountSeq,
  });
  const intents = opening.intents & limits.intents;
  const empty = { ...opening, intents, seq: 0, buffer: EMPTY_BUFFER };
  return [numbered(empty, head, limits, at), head];
}

/** A session that has heard one piece of news more; the same one where it does not want to. @units `at`: milliseconds */
export function hear(
  session: Session,
  news: News,
  limits: GatewayLimits,
  at: DurationMs,
): Session {
  if ((session.intents & news.intent) === 0) return session;
  return numbered(session, news.head, limits, at);
}

/** A session with one frame more to its name. @units `at`: milliseconds */
export function numbered(
  session: Session,
  head: string,
  limits: GatewayLimits,
  at: DurationMs,
): Session {
  const seq = session.seq + 1;
  const buffer = keep(session.buffer, { seq, head, at }, limits);
  return { ...session, seq, buffer };
}
