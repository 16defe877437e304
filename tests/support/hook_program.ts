/**
 * Programs of the user's, as short as a test wants them.
 *
 * @module
 */

import assert from "node:assert/strict";
import { SystemClock } from "../../src/adapters/clock/system_clock.ts";
import type {
  CallOptions,
  Grant,
  HookHost,
  HookOutcome,
  HookProgram,
  Isolation,
  Json,
  JsonObject,
  Limits,
  ModuleText,
} from "../../src/runtime/isolation.ts";

/** Where the entry lies. */
export const ENTRY = "file:///user/hook.ts";

/** Real time: what runs in a guest runs in it. */
export const CLOCK = new SystemClock();

/** Limits that a test can reach. */
export const LIMITS: Limits = {
  memoryMb: 64,
  messageBytesMax: 64 * 1_024,
  outputBytesMax: 256 * 1_024,
  messagesMax: 500,
  graceMs: 50,
  callsMax: 1,
};

/** Long enough for a busy machine; a test that reaches it has failed. */
export const CALL: CallOptions = {
  timeoutMs: 20_000,
  at: Date.UTC(2026, 10, 23, 8),
  seed: 1,
};

/** A grant of nothing. */
export const NOTHING: Grant = {
  net: [],
  read: [],
  write: [],
  env: {},
  packages: [],
};

/** What a program can have besides its entry. */
export interface ProgramOptions {
  readonly files?: Readonly<Record<string, string>>;
  readonly aliases?: Readonly<Record<string, string>>;
  readonly grant?: Partial<Grant>;
  readonly methods?: readonly string[];
}

/** Makes a program; files lie beside the entry. */
export function hookProgram(
  text: string,
  { files = {}, aliases = {}, grant = {}, methods = [] }: ProgramOptions = {},
): HookProgram {
  const modules = new Map<string, ModuleText>([[ENTRY, { text, kind: "ts" }]]);
  for (const [name, content] of Object.entries(files)) {
    const kind = /\.(ts|js|json)$/.exec(name)?.[1] as ModuleText["kind"];
    modules.set(new URL(name, ENTRY).href, { text: content, kind });
  }
  return {
    name: "custom_start",
    entry: ENTRY,
    modules,
    aliases: new Map(
      Object.entries(aliases).map((
        [from, to],
      ) => [from, new URL(to, ENTRY).href]),
    ),
    grant: { ...NOTHING, ...grant },
    methods,
  };
}

/** A host that remembers what it was asked and told. */
export interface RecordedHost extends HookHost {
  readonly asked: readonly string[];
  readonly logged: readonly string[];
}

/** Answers every request with its own name and arguments, unless told how. */
export function recordedHost(
  answer: (name: string, args: Json) => Promise<Json> = (name, args) =>
    Promise.resolve([name, args]),
): RecordedHost {
  const asked: string[] = [];
  const logged: string[] = [];
  return {
    asked,
    logged,
    request(name, args) {
      asked.push(`${name} ${JSON.stringify(args)}`);
      return answer(name, args);
    },
    log: (level, text) => void logged.push(`${level} ${text}`),
  };
}

/** What one call can differ in. */
export interface CallCase extends ProgramOptions {
  readonly input?: JsonObject;
  readonly handle?: string;
  readonly host?: HookHost;
  readonly limits?: Partial<Limits>;
  readonly options?: Partial<CallOptions>;
}

/** Starts a program, calls it once, and ends it. */
export async function callOnce(
  isolation: Isolation,
  text: string,
  it: CallCase = {},
): Promise<HookOutcome> {
  const limits = { ...LIMITS, ...it.limits };
  await using sandbox = await isolation.start(hookProgram(text, it), limits);
  return await sandbox.call(
    it.handle ?? "/default",
    it.input ?? {},
    it.host ?? recordedHost(),
    { ...CALL, ...it.options },
  );
}

/** The value of a call that must have returned. */
export function returned(outcome: HookOutcome): Json {
  assert.equal(outcome.kind, "returned", JSON.stringify(outcome));
  return outcome.kind === "returned" ? outcome.value : null;
}
