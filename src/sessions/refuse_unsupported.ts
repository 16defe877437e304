/**
 * Refuses a definition that asks for what this version does not carry out: said, never ignored.
 *
 * @module
 */

import type { Definition } from "../domain/definition.ts";
import { CarillonError } from "../domain/error.ts";
import { type Unsupported, unsupportedParts } from "../domain/support.ts";

/**
 * Refuses what is not carried out.
 *
 * @throws {CarillonError} "support/not-yet" naming everything at once
 */
export function refuseUnsupported(
  definition: Definition,
  runsModules: boolean,
): void {
  const parts = [
    ...alarmsOf(definition),
    ...unsupportedParts(definition),
    ...(runsModules ? [] : modulesOf(definition)),
    ...strategiesOf(definition, runsModules),
  ];
  if (parts.length === 0) return;
  const asked = parts.map(({ in: place, key, what }) =>
    place.kind === "file"
      ? `${key}: ${what}`
      : `${place.kind} "${place.name}", ${key}: ${what}`
  );
  throw new CarillonError(
    "support/not-yet",
    `Cannot carry out everything that is asked for: ${asked.join("; ")}`,
    { details: { asked } },
  );
}

/** Code of a file runs in a sandbox, which is the caller's to give. */
function modulesOf({ sessions }: Definition): readonly Unsupported[] {
  return sessions.flatMap((session, index) =>
    (["customStart", "customEnd"] as const).flatMap((key) => {
      const kind = session[key]?.source.kind ?? "function";
      const place = { kind: "session", name: session.name, index } as const;
      const what = 'code of a file from a program; give "hooks" to run it';
      return kind === "function" ? [] : [{ in: place, key, what }];
    })
  );
}

/** Whoever has a loop of its own needs no strategy; those of a file are called like its hooks. */
function strategiesOf(
  { sessions }: Definition,
  runsModules: boolean,
): readonly Unsupported[] {
  return sessions.flatMap(({ name, strategies }, index) => {
    const isRun = strategies.every(({ hook }) =>
      hook.source.kind !== "function" && runsModules
    );
    const place = { kind: "session", name, index } as const;
    const what =
      "strategies of a program; run the definition as a file, which calls them";
    return isRun ? [] : [{ in: place, key: "strategies", what }];
  });
}

/** Messages and signs of life are sent by the command line; a program hears notices itself. */
function alarmsOf(definition: Definition): readonly Unsupported[] {
  const { notify, heartbeat } = definition;
  const file = { kind: "file" } as const;
  return [
    ...(notify.length === 0 ? [] : [
      {
        in: file,
        key: "notify",
        what: 'notifications from a program; give "onNotice" instead',
      },
    ]),
    ...(heartbeat === null ? [] : [
      { in: file, key: "heartbeat", what: "a heartbeat from a program" },
    ]),
  ];
}
