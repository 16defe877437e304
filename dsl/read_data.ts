/**
 * A definition that was evaluated elsewhere -> the very reading that the literal itself would give.
 *
 * What crossed the border is data. A function is `{"$function": handle}`, and what is no data is
 * `{"$value": its class, "text": its words}`.
 *
 * @module
 */

import { IssueLog } from "./issue_log.ts";
import { type Node, type Path, quote } from "./node.ts";
import {
  LITERAL_VALUES,
  plainText,
  scalar,
  temporalText,
} from "./read_literal.ts";
import { type Reading, readTree } from "./read_sessions.ts";

/** Reads what `defineSessions()` was given, as data; never throws, whatever the data. */
export function readDefinitionData(value: unknown): Reading {
  const log = new IssueLog();
  return readTree(readValue(value, null, log), "typescript", log);
}

function readValue(value: unknown, path: Path | null, log: IssueLog): Node {
  const text = plainText(value);
  if (text !== null) return scalar(text, path, true);
  if (typeof value === "string") return scalar(value, path, false);
  if (Array.isArray(value)) {
    const items = value.map((item: unknown, key) =>
      readValue(item, { parent: path, key }, log)
    );
    return { kind: "sequence", path, span: null, items };
  }
  if (typeof value !== "object" || value === null) {
    return refuse(path, log, typeof value);
  }
  return readObject(value, path, log);
}

function readObject(value: object, path: Path | null, log: IssueLog): Node {
  const handle: unknown = Reflect.get(value, "$function");
  if (typeof handle === "string") {
    return { kind: "function", path, span: null, handle };
  }
  const kind: unknown = Reflect.get(value, "$value");
  if (typeof kind === "string") {
    return readForeign(kind, String(Reflect.get(value, "text")), path, log);
  }
  const entries = Object.entries(value).map(([key, item]) => ({
    key,
    keySpan: null,
    value: readValue(item, { parent: path, key }, log),
  }));
  return { kind: "mapping", path, span: null, entries };
}

/** A value of a class: of all there are, only those of time mean something here. */
function readForeign(
  kind: string,
  text: string,
  path: Path | null,
  log: IssueLog,
): Node {
  const revive = TEMPORAL[kind];
  if (revive !== undefined) {
    try {
      const known = temporalText(revive(text));
      if (known !== null) return scalar(known, path, false);
    } catch {
      // It says so itself and is none: refused like any other.
    }
  }
  const isPlain = /^(?:bigint|symbol|number)$/.test(kind);
  return refuse(
    path,
    log,
    isPlain ? `${kind} ${text}` : `an object of ${quote(kind)}`,
  );
}

const TEMPORAL: Readonly<Record<string, (text: string) => object>> = {
  "Temporal.PlainTime": (text) => Temporal.PlainTime.from(text),
  "Temporal.PlainDate": (text) => Temporal.PlainDate.from(text),
  "Temporal.Duration": (text) => Temporal.Duration.from(text),
};

function refuse(path: Path | null, log: IssueLog, received: string): Node {
  log.place({ path, span: null }, "literal/value", {
    expected: LITERAL_VALUES,
    received,
  });
  return { kind: "broken", path, span: null };
}
