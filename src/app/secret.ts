/**
 * Reads `${env:NAME}`: the only place where a secret enters the process.
 *
 * @module
 */

import type { SecretText } from "../domain/definition.ts";

const REFERENCE = /\$\{env:([A-Za-z_][A-Za-z0-9_]*)\}/g;

/** A secret that the file names and the environment does not have, or may not be asked for. */
export interface MissingSecret {
  readonly name: string;
  readonly message: string;
}

/** A secret's text, or the variables that are missing for it. */
export type SecretResult =
  | { readonly ok: true; readonly text: string }
  | { readonly ok: false; readonly missing: readonly MissingSecret[] };

/** The names of the variables that a text refers to. */
export function secretNames(text: SecretText): readonly string[] {
  return [...text.matchAll(REFERENCE)].flatMap(([, name]) => name ?? []);
}

/** Puts the environment's values in the places of `${env:NAME}`. */
export function resolveSecret(text: SecretText): SecretResult {
  const values = new Map<string, string>();
  const missing: MissingSecret[] = [];
  for (const name of new Set(secretNames(text))) {
    const found = readVariable(name);
    if (typeof found === "string") values.set(name, found);
    else missing.push(found);
  }
  if (missing.length > 0) return { ok: false, missing };
  const resolved = text.replace(
    REFERENCE,
    (_, name: string) => values.get(name) ?? "",
  );
  return { ok: true, text: resolved };
}

function readVariable(name: string): string | MissingSecret {
  const permission = Deno.permissions.querySync({
    name: "env",
    variable: name,
  });
  if (permission.state !== "granted") {
    const message =
      `Cannot read "${name}" from the environment: run with --allow-env=${name}`;
    return { name, message };
  }
  const value = Deno.env.get(name);
  if (value !== undefined && value !== "") return value;
  return {
    name,
    message: `Cannot find "${name}" in the environment: it is not set`,
  };
}
