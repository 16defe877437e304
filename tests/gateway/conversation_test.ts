import { playConversation } from "../support/conversation.ts";
import { expectGolden, goldenBytes, goldenNames } from "../support/golden.ts";

for (const name of goldenNames("gateway", ".txt")) {
  const path = `gateway/${name}`;
  Deno.test(`GatewayClient says in "${name}" what it said when it was recorded`, async () => {
    const record = new TextDecoder().decode(goldenBytes(path));
    expectGolden(path, await playConversation(record));
  });
}
