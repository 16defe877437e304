/**
 * The TypeScript types and the decoder's tables name the very same keys; the compiler checks it.
 */

import assert from "node:assert/strict";
import type { SessionInput, SessionsSpec, SharedInput } from "../../dsl/mod.ts";
import { FILE_FIELDS } from "../../dsl/decode.ts";
import { SHARED_FIELDS } from "../../dsl/decode_session.ts";

type Same<A, B> = [A] extends [B] ? ([B] extends [A] ? true : false) : false;

Deno.test("SessionsSpec names every key of a file, and no other", () => {
  const isSame: Same<keyof SessionsSpec, keyof typeof FILE_FIELDS> = true;
  assert.ok(isSame && Object.hasOwn(FILE_FIELDS, "sessions"));
});

Deno.test("SessionInput names every key of a session, and no other", () => {
  const isSame: Same<keyof SharedInput, keyof typeof SHARED_FIELDS> = true;
  const hasName: Same<keyof SessionInput, keyof SharedInput | "name"> = true;
  assert.ok(isSame && hasName && !Object.hasOwn(SHARED_FIELDS, "name"));
});
