/**
 * The gateway of a paper account: its connections, its sessions, and what it is made to get wrong.
 *
 * @module
 */

import { shardKey } from "../../../../domain/shard_of.ts";
import type { DurationMs } from "../../../../domain/time.ts";
import { takeGatewayFault } from "../faults.ts";
import type { Json } from "../replies.ts";
import { Alarm } from "./alarm.ts";
import { CLOSE, CUT } from "./close_code.ts";
import { GatewayCounts, type PaperGatewayAudit } from "./gateway_audit.ts";
import type {
  GatewayConnection,
  GatewayDesk,
  GatewayDoor,
} from "./gateway_door.ts";
import type { GatewayFault, GatewayFaultTarget } from "./gateway_faults.ts";
import {
  GatewayLink,
  type GatewayPeer,
  type Performed,
} from "./gateway_link.ts";
import type { GatewayInput } from "./gateway_session.ts";
import {
  type GatewayLimits,
  gatewayLimits,
  type PaperGatewayOptions,
} from "./limits.ts";
import { type News, newsOf } from "./news.ts";
import { QuoteFeed } from "./quote_feed.ts";
import { type Seat, Seats } from "./seats.ts";
import { hear, type Session } from "./session.ts";
import {
  openBudget,
  type StartBudget,
  startsLeft,
  takeStart,
} from "./session_starts.ts";

/** The gateway of one account; it takes connections of any kind. */
export class PaperGateway implements AsyncDisposable {
  /**
   * What it allows.
   *
   * @internal
   */
  readonly limits: GatewayLimits;
  readonly #desk: GatewayDesk;
  readonly #alarm: Alarm;
  readonly #quotes: QuoteFeed;
  readonly #bootedAt: number;
  readonly #seats = new Seats<GatewayLink>();
  readonly #links = new Set<GatewayLink>();
  /** When connections were last heard of, longest ago first: all have the same patience. */
  readonly #heardAt = new Map<GatewayLink, DurationMs>();
  readonly #counts = new GatewayCounts();
  #budget: StartBudget;
  #sessionCount = 0;
  #leave: (() => void) | null = null;

  /** Opens the gateway of an account. */
  constructor(desk: GatewayDesk, options: PaperGatewayOptions = {}) {
    this.limits = gatewayLimits(options);
    this.#desk = desk;
    this.#budget = openBudget(desk.clock.elapsed());
    this.#bootedAt = desk.clock.now();
    this.#quotes = new QuoteFeed(desk, this.limits, options.quoteSymbols);
    this.#alarm = new Alarm(desk.clock, {
      nextAt: () => this.#nextAt(),
      ring: (at) => this.#ring(at),
    });
  }

  /**
   * What `GET /gateway/bot` answers.
   *
   * @internal
   */
  botJson(base: string): Json {
    const at = this.#desk.clock.elapsed();
    const left = startsLeft(this.#budget, this.limits, at);
    return {
      url: `${base}/gateway`,
      shards: this.limits.shards,
      session_start_limit: {
        total: this.limits.sessionStarts,
        remaining: left.remaining,
        reset_after: left.resetAfterMs,
        max_concurrency: this.limits.maxConcurrency,
      },
    };
  }

  /**
   * Takes a connection.
   *
   * @internal
   */
  connect(peer: GatewayPeer, door: GatewayDoor): GatewayConnection {
    const link = new GatewayLink(peer, this.#desk, {
      limits: this.limits,
      token: door.token,
      resumeUrl: `${door.base}/gateway/resume`,
      accountId: this.#desk.world.accountId,
    });
    this.#links.add(link);
    this.#counts.open(this.#links.size);
    this.#hear(link);
    if (this.#desk.signal.aborted) this.#goAway(link);
    else if (!this.#befall("gateway_connect", link)) {
      const version = door.query.get("v");
      const encoding = door.query.get("encoding");
      this.#step(link, { type: "opened", version, encoding });
    }
    return {
      receive: (data) => this.#step(link, { type: "received", data }),
      ended: (code) => this.#end(link, code),
      close: (code, reason) =>
        this.#step(link, { type: "close", code, reason }),
    };
  }

  /** Makes a fault befall every connection, or those of one shard, now; gives how many there were. @units `shardId`: `null` means all; the result: a count of connections */
  inflict(fault: GatewayFault, shardId: number | null = null): number {
    const hit = [...this.#links]
      .filter((link) => shardId === null || link.shardId === shardId);
    for (const link of hit) this.#suffer(link, fault);
    // A server that starts anew has forgotten those who are away as well.
    if (fault.kind === "lose_session") {
      for (const { id, shard } of [...this.#seats.all()]) {
        if (shardId === null || shard[0] === shardId) this.#seats.forget(id);
      }
      this.#look();
    }
    return hit.length;
  }

  /** What it counted so far. */
  audit(): PaperGatewayAudit {
    const at = this.#desk.clock.elapsed();
    return {
      ...this.#counts.told(),
      connections: this.#links.size,
      sessions: this.#seats.size,
      remaining: startsLeft(this.#budget, this.limits, at).remaining,
      starts: this.#budget.tally,
    };
  }

  /** Ends every connection; resolves once nothing of it sleeps. */
  async [Symbol.asyncDispose](): Promise<void> {
    for (const link of [...this.#links]) this.#goAway(link);
    this.#leave?.();
    this.#leave = null;
    await this.#alarm[Symbol.asyncDispose]();
  }

  #goAway(link: GatewayLink): void {
    const reason = "the broker is closing";
    this.#step(link, { type: "close", code: CLOSE.goingAway, reason });
  }

  #step(link: GatewayLink, input: GatewayInput): void {
    if (link.isDeaf && input.type === "received") return;
    const at = this.#desk.clock.elapsed();
    // A peer may act while it is told something. What comes of that is said afterwards, but where
    // the session is must be known at once.
    for (const output of link.step(input, at)) {
      if (output.type === "leave") this.#left(output.session, at);
      else if (output.type === "forget") this.#forget(output.sessionId);
      else link.outbox.push(output);
    }
    if (link.sent > this.#counts.clientEventsMax) {
      this.#counts.clientEventsMax = link.sent;
    }
    link.empty((output) => this.#perform(link, output));
  }

  #left(session: Session, at: DurationMs): void {
    this.#seats.leave(session, at);
    this.#look();
  }

  #forget(sessionId: string): void {
    this.#seats.forget(sessionId);
    this.#look();
  }

  #perform(link: GatewayLink, output: Performed): void {
    switch (output.type) {
      case "send":
        return link.send(output.frame);
      case "close":
        this.#remove(link, output.code);
        return link.close(output.code, output.reason);
      case "beat":
        return this.#beat(link);
      case "start":
        return this.#start(link, output.shard[0]);
      case "find":
        return this.#find(link, output.sessionId);
      case "replayed":
        this.#counts.replayed += output.events;
    }
  }

  #start(link: GatewayLink, shardId: number): void {
    link.shardId = shardId;
    if (this.#befall("gateway_identify", link)) return;
    const at = this.#desk.clock.elapsed();
    const [budget, verdict] = takeStart(this.#budget, this.limits, shardId, at);
    this.#budget = budget;
    const count = (++this.#sessionCount).toString(36);
    // An id that an earlier server on this address has not given: clients may still ask for those.
    const sessionId = `${this.#bootedAt.toString(36)}-${count}`;
    const accountSeq = this.#desk.state.seq;
    this.#step(link, { type: "started", verdict, sessionId, accountSeq });
    this.#seat(link);
  }

  #find(link: GatewayLink, sessionId: string): void {
    const seat = this.#seats.find(sessionId);
    if (seat !== undefined) link.shardId = seat.shard[0];
    if (this.#befall("gateway_resume", link)) return;
    if (seat?.held.by === "link") this.#step(seat.held.link, { type: "taken" });
    const session = seat?.held.by === "nobody" ? seat.held.session : null;
    this.#step(link, { type: "found", session });
    if (this.#seat(link)) this.#counts.resumes++;
    else this.#counts.resumesRefused++;
  }

  /** Seats a connection whose session has just begun or gone on. */
  #seat(link: GatewayLink): boolean {
    const { session } = link;
    if (session === null) return false;
    this.#seats.take(session, link);
    this.#look();
    return true;
  }

  #beat(link: GatewayLink): void {
    this.#counts.heartbeats++;
    if (this.#befall("gateway_heartbeat", link)) return;
    this.#hear(link);
    this.#step(link, { type: "heard" });
  }

  #hear(link: GatewayLink): void {
    this.#heardAt.delete(link);
    this.#heardAt.set(link, this.#desk.clock.elapsed());
    this.#alarm.look();
  }

  #end(link: GatewayLink, code: number): void {
    this.#remove(link, code);
    this.#step(link, { type: "ended", code });
  }

  #remove(link: GatewayLink, code: number): void {
    if (!this.#links.delete(link)) return;
    this.#heardAt.delete(link);
    this.#counts.close(code);
    this.#alarm.look();
  }

  /** Whether a fault took the place of what was to happen. */
  #befall(target: GatewayFaultTarget, link: GatewayLink): boolean {
    if (this.#desk.faults.rules.length === 0) return false;
    const [box, fault] = takeGatewayFault(
      this.#desk.faults,
      target,
      link.shardId,
    );
    this.#desk.faults = box;
    if (fault === null) return false;
    this.#suffer(link, fault);
    return fault.kind !== "slow" && fault.kind !== "ask_heartbeat";
  }

  #suffer(link: GatewayLink, fault: GatewayFault): void {
    switch (fault.kind) {
      case "cut":
        this.#end(link, CUT);
        return link.cut();
      case "half_open":
        // It has stopped minding the time as well.
        this.#heardAt.delete(link);
        this.#alarm.look();
        return link.deafen();
      case "reconnect":
        return this.#step(link, { type: "reconnect" });
      case "ask_heartbeat":
        return this.#step(link, { type: "ask" });
      case "invalid_session": {
        const resumable = fault.resumable ?? false;
        return this.#step(link, { type: "invalidate", resumable });
      }
      case "close": {
        const reason = fault.reason ?? "closed by a fault rule";
        return this.#step(link, { type: "close", code: fault.code, reason });
      }
      case "lose_session": {
        const { session } = link;
        if (session !== null) this.#forget(session.id);
        this.#end(link, CUT);
        return link.cut();
      }
      case "slow":
        return link.slowDown(fault.ms);
    }
  }

  /** Begins or ends to listen, as long as there is a session that wants to hear. */
  #look(): void {
    if (this.#seats.size > 0) {
      this.#leave ??= this.#desk.listen((event) => {
        for (const news of newsOf(this.#desk, event)) this.#tell(news);
      });
      this.#quotes.begin();
    } else {
      this.#leave?.();
      this.#leave = null;
      this.#quotes.end();
    }
    this.#alarm.look();
  }

  #tell(news: News): void {
    const key = shardKey(this.#desk.world.accountId, news.symbol);
    const seats = this.limits.routing === "all"
      ? this.#seats.all()
      : this.#seats.hearing(key);
    for (const seat of [...seats]) {
      if ((seat.intents & news.intent) !== 0) this.#tellSeat(seat, news);
    }
  }

  #tellSeat(seat: Seat<GatewayLink>, news: News): void {
    if (seat.held.by === "link") this.#befall("gateway_event", seat.held.link);
    // A fault may have ended the connection just now, and the session goes without one.
    if (seat.held.by === "link") {
      this.#counts.dispatches++;
      return this.#step(seat.held.link, { type: "told", news });
    }
    const at = this.#desk.clock.elapsed();
    const session = hear(seat.held.session, news, this.limits, at);
    seat.held = { by: "nobody", session };
  }

  #nextAt(): DurationMs | null {
    const [heardAt] = this.#heardAt.values();
    const leftAt = this.#seats.firstLeftAt();
    const due = [
      heardAt === undefined ? null : heardAt + this.#patienceMs,
      leftAt === null ? null : leftAt + this.limits.resumeMs,
      this.#seats.wantQuotes ? this.#quotes.nextAt : null,
    ].filter((at) => at !== null);
    return due.length === 0 ? null : Math.min(...due);
  }

  #ring(at: DurationMs): void {
    for (const [link, heardAt] of this.#heardAt) {
      if (heardAt + this.#patienceMs > at) break;
      this.#step(link, { type: "silent" });
    }
    this.#seats.forgetLeftBy(at - this.limits.resumeMs);
    if (this.#seats.wantQuotes) {
      for (const news of this.#quotes.take(at)) this.#tell(news);
    }
    this.#look();
  }

  get #patienceMs(): DurationMs {
    return this.limits.heartbeatMs + this.limits.heartbeatGraceMs;
  }
}
