/**
 * Which isolation a hook gets.
 *
 * @module
 */

import { CarillonError } from "../../domain/error.ts";
import type { Isolation } from "../../runtime/isolation.ts";
import type { Clock } from "../../runtime/ports.ts";
import { runnableDeno } from "./process/deno_program.ts";
import { ProcessIsolation } from "./process/process_isolation.ts";
import { VmIsolation } from "./vm/vm_isolation.ts";

/** What a file may write. */
export type IsolationChoice = "auto" | "process" | "vm";

/** What `auto` means here: processes where `deno` may be run, else virtual machines. */
export function chooseIsolation(
  choice: IsolationChoice,
): "process" | "vm" {
  if (choice !== "auto") return choice;
  return runnableDeno() === null ? "vm" : "process";
}

/**
 * Opens an isolation; `clock` is real time, also where the run's own time is virtual.
 *
 * Where `auto` means processes and the `deno` that may be run is of no use, it takes the other one.
 *
 * @throws {CarillonError} "hook/not-possible" if processes are asked for and none may be run
 */
export async function openIsolation(
  choice: IsolationChoice,
  clock: Clock,
): Promise<Isolation> {
  if (chooseIsolation(choice) === "vm") {
    return await VmIsolation.open({ clock });
  }
  try {
    return await ProcessIsolation.open({ clock });
  } catch (error) {
    const isFinal = choice === "process" || !isNotPossible(error);
    if (isFinal) throw error;
    return await VmIsolation.open({ clock });
  }
}

function isNotPossible(error: unknown): boolean {
  return error instanceof CarillonError && error.code === "hook/not-possible";
}
