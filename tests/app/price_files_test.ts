import assert from "node:assert/strict";
import { createPaperBroker } from "../../src/adapters/brokers/paper/paper_broker.ts";
import { VirtualClock } from "../../src/adapters/clock/virtual_clock.ts";
import { readPriceFiles } from "../../src/app/price_files.ts";
import { PLAIN_ACCOUNT } from "../adapters/brokers/paper_account.ts";
import { temporaryFolder } from "../support/program.ts";

const HEADER = "timestamp,bid,ask";

function source(bid: string) {
  return [{ symbol: "EURUSD", bid, ask: null }];
}

Deno.test("readPriceFiles() says what is wrong with a path in words of its own", async () => {
  await using folder = await temporaryFolder();
  await Deno.mkdir(`${folder.path}/sub`);
  const fails = (bid: string, message: string) =>
    assert.rejects(readPriceFiles(source(bid), folder.path), {
      code: "file/unreadable",
      message: `Cannot read "${folder.path}/${bid}": ${message}`,
    });
  await fails("nope.csv", "there is no such file");
  await fails("sub", "it is a folder, and a file is needed");
});

Deno.test("readPriceFiles() gives the path that a complaint about a line names", async () => {
  await using folder = await temporaryFolder();
  const path = `${folder.path}/prices.csv`;
  await Deno.writeTextFile(path, `${HEADER}\nyesterday,1,2\n`);
  const prices = await readPriceFiles(source("prices.csv"), folder.path);
  const clock = new VirtualClock(0);
  assert.throws(
    () => createPaperBroker({ account: PLAIN_ACCOUNT, prices, clock }),
    (error) => {
      const { code, message, details } = Object(error);
      assert.equal(code, "paper/bad-prices");
      assert.match(
        message,
        /^Cannot read prices from ".*prices\.csv", line 2:/,
      );
      assert.deepEqual(details, { file: path, line: 2 });
      return true;
    },
  );
});
