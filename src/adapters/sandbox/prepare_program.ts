/**
 * A program as the user wrote it -> plain JavaScript, and the way back for messages.
 *
 * @module
 */

import type {
  CodePlace,
  HookOutcome,
  HookProgram,
} from "../../runtime/isolation.ts";
import type { CodeMap } from "./code_places.ts";
import type { SentModule, SentProgram } from "./messages.ts";
import { plainModule } from "./plain_module.ts";

/** A program that can be sent to a guest. */
export interface PreparedProgram {
  readonly sent: SentProgram;
  readonly codeMap: CodeMap;
}

/** A program, or why it is none: one that cannot be read fails as one that throws. */
export type Preparation =
  | { readonly ok: true; readonly prepared: PreparedProgram }
  | { readonly ok: false; readonly failure: HookOutcome };

/** Takes the types off every module. */
export function prepareProgram(program: HookProgram): Preparation {
  const modules: SentModule[] = [];
  const codeMap = new Map<string, (place: CodePlace) => CodePlace>();
  for (const [specifier, module] of program.modules) {
    const plain = plainModule(specifier, module);
    if (!plain.ok) return plain;
    const { text, original } = plain;
    modules.push({ specifier, text, isJson: module.kind === "json" });
    codeMap.set(specifier, original);
  }
  const { entry, aliases, grant, methods } = program;
  const { packages, env } = grant;
  const sent = {
    entry,
    modules,
    aliases: [...aliases],
    packages,
    env,
    methods,
  };
  return { ok: true, prepared: { sent, codeMap } };
}
