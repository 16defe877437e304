import assert from "node:assert/strict";
import { readText } from "../tools/project_files.ts";
import { listApi, PUBLIC_API } from "../tools/list_api.ts";

Deno.test("mod.ts exports the names on record, no more and no less", async () => {
  assert.equal(
    await listApi(),
    readText(PUBLIC_API),
    `"${PUBLIC_API}" is stale: if the change is meant, run deno task api`,
  );
});
