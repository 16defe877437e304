/**
 * The user's own code, as a session file names it.
 *
 * @module
 */

import type { HookSource } from "../src/domain/definition.ts";
import { decodeModulePath } from "./decode_module.ts";
import { JSON_TEXT } from "./decode_json.ts";
import { duration } from "./decode_time.ts";
import { oneWord, SYMBOL, text } from "./decoders.ts";
import type { Node } from "./node.ts";
import {
  type Decoding,
  listOf,
  type Located,
  type Mapped,
  mapping,
  named,
  oneOrMany,
  optional,
  required,
  type Shape,
} from "./shape.ts";

/** A module's path, inline code, or a function. */
const MODULE: Shape<HookSource> = {
  schema: { type: "string", minLength: 1 },
  read: decodeModulePath,
};

/** Code between quotes; `${` in it is JavaScript's own. */
const CODE: Shape<string> = {
  schema: { type: "string", minLength: 1 },
  read(node: Node, context: Decoding) {
    if (node.kind === "scalar" && node.text.trim() !== "") return node.text;
    if (node.kind !== "broken") {
      context.log.at(node, "value/form", { expected: "code as text" });
    }
    return undefined;
  },
};

function grants(what: string): Shape<readonly Located<string>[]> {
  return listOf(text(what), `a list of ${what}s`);
}

const PERMISSIONS = mapping("a mapping of permissions", {
  net: optional("Hosts it may talk to.", grants("host")),
  read: optional("Paths it may read.", grants("path")),
  write: optional("Paths it may write.", grants("path")),
  env: optional("Environment variables it may read.", grants("name")),
  import: optional("npm packages it may import.", grants("package")),
});

const HOOK_FIELDS = {
  module: optional(
    'Path of the module, relative to the file; "path#export" names an export.',
    MODULE,
  ),
  export: optional(
    'The module\'s export; "default" if left out.',
    text("a name"),
  ),
  code: optional("The code itself, in place of a module.", CODE),
  permissions: optional(
    "What the code may do; nothing if left out.",
    PERMISSIONS,
  ),
  isolation: optional(
    "How it is kept apart: a process of its own, a virtual machine, or whichever is there.",
    oneWord(["auto", "process", "vm"]),
  ),
  timeout: optional(
    "How long it may run, by the real clock.",
    duration("positive"),
  ),
  onFailure: optional(
    "What its failure means for the session. It never stops or delays a close.",
    oneWord(["continue", "refuse_entries"]),
  ),
  overlap: optional(
    "What a call does that comes while the last one still runs.",
    oneWord(["skip", "buffer_one", "cancel_other"]),
  ),
  params: optional("What the file passes to the code.", JSON_TEXT),
};

const STRATEGY_FIELDS = {
  ...HOOK_FIELDS,
  every: required("How often it is called.", duration("positive")),
  symbols: optional("The symbols it trades.", oneOrMany(SYMBOL)),
};

/** A hook with options. */
export type HookMapping = Mapped<typeof HOOK_FIELDS>;

/** A hook as written: with options, or just where its code is. */
export type HookSpec = HookMapping | HookSource;

/** A strategy as written. */
export type StrategySpec = Mapped<typeof STRATEGY_FIELDS>;

const HOOK_MAPPING = mapping(
  'a path such as "hooks/open.ts", or a mapping with the key "module"',
  HOOK_FIELDS,
);

/** A hook: a path, or a mapping. */
export const HOOK: Shape<HookSpec> = named("hook", {
  schema: { anyOf: [MODULE.schema, HOOK_MAPPING.schema] },
  read: (node: Node, context: Decoding) =>
    node.kind === "mapping"
      ? HOOK_MAPPING.read(node, context)
      : MODULE.read(node, context),
});

/** A strategy. */
export const STRATEGY: Shape<StrategySpec> = mapping(
  'a mapping with the keys "module" and "every"',
  STRATEGY_FIELDS,
);
