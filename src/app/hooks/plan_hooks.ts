/**
 * The hooks of a file, read and checked: what is to be run, and everything that is wrong with it.
 *
 * @module
 */

import { type Issue, makeIssue } from "../../../dsl/issue.ts";
import { IssueLog } from "../../../dsl/issue_log.ts";
import { chooseIsolation } from "../../adapters/sandbox/choose_isolation.ts";
import type {
  Hook,
  HookAction,
  HookSource,
  Session,
} from "../../domain/definition.ts";
import { strategiesOf } from "../../domain/strategy.ts";
import type { HookProgram } from "../../runtime/isolation.ts";
import { exportHandle } from "../../runtime/isolation.ts";
import { readDefinitionText } from "../definition_program.ts";
import type { LoadedFile, LoadFailure } from "../loaded_file.ts";
import { resolveBeside } from "../source_file.ts";
import { grantOf, type WantedGrant } from "./hook_grant.ts";
import { HOOK_METHODS } from "./hook_host.ts";
import { pathOfUrl, shownPath } from "./module_path.ts";
import type { PlannedHook } from "./planned_hook.ts";
import {
  type ProgramProblem,
  type ProgramReading,
  type ProgramText,
  readProgram,
} from "./read_program.ts";

/** The hooks of a file, or everything that is wrong with them. */
export type HookPlan =
  | { readonly ok: true; readonly hooks: readonly PlannedHook[] }
  | { readonly ok: false; readonly failure: LoadFailure };

/** The keys of a session under which hooks stand. */
const HOOK_KEYS = ["customStart", "customEnd"] as const;

const ACTIONS: Readonly<Record<typeof HOOK_KEYS[number], HookAction>> = {
  customStart: "custom_start",
  customEnd: "custom_end",
};

/**
 * Reads every hook of a file; nothing of them runs, and no variable is read.
 *
 * What `auto` means hangs on what this process may do; `choose` says otherwise.
 */
export async function planHooks(
  file: LoadedFile,
  choose: (choice: Hook["isolation"]) => "process" | "vm" = chooseIsolation,
): Promise<HookPlan> {
  const planner = new Planner(file, choose);
  for (const [index, session] of file.definition.sessions.entries()) {
    for (const key of HOOK_KEYS) {
      const hook = session[key];
      const wanted = { key, name: ACTIONS[key], strategy: null };
      if (hook !== null) await planner.add(session, index, wanted, hook);
    }
    for (
      const { name: strategy, strategy: { hook } } of strategiesOf(session)
    ) {
      const wanted = { key: "strategies", name: "strategy", strategy } as const;
      await planner.add(session, index, wanted, hook);
    }
  }
  return planner.finish();
}

/** Which code of a session is planned. */
interface WantedHook {
  readonly key: typeof HOOK_KEYS[number] | "strategies";
  readonly name: PlannedHook["name"];
  readonly strategy: string | null;
}

class Planner {
  readonly #file: LoadedFile;
  readonly #choose: (choice: Hook["isolation"]) => "process" | "vm";
  readonly #log = new IssueLog();
  readonly #hooks: PlannedHook[] = [];
  /** Many sessions may share one module. */
  readonly #read = new Map<string, ProgramReading>();

  constructor(
    file: LoadedFile,
    choose: (choice: Hook["isolation"]) => "process" | "vm",
  ) {
    this.#file = file;
    this.#choose = choose;
  }

  async add(
    session: Session,
    index: number,
    { key, name: kind, strategy }: WantedHook,
    hook: Hook,
  ): Promise<void> {
    const name = strategy === null ? kind : `strategy "${strategy}"`;
    const { folder, places } = this.#file;
    const place = places.sessionKey(session.name, key);
    const path = `sessions[${index}].${strategy === null ? kind : key}`;
    const report = (code: Issue["code"], details: Partial<Issue>) => {
      if (place !== null) this.#log.place(place, code, details);
      else this.#log.add(makeIssue(code, { path, ...details }));
    };
    const isolation = this.#choose(hook.isolation);
    const wanted = this.#withPackages(hook, grantOf(hook.permissions, folder));
    for (const problem of wanted.problems) {
      report("hook/permission", problem);
    }
    const { read, write, packages } = wanted.grant;
    const beyond = Object.entries({ read, write, import: packages })
      .flatMap(([kind, names]) => names.length > 0 ? [kind] : []);
    if (isolation === "vm" && beyond.length > 0) {
      report("hook/isolation", {
        received: beyond.join(", "),
        expected: hook.isolation === "vm"
          ? '"isolation: process" for these'
          : "a process of its own for these: run with --allow-run=deno",
      });
    }
    const reading = await this.#readSource(hook.source, packages);
    // Without the definition's text its functions are nobody's to run; whoever runs the file says so.
    if (reading === null) return;
    if (!reading.ok) {
      for (const problem of reading.problems) {
        report(problem.code, detailsOf(problem, name));
      }
      return;
    }
    const handle = handleOf(hook.source);
    const exported = exportOf(hook.source);
    const { program } = reading;
    if (exported !== null && !program.exports.has(exported)) {
      return report("hook/no-export", {
        received: exported,
        expected: program.exports.size === 0
          ? "a module that exports a function"
          : `one of ${[...program.exports].join(", ")}`,
      });
    }
    this.#hooks.push({
      session: session.name,
      name: kind,
      strategy,
      program: programOf(program, `${name} of ${session.name}`, wanted),
      handle,
      isolation,
      needsProcess: hook.isolation === "process" || beyond.length > 0,
      wanted,
      files: program.files,
      fileOf: (module) =>
        program.entry === module && hook.source.kind === "inline"
          ? `${name} of ${session.name}`
          : shownPath(pathOfUrl(module), folder),
    });
  }

  finish(): HookPlan {
    const issues = this.#log.inOrder();
    if (issues.length === 0) return { ok: true, hooks: this.#hooks };
    const { name, source } = this.#file;
    return { ok: false, failure: { name, source, problems: issues } };
  }

  /** A definition's functions are in the module that imports them by name. */
  #withPackages({ source }: Hook, wanted: WantedGrant): WantedGrant {
    const { code } = this.#file;
    const entry = code?.modules.get(code.entry);
    if (source.kind !== "function" || entry === undefined) return wanted;
    const { packages } = readDefinitionText(entry.text);
    const grant = {
      ...wanted.grant,
      packages: [...wanted.grant.packages, ...packages],
    };
    return { ...wanted, grant };
  }

  async #readSource(
    source: HookSource,
    packages: readonly string[],
  ): Promise<ProgramReading | null> {
    const { folder, code } = this.#file;
    if (source.kind === "function") {
      return code === null ? null : { ok: true, program: code };
    }
    const key = JSON.stringify([
      source.kind === "module" ? source.module : source,
      packages,
    ]);
    const known = this.#read.get(key);
    if (known !== undefined) return known;
    const reading = await readProgram(
      source.kind === "inline"
        ? { kind: "inline", code: source.code }
        : { kind: "module", path: resolveBeside(folder, source.module) },
      { folder, packages },
    );
    this.#read.set(key, reading);
    return reading;
  }
}

function programOf(
  { entry, modules, aliases }: ProgramText,
  name: string,
  { grant }: WantedGrant,
): HookProgram {
  return {
    name,
    entry,
    modules,
    aliases,
    // What the variables hold is put in when a run begins, and by nobody else.
    grant: { ...grant, env: {} },
    methods: HOOK_METHODS,
  };
}

function exportOf(source: HookSource): string | null {
  switch (source.kind) {
    case "module":
      return source.export;
    case "inline":
      return "default";
    case "function":
      return null;
  }
}

function handleOf(source: HookSource): string {
  return source.kind === "function"
    ? source.handle
    : exportHandle(exportOf(source) ?? "default");
}

function detailsOf(
  { file, place, message }: ProgramProblem,
  name: string,
): Partial<Issue> {
  const where = file === null
    ? place === null
      ? name
      : `line ${place.line}, column ${place.column} of its code`
    : place === null
    ? file
    : `${file}:${place.line}:${place.column}`;
  return {
    received: message.includes(where) ? message : `${where}: ${message}`,
  };
}

/** A file with its hooks, read and checked, or all that is wrong with them. */
export async function loadHooks(
  file: LoadedFile,
): Promise<LoadedFile | LoadFailure> {
  const plan = await planHooks(file);
  if (!plan.ok) return plan.failure;
  const { hooks } = plan;
  const files = [...file.files, ...hooks.flatMap(({ files }) => files)];
  return { ...file, hooks, files: [...new Set(files)] };
}
