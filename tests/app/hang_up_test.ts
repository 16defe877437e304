import assert from "node:assert/strict";
import { SystemClock } from "../../src/adapters/clock/system_clock.ts";
import { needsProgram } from "../support/needs.ts";
import { ROOT, runProgram, temporaryFolder } from "../support/program.ts";

Deno.test({
  ...needsProgram(
    "a terminal that is closed ends a run in order, as Ctrl-C does",
    "script",
  ),
  async fn() {
    await using folder = await temporaryFolder();
    const file = `${folder.path}/desk.yaml`;
    await Deno.writeTextFile(
      file,
      'sessions: [{name: desk, start: "00:00", end: "24:00", on_end: close_all}]\n',
    );
    const flags = [`--allow-read`, `--allow-write=${folder.path}`];
    const words = [
      Deno.execPath(),
      "run",
      "--no-prompt",
      "--allow-net",
      ...flags,
      `${ROOT}mod.ts`,
      "run",
      file,
    ];
    const terminal = new Deno.Command("script", {
      args: ["-qfec", words.join(" "), "/dev/null"],
      stdin: "null",
      stdout: "piped",
      stderr: "null",
    }).spawn();
    const stage = async () => {
      const { out } = await runProgram(["status", file, "--json"], { flags });
      return out === "" ? "none" : JSON.parse(out).stage;
    };
    const clock = new SystemClock();
    const until = async (wanted: string) => {
      let now = "";
      for (let looks = 0; looks < 60 && now !== wanted; looks++) {
        await clock.sleepUntil(clock.now() + 200);
        now = await stage();
      }
      assert.equal(now, wanted);
    };
    await until("running");
    terminal.kill("SIGKILL");
    await terminal.stdout.cancel();
    await terminal.status;
    await until("stopped");
  },
});
