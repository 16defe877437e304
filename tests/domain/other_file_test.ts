import assert from "node:assert/strict";
import type { Account, Session } from "../../src/domain/definition.ts";
import { isOtherFile } from "../../src/domain/other_file.ts";
import { clockSession } from "../support/clock_session.ts";
import { paperDefinition } from "../support/paper_run.ts";

function bridge(name: string, id: string | null): Account {
  return {
    kind: "http",
    name,
    id,
    live: null,
    url: "http://127.0.0.1:1/",
    token: null,
    options: {},
  };
}

/** A file with one account and sessions of these names. */
function file(
  account: Account | null,
  ...names: readonly string[]
) {
  const sessions: readonly Session[] = names.map((name) =>
    clockSession({ name })
  );
  const definition = paperDefinition(sessions);
  return account === null ? definition : { ...definition, accounts: [account] };
}

Deno.test("isOtherFile() is true only where neither a session nor an account is in both", () => {
  const desk = file(bridge("fx", "1"), "london", "tokyo");
  const cases: readonly (readonly [boolean, ReturnType<typeof file>])[] = [
    [false, desk],
    [false, file(bridge("other", "2"), "tokyo")],
    [false, file(bridge("fx", "1"), "paris")],
    [false, file(bridge("fx", null), "paris")],
    [true, file(bridge("fx", "2"), "paris")],
    [true, file(bridge("main", "1"), "paris")],
    [true, file(null, "paris")],
    [false, file(null, "london")],
    [false, file(null)],
  ];
  for (const [expected, other] of cases) {
    assert.equal(isOtherFile(desk, other), expected);
    assert.equal(isOtherFile(other, desk), expected);
  }
});
