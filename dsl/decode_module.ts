/**
 * Where a hook's code is.
 *
 * @module
 */

import type { HookSource } from "../src/domain/definition.ts";
import { literalText } from "./decoders.ts";
import type { Node } from "./node.ts";
import type { Decoding } from "./shape.ts";

/** The export that is meant where none is named. */
export const DEFAULT_EXPORT = "default";

/** Reads `hooks/open.ts` or `hooks/open.ts#onOpen`; takes a function as it is. */
export function decodeModulePath(
  node: Node,
  context: Decoding,
): HookSource | undefined {
  if (node.kind === "function") {
    return { kind: "function", handle: node.handle };
  }
  const expected = context.door === "yaml"
    ? 'a path such as "hooks/open.ts" or "hooks/open.ts#onOpen"'
    : 'a function, or a path such as "hooks/open.ts"';
  const written = literalText(node, context, expected);
  if (written === undefined) return undefined;
  const [module = "", name = DEFAULT_EXPORT, ...more] = written.split("#");
  if (module === "" || name === "" || more.length > 0) {
    context.log.at(node, "value/form", { expected });
    return undefined;
  }
  return { kind: "module", module, export: name };
}
