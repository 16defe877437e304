/**
 * What a gateway counted, so that tests can let it judge its clients.
 *
 * @module
 */

import type { Json } from "../replies.ts";
import type { StartTally } from "./session_starts.ts";

/** Everything a gateway counted. */
export interface PaperGatewayAudit {
  /** Connections that are open. */
  readonly connections: number;
  /** The most connections that were open at once. */
  readonly connectionsMax: number;
  /** Connections opened so far. @units a count */
  readonly opened: number;
  /** Sessions that live or can be resumed. */
  readonly sessions: number;
  /** Session starts that are left. */
  readonly remaining: number;
  /** Identifies, and whether they kept to their limits. */
  readonly starts: StartTally;
  /** Sessions that went on. */
  readonly resumes: number;
  /** Resumes that were answered otherwise. @units a count */
  readonly resumesRefused: number;
  /** Frames of news sent, those told again not counted. */
  readonly dispatches: number;
  /** Frames of news told again. @units a count */
  readonly replayed: number;
  /** Heartbeats heard. */
  readonly heartbeats: number;
  /** The most frames that one connection sent in 60 s. */
  readonly clientEventsMax: number;
  /** How often connections ended with each code, whoever closed them. How many, by code. */
  readonly closes: Readonly<Record<string, number>>;
}

/** What a gateway counts while it goes. */
export class GatewayCounts {
  /** Connections opened so far. @units a count */
  opened = 0;
  /** The most connections that were open at once. */
  connectionsMax = 0;
  /** Sessions that went on. */
  resumes = 0;
  /** Resumes that were answered otherwise. @units a count */
  resumesRefused = 0;
  /** Frames of news sent. */
  dispatches = 0;
  /** Frames of news told again. @units a count */
  replayed = 0;
  /** Heartbeats heard. */
  heartbeats = 0;
  /** The most frames that one connection sent in 60 s. */
  clientEventsMax = 0;
  readonly #closes = new Map<number, number>();

  /** A connection was opened, and so many are. */
  open(connections: number): void {
    this.opened++;
    this.connectionsMax = Math.max(this.connectionsMax, connections);
  }

  /** A connection ended. @units `code`: that of the WebSocket */
  close(code: number): void {
    this.#closes.set(code, (this.#closes.get(code) ?? 0) + 1);
  }

  /** What was counted so far. */
  told(): Omit<
    PaperGatewayAudit,
    "connections" | "sessions" | "remaining" | "starts"
  > {
    const { opened, connectionsMax, resumes, resumesRefused } = this;
    const { dispatches, replayed, heartbeats, clientEventsMax } = this;
    return {
      opened,
      connectionsMax,
      resumes,
      resumesRefused,
      dispatches,
      replayed,
      heartbeats,
      clientEventsMax,
      closes: Object.fromEntries(this.#closes),
    };
  }
}

/** The audit as JSON. */
export function gatewayAuditJson(audit: PaperGatewayAudit): Json {
  const { starts } = audit;
  return {
    connections: audit.connections,
    connections_max: audit.connectionsMax,
    opened: audit.opened,
    sessions: audit.sessions,
    remaining: audit.remaining,
    identifies: starts.taken,
    identifies_too_soon: starts.tooSoon,
    identifies_exhausted: starts.exhausted,
    identifies_period_max: starts.periodMax,
    identifies_window_max: starts.windowMax,
    identifies_bucket_max: starts.bucketMax,
    resumes: audit.resumes,
    resumes_refused: audit.resumesRefused,
    dispatches: audit.dispatches,
    replayed: audit.replayed,
    heartbeats: audit.heartbeats,
    client_events_max: audit.clientEventsMax,
    closes: audit.closes,
  };
}
