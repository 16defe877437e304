/**
 * The state as text and back, so that a start need not fold all that led to it.
 *
 * @module
 */

import { emptyState, type State } from "./state.ts";
import { emptyTable, setRow, type Table, tableEntries } from "./table.ts";

/**
 * The form in which states are written down.
 *
 * It moves with every change of what a state consists of; `tests/golden/state_shape.txt` says when
 * that is. A text of another form is passed over, so what reads an older one is added here before
 * the first release that drops entries of that form.
 */
export const STATE_FORMAT = 1;

/** Marks a table, whose buckets are nobody's business but its own. */
const TABLE = "$table";

/** Writes a state as text. */
export function encodeState(state: State): string {
  return JSON.stringify(
    state,
    (_, value: unknown) =>
      isTable(value) ? { [TABLE]: tableEntries(value) } : value,
  );
}

/**
 * Reads a text of this version's form back.
 *
 * @throws {SyntaxError} if the text is cut off
 */
export function decodeState(text: string): State {
  // What `encodeState` wrote has the shape that it was given; whoever stores it guards it by digest.
  const state = JSON.parse(
    text,
    (_, value: unknown) =>
      isEncodedTable(value) ? tableOf(value[TABLE]) : value,
  ) as State;
  // What was added since it was written is as empty as it was then.
  return { ...emptyState(), ...state };
}

type Rows = readonly (readonly [string, unknown])[];

function tableOf(entries: Rows): Table<unknown> {
  return entries.reduce(
    (table, [key, value]) => setRow(table, key, value),
    emptyTable<unknown>(),
  );
}

function isTable(value: unknown): value is Table<unknown> {
  return isObject(value) && Object.keys(value).length === 2 &&
    typeof value.size === "number" && Array.isArray(value.buckets);
}

function isEncodedTable(
  value: unknown,
): value is { readonly [TABLE]: Rows } {
  return isObject(value) && Object.keys(value).length === 1 &&
    Array.isArray(value[TABLE]);
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null;
}
