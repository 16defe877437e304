/**
 * What a hook asks for -> what its sandbox grants, one by one.
 *
 * @module
 */

import { resolve } from "node:path";
import type { Issue } from "../../../dsl/mod.ts";
import type { HookPermissions } from "../../domain/definition.ts";
import { resolveBeside } from "../source_file.ts";

/** What a hook asks for. */
export interface WantedGrant {
  /** For its sandbox: hosts with ports, absolute paths, packages. */
  readonly grant: {
    readonly net: readonly string[];
    readonly read: readonly string[];
    readonly write: readonly string[];
    readonly packages: readonly string[];
  };
  /** Names of the variables that it is handed. */
  readonly env: readonly string[];
  /** The same paths, as seen from the current folder. */
  readonly read: readonly string[];
  /** The same paths, as seen from the current folder. */
  readonly write: readonly string[];
  /** What cannot be granted. */
  readonly problems: readonly Partial<Issue>[];
}

const HOST =
  /^(?:\[[0-9a-f:.]+\]|[a-z0-9](?:[a-z0-9-]*[a-z0-9])?(?:\.[a-z0-9](?:[a-z0-9-]*[a-z0-9])?)*)(?::([0-9]{1,5}))?$/i;
const VARIABLE = /^[A-Za-z_][A-Za-z0-9_]*$/;
const PACKAGE =
  /^(?:npm:)?(?:@[a-z0-9-~][a-z0-9-._~]*\/)?[a-z0-9-~][a-z0-9-._~]*(?:@[\w.+~^-]+)?$/i;

/** Reads what a hook asks for; nothing of it is granted by that. */
export function grantOf(
  permissions: HookPermissions,
  folder: string,
): WantedGrant {
  const problems: Partial<Issue>[] = [];
  const fitting = (
    names: readonly string[],
    isRight: (name: string) => boolean,
    expected: string,
  ) =>
    names.filter((name) => {
      const fits = isRight(name);
      if (!fits) problems.push({ received: JSON.stringify(name), expected });
      return fits;
    });
  const net = fitting(
    permissions.net,
    isHost,
    'a host with its port, such as "hooks.example.com:443"; without one, 443 is meant',
  );
  const env = fitting(
    permissions.env,
    (name) => VARIABLE.test(name),
    'the name of one variable, such as "REPORT_TOKEN"',
  );
  const packages = fitting(
    permissions.import,
    (name) => PACKAGE.test(name),
    'an npm package, such as "npm:left-pad@1.3.0"',
  );
  const isPath = (path: string) => path.trim() !== "" && !path.includes("\0");
  const near = (paths: readonly string[]) =>
    fitting(paths, isPath, "a path").map((path) => resolveBeside(folder, path));
  const read = near(permissions.read);
  const write = near(permissions.write);
  return {
    grant: {
      net: net.map(withPort),
      read: read.map((path) => resolve(path)),
      write: write.map((path) => resolve(path)),
      packages: packages.map((name) => name.replace(/^npm:/, "")),
    },
    env,
    read,
    write,
    problems,
  };
}

function isHost(name: string): boolean {
  const [whole, port] = HOST.exec(name) ?? [];
  const number = Number(port ?? 443);
  return whole !== undefined && number > 0 && number <= 65_535;
}

/** Without a port every port would be meant where Deno reads it. */
function withPort(host: string): string {
  const [, port] = HOST.exec(host) ?? [];
  return port === undefined ? `${host}:443` : host;
}
