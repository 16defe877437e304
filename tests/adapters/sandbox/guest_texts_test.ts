import assert from "node:assert/strict";
import { guestText } from "../../../src/adapters/sandbox/guest_texts.ts";
import {
  bundleHead,
  GUEST_BUNDLES,
  inputDigest,
} from "../../../tools/make_guests.ts";
import { readText } from "../../../tools/project_files.ts";

Deno.test("guest texts: made from the sources as they are (else: deno task guests)", async () => {
  const digest = await inputDigest();
  for (const bundle of GUEST_BUNDLES) {
    const head = bundleHead(bundle, digest);
    assert.ok(readText(bundle.output).startsWith(head), bundle.output);
  }
});

Deno.test("guestText() gives a text that exports nothing and imports nothing of ours", async () => {
  for (const name of ["process_boot", "vm_boot", "vm_thread"] as const) {
    const text = await guestText(name);
    assert.doesNotMatch(text, /^export\b/m);
    assert.doesNotMatch(text, /^import .*["']\.{0,2}\//m);
  }
});
