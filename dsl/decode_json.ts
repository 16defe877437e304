/**
 * What a file passes to the user's code: anything JSON can hold.
 *
 * @module
 */

import { literalText } from "./decoders.ts";
import { isNull, type Node } from "./node.ts";
import type { Decoding, Json, Shape } from "./shape.ts";

/** Anything that JSON can hold, as JSON text with the keys in the order written. */
export const JSON_TEXT: Shape<string> = {
  schema: { type: "object" },
  read(node, context) {
    if (node.kind === "mapping") {
      const value = jsonOf(node, context);
      return value === undefined ? undefined : value;
    }
    if (node.kind !== "broken") {
      context.log.at(node, "value/form", { expected: "a mapping" });
    }
    return undefined;
  },
};

function jsonOf(node: Node, context: Decoding): string | undefined {
  switch (node.kind) {
    case "scalar":
      return scalarJson(node, context);
    case "sequence": {
      const items = node.items.map((item) => jsonOf(item, context));
      return items.includes(undefined) ? undefined : `[${items.join(",")}]`;
    }
    case "mapping": {
      const pairs = node.entries.map(({ key, value }) => {
        const json = jsonOf(value, context);
        return json && `${JSON.stringify(key)}:${json}`;
      });
      return pairs.includes(undefined) ? undefined : `{${pairs.join(",")}}`;
    }
    case "function":
      context.log.at(node, "value/form", { expected: "a value of JSON" });
      return undefined;
    case "broken":
      return undefined;
  }
}

function scalarJson(
  node: Node & { readonly kind: "scalar" },
  context: Decoding,
): string | undefined {
  if (node.text.includes("${")) {
    return literalText(node, context, "a value without ${...}");
  }
  return JSON.stringify(plainValue(node));
}

/** What an unquoted text means in YAML's core schema, of which JSON is a part. */
function plainValue(node: Node & { readonly kind: "scalar" }): Json {
  if (!node.isPlain) return node.text;
  if (isNull(node)) return null;
  if (node.text === "true") return true;
  if (node.text === "false") return false;
  const isNumber = /^[-+]?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][-+]?\d+)?$/
    .test(node.text);
  const value = Number(node.text);
  return isNumber && Number.isFinite(value) ? value : node.text;
}
