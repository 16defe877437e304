/**
 * What to add to a parser's complaint so that the user knows what to write.
 *
 * @module
 */

import { extractOptionNames, type Usage } from "@optique/core/usage";
import { nearestWord } from "../../../dsl/mod.ts";

/** A complaint on one line, with the nearest valid word and where to read on. */
export function withAdvice(
  complaint: string,
  args: readonly string[],
  program: string,
  usage: Usage,
): string {
  const [sentence = "", ...rest] = complaint.split("\n")
    .map((line) => line.trim().replace(/\.$/, ""))
    .filter((line) => line !== "");
  const branch = branchOf(usage, args[0] ?? "");
  const meant = rest.length > 0
    ? rest.join(" ")
    : nearestOption(args, branch ?? usage);
  const help = branch === null ? "--help" : `${args[0]} --help`;
  const advice = meant === null ? "" : `. ${meant}`;
  return `${sentence}${advice}${
    advice.endsWith("?") ? "" : "."
  } See "${program} ${help}"`;
}

/** The part of the grammar that belongs to a command; `null` where there is no such command. */
function branchOf(usage: Usage, command: string): Usage | null {
  for (const term of usage) {
    if (term.type !== "exclusive") continue;
    for (const branch of term.terms) {
      const [head] = branch;
      if (head?.type === "command" && head.name === command) return branch;
    }
  }
  return null;
}

function nearestOption(
  args: readonly string[],
  usage: Usage,
): string | null {
  const names = [...extractOptionNames(usage), "--help"];
  const unknown = args
    .map((arg) => arg.split("=", 1)[0] ?? "")
    .find((arg) => arg.startsWith("--") && !names.includes(arg));
  const nearest = unknown === undefined ? null : nearestWord(unknown, names);
  return nearest === null ? null : `Did you mean "${nearest}"?`;
}
