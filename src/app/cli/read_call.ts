/**
 * Words of the command line -> a call, or the answer to one that asks for nothing more.
 *
 * @module
 */

import { runParser } from "@optique/core/facade";
import { formatMessage, message, text } from "@optique/core/message";
import type { Usage } from "@optique/core/usage";
import { nearestWord } from "../../../dsl/mod.ts";
import { CarillonError } from "../../domain/error.ts";
import { withAdvice } from "./call_advice.ts";
import { CallError } from "./call_error.ts";
import { callParser } from "./call_parser.ts";
import { type Console, EXIT, type ExitCode } from "./console.ts";
import { type Call, COMMANDS, LATER_COMMANDS } from "./grammar.ts";
import { reportFault } from "./report.ts";

/** What the words come to. */
export type ReadCall =
  | { readonly kind: "call"; readonly call: Call }
  /** Help was shown, or what is wrong was said. */
  | { readonly kind: "answered"; readonly exitCode: ExitCode };

/** What this program is called. */
export const PROGRAM = "carillon";

/** Words that Optique understands beside our commands. */
const BUILT_IN = ["help", "completion"];

/** Reads the words behind the program's name. */
export function readCall(
  words: readonly string[],
  version: string,
  console: Console,
): ReadCall {
  const options = { json: words.includes("--json") };
  const answer = (error: CallError | CarillonError): ReadCall => ({
    kind: "answered",
    exitCode: reportFault(error, options, console),
  });
  const args = withRun(words);
  const [first] = args;
  if (first === undefined) {
    return answer(
      new CallError(
        `Name a session file, or a command: see "${PROGRAM} --help"`,
      ),
    );
  }
  const later = LATER_COMMANDS.get(first);
  if (later !== undefined) {
    const sentence =
      `"${PROGRAM} ${first}" (${later}) comes with a later version`;
    return answer(new CarillonError("support/not-yet", sentence));
  }
  return parse(args, version, console, answer);
}

function parse(
  args: readonly string[],
  version: string,
  console: Console,
  answer: (error: CallError) => ReadCall,
): ReadCall {
  let isShown = false;
  let wrong: CallError | null = null;
  const onShow = () => void (isShown = true);
  const call = runParser(callParser, PROGRAM, args, {
    help: { command: true, option: { names: ["-h", "--help"] }, onShow },
    version: {
      value: version,
      option: { names: ["-V", "--version"] },
      onShow,
    },
    completion: { command: true, onShow },
    onError(_, error) {
      const complaint = formatMessage(error, { quotes: true })
        .replaceAll("`", '"');
      const { usage } = callParser;
      wrong = new CallError(withAdvice(complaint, args, PROGRAM, usage));
    },
    // What a shell reads is left as it is.
    stdout: (page) =>
      console.print(args[0] === "completion" ? page : tidyPage(page)),
    // Errors are told by reportFault(), in the words of everything else that is wrong.
    stderr: () => {},
    aboveError: "none",
    colors: console.color,
    maxWidth: Math.max(WIDTH_MIN, console.columns()),
    showDefault: true,
    showChoices: true,
    usageLine: USAGE,
    brief: BRIEF,
    // Below the help of one command it would be out of place.
    ...(isCommand(args[0] ?? "") ? {} : { footer: LATER_FOOTER }),
  });
  if (wrong !== null) return answer(wrong);
  return isShown
    ? { kind: "answered", exitCode: EXIT.done }
    : { kind: "call", call };
}

/** A help page without spaces at the ends of lines. */
function tidyPage(page: string): string {
  return page.replaceAll(/[ \t]+$/gm, "").trimEnd();
}

/** Below this a help page is not readable. @units columns of the terminal */
const WIDTH_MIN = 60;

/** Of the program as a whole; each command has its own. */
const USAGE: Usage = [
  {
    type: "exclusive",
    terms: [
      [{ type: "argument", metavar: "FILE" }],
      [{ type: "argument", metavar: "COMMAND" }],
    ],
  },
  { type: "ellipsis" },
];

const BRIEF =
  message`Runs trading sessions on time, and proves what they close.`;

const LATER_FOOTER = message`With a later version: ${
  text([...LATER_COMMANDS.keys()].join(", "))
}.`;

/** `carillon FILE` is `carillon run FILE`. */
function withRun(words: readonly string[]): readonly string[] {
  const [first] = words;
  if (first === undefined || isCommand(first)) return words;
  const isFile = first.startsWith("-") && first !== "-"
    ? !words.some(isCommand) && words.some(looksLikePath)
    : looksLikePath(first) || (!isNearCommand(first) && isFileHere(first));
  return isFile ? ["run", ...words] : words;
}

function isCommand(word: string): boolean {
  return BUILT_IN.includes(word) || LATER_COMMANDS.has(word) ||
    COMMANDS.some((name) => name === word);
}

function isNearCommand(word: string): boolean {
  return nearestWord(word, [...COMMANDS, ...LATER_COMMANDS.keys()]) !== null;
}

function looksLikePath(word: string): boolean {
  return word === "-" ||
    (!word.startsWith("-") && /[\\/]|\.(?:ya?ml|m?[jt]s)$/.test(word));
}

function isFileHere(word: string): boolean {
  try {
    return Deno.statSync(word).isFile;
  } catch {
    // Not there, or not ours to look at: then it was not meant as a file.
    return false;
  }
}
