/**
 * What host and guest say to one another: one JSON text each.
 *
 * What comes from a guest is a stranger's text. It is read here, and nothing but what fits goes on.
 *
 * @module
 */

import type { Json, JsonObject, LogLevel } from "../../runtime/isolation.ts";

/** A program as it is sent to a guest: plain JavaScript, and JSON. */
export interface SentProgram {
  readonly entry: string;
  readonly modules: readonly SentModule[];
  readonly aliases: readonly (readonly [from: string, to: string])[];
  readonly packages: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly methods: readonly string[];
}

/** One module of a program, ready to be run. */
export interface SentModule {
  readonly specifier: string;
  readonly text: string;
  readonly isJson: boolean;
}

/** What a guest is to do. */
export type Task =
  | {
    readonly kind: "call";
    readonly handle: string;
    readonly input: JsonObject;
  }
  | { readonly kind: "evaluate"; readonly export: string };

/** How much may be said in one call. */
export interface Budget {
  readonly messageBytesMax: number;
  readonly outputBytesMax: number;
  readonly messagesMax: number;
}

/** What the host says. */
export type HostMessage =
  | {
    readonly type: "run";
    readonly call: string;
    readonly task: Task;
    /** Sent with a guest's first call. */
    readonly program: SentProgram | null;
    /** @units EpochMs */
    readonly at: number;
    readonly seed: number;
    /** @units milliseconds */
    readonly timeoutMs: number;
    /** What the guest may say; what stands between it and the host may end it earlier. */
    readonly budget: Budget;
  }
  | {
    readonly type: "answer";
    readonly call: string;
    readonly request: number;
    readonly value: Json;
  }
  | {
    readonly type: "refuse";
    readonly call: string;
    readonly request: number;
    readonly code: string;
    readonly message: string;
  }
  | { readonly type: "abort"; readonly call: string; readonly message: string };

/** What a guest says of a call; anything else it says is dropped. */
export type GuestMessage =
  | {
    readonly type: "log";
    readonly call: string;
    readonly level: LogLevel;
    readonly text: string;
  }
  | {
    readonly type: "ask";
    readonly call: string;
    readonly request: number;
    readonly name: string;
    readonly args: Json;
  }
  | { readonly type: "done"; readonly call: string; readonly value: Json }
  | {
    readonly type: "threw";
    readonly call: string;
    readonly message: string;
    readonly stack: string;
  };

/** How deep data that crosses the border may be nested. */
export const DEPTH_MAX = 64;

/** The longest sentence of a guest that is passed on, in characters. */
const TEXT_MAX = 4_000;

const LEVELS: readonly string[] = ["debug", "info", "warn", "error"];

/** Reads what a guest said; `null` where it makes no sense. */
export function readGuestMessage(text: string): GuestMessage | null {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return null;
  }
  if (typeof value !== "object" || value === null) return null;
  const said = value as Readonly<Record<string, unknown>>;
  return typeof said.call === "string" ? decode(said, said.call) : null;
}

function decode(
  said: Readonly<Record<string, unknown>>,
  call: string,
): GuestMessage | null {
  const { type } = said;
  switch (type) {
    case "log": {
      const { level, text } = said;
      if (!isLevel(level) || typeof text !== "string") return null;
      return { type, call, level, text };
    }
    case "ask": {
      const { request, name } = said;
      if (!Number.isSafeInteger(request) || typeof name !== "string") {
        return null;
      }
      const args = cleanJson(said.args);
      return args === undefined
        ? null
        : { type, call, request: Number(request), name, args };
    }
    case "done": {
      const value = cleanJson(said.value);
      return value === undefined ? tooDeep(call) : { type, call, value };
    }
    case "threw": {
      const { message, stack } = said;
      if (typeof message !== "string") return null;
      return {
        type,
        call,
        message: message.slice(0, TEXT_MAX),
        stack: typeof stack === "string" ? stack.slice(0, TEXT_MAX) : "",
      };
    }
    default:
      return null;
  }
}

function isLevel(level: unknown): level is LogLevel {
  return typeof level === "string" && LEVELS.includes(level);
}

function tooDeep(call: string): GuestMessage {
  const message =
    `Cannot take what it returned: it is nested more than ${DEPTH_MAX} deep`;
  return { type: "threw", call, message, stack: "" };
}

/**
 * Copies data so that nothing in it can reach further than a plain value; `undefined` where it is
 * nested too deep.
 *
 * A key `__proto__` is left out: whoever assigns it later would change a prototype.
 */
export function cleanJson(value: unknown, depth = 0): Json | undefined {
  if (value === undefined || value === null) return null;
  if (typeof value !== "object") return value as boolean | number | string;
  if (depth >= DEPTH_MAX) return undefined;
  if (Array.isArray(value)) {
    const items = value.map((item) => cleanJson(item, depth + 1));
    return items.every((item) => item !== undefined) ? items : undefined;
  }
  const fields: [string, Json][] = [];
  for (const [key, field] of Object.entries(value)) {
    if (key === "__proto__") continue;
    const clean = cleanJson(field, depth + 1);
    if (clean === undefined) return undefined;
    fields.push([key, clean]);
  }
  return Object.fromEntries(fields);
}
