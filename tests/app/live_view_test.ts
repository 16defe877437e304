import assert from "node:assert/strict";
import { VirtualClock } from "../../src/adapters/clock/virtual_clock.ts";
import type { Console } from "../../src/app/cli/console.ts";
import { createLiveView } from "../../src/app/cli/live_view.ts";
import { makePaint } from "../../src/app/cli/paint.ts";
import { widthOf } from "../../src/app/cli/table.ts";
import { viewLines } from "../../src/app/cli/view_lines.ts";
import { CLOSE_ALL, openPaperRun } from "../support/paper_run.ts";

const VOICE = {
  paint: makePaint(false),
  here: "America/New_York",
  zoneOf: () => "Europe/London",
  kindOf: () => "paper",
  accounts: 1,
  flattenHint: "",
};

/** A run half a minute before its end, whose session has a long name. */
async function openRun() {
  const name = "a-long-name-for-the-morning-of-london-and-frankfurt";
  const run = await openPaperRun({ sessions: [{ ...CLOSE_ALL, name }] });
  await run.playUntil("2026-11-23T16:29:30Z");
  return run;
}

Deno.test("viewLines() shortens a session's name and keeps every time and countdown", async () => {
  await using run = await openRun();
  const now = run.clock.now();
  const wide = viewLines(run.runtime.state, "desk.yaml", now, VOICE, 200);
  const times = wide.filter((line) => /^(open|next) /.test(line))
    .map((line) => /(\d\d:\d\d:\d\d) London/.exec(line)?.[1] ?? "");
  assert.ok(times.length > 0 && !times.includes(""), wide.join("\n"));
  for (const columns of [120, 80, 60, 50]) {
    const title = "x".repeat(90);
    const lines = viewLines(run.runtime.state, title, now, VOICE, columns);
    assert.ok(lines.every((line) => widthOf(line) < columns));
    const rows = lines.filter((line) => /^(open|next) /.test(line));
    assert.deepEqual(
      rows.map((line) => /(\d\d:\d\d:\d\d) London.*, in \d/.exec(line)?.[1]),
      times,
      lines.join("\n"),
    );
  }
});

Deno.test("viewLines() shows a pause for as long as it holds, and what it leaves out", async () => {
  await using run = await openRun();
  const view = () =>
    viewLines(run.runtime.state, "desk.yaml", run.clock.now(), VOICE, 120)
      .join("\n");
  await run.runtime.control({ type: "pause.requested", session: null });
  assert.match(view(), /^PAUSED every session, since 16:29:30 London/m);
  assert.match(view(), /^next .*\/end .*, in 30s {2}left out$/m);
  await run.runtime.control({ type: "resume.requested", session: null });
  assert.doesNotMatch(view(), /PAUSED|left out/);
  assert.match(view(), /^next .*\/end .*, in 30s {2}close_all$/m);
});

Deno.test("createLiveView() takes away what a narrower terminal has wrapped, from its first column", async () => {
  await using run = await openRun();
  let columns = 120;
  let drawn: string[] = [];
  let resize = () => {};
  const console: Console = {
    print: () => {},
    warn: () => {},
    draw: (text) => void drawn.push(text),
    isTerminal: true,
    color: false,
    columns: () => columns,
    onResize: (listener) => {
      resize = listener;
      return () => void (resize = () => {});
    },
  };
  const view = createLiveView({
    console,
    clock: new VirtualClock(run.clock.now()),
    runtime: run.runtime,
    voice: VOICE,
    factor: 1,
    title: "t".repeat(70),
  });
  view.print("a line");
  const shown = (drawn.at(-1) ?? "").trimEnd().split("\n");
  assert.ok(shown.some((line) => widthOf(line) > 40), "some are wrapped");
  drawn = [];
  columns = 40;
  resize();
  const rows = shown.reduce(
    (sum, line) => sum + Math.ceil(widthOf(line) / 40),
    0,
  );
  assert.equal(drawn[0], `\r\x1b[2K${"\x1b[A\x1b[2K".repeat(rows)}`);
  assert.ok((drawn[1] ?? "").split("\n").every((line) => widthOf(line) < 40));
  view.stop();
  drawn = [];
  resize();
  assert.deepEqual(drawn, [], "nothing is drawn any more");
});
