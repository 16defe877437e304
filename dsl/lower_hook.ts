/**
 * A hook or strategy as written -> its finished definition.
 *
 * @module
 */

import { SECOND_MS } from "../src/domain/time.ts";
import type { DurationMs } from "../src/domain/time.ts";
import type { Hook, HookSource, Strategy } from "../src/domain/definition.ts";
import type { HookSpec, StrategySpec } from "./decode_hook.ts";
import { DEFAULT_EXPORT } from "./decode_module.ts";
import { HOOK_DEFAULTS, NO_PERMISSIONS } from "./defaults.ts";
import { type IssueLog, relatedTo } from "./issue_log.ts";
import type { Node } from "./node.ts";
import { plain } from "./shape.ts";

type HookKeys = Exclude<HookSpec, HookSource>["keys"];

/** Fills in what a hook does not say; `null` where it cannot be one, which is then reported. */
export function lowerHook(
  spec: HookSpec,
  node: Node,
  log: IssueLog,
): Hook | null {
  const keys: HookKeys = "kind" in spec ? {} : spec.keys;
  const source = "kind" in spec ? spec : lowerSource(keys, node, log);
  if (source === null) return null;
  const granted = keys.permissions?.value.keys ?? {};
  return {
    source,
    permissions: {
      ...NO_PERMISSIONS,
      ...Object.fromEntries(
        Object.entries(granted).map((
          [kind, list],
        ) => [kind, plain(list.value)]),
      ),
    },
    isolation: keys.isolation?.value ?? HOOK_DEFAULTS.isolation,
    timeoutMs: keys.timeout?.value ?? HOOK_DEFAULTS.timeoutMs,
    onFailure: keys.onFailure?.value ?? HOOK_DEFAULTS.onFailure,
    overlap: keys.overlap?.value ?? HOOK_DEFAULTS.overlap,
    params: keys.params?.value ?? HOOK_DEFAULTS.params,
  };
}

/** Every call is on record: more often would write a journal about nothing. */
const EVERY_MIN_MS: DurationMs = SECOND_MS;

/** Fills in what a strategy does not say. */
export function lowerStrategy(
  spec: StrategySpec,
  log: IssueLog,
): Strategy | null {
  const hook = lowerHook(spec, spec.node, log);
  const every = spec.keys.every;
  if (hook === null || every === undefined) return null;
  if (every.value < EVERY_MIN_MS) {
    log.at(every.node, "value/out-of-range", { expected: "1s or more" });
    return null;
  }
  return {
    hook,
    everyMs: every.value,
    symbols: plain(spec.keys.symbols?.value ?? []),
  };
}

function lowerSource(
  keys: HookKeys,
  node: Node,
  log: IssueLog,
): HookSource | null {
  const { module, code } = keys;
  if (module !== undefined && code !== undefined) {
    log.at(code.node, "hook/code-and-module", {
      expected: "either a module or code",
      received: "both",
      related: relatedTo("the module", module.node),
    });
    return null;
  }
  if (module === undefined && code === undefined) {
    log.at(node, "hook/no-code", {
      expected: 'the key "module"',
      received: null,
    });
    return null;
  }
  if (code !== undefined) {
    return checkExport({ kind: "inline", code: code.value }, keys, log);
  }
  return checkExport(module?.value ?? null, keys, log);
}

/** Puts the named export into the source; only a module's path without one has room for it. */
function checkExport(
  source: HookSource | null,
  keys: HookKeys,
  log: IssueLog,
): HookSource | null {
  const name = keys.export;
  if (source === null || name === undefined) return source;
  if (source.kind === "module" && source.export === DEFAULT_EXPORT) {
    return { ...source, export: name.value };
  }
  log.at(name.node, "value/form", {
    expected: source.kind === "module"
      ? `no "export" beside a path that names one`
      : `"export" only beside a module's path`,
  });
  return null;
}
