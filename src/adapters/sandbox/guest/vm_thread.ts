/**
 * A thread that holds one virtual machine at a time, so that nothing in it delays the program.
 *
 * It is code of ours: the user's code is inside the machine.
 *
 * @module
 */

import type { Budget, HostMessage } from "../messages.ts";
import { Machine, type TurnEnd } from "./vm_machine.ts";
import type { Timer, WorkerScope } from "./watchdog.ts";

/** What the host says to a thread. */
export type ThreadOrder =
  | {
    readonly type: "open";
    /** @units MiB */
    readonly memoryMb: number;
    readonly bootText: string;
    /** One number that the host sets to stop what runs. */
    readonly stop: Int32Array<SharedArrayBuffer>;
  }
  | { readonly type: "message"; readonly message: HostMessage }
  /** Forget the machine; answered once nothing of it runs. */
  | { readonly type: "close" };

/** What a thread says to the host. */
export type ThreadNews =
  | { readonly type: "opened" }
  | { readonly type: "closed" }
  | { readonly type: "said"; readonly text: string }
  /** It said something too long to be passed on. @units bytes */
  | { readonly type: "spilled"; readonly bytes: number }
  | {
    readonly type: "broken";
    readonly message: string;
    readonly isLate: boolean;
  };

const scope = self as unknown as WorkerScope<ThreadOrder>;

/** How many timers one machine may have. */
const TIMERS_MAX = 1_000;

let machine: Machine | null = null;
let stop: Int32Array<SharedArrayBuffer> | null = null;
let overAt = Infinity;
let isContinued = false;
let budget: Budget | null = null;
let saidBytes = 0;
let saidMessages = 0;
const timers = new Map<number, Timer>();

function tell(news: ThreadNews): void {
  scope.postMessage(news);
}

/** Passes on what is said; from its budget on the machine is stopped, or the host would drown in it. */
function say(text: string): void {
  if (isSpent()) return;
  saidBytes += text.length;
  saidMessages++;
  const isTooLong = budget !== null && text.length > budget.messageBytesMax;
  tell(
    isTooLong
      ? { type: "spilled", bytes: text.length }
      : { type: "said", text },
  );
}

function isSpent(): boolean {
  return budget !== null &&
    (saidBytes > budget.outputBytesMax || saidMessages > budget.messagesMax);
}

function isOver(): boolean {
  if (isSpent()) return true;
  // deno-lint-ignore carillon/no-ambient-time -- what spins in here hears of time in no other way
  return performance.now() > overAt || stop !== null && stop[0] !== 0;
}

async function open(order: ThreadOrder & { type: "open" }): Promise<void> {
  const { memoryMb, bootText } = order;
  stop = order.stop;
  overAt = Infinity;
  const parts = { memoryMb, bootText, isOver, say, startTimer, stopTimer };
  machine = await Machine.make(parts);
  tell({ type: "opened" });
}

/** Dropped, not disposed of: a machine that came to harm cannot be tidied up, and its memory goes with it. */
function close(): void {
  machine = null;
  stop = null;
  budget = null;
  for (const timer of timers.values()) clearTimeout(timer);
  timers.clear();
}

function turn(run: (machine: Machine) => TurnEnd): void {
  if (machine === null) return;
  const end = run(machine);
  if (end.kind === "quiet") return;
  if (end.kind === "more") return goOnLater();
  const isLate = isOver();
  close();
  tell({ type: "broken", message: end.message, isLate });
}

/** Lets the host be heard between two turns of a machine that never rests. */
function goOnLater(): void {
  if (isContinued) return;
  isContinued = true;
  // deno-lint-ignore carillon/no-ambient-time -- a turn of this thread's own loop
  setTimeout(() => {
    isContinued = false;
    turn((it) => isOver() ? { kind: "broken", message: "stopped" } : it.goOn());
  }, 0);
}

function startTimer(id: number, ms: number): void {
  if (timers.size >= TIMERS_MAX) throw new RangeError("Too many timers");
  const fire = () => {
    timers.delete(id);
    turn((it) => it.fire(id));
  };
  // deno-lint-ignore carillon/no-ambient-time -- the machine's own timers
  timers.set(id, setTimeout(fire, ms));
}

function stopTimer(id: number): void {
  clearTimeout(timers.get(id));
  timers.delete(id);
}

function take(order: ThreadOrder): void {
  switch (order.type) {
    case "open":
      return void open(order).catch((error) =>
        tell({ type: "broken", message: String(error), isLate: false })
      );
    case "close":
      close();
      return tell({ type: "closed" });
    case "message": {
      const { message } = order;
      if (message.type === "run") {
        // deno-lint-ignore carillon/no-ambient-time -- see isOver()
        overAt = performance.now() + message.timeoutMs;
        budget = message.budget;
        saidBytes = 0;
        saidMessages = 0;
      }
      return turn((it) => it.receive(message));
    }
  }
}

scope.onmessage = ({ data }) => take(data);
