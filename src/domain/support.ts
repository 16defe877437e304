/**
 * What a definition asks for and this version does not carry out: said, never ignored.
 *
 * This is the one list; every door that refuses such a definition asks here.
 *
 * @module
 */

import type { Definition } from "./definition.ts";

/** One thing that is asked for and not carried out. */
export interface Unsupported {
  /** Where it is asked for: in the file itself, in an account, in a session. */
  readonly in:
    | { readonly kind: "file" }
    | { readonly kind: "account"; readonly name: string }
    | {
      readonly kind: "session";
      readonly name: string;
      readonly index: number;
    };
  /** The key that asks for it, in camelCase; an account's own name for its kind. */
  readonly key: string;
  /** What is asked for, as the end of a sentence. */
  readonly what: string;
}

interface Need<T> {
  /** The key that asks for it, in camelCase. */
  readonly key: string;
  readonly what: string;
  readonly isAsked: (value: T) => boolean;
}

const FILE_NEEDS: readonly Need<Definition>[] = [
  {
    key: "calendars",
    what: 'a file of closures ("ics") that nobody reads here',
    isAsked: ({ calendars }) =>
      calendars.some(({ ics }) => ics !== null && ics.closures === null),
  },
  {
    key: "limits",
    what: "loss limits",
    isAsked: ({ limits }) => limits !== null,
  },
];

/** Everything that is asked for and not carried out yet. */
export function unsupportedParts(
  definition: Definition,
): readonly Unsupported[] {
  const file = FILE_NEEDS.filter(({ isAsked }) => isAsked(definition))
    .map(({ key, what }): Unsupported => ({ in: { kind: "file" }, key, what }));
  const accounts = definition.accounts
    .filter(({ kind }) => kind !== "paper" && kind !== "http")
    .map(({ name, kind }): Unsupported => ({
      in: { kind: "account", name },
      key: "kind",
      what: `accounts of kind ${kind}`,
    }));
  return [...file, ...accounts];
}
