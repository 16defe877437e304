/**
 * A definition being carried out: engine, due queue, drive and brokers, wired once.
 *
 * @module
 */

import { orderOf } from "../domain/account.ts";
import type {
  Account,
  Action,
  Definition,
  Session,
  StopPolicy,
} from "../domain/definition.ts";
import { CarillonError } from "../domain/error.ts";
import type { CloseRequested, OrderRequested } from "../domain/event.ts";
import { digestOf } from "../domain/id.ts";
import { withoutSecrets } from "../domain/redact.ts";
import type {
  EdgeSettled,
  FileReloaded,
  Notice,
  OrderAnswered,
  OrderRefused,
} from "../domain/notice.ts";
import type { Snapshot } from "../domain/position.ts";
import { getRow } from "../domain/table.ts";
import type { EpochMs } from "../domain/time.ts";
import type { State, StopReason } from "../domain/state.ts";
import { AccountDoor } from "./account_door.ts";
import {
  type ControlNotice,
  type ControlWish,
  isControl,
} from "./control_wish.ts";
import { Drive, type Pulse } from "./drive.ts";
import { DueTimes } from "./due_times.ts";
import { Engine, type Listener, type NewEvent } from "./engine.ts";
import { type DeskRun, openDesk } from "./open_desk.ts";
import { PriceSamples } from "./price_samples.ts";
import { sampleQuotes } from "./sample_quotes.ts";
import { Looks } from "./looks.ts";
import { performEffect } from "./perform.ts";
import {
  refusedSession,
  refuseOthersJournal,
  stopped,
  unrecorded,
} from "./refusals.ts";
import type {
  Broker,
  BrokerEvent,
  Clock,
  HookRunner,
  Journal,
} from "./ports.ts";

/** What a run is made of. */
export interface RuntimeParts {
  readonly definition: Definition;
  /** A name that no other run has. */
  readonly runId: string;
  readonly dryRun: boolean;
  /** Whether the sessions' edges fire; without, only requests by hand are carried out. */
  readonly armed?: boolean;
  /** The edition of the time zone data, for the record. */
  readonly zoneData?: string;
  /** Another run's state as text, for a close by hand beside it. */
  readonly known?: string;
  /** By account name. */
  readonly brokers: ReadonlyMap<string, Broker>;
  readonly hooks: HookRunner;
  readonly clock: Clock;
  readonly journal: Journal;
  /** A sign of life from the loop that fires edges. */
  readonly pulse?: Pulse;
  /** Hears of every broker stream that comes up or goes down. */
  readonly onStream?: (account: string, event: BrokerEvent) => void;
  /** Hears what a listener or `onStream` threw; the run goes on without caring. */
  readonly onListenerFault?: (error: unknown) => void;
}

/** A close that somebody asks for by hand. */
export type CloseRequest = Omit<CloseRequested, "type" | "at" | "request">;

/** An order that somebody asks for. */
export type OrderRequest = Omit<OrderRequested, "type" | "at" | "request">;

/** A run: open it, listen, start it, ask things of it, stop it. */
export class Runtime {
  readonly #parts: RuntimeParts;
  readonly #engine: Engine;
  readonly #drive: Drive;
  readonly #due: DueTimes;
  readonly #ending = new AbortController();
  readonly #ended = Promise.withResolvers<void>();
  readonly #fromAt: EpochMs;
  readonly #door: AccountDoor;
  readonly #asking = new Set<(reason: unknown) => void>();
  readonly #looks = new Looks();
  readonly #samples = new PriceSamples();
  #requests = 0;

  private constructor(parts: RuntimeParts) {
    this.#parts = parts;
    // An edge that comes due while brokers are slow to answer is ours all the same.
    this.#fromAt = parts.clock.now();
    this.#due = new DueTimes(parts.clock);
    // Whoever waits for the end hears of a failure; nobody has to.
    this.#ended.promise.catch(() => {});
    const post = (...events: readonly NewEvent[]) =>
      this.#engine.post(...events);
    this.#door = new AccountDoor({
      ...parts,
      signal: this.#ending.signal,
      watch: (account) => (event) => this.#hear(account, event),
      post,
    });
    const { brokers } = this.#door;
    const desk: DeskRun = {
      state: () => this.state,
      clock: parts.clock,
      brokers,
      samples: this.#samples,
      look: (account) => this.look(account),
      place: (wish) => this.place(wish),
      close: (wish) => this.close(wish),
    };
    const world = {
      ...parts,
      brokers,
      due: this.#due,
      signal: this.#ending.signal,
      post: (event: NewEvent) => this.#looks.pass(this.state, event, post),
      deskOf: (session: string) => openDesk(desk, session),
      calls: new Map<string, AbortController>(),
      wake: (ended: boolean) => ended ? this.#end() : this.#drive.wake(),
    };
    this.#engine = new Engine({
      ...parts,
      isEmergency: parts.armed === false,
      perform: (effect) => performEffect(world, effect),
      onFailure: (error) => this.#end(error),
    });
    refuseOthersJournal(this.#engine.state, parts);
    this.#drive = new Drive({
      clock: parts.clock,
      due: this.#due,
      post,
      signal: this.#ending.signal,
      ...(parts.pulse === undefined ? {} : { pulse: parts.pulse }),
    });
  }

  /**
   * Opens every account; nothing is armed and nothing fires before `start`.
   *
   * A journal's first run opens all of them or does not begin. One that goes on from an earlier run
   * may owe something, and begins with the accounts that open; the others are tried again and again
   * (`account.not_ready`).
   *
   * @throws {CarillonError} "broker/unreachable", "broker/refused", "broker/wrong-account" or a
   * `journal/...` code
   */
  static async open(parts: RuntimeParts): Promise<Runtime> {
    const runtime = new Runtime(parts);
    try {
      if (runtime.state.run === null) await runtime.#door.openAll();
      else await runtime.#door.openPatiently();
    } catch (error) {
      runtime.abandon();
      throw error;
    }
    return runtime;
  }

  /**
   * A run whose accounts are opened one by one after its start, each by `openAccount()`, so that one
   * that is dead holds up no other.
   *
   * @throws {CarillonError} a `journal/...` code
   */
  static unopened(parts: RuntimeParts): Runtime {
    return new Runtime(parts);
  }

  /** What the core remembers now. */
  get state(): State {
    return this.#engine.state;
  }

  /** Settles when the run is over; rejects if it could not go on. */
  get ended(): Promise<void> {
    return this.#ended.promise;
  }

  /** When something is due next; `null` where nothing is. @units EpochMs */
  nextAt(): number | null {
    return this.#due.nextAt();
  }

  /** Hears everything that is told; the answer ends it. */
  listen(listener: Listener): () => void {
    return this.#engine.listen(listener);
  }

  /** Loads the definition and begins to fire what is due. */
  start(): void {
    const { runId, dryRun, armed = true, zoneData, known } = this.#parts;
    // What is recorded is what the core works with, so that a replay comes to the same state.
    const definition = withoutSecrets(this.#parts.definition);
    const hash = digestOf(definition);
    this.#engine.post(
      {
        type: "file.loaded",
        runId,
        hash,
        definition,
        dryRun,
        fromAt: this.#fromAt,
        armed,
        ...(zoneData === undefined ? {} : { zoneData }),
        ...(known === undefined ? {} : { known }),
      },
      ...this.#door.start(),
    );
    this.#drive.run().catch((error) => this.#end(error));
    const signal = this.#ending.signal;
    const sessions = () => this.state.run?.definition.sessions ?? [];
    const { clock } = this.#parts;
    const { brokers } = this.#door;
    const samples = this.#samples;
    void sampleQuotes({ sessions, brokers, clock, samples, signal });
  }

  /**
   * Opens one account of a run that was made by `unopened()`.
   *
   * @throws {CarillonError} "broker/unreachable", "broker/refused" or "broker/wrong-account"
   */
  async openAccount(account: Account): Promise<void> {
    this.#engine.post(await this.#door.open(account));
  }

  /** Closes by hand, with the same proof as an edge; settles when it has ended. */
  close(request: CloseRequest): Promise<EdgeSettled> {
    return this.#ask((name) => ({
      type: "close.requested",
      request: name,
      ...request,
    }));
  }

  /** Carries out a session's start or end actions, or given ones, by hand. */
  act(
    session: string,
    actions: "start" | "end" | readonly Action[],
  ): Promise<EdgeSettled> {
    return this.#ask((request) => ({
      type: "actions.requested",
      request,
      session,
      actions,
    }));
  }

  /**
   * Asks for an order; settles with the reason for which it is not sent, or with what the broker
   * first says of it.
   */
  place(request: OrderRequest): Promise<OrderRefused | OrderAnswered> {
    const name = this.#nextRequest();
    return this.#answered(
      (notice) =>
        (notice.type === "order.refused" || notice.type === "order.answered") &&
          notice.request === name
          ? notice
          : null,
      { type: "order.requested", request: name, ...request },
    );
  }

  /**
   * Reads an account's lists, by way of the engine: what they show is known to it as well.
   *
   * @throws {CarillonError} "broker/unreadable"; "runtime/stopped" if the run is over
   */
  look(account: string): Promise<Snapshot> {
    if (this.#ending.signal.aborted) return Promise.reject(stopped());
    const request = this.#nextRequest();
    const answer = this.#looks.expect(request);
    this.#engine.post({ type: "lists.requested", request, account });
    return answer;
  }

  /**
   * Fires an armed edge now, before it is due, so that it cannot come due again; settles when it
   * has ended.
   *
   * @throws {CarillonError} "edge/unknown" if it is not armed
   */
  async advance(edge: string): Promise<EdgeSettled> {
    const name = edge.slice(0, Math.max(0, edge.indexOf("/")));
    const armed = getRow(this.state.sessions, name)?.waiting ?? [];
    const isOver = this.#ending.signal.aborted;
    // Nobody would ever answer.
    if (!isOver && !armed.some(({ key }) => key === edge)) {
      throw new CarillonError(
        "edge/unknown",
        `Cannot fire edge "${edge}": it is not armed`,
        { details: { edge } },
      );
    }
    return await this.#settled(
      (notice) => notice.edge === edge,
      { type: "edge.advanced", edge },
    );
  }

  /**
   * Notes what the user wants to be left out, or to run again; gives what was told of it.
   *
   * What cannot be recorded is refused, since a restart would forget it.
   *
   * @throws {CarillonError} "runtime/stopped" if the run is over, or what ended it;
   * "journal/unwritable" while nothing can be recorded
   */
  async control(wish: ControlWish): Promise<ControlNotice> {
    if (this.#engine.unwritten > 0) {
      throw unrecorded("Cannot note this: the journal cannot be written");
    }
    const pick = (notice: Notice) => isControl(notice) ? notice : null;
    const notice = await this.#answered(pick, wish);
    if (this.#engine.unwritten === 0) return notice;
    throw unrecorded(
      "Cannot record this: the run heeds it, and a restart before the journal can be written again would forget it",
    );
  }

  /**
   * Puts a further session on the time line.
   *
   * @throws {CarillonError} "journal/unwritable" while nothing can be recorded
   */
  addSession(session: Session): void {
    if (this.#engine.unwritten > 0) throw refusedSession(session.name);
    this.#engine.post({ type: "session.added", session });
  }

  /**
   * Carries an edited definition out from now on, in place of the running one; gives what it changes.
   *
   * What is due by now fires by the old definition. `restartNeeds()` must have nothing against it.
   *
   * @throws {CarillonError} "runtime/stopped" if the run is over or ending; "journal/unwritable" while
   * nothing can be recorded
   */
  async reload(edited: Definition): Promise<FileReloaded> {
    if (this.state.stopping !== null) throw stopped();
    if (this.#engine.unwritten > 0) {
      throw unrecorded(
        "Cannot carry the edited file out: the journal cannot be written",
      );
    }
    const definition = withoutSecrets(edited);
    const fromAt = this.#drive.fireDue();
    return await this.#answered(
      (notice) => notice.type === "file.reloaded" ? notice : null,
      { type: "file.reloaded", hash: digestOf(definition), definition, fromAt },
    );
  }

  /** Takes a session off the time line. */
  removeSession(session: string): void {
    this.#engine.post({ type: "session.removed", session });
  }

  /** Ends the run in order: finishes what is under way, carries out the policy, looks once more. */
  async stop(policy: StopPolicy, reason: StopReason): Promise<void> {
    this.#engine.post({ type: "stop.requested", policy, reason });
    await this.ended;
  }

  /** Ends the run at once; what is under way is left to the broker. */
  abandon(): void {
    this.#end();
  }

  #hear(account: string, event: BrokerEvent): void {
    this.#tellStream(account, event);
    if (event.type === "stream") return;
    if (event.type === "book") return this.#noteDifferences(account, event);
    const { report } = event;
    const { clientOrderId } = report;
    if (clientOrderId === null) return;
    // Orders that are not ours are told too, and are not ours to record.
    const state = this.state.accounts[account];
    if (state === undefined || orderOf(state, clientOrderId) === undefined) {
      return;
    }
    this.#engine.post({
      type: "order.reported",
      account,
      clientOrderId,
      report,
    });
  }

  #noteDifferences(
    account: string,
    { differences }: BrokerEvent & { readonly type: "book" },
  ): void {
    // Before its definition is on record a run has nothing to record.
    if (!Object.hasOwn(this.state.accounts, account)) return;
    this.#engine.post({ type: "book.differed", account, differences });
  }

  #tellStream(account: string, event: BrokerEvent): void {
    try {
      this.#parts.onStream?.(account, event);
    } catch (error) {
      // Whoever only looks on must not be able to deafen us.
      this.#parts.onListenerFault?.(error);
    }
  }

  #ask(event: (request: string) => NewEvent): Promise<EdgeSettled> {
    const request = this.#nextRequest();
    return this.#settled(
      (notice) => notice.request === request,
      event(request),
    );
  }

  #nextRequest(): string {
    return `r${++this.#requests}`;
  }

  /** Posts an event and waits for the end of what it leads to. */
  #settled(
    isMeant: (notice: EdgeSettled) => boolean,
    event: NewEvent,
  ): Promise<EdgeSettled> {
    return this.#answered(
      (notice) =>
        notice.type === "edge.settled" && isMeant(notice) ? notice : null,
      event,
    );
  }

  /** Posts an event and waits for the notice that answers it. */
  #answered<N extends Notice>(
    pick: (notice: Notice) => N | null,
    event: NewEvent,
  ): Promise<N> {
    if (this.#ending.signal.aborted) return Promise.reject(stopped());
    const { promise, resolve, reject } = Promise.withResolvers<N>();
    const leave = this.listen((notice) => {
      const answer = pick(notice);
      if (answer !== null) resolve(answer);
    });
    this.#asking.add(reject);
    this.#engine.post(event);
    return promise.finally(() => {
      this.#asking.delete(reject);
      leave();
    });
  }

  #end(error?: unknown): void {
    // First of all: an answer that still comes back must not lead to anything new.
    this.#engine.close();
    this.#ending.abort();
    this.#drive.wake();
    for (const reject of this.#asking) reject(error ?? stopped());
    this.#looks.end(error ?? stopped());
    if (error === undefined) this.#ended.resolve();
    else this.#ended.reject(error);
  }
}
