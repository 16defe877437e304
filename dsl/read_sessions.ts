/**
 * Source -> definition, or every issue of the file.
 *
 * @module
 */

import type { Definition } from "../src/domain/definition.ts";
import { decode } from "./decode.ts";
import type { Issue } from "./issue.ts";
import { IssueLog } from "./issue_log.ts";
import { lower } from "./lower.ts";
import type { Node } from "./node.ts";
import type { Places } from "./places.ts";
import { readYaml } from "./read_yaml.ts";
import type { Door } from "./shape.ts";
import type { Source } from "./source.ts";

/** What a file is: a definition, or what is wrong with it. */
export type Reading =
  | {
    readonly ok: true;
    readonly definition: Definition;
    readonly warnings: readonly Issue[];
    /** Where things are written, for messages that come later. */
    readonly places: Places;
  }
  | {
    readonly ok: false;
    /** Every problem in the order of the text; at least one is an error. */
    readonly issues: readonly Issue[];
  };

/**
 * Reads a session file; never throws, whatever the text.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { makeSource } from "./source.ts";
 * const text = "sessions:\n  - {start: 8, end: 16}\n";
 * const reading = readSessions(makeSource("desk.yaml", text));
 * assert.equal(reading.ok && reading.definition.sessions[0]?.name, "08:00-16:00");
 * ```
 */
export function readSessions(source: Source): Reading {
  const log = new IssueLog();
  return readTree(readYaml(source, log), "yaml", log);
}

/** Decodes and finishes a tree, whichever door it came through. */
export function readTree(
  node: Node | null,
  door: Door,
  log: IssueLog,
): Reading {
  const context = { log, door, zones: new Map<string, string | null>() };
  const spec = node === null ? undefined : decode(node, context);
  if (spec === undefined) return { ok: false, issues: log.inOrder() };
  const { definition, places } = lower(spec, context);
  const issues = log.inOrder();
  if (log.errorCount > 0) return { ok: false, issues };
  return { ok: true, definition, warnings: issues, places };
}
