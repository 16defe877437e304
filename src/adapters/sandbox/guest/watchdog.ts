/**
 * A thread beside the user's code: passes the host's words on, and ends the process when the host is
 * gone or the memory is used up, whatever the user's code does meanwhile.
 *
 * @module
 */

/** What the thread is told by the boot code. */
export type WatchdogOrder = { readonly isRunning: boolean };

/** A worker's own side, which the library of types shows to workers only. */
export interface WorkerScope<In> {
  onmessage: ((event: MessageEvent<In>) => void) | null;
  postMessage(message: unknown): void;
}

/** What a timer is known by. */
// deno-lint-ignore carillon/no-ambient-time -- only the name of its type
export type Timer = ReturnType<typeof setInterval>;

/**
 * The thread's whole program. It is sent as its own text, so it may use nothing from outside.
 *
 * @units `rssBytesMax`: bytes; `lookMs`: milliseconds
 */
export function watchdog(rssBytesMax: number, lookMs: number): void {
  const scope = self as unknown as WorkerScope<WatchdogOrder>;
  const { kill, pid, memoryUsage, stdin, stderr } = Deno;
  const end = () => kill(pid, "SIGKILL");
  let timer: Timer | null = null;
  const look = () => {
    if (memoryUsage().rss <= rssBytesMax) return;
    stderr.writeSync(new TextEncoder().encode("\nWatchdog: out of memory\n"));
    end();
  };
  scope.onmessage = ({ data }) => {
    if (timer !== null) clearInterval(timer);
    // deno-lint-ignore carillon/no-ambient-time -- runs in a guest, whose memory nobody else sees
    timer = data.isRunning ? setInterval(look, lookMs) : null;
  };
  const read = async () => {
    const decoder = new TextDecoder();
    let rest = "";
    for await (const chunk of stdin.readable) {
      const lines = (rest + decoder.decode(chunk, { stream: true })).split(
        "\n",
      );
      rest = lines.pop() ?? "";
      for (const line of lines) scope.postMessage(line);
    }
  };
  // The end of the input is the end of the host, and so is an input that cannot be read.
  read().then(end, end);
}
