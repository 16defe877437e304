/**
 * A paper run on virtual time whose hooks are code in a real sandbox.
 *
 * @module
 */

import { decodeSource, readSessions } from "../../dsl/mod.ts";
import { SystemClock } from "../../src/adapters/clock/system_clock.ts";
import { FileHooks } from "../../src/app/hooks/file_hooks.ts";
import { planHooks } from "../../src/app/hooks/plan_hooks.ts";
import { withGrants } from "../../src/app/hooks/require_grant.ts";
import type { LoadedFile, LoadFailure } from "../../src/app/loaded_file.ts";
import type { Notice } from "../../src/domain/notice.ts";
import {
  openPaperRun,
  type PaperRun,
  type PaperRunSetup,
} from "./paper_run.ts";

/** What a test's file says, and what stands around it. */
export interface HookedSetup extends Omit<PaperRunSetup, "sessions" | "hooks"> {
  /** The session file. */
  readonly file: string;
  /** Files beside it. */
  readonly files?: Readonly<Record<string, string>>;
}

/** A run with its hooks. */
export interface HookedRun extends PaperRun {
  readonly hooks: FileHooks;
  /** How the hooks' calls ended, in order. */
  readonly ended: () => readonly (Notice & { readonly type: "hook.ended" })[];
}

/** Reads a text as a session file that lies in a folder. */
export function loadText(text: string, folder = "."): LoadedFile {
  const decoded = decodeSource("desk.yaml", new TextEncoder().encode(text));
  const reading = decoded.ok ? readSessions(decoded.source) : decoded;
  if (!decoded.ok || !reading.ok) throw new Error(JSON.stringify(reading));
  const { definition, warnings, places } = reading;
  return {
    name: "desk.yaml",
    folder,
    definition,
    warnings,
    source: decoded.source,
    places,
    code: null,
    files: [],
    remarks: [],
  };
}

/** The refusal of a file whose hooks cannot be used. */
export async function refusalOf(
  text: string,
  files: Readonly<Record<string, string>> = {},
): Promise<LoadFailure> {
  return await inFolder(files, async (folder) => {
    const plan = await planHooks(loadText(text, folder));
    if (plan.ok) throw new Error("The hooks can be used");
    return plan.failure;
  });
}

/** Opens a run whose hooks stand ready. */
export async function openHookedRun(setup: HookedSetup): Promise<HookedRun> {
  const { file, files = {}, ...rest } = setup;
  const plan = await inFolder(files, async (folder) => {
    const loaded = loadText(file, folder);
    return { loaded, hooks: await planHooks(loaded) };
  });
  if (!plan.hooks.ok) {
    throw new Error(JSON.stringify(plan.hooks.failure.problems));
  }
  let run: PaperRun | null = null;
  const hooks = await FileHooks.open(withGrants(plan.hooks.hooks), {
    realClock: new SystemClock(),
    hold: (work) => void run?.clock.hold(work),
  });
  const { sessions } = plan.loaded.definition;
  const opened = run = await openPaperRun({ ...rest, sessions, hooks });
  return {
    ...opened,
    hooks,
    ended: () =>
      opened.notices.filter((notice) => notice.type === "hook.ended"),
    async [Symbol.asyncDispose]() {
      await opened[Symbol.asyncDispose]();
      await hooks[Symbol.asyncDispose]();
    },
  };
}

async function inFolder<T>(
  files: Readonly<Record<string, string>>,
  work: (folder: string) => Promise<T>,
): Promise<T> {
  const folder = await Deno.makeTempDir({ prefix: "carillon-" });
  try {
    for (const [name, text] of Object.entries(files)) {
      await Deno.writeTextFile(`${folder}/${name}`, text);
    }
    return await work(folder);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}
