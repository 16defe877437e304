/**
 * What a hook is given: its data, and methods that ask the host.
 *
 * @module
 */

/** How a context reaches its host. */
export interface ContextParts {
  readonly input: Readonly<Record<string, unknown>>;
  readonly methods: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly signal: object;
  ask(name: string, args: unknown): Promise<unknown>;
  log(level: string, values: readonly unknown[]): void;
}

type Tree = Record<string, unknown>;

/** Makes a context; it is frozen, and no two calls share one. */
export function makeContext(parts: ContextParts): object {
  const { input, methods, env, signal, ask, log } = parts;
  const write = (level: string) => (...values: unknown[]) => log(level, values);
  const context: Tree = { ...input, signal, env: Object.freeze({ ...env }) };
  context.log = Object.assign(write("info"), {
    debug: write("debug"),
    info: write("info"),
    warn: write("warn"),
    error: write("error"),
  });
  for (const method of methods) addMethod(context, method, ask);
  return Object.freeze(context);
}

function addMethod(
  context: Tree,
  method: string,
  ask: ContextParts["ask"],
): void {
  const path = method.split(".");
  const name = path.pop() ?? method;
  let at = context;
  for (const part of path) {
    const inner = at[part];
    at = typeof inner === "object" && inner !== null
      ? inner as Tree
      : at[part] = {} as Tree;
  }
  at[name] = (args?: unknown) => ask(method, args ?? null);
}

/** A line of log as text: text as it is, everything else as JSON where it can be. */
export function logText(values: readonly unknown[]): string {
  return values.map((value) => {
    if (typeof value === "string") return value;
    try {
      if (value instanceof Error) return `${value.name}: ${value.message}`;
      return JSON.stringify(value) ?? String(value);
    } catch {
      return "[what cannot be told]";
    }
  }).join(" ");
}
