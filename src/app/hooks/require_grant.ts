/**
 * Makes sure that hooks are granted nothing that this process does not have itself.
 *
 * @module
 */

import { CarillonError } from "../../domain/error.ts";
import type { HookProgram } from "../../runtime/isolation.ts";
import type { PlannedHook } from "./planned_hook.ts";

/**
 * Checks every permission of every hook, one by one, and hands each its variables.
 *
 * @throws {CarillonError} "permission/missing", with the flags that help; "secret/missing" if a
 * variable is not set
 */
export function withGrants(
  hooks: readonly PlannedHook[],
): readonly PlannedHook[] {
  const missing = new Map<string, Set<string>>();
  for (const hook of hooks) {
    for (const { kind, value, isGranted } of asked(hook)) {
      if (isGranted) continue;
      missing.set(kind, (missing.get(kind) ?? new Set()).add(value));
    }
  }
  if (missing.size > 0) throw notGranted(missing);
  return hooks.map((hook) => ({ ...hook, program: withVariables(hook) }));
}

interface Asked {
  readonly kind: "net" | "read" | "write" | "env";
  readonly value: string;
  readonly isGranted: boolean;
}

function asked({ wanted }: PlannedHook): readonly Asked[] {
  const of = (
    kind: Asked["kind"],
    value: string,
    permission: Deno.PermissionDescriptor,
  ): Asked => ({ kind, value, isGranted: isGranted(permission) });
  return [
    ...wanted.grant.net.map((host) => of("net", host, { name: "net", host })),
    ...wanted.read.map((path) => of("read", path, { name: "read", path })),
    ...wanted.write.map((path) => of("write", path, { name: "write", path })),
    ...wanted.env.map((variable) =>
      of("env", variable, { name: "env", variable })
    ),
  ];
}

/** Nobody is asked: what a hook may do is decided when the program is called. */
function isGranted(permission: Deno.PermissionDescriptor): boolean {
  return Deno.permissions.querySync(permission).state === "granted";
}

function notGranted(
  missing: ReadonlyMap<string, ReadonlySet<string>>,
): CarillonError {
  const flags = Array.from(
    missing,
    ([kind, values]) => `--allow-${kind}=${[...values].sort().join(",")}`,
  );
  return new CarillonError(
    "permission/missing",
    `Cannot grant to hooks what this process may not do: run with ${
      flags.join(" ")
    }`,
    { details: { flags } },
  );
}

function withVariables({ program, wanted }: PlannedHook): HookProgram {
  const env: Record<string, string> = {};
  for (const name of wanted.env) {
    const value = Deno.env.get(name);
    if (value === undefined) {
      throw new CarillonError(
        "secret/missing",
        `Cannot find "${name}" in the environment for "${program.name}": it is not set`,
        { details: { names: [name] } },
      );
    }
    env[name] = value;
  }
  return { ...program, grant: { ...program.grant, env } };
}
