/**
 * Reads what a session does at one of its edges.
 *
 * @module
 */

import type { Action, HookAction } from "../domain/definition.ts";
import type { Problems } from "./read_rules.ts";

/** The words of one edge of a session. */
export const EDGE_WORDS = {
  start: { on: "onStart", custom: "customStart", word: "custom_start" },
  end: { on: "onEnd", custom: "customEnd", word: "custom_end" },
} as const;

/**
 * Reads an edge's actions; a function that is given without any action is the action.
 *
 * Unknown words, an action without its function and a function without its action are noted.
 */
export function readActions(
  edge: "start" | "end",
  written: unknown,
  custom: unknown,
  problems: Problems,
): readonly Action[] {
  const { on, custom: key, word } = EDGE_WORDS[edge];
  const isGiven = custom !== undefined && custom !== null;
  if (isGiven && typeof custom !== "function") {
    problems.note(key, "a function", custom);
  }
  const actions: Action[] = [];
  for (const item of listOf(written)) {
    const action = actionOf(item, word);
    if (action === null) {
      problems.note(
        on,
        `"close_all", "close_win", "close_loss" or "${word}"`,
        item,
      );
    } else if (actions.includes(action)) {
      problems.say(on, `"${action}" is written twice`);
    } else {
      actions.push(action);
    }
  }
  if (actions.includes(word) && !isGiven) {
    problems.say(on, `"${word}" needs a function: give ${key}`);
  }
  if (!isGiven) return actions;
  if (listOf(written).length === 0) return [word];
  if (!actions.includes(word)) {
    problems.say(
      key,
      `no action reaches this function: write "${word}" in ${on}, or leave ${on} out`,
    );
  }
  return actions;
}

function listOf(written: unknown): readonly unknown[] {
  if (written === undefined || written === null) return [];
  return Array.isArray(written) ? written : [written];
}

function actionOf(item: unknown, custom: HookAction): Action | null {
  switch (item) {
    case "close_all":
    case "close_win":
    case "close_loss":
      return item;
    default:
      return item === custom ? custom : null;
  }
}
