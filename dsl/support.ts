/**
 * What a definition asks for and this version does not carry out, as issues with their places.
 *
 * @module
 */

import type { Definition } from "../src/domain/definition.ts";
import { type Unsupported, unsupportedParts } from "../src/domain/support.ts";
import type { Issue } from "./issue.ts";
import { IssueLog } from "./issue_log.ts";
import type { NodeBase } from "./node.ts";
import type { Places } from "./places.ts";
import { snakeCase } from "./shape.ts";

/**
 * Everything that is asked for and not carried out yet, as errors of code "support/not-yet".
 *
 * `check` shows them as warnings; `run` refuses the file. With places each issue knows its line.
 */
export function unsupported(
  definition: Definition,
  places: Places | null = null,
): readonly Issue[] {
  const log = new IssueLog();
  for (const part of unsupportedParts(definition)) {
    const place = places === null ? null : placeOf(part, places);
    const received = part.what;
    if (place !== null) log.place(place, "support/not-yet", { received });
    else {
      log.place({ path: null, span: null }, "support/not-yet", {
        received,
        path: pathOf(part),
      });
    }
  }
  return log.inOrder();
}

function placeOf(part: Unsupported, places: Places): NodeBase | null {
  switch (part.in.kind) {
    case "file":
      return places.file(part.key);
    case "account":
      return places.account(part.in.name);
    case "session":
      return places.sessionKey(part.in.name, part.key);
  }
}

function pathOf(part: Unsupported): string {
  switch (part.in.kind) {
    case "file":
      return snakeCase(part.key);
    case "account":
      return `accounts.${part.in.name}`;
    case "session":
      return `sessions[${part.in.index}].${snakeCase(part.key)}`;
  }
}
