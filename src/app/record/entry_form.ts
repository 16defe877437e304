/**
 * An entry as programs read it.
 *
 * @module
 */

import type { Entry } from "../../runtime/ports.ts";
import { wireForm } from "../wire_form.ts";

/** An entry as one object: `at` and `type` first, as in `run --json`; effects only where asked for. */
export function entryForm(
  { seq, recordedAt, event, effects }: Entry,
  withEffects: boolean,
): unknown {
  const { at, type, ...rest } = event;
  const led = withEffects ? { effects } : {};
  return wireForm({ at, type, seq, recordedAt, ...rest, ...led });
}
