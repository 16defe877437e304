/**
 * A program as the user wrote it -> plain JavaScript, and the way back for messages.
 *
 * @module
 */

import { stripTypeScriptTypes } from "node:module";
import type {
  CodePlace,
  HookOutcome,
  HookProgram,
  ModuleText,
} from "../../runtime/isolation.ts";
import type { CodeMap } from "./code_places.ts";
import type { SentModule, SentProgram } from "./messages.ts";
import { readSourceMap } from "./source_map.ts";

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
    const plain = plainText(specifier, module);
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

type PlainText =
  | {
    readonly ok: true;
    readonly text: string;
    readonly original: (place: CodePlace) => CodePlace;
  }
  | { readonly ok: false; readonly failure: HookOutcome };

function plainText(specifier: string, { kind, text }: ModuleText): PlainText {
  if (kind !== "ts") return { ok: true, text, original: (place) => place };
  try {
    return {
      ok: true,
      text: stripTypeScriptTypes(text),
      // Types are replaced by blanks: every place stays where it was.
      original: (place) => place,
    };
  } catch (error) {
    if (!needsTransform(error)) return syntaxFailure(specifier, error);
  }
  try {
    const mapped = stripTypeScriptTypes(text, {
      mode: "transform",
      sourceMap: true,
    });
    const at = mapped.lastIndexOf("\n//# sourceMappingURL=");
    const toOriginal = readSourceMap(mapped.slice(at + 1));
    return {
      ok: true,
      text: mapped.slice(0, at),
      original: (place) => ({ ...place, ...toOriginal(place) }),
    };
  } catch (error) {
    return syntaxFailure(specifier, error);
  }
}

/** An enum, a namespace or a parameter property is code, which blanks cannot replace. */
function needsTransform(error: unknown): boolean {
  return error instanceof Error &&
    Reflect.get(error, "code") === "ERR_UNSUPPORTED_TYPESCRIPT_SYNTAX";
}

function syntaxFailure(
  module: string,
  error: unknown,
): PlainText & { ok: false } {
  const text = error instanceof Error ? error.message : String(error);
  const [, line, column] = /stripTypeScriptTypes\.ts:(\d+):(\d+)/.exec(text) ??
    [];
  const first = text.split("\n")[0]?.replace(/ at file:\S+$/, "") ?? text;
  const message = first.startsWith("SyntaxError")
    ? first
    : `SyntaxError: ${first}`;
  const place = { module, line: Number(line), column: Number(column) };
  const stack = line === undefined ? [] : [place];
  return { ok: false, failure: { kind: "failed", message, stack } };
}
