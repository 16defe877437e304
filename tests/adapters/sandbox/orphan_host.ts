/**
 * A program that calls a hook which says that it is there and then never ends.
 *
 * @module
 */

import { ProcessIsolation } from "../../../src/adapters/sandbox/process/process_isolation.ts";
import { callOnce, CLOCK } from "../../support/hook_program.ts";

if (import.meta.main) {
  const [wrappers, port] = Deno.args;
  const isolation = await ProcessIsolation.open({
    clock: CLOCK,
    wrappers: wrappers === "all" ? "all" : "none",
  });
  const text = `export default async () => {
    const connection = await Deno.connect({ hostname: "127.0.0.1", port: ${port} });
    await connection.write(new TextEncoder().encode("there"));
    for (;;); }`;
  await callOnce(isolation, text, {
    grant: { net: [`127.0.0.1:${port}`] },
    options: { timeoutMs: 60_000 },
  });
}
