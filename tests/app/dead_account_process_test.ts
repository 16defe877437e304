import assert from "node:assert/strict";
import {
  accountLine,
  sessionLine,
  startPaper,
} from "../support/paper_process.ts";
import {
  runProgram,
  startProgram,
  temporaryFolder,
} from "../support/program.ts";

Deno.test("run begins again without a broker that is gone, status names it, and the exit code is 1", async () => {
  await using folder = await temporaryFolder();
  await using broker = await startPaper("EURUSD=1000");
  const gone = await startPaper("EURUSD=1000");
  const file = `${folder.path}/two.yaml`;
  await Deno.writeTextFile(
    file,
    [
      "accounts:",
      accountLine("here", broker.url),
      // The token is the other broker's; it is asked only who it is.
      `  gone: {kind: http, url: "${gone.url}", token: "${gone.token}", live: false}`,
      "sessions:",
      sessionLine("a", "here"),
      sessionLine("b", "gone"),
      "",
    ].join("\n"),
  );
  const options = {
    ...broker.options,
    flags: [...broker.options.flags ?? [], `--allow-write=${folder.path}`],
  };
  {
    await using run = startProgram(["run", file, "--json"], options);
    await run.line(/"type":"occurrence.armed","occurrence":"b/);
    run.signal("SIGKILL");
    await run.ended();
  }
  await gone[Symbol.asyncDispose]();
  await using run = startProgram(["run", file, "--json"], options);
  await run.line(
    /"type":"account.not_ready".*"account":"gone","code":"broker\/unreachable"/,
  );
  const status = await runProgram(["status", file], options);
  assert.match(status.out, /gone: UNKNOWN what it holds, Cannot open account/);
  run.signal("SIGINT");
  assert.equal((await run.ended()).code, 1);
});
