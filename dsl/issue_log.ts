/**
 * Where the stations put what they find wrong.
 *
 * @module
 */

import {
  type Issue,
  type IssueCode,
  type IssueDetails,
  makeIssue,
  type RelatedPlace,
} from "./issue.ts";
import { describe, type Node, type NodeBase, pathText } from "./node.ts";

/** Collects issues; the same rule at the same place of the text is kept once. */
export class IssueLog {
  readonly #issues: Issue[] = [];
  readonly #seen: Set<string> = new Set();
  #errors = 0;

  /** How often an error was reported, those already known included. */
  get errorCount(): number {
    return this.#errors;
  }

  /** Everything reported so far, in the order of the text. */
  inOrder(): readonly Issue[] {
    return this.#issues
      .map((issue, index) => ({ issue, index }))
      .sort((a, b) =>
        (a.issue.span?.start ?? -1) - (b.issue.span?.start ?? -1) ||
        a.index - b.index
      )
      .map((entry) => entry.issue);
  }

  /** Counts an error that is already reported where it makes something else unusable too. */
  countAgain(): void {
    this.#errors++;
  }

  /** Reports an issue. */
  add(issue: Issue): void {
    if (issue.severity === "error") this.#errors++;
    const { code, span, received, expected } = issue;
    const place = span === null ? issue.path : `${span.start}-${span.end}`;
    const key = [code, place, received, expected].join(" ");
    if (this.#seen.has(key)) return;
    this.#seen.add(key);
    this.#issues.push(issue);
  }

  /** Reports an issue about a value; what is there is described unless `received` is given. */
  at(node: Node, code: IssueCode, details: IssueDetails): void {
    this.place(node, code, { received: describe(node), ...details });
  }

  /** Reports an issue at a place. */
  place(place: NodeBase, code: IssueCode, details: IssueDetails): void {
    this.add(makeIssue(code, {
      path: pathText(place.path),
      span: place.span,
      ...details,
    }));
  }
}

/** A second place for a message to point to. */
export function relatedTo(label: string, place: NodeBase): RelatedPlace {
  return { label, path: pathText(place.path), span: place.span };
}
