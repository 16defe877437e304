/**
 * A gateway within the process: it counts what the client does, and misbehaves on demand.
 *
 * @module
 */

import type {
  GatewayAnswer,
  GatewaySocket,
  GatewayTransport,
  SocketListener,
} from "../../src/gateway/ports.ts";
import type { DurationMs, EpochMs } from "../../src/domain/time.ts";
import type { Clock } from "../../src/runtime/ports.ts";

/** The window in which a bucket takes one identify. */
const WINDOW_MS = 5_000;

/** How the gateway is set up. */
export interface MemoryGatewayOptions {
  readonly clock: Clock;
  readonly shards?: number;
  readonly total?: number;
  readonly remaining?: number;
  readonly resetAfterMs?: DurationMs;
  readonly maxConcurrency?: number;
  readonly intervalMs?: DurationMs;
  /** How long each frame is under way; drawn anew for each. */
  readonly latencyMs?: () => DurationMs;
}

/** How the gateway answers from now on. */
export interface Manners {
  /** Whether it can be reached at all. */
  up: boolean;
  /** What it says first. */
  first: "hello" | "reconnect" | "nothing";
  /** What it does with an identify: a number is a close code. */
  onIdentify: "ready" | "invalid" | "nothing" | number;
  /** What it does with a resume: a number is a close code. */
  onResume: "resumed" | "invalid" | "nothing" | number;
  /** Whether it answers heartbeats. */
  acks: boolean;
  /** What `/gateway/bot` answers besides its information. */
  status: number;
  /** How long that answer takes. */
  informMs: DurationMs;
}

interface Session {
  readonly id: string;
  readonly shard: number;
  seq: number;
  readonly buffer: { readonly seq: number; readonly text: string }[];
  link: Link | null;
}

interface Link {
  readonly url: string;
  readonly listener: SocketListener;
  state: "open" | "silent" | "over";
  session: Session | null;
  /** When each frame came. */
  readonly framesAt: EpochMs[];
  /** When the last frame under way arrives, so that none overtakes another. */
  arrivesAt: EpochMs;
}

/** What a client sent. */
export interface Heard {
  readonly at: EpochMs;
  readonly op: number;
  readonly shard: number | null;
  readonly d: unknown;
}

/** The server side of a gateway, its audit and its faults. */
export class MemoryGateway {
  readonly clock: Clock;
  readonly manners: Manners = {
    up: true,
    first: "hello",
    onIdentify: "ready",
    onResume: "resumed",
    acks: true,
    status: 200,
    informMs: 0,
  };
  /** Every frame that came, in order. */
  readonly heard: Heard[] = [];
  /** Identifies that were counted against the limit. */
  readonly identifies: { readonly at: EpochMs; readonly shard: number }[] = [];
  /** What a client may not do and did. */
  readonly violations: string[] = [];
  /** Close codes that clients sent. */
  readonly leftWith: number[] = [];
  /** The addresses that were connected to. */
  readonly connectedTo: string[] = [];
  /** How often `/gateway/bot` was asked. */
  asked = 0;
  maxConcurrency: number;
  total: number;
  remaining: number;
  resetAt: EpochMs;
  readonly #resetAfterMs: DurationMs;
  readonly #shards: number;
  readonly #intervalMs: DurationMs;
  readonly #latencyMs: () => DurationMs;
  readonly #links = new Set<Link>();
  readonly #sessions = new Map<string, Session>();
  readonly #lastInBucket = new Map<number, EpochMs>();

  constructor(options: MemoryGatewayOptions) {
    this.clock = options.clock;
    this.#shards = options.shards ?? 1;
    this.total = options.total ?? 1_000;
    this.remaining = options.remaining ?? this.total;
    this.#resetAfterMs = options.resetAfterMs ?? 86_400_000;
    this.resetAt = this.clock.now() + this.#resetAfterMs;
    this.maxConcurrency = options.maxConcurrency ?? 1;
    this.#intervalMs = options.intervalMs ?? 41_250;
    this.#latencyMs = options.latencyMs ?? (() => 0);
  }

  /** The way to it. */
  get transport(): GatewayTransport {
    return {
      name: "memory",
      information: (signal) => this.#inform(signal),
      connect: (url, listener) => this.#connect(url, listener),
    };
  }

  /** How many connections are open. */
  get open(): number {
    return this.#links.size;
  }

  /** Tells news to one shard's session, connected or not. */
  emit(shard: number, name: string, data: unknown): void {
    const session = this.#sessionOf(shard);
    if (session === undefined) return;
    const seq = ++session.seq;
    const text = JSON.stringify({ op: 0, s: seq, t: name, d: data });
    session.buffer.push({ seq, text });
    if (session.link !== null) this.#send(session.link, text);
  }

  /** Skips a number of the session, as a server does that lost something. */
  skip(shard: number): void {
    const session = this.#sessionOf(shard);
    if (session !== undefined) session.seq += 1;
  }

  /** Sends any frame to a shard. */
  say(shard: number, frame: unknown): void {
    const link = this.#sessionOf(shard)?.link;
    if (link) this.#send(link, JSON.stringify(frame));
  }

  /** Ends a shard's connection with a code; 1006 is a cut. */
  close(shard: number, code: number, reason = ""): void {
    const link = this.#sessionOf(shard)?.link;
    if (link) this.#end(link, code, reason);
  }

  /** The network swallows everything from now on, and tells neither side. */
  hush(shard: number): void {
    const link = this.#sessionOf(shard)?.link;
    if (link) link.state = "silent";
  }

  /** Ends all connections; without its sessions the server has forgotten everything. */
  restart(keep: "keeping sessions" | "without sessions"): void {
    for (const link of [...this.#links]) this.#end(link, 1006, "");
    if (keep === "without sessions") this.#sessions.clear();
  }

  /** Forgets one shard's session, connected or not. */
  forget(shard: number): void {
    const session = this.#sessionOf(shard);
    if (session !== undefined) this.#sessions.delete(session.id);
  }

  #sessionOf(shard: number): Session | undefined {
    return [...this.#sessions.values()].findLast((one) => one.shard === shard);
  }

  #renew(): void {
    while (this.resetAt <= this.clock.now()) {
      this.resetAt += this.#resetAfterMs;
      this.remaining = this.total;
    }
  }

  async #inform(signal: AbortSignal): Promise<GatewayAnswer> {
    this.asked += 1;
    await this.clock.sleepUntil(
      this.clock.now() + this.manners.informMs,
      signal,
    );
    this.#renew();
    if (!this.manners.up) throw new Error("nobody answers there");
    const body = {
      url: "ws://gateway.test/main",
      shards: this.#shards,
      session_start_limit: {
        total: this.total,
        remaining: this.remaining,
        reset_after: this.resetAt - this.clock.now(),
        max_concurrency: this.maxConcurrency,
      },
    };
    return {
      status: this.manners.status,
      retryAfterMs: null,
      body: JSON.stringify(body),
    };
  }

  #connect(url: string, listener: SocketListener): GatewaySocket {
    this.connectedTo.push(url);
    const link: Link = {
      url,
      listener,
      state: "open",
      session: null,
      framesAt: [],
      arrivesAt: 0,
    };
    this.#links.add(link);
    this.#later(link, () => this.#greet(link));
    return {
      send: (text) => {
        if (link.state === "over") return;
        this.#later(link, () => this.#hear(link, text));
      },
      close: (code) => {
        if (link.state === "over") return Promise.resolve();
        this.leftWith.push(code);
        const { session } = link;
        if (session !== null && code <= 1001) this.#sessions.delete(session.id);
        this.#drop(link);
        return Promise.resolve();
      },
    };
  }

  #greet(link: Link): void {
    const { up, first } = this.manners;
    if (!up) return this.#end(link, 1006, "");
    if (first === "nothing") return;
    const frame = first === "hello"
      ? { op: 10, d: { heartbeat_interval: this.#intervalMs } }
      : { op: 7, d: null };
    this.#send(link, JSON.stringify(frame));
  }

  #hear(link: Link, text: string): void {
    const at = this.clock.now();
    const { op, d } = JSON.parse(text);
    const shard = link.session?.shard ?? null;
    this.heard.push({ at, op, shard, d });
    link.framesAt.push(at);
    const inWindow = link.framesAt.filter((one) => one > at - 60_000).length;
    if (inWindow > 120) {
      this.violations.push(`${inWindow} frames in a minute by shard ${shard}`);
      return this.#end(link, 4008, "rate limited");
    }
    if (op === 1 && this.manners.acks) this.#send(link, '{"op":11}');
    if (op === 2) this.#identify(link, d.shard[0]);
    if (op === 6) this.#resume(link, d.session_id, d.seq);
  }

  #identify(link: Link, shard: number): void {
    const at = this.clock.now();
    const { onIdentify } = this.manners;
    this.#renew();
    const bucket = shard % this.maxConcurrency;
    const last = this.#lastInBucket.get(bucket) ?? -Infinity;
    this.identifies.push({ at, shard });
    this.remaining -= 1;
    if (this.remaining < 0) this.violations.push(`overspent by shard ${shard}`);
    if (at - last < WINDOW_MS) {
      this.violations.push(`shard ${shard} came ${at - last} ms after another`);
      return this.#send(link, '{"op":9,"d":false}');
    }
    this.#lastInBucket.set(bucket, at);
    if (onIdentify === "nothing") return;
    if (typeof onIdentify === "number") return this.#end(link, onIdentify, "");
    if (onIdentify === "invalid") return this.#send(link, '{"op":9,"d":false}');
    const id = `s${this.identifies.length}`;
    const session: Session = { id, shard, seq: 1, buffer: [], link };
    link.session = session;
    this.#sessions.set(id, session);
    const d = {
      v: 10,
      session_id: id,
      resume_gateway_url: "ws://gateway.test/resume",
    };
    this.#send(link, JSON.stringify({ op: 0, s: 1, t: "READY", d }));
  }

  #resume(link: Link, id: string, seq: number): void {
    const { onResume } = this.manners;
    const session = this.#sessions.get(id);
    if (onResume === "nothing") return;
    if (typeof onResume === "number") return this.#end(link, onResume, "");
    if (onResume === "invalid" || session === undefined) {
      return this.#send(link, '{"op":9,"d":false}');
    }
    link.session = session;
    session.link = link;
    for (const one of session.buffer) {
      if (one.seq > seq) this.#send(link, one.text);
    }
    const s = ++session.seq;
    const text = JSON.stringify({ op: 0, s, t: "RESUMED", d: {} });
    session.buffer.push({ seq: s, text });
    this.#send(link, text);
  }

  #send(link: Link, text: string): void {
    this.#later(link, () => link.listener.message(text));
  }

  #end(link: Link, code: number, reason: string): void {
    const { listener, state } = link;
    this.#drop(link);
    if (state === "open") queueMicrotask(() => listener.closed(code, reason));
  }

  #drop(link: Link): void {
    link.state = "over";
    if (link.session?.link === link) link.session.link = null;
    this.#links.delete(link);
  }

  /** What is under way arrives in order, unless the connection ends or falls silent first. */
  #later(link: Link, arrive: () => void): void {
    const now = this.clock.now();
    link.arrivesAt = Math.max(link.arrivesAt, now + this.#latencyMs());
    this.clock.sleepUntil(link.arrivesAt).then(() => {
      if (link.state === "open") arrive();
    });
  }
}
