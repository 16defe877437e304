/**
 * A module as the user wrote it -> plain JavaScript, and the way back for its places.
 *
 * @module
 */

import { stripTypeScriptTypes } from "node:module";
import type {
  CodePlace,
  HookThrew,
  ModuleText,
} from "../../runtime/isolation.ts";
import { readSourceMap } from "./source_map.ts";

/** A module without its types, or why it cannot be read. */
export type PlainModule =
  | {
    readonly ok: true;
    /** Plain JavaScript, or JSON. */
    readonly text: string;
    /** Where a place of `text` was written. */
    readonly original: (place: CodePlace) => CodePlace;
  }
  | { readonly ok: false; readonly failure: HookThrew };

/** Takes the types off a module; one without types is left as it is. */
export function plainModule(
  specifier: string,
  { kind, text }: ModuleText,
): PlainModule {
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
): PlainModule & { ok: false } {
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
