/**
 * The TypeScript door: an object literal -> the very definition that the same YAML would give.
 *
 * @module
 */

import type { Definition } from "../src/domain/definition.ts";
import { CarillonError } from "../src/domain/error.ts";
import { formatIssues } from "./format.ts";
import type { Issue } from "./issue.ts";
import { IssueLog } from "./issue_log.ts";
import type { Places } from "./places.ts";
import { type HookFunction, readLiteral } from "./read_literal.ts";
import { readTree } from "./read_sessions.ts";
import type { SessionsSpec } from "./sessions_spec.ts";

/** A definition made in TypeScript, with the functions that stand in it. */
export interface SessionsDefinition {
  /** The plain definition, ready to be run. */
  readonly definition: Definition;
  /** The functions by the handles that the definition's hooks hold. */
  readonly functions: ReadonlyMap<string, HookFunction>;
  /** What deserves a second look and can be run all the same. */
  readonly warnings: readonly Issue[];
  /**
   * Finds what is written where, for messages that come later.
   *
   * @internal
   */
  readonly places: Places;
}

/**
 * Defines sessions as a session file does, in camelCase, with functions in place of module paths.
 *
 * @throws {CarillonError} "dsl/invalid" naming every problem; `details.issues` holds them as data
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * const { definition } = defineSessions({
 *   timezone: "Europe/London",
 *   sessions: [{ name: "london", start: 8, end: "16:30", onEnd: "close_loss" }],
 * });
 * assert.deepEqual(definition.sessions[0]?.onEnd, ["close_loss"]);
 * ```
 */
export function defineSessions(spec: SessionsSpec): SessionsDefinition {
  const log = new IssueLog();
  const { node, functions } = readLiteral(spec, log);
  const reading = readTree(node, "typescript", log);
  if (!reading.ok) {
    const report = formatIssues(reading.issues, null);
    throw new CarillonError(
      "dsl/invalid",
      `Cannot use this definition of sessions:\n${report}`,
      { details: { issues: reading.issues } },
    );
  }
  const { definition, warnings, places } = reading;
  return { definition, functions, warnings, places };
}
