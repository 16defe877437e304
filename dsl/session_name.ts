/**
 * What a session is called.
 *
 * @module
 */

import type { Window } from "../src/domain/definition.ts";
import type { SessionValues } from "./decode_session.ts";
import { timeText } from "./time_text.ts";

/** The name written, else "<start>-<end>"; `null` where there is neither. */
export function sessionName(
  values: SessionValues,
  window: Window | null,
): string | null {
  if (values.name !== undefined) return values.name.value;
  if (window === null) return null;
  return `${timeText(window.start)}-${timeText(window.end)}`;
}
