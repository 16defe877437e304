/**
 * Who holds a journal, as its lock file says.
 *
 * @module
 */

import type { EpochMs } from "../../domain/time.ts";

/** A process that holds a journal. */
export interface Holder {
  readonly pid: number;
  /** The computer's name; `null` where the process may not ask for it. */
  readonly host: string | null;
  /** When it began. @units EpochMs */
  readonly since: EpochMs;
  /** What it does, as in `carillon run desk.yaml`. */
  readonly doing: string;
}

/** This process. */
export function selfAsHolder(
  { doing, since }: Pick<Holder, "doing" | "since">,
): Holder {
  return { pid: Deno.pid, host: ownHost(), since, doing };
}

/** Reads who holds a journal; `null` where the file does not say. */
export function readHolder(lockPath: string): Holder | null {
  try {
    const value: unknown = JSON.parse(Deno.readTextFileSync(lockPath));
    return isHolder(value) ? value : null;
  } catch {
    // Not there, not written yet, or locked against reading, as some systems do.
    return null;
  }
}

/** A holder as part of a sentence. */
export function sayHolder(holder: Holder): string {
  const { pid, host, since, doing } = holder;
  const where = host === null ? "" : ` on ${host}`;
  const at = Temporal.Instant.fromEpochMilliseconds(since)
    .round("second").toString();
  const stopped = isSuspended(holder)
    ? `, which is suspended: "kill -CONT ${pid}" lets it go on`
    : "";
  return `process ${pid}${where} ("${doing}") writes it since ${at}${stopped}`;
}

/** Whether the system says that a process is stopped; it tells only a process that may see all. */
export function isSuspended({ pid, host }: Holder): boolean {
  const here = ownHost();
  // Who does not say where it runs is taken to be here, where its lock is.
  if (host !== null && here !== null && host !== here) return false;
  try {
    const stat = Deno.readTextFileSync(`/proc/${pid}/stat`);
    // The state follows the name, which is in brackets and may hold anything.
    return /^[Tt]/.test(stat.slice(stat.lastIndexOf(")") + 2));
  } catch {
    // No such process, no such folder, or not ours to see.
    return false;
  }
}

function ownHost(): string | null {
  const asked = { name: "sys", kind: "hostname" } as const;
  return Deno.permissions.querySync(asked).state === "granted"
    ? Deno.hostname()
    : null;
}

function isHolder(value: unknown): value is Holder {
  if (typeof value !== "object" || value === null) return false;
  const { pid, host, since, doing } = value as Readonly<
    Record<keyof Holder, unknown>
  >;
  return Number.isSafeInteger(pid) && Number.isSafeInteger(since) &&
    typeof doing === "string" && (host === null || typeof host === "string");
}
