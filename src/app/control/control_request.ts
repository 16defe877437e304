/**
 * What `skip`, `pause` and `resume` ask of a run, and what it answers.
 *
 * @module
 */

import { ERROR_CODES, type ErrorCode } from "../../domain/error.ts";
import type { Clock } from "../../runtime/ports.ts";
import type { ControlNotice } from "../../runtime/control_wish.ts";
import type { LoadedFile } from "../loaded_file.ts";

/** A request. */
export type ControlRequest =
  | {
    readonly command: "skip";
    readonly edge: string;
    readonly wish: "skip" | "run";
  }
  /** `null` for every session. */
  | { readonly command: "pause" | "resume"; readonly session: string | null };

/** What is asked, of which file, and where that is recorded. */
export interface ControlQuestion {
  readonly file: LoadedFile;
  /** The journal's path. */
  readonly journal: string;
  readonly request: ControlRequest;
  readonly clock: Clock;
}

/** What became of it. */
export type ControlAnswer =
  | { readonly kind: "noted"; readonly notice: ControlNotice }
  | {
    readonly kind: "refused";
    readonly code: ErrorCode;
    readonly message: string;
  };

/** Reads a request of another process; `null` where it is none that we know. */
export function readRequest(value: unknown): ControlRequest | null {
  if (!isRecord(value)) return null;
  const { command, edge, wish, session } = value;
  if (command === "skip") {
    return typeof edge === "string" && (wish === "skip" || wish === "run")
      ? { command, edge, wish }
      : null;
  }
  if (command !== "pause" && command !== "resume") return null;
  return typeof session === "string" || session === null
    ? { command, session }
    : null;
}

/** Reads the answer of a run; `null` where it is none that we know. */
export function readAnswer(value: unknown): ControlAnswer | null {
  if (!isRecord(value)) return null;
  const { kind, notice, code, message } = value;
  if (kind === "noted" && isRecord(notice)) {
    // Written by `answerRequest()` of the same format; a newer one would have another kind.
    return { kind, notice: notice as unknown as ControlNotice };
  }
  const known = ERROR_CODES.find((one) => one === code);
  return kind === "refused" && known !== undefined &&
      typeof message === "string"
    ? { kind, code: known, message }
    : null;
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null;
}
