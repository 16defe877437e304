/**
 * What an edge does, as written -> its actions and its code.
 *
 * @module
 */

import { relatedTo } from "./issue_log.ts";
import {
  type Action,
  type CloseAction,
  type Hook,
  isCloseAction,
} from "../src/domain/definition.ts";
import { isUnique } from "./decoders.ts";
import type {
  ActionWord,
  SessionSpec,
  SessionValues,
} from "./decode_session.ts";
import { lowerHook } from "./lower_hook.ts";
import { quote } from "./node.ts";
import { type Decoding, keyWord, type Located, plain } from "./shape.ts";

/** What happens at one edge of a window. */
export interface EdgeActions {
  readonly actions: readonly Action[];
  readonly hook: Hook | null;
}

type ActionList = Located<readonly Located<ActionWord>[] | null> | undefined;

const EDGES = {
  start: {
    on: "onStart",
    custom: "customStart",
    word: "custom_start",
    other: "custom_end",
  },
  end: {
    on: "onEnd",
    custom: "customEnd",
    word: "custom_end",
    other: "custom_start",
  },
} as const;

/**
 * The actions of a window's edge: custom code given without any action is the action.
 *
 * `null` where they contradict one another, which is then reported.
 */
export function lowerEdge(
  edge: "start" | "end",
  spec: SessionSpec,
  values: SessionValues,
  context: Decoding,
): EdgeActions | null {
  const { on, custom, word, other } = EDGES[edge];
  const written = values[on];
  const items = written?.value ?? [];
  const code = values[custom];
  if (!isUnique(items, context)) return null;
  const misplaced = items.find((item) => item.value === other);
  if (misplaced !== undefined) {
    const home = keyWord(edge === "start" ? "onEnd" : "onStart", context.door);
    context.log.at(misplaced.node, "action/misplaced", {
      expected: `${word} here; ${other} belongs to ${quote(home)}`,
      nearest: word,
    });
    return null;
  }
  const hasCode = code !== undefined && code.value !== null;
  const called = items.find((item) => item.value === word);
  if (called !== undefined && !hasCode) {
    context.log.at(called.node, "session/missing-hook", {
      expected: `the key ${quote(keyWord(custom, context.door))}`,
    });
    return null;
  }
  if (!hasCode) return { actions: plain(items), hook: null };
  if (called === undefined && items.length > 0) {
    return unreachable(edge, spec, items, context);
  }
  const hook = lowerHook(code.value, code.node, context.log);
  if (hook === null) return null;
  return { actions: items.length > 0 ? plain(items) : [word], hook };
}

/**
 * Custom code that no action calls. Code from `defaults` may be left out by a session on purpose;
 * whether any session calls it is for whoever sees them all.
 */
function unreachable(
  edge: "start" | "end",
  spec: SessionSpec,
  items: readonly Located<ActionWord>[],
  context: Decoding,
): EdgeActions | null {
  const { on, custom, word } = EDGES[edge];
  const own = spec.keys[custom];
  if (own === undefined) return { actions: plain(items), hook: null };
  const key = keyWord(on, context.door);
  context.log.at(own.node, "session/unreachable-hook", {
    expected: `${word} in ${quote(key)}, or no ${quote(key)} at all`,
    received: null,
    related: relatedTo("the actions are here", (items[0] ?? own).node),
  });
  return null;
}

/** The actions of a moment or a blackout, which can only close. */
export function lowerCloseActions(
  list: ActionList,
  context: Decoding,
): readonly CloseAction[] {
  const items = list?.value ?? [];
  isUnique(items, context);
  const actions: CloseAction[] = [];
  for (const { value, node } of items) {
    if (isCloseAction(value)) {
      actions.push(value);
      continue;
    }
    context.log.at(node, "action/misplaced", {
      expected: "close_all, close_win or close_loss",
      hint: "custom code runs at a session's start or end",
    });
  }
  return actions;
}
