import assert from "node:assert/strict";
import fc from "fast-check";
import {
  type AuditedBefore,
  auditJournal,
  type AuditOptions,
} from "../../src/domain/audit.ts";
import type {
  AuditEntry,
  AuditReport,
} from "../../src/domain/audit_finding.ts";
import type { Session } from "../../src/domain/definition.ts";
import type { Effect } from "../../src/domain/effect.ts";
import { rows } from "../../src/domain/table.ts";
import { MINUTE_MS } from "../../src/domain/time.ts";
import { MemoryJournal } from "../../src/runtime/memory_journal.ts";
import type { Journal } from "../../src/runtime/ports.ts";
import {
  clockSession,
  clockWindow,
  closeMoment,
  instant,
  isoText,
} from "../support/clock_session.ts";
import {
  CLOSE_ALL,
  held,
  openPaperRun,
  type PaperRun,
  type PaperRunSetup,
} from "../support/paper_run.ts";

const END = "desk/2026-11-23/end";
const NEXT_END = "desk/2026-11-24/end";
const ALL: AuditOptions = {
  fromAt: null,
  toAt: null,
  isRunning: false,
  before: null,
};

function audit(
  entries: Iterable<AuditEntry>,
  options: Partial<AuditOptions> = {},
): AuditReport {
  return auditJournal(entries, { ...ALL, ...options });
}

/** What is wrong, a line for each. */
function found(report: AuditReport): readonly string[] {
  return report.findings.map(({ kind, about }) => `${kind} ${about}`);
}

/** Plays a stretch of one journal; it breaks off at the end unless it is stopped. */
async function play(
  journal: Journal,
  from: string,
  to: string,
  more: PaperRunSetup & { readonly stop?: boolean } = {},
): Promise<void> {
  await using run = await openPaperRun({ journal, from, ...more });
  await run.playUntil(to);
  if (more.stop === true) await run.stop();
}

/** A day with one close of one position, stopped in order. */
async function oneDay(): Promise<readonly AuditEntry[]> {
  const journal = new MemoryJournal();
  await play(journal, "2026-11-23T09:00:00Z", "2026-11-23T17:00:00Z", {
    account: { positions: [held("EURUSD")] },
    stop: true,
  });
  return [...journal.read()];
}

/** The record without what some effects tell. */
function without(
  entries: readonly AuditEntry[],
  isGone: (effect: Effect) => boolean,
): readonly AuditEntry[] {
  return entries.map((entry) => ({
    ...entry,
    effects: entry.effects.filter((effect) => !isGone(effect)),
  }));
}

function tells(type: string) {
  return (effect: Effect) =>
    effect.type === "tell" && effect.notice.type === type;
}

Deno.test("auditJournal() finds nothing in a day that was carried out", async () => {
  const report = audit(await oneDay());
  assert.deepEqual(report.findings, []);
  assert.deepEqual(
    [report.due, report.outcomes, report.orders],
    [1, { flat_verified: 1 }, 1],
  );
  assert.deepEqual(report.runs.map(({ end }) => end), ["stopped"]);
});

Deno.test("auditJournal() names an edge that was due and never armed", async () => {
  const day = await oneDay();
  const cut = without(
    day.filter(({ event }) => event.type !== "edge.due"),
    (effect) =>
      effect.type === "timer.set" && effect.what === "edge" ||
      effect.type === "tell" && effect.notice.type.startsWith("edge."),
  );
  assert.deepEqual(found(audit(cut)), [`edge_without_record ${END}`]);
});

Deno.test("auditJournal() names an edge that was armed and did not fire", async () => {
  const day = await oneDay();
  const cut = without(
    day.filter(({ event }) => event.type !== "edge.due"),
    (effect) =>
      effect.type === "tell" && effect.notice.type.startsWith("edge."),
  );
  assert.deepEqual(found(audit(cut)), [`edge_without_record ${END}`]);
});

Deno.test("auditJournal() names an edge that fired and has no end", async () => {
  const cut = without(await oneDay(), tells("edge.settled"));
  assert.deepEqual(found(audit(cut)), [`edge_never_settled ${END}`]);
});

Deno.test("auditJournal() names an edge that ended twice", async () => {
  const day = await oneDay();
  const again = day.flatMap((entry) =>
    entry.effects.some(tells("edge.settled")) ? [entry, entry] : [entry]
  );
  assert.deepEqual(found(audit(again)), [`edge_settled_twice ${END}`]);
});

Deno.test("auditJournal() names an edge that fired twice", async () => {
  const day = await oneDay();
  const again = day.flatMap((entry) =>
    entry.effects.some(tells("edge.fired")) ? [entry, entry] : [entry]
  );
  assert.deepEqual(found(audit(again)), [`edge_fired_twice ${END}`]);
});

Deno.test("auditJournal() names an edge that no definition has", async () => {
  const named = JSON.stringify(await oneDay())
    .replaceAll(END, "desk/2026-11-23/lunch");
  assert.deepEqual(found(audit(JSON.parse(named) as AuditEntry[])), [
    "edge_not_due desk/2026-11-23/lunch",
    `edge_without_record ${END}`,
  ]);
});

Deno.test("auditJournal() names an edge that fired at another time than its definition says", async () => {
  const late = instant("2026-11-23T16:30:00Z") + 7 * MINUTE_MS;
  const moved = JSON.stringify(await oneDay())
    .replaceAll(String(instant("2026-11-23T16:30:00Z")), String(late));
  assert.deepEqual(found(audit(JSON.parse(moved) as AuditEntry[])), [
    `edge_without_record ${END}`,
    `edge_not_due ${END}`,
  ]);
});

Deno.test("auditJournal() names an edge that fired before it was due", async () => {
  const day = await oneDay();
  const early = day.map((entry): AuditEntry =>
    entry.event.type === "edge.due" && entry.event.edge === END
      ? { ...entry, event: { ...entry.event, at: entry.event.dueAt - 1 } }
      : entry
  );
  assert.deepEqual(found(audit(early)), [`edge_fired_early ${END}`]);
});

Deno.test("auditJournal() names an order that nobody answered", async () => {
  const day = await oneDay();
  const deaf = day.filter(({ event }) => event.type !== "order.reported")
    .map((entry): AuditEntry => {
      const { event } = entry;
      if (event.type !== "positions.read") return entry;
      const snapshot = { ...event.snapshot, fills: [], orders: [] };
      return { ...entry, event: { ...event, snapshot } };
    });
  const { findings } = audit(deaf);
  assert.deepEqual(findings.map(({ kind }) => kind), ["order_without_outcome"]);
  assert.match(
    findings[0]?.message ?? "",
    /sell 1000 EURUSD on account "main" has no answer/,
  );
});

Deno.test("auditJournal() takes the broker's list of executions for an answer", async () => {
  const day = await oneDay();
  const deaf = day.filter(({ event }) => event.type !== "order.reported");
  assert.deepEqual(found(audit(deaf)), []);
});

Deno.test("auditJournal() tells what passed while nothing ran, and does not miss it", async () => {
  const journal = new MemoryJournal();
  await play(journal, "2026-11-23T07:00:00Z", "2026-11-23T17:00:00Z", {
    stop: true,
  });
  await play(journal, "2026-11-26T07:00:00Z", "2026-11-26T17:00:00Z", {
    stop: true,
  });
  const report = audit(journal.read());
  assert.deepEqual(report.findings, []);
  assert.deepEqual(
    report.quiet.map(({ fromAt, toAt, after, edges }) => [
      isoText(fromAt),
      isoText(toAt),
      after,
      edges,
    ]),
    [[
      "2026-11-23T17:00:00Z",
      "2026-11-26T07:00:00Z",
      "stopped",
      // What was armed has a record: the next run told it.
      ["desk/2026-11-25/end"],
    ]],
  );
});

Deno.test("auditJournal() wants a word of the next run for what a dead one had armed", async () => {
  const journal = new MemoryJournal();
  await play(journal, "2026-11-23T07:00:00Z", "2026-11-23T12:00:00Z");
  const dead = journal.read();
  assert.deepEqual(audit(dead).findings, []);
  await play(journal, "2026-11-25T18:00:00Z", "2026-11-25T18:10:00Z", {
    stop: true,
  });
  const report = audit(journal.read());
  assert.deepEqual(report.findings, []);
  assert.deepEqual(report.quiet.map(({ edges }) => edges), [
    // The ends of Monday and Tuesday were armed when the run broke off, and have their records.
    ["desk/2026-11-25/end"],
  ]);
  const mute = without([...journal.read()], tells("edge.settled"));
  assert.ok(found(audit(mute)).includes(`edge_without_record ${END}`));
});

Deno.test("auditJournal() holds every run to the definition that it loaded", async () => {
  const journal = new MemoryJournal();
  await play(journal, "2026-11-23T07:00:00Z", "2026-11-23T16:35:00Z", {
    stop: true,
  });
  const later = { ...CLOSE_ALL, window: clockWindow("08:00", "17:00", "UTC") };
  await play(journal, "2026-11-23T16:40:00Z", "2026-11-24T18:00:00Z", {
    sessions: [later],
    stop: true,
  });
  const report = audit(journal.read());
  assert.deepEqual(report.findings, []);
  assert.deepEqual(
    [report.due, report.outcomes],
    [3, { flat_verified: 3, done: 2 }],
  );
  assert.equal(new Set(report.runs.map(({ hash }) => hash)).size, 2);
});

Deno.test("auditJournal() waits for what is under way in a run that goes on", async () => {
  const journal = new MemoryJournal();
  await play(journal, "2026-11-23T16:29:00Z", "2026-11-23T16:30:10Z", {
    account: { positions: [held("EURUSD")] },
    faults: [{
      on: "positions",
      do: { kind: "status", status: 500 },
      times: 1000,
    }],
  });
  const running = audit(journal.read(), { isRunning: true });
  assert.deepEqual([running.findings, running.underWay], [[], [END]]);
  const dead = audit(journal.read());
  assert.deepEqual(found(dead), [`edge_never_settled ${END}`]);
});

Deno.test("auditJournal() keeps to the stretch that is asked for", async () => {
  const cut = without(await oneDay(), tells("edge.settled"));
  const dueAt = instant("2026-11-23T16:30:00Z");
  assert.deepEqual(audit(cut, { fromAt: dueAt + 1 }).findings, []);
  assert.deepEqual(audit(cut, { toAt: dueAt - 1 }).findings, []);
  assert.equal(audit(cut, { fromAt: dueAt, toAt: dueAt }).findings.length, 1);
});

/** Three days of one run, of which the first is gone from the record. */
async function shortened(): Promise<{
  readonly kept: readonly AuditEntry[];
  readonly before: AuditedBefore;
}> {
  const journal = new MemoryJournal();
  await using run = await openPaperRun({
    journal,
    from: "2026-11-23T07:00:00Z",
  });
  await run.playUntil("2026-11-25T18:00:00Z");
  const { run: known, sessions } = run.runtime.state;
  await run.stop();
  const secondDay = instant("2026-11-24T00:00:00Z");
  return {
    kept: [...journal.read()].filter(({ event }) => event.at >= secondDay),
    before: {
      run: known,
      sessions: rows(sessions).map(({ session }) => session),
    },
  };
}

Deno.test("auditJournal() goes on from the middle of a run whose beginning was dropped", async () => {
  const { kept, before } = await shortened();
  const report = audit(kept, { before });
  assert.deepEqual([report.findings, report.due], [[], 2]);
  assert.deepEqual(report.runs.map(({ end }) => end), ["stopped"]);
  const mute = without(kept, tells("edge.settled"));
  assert.deepEqual(found(audit(mute, { before })), [
    "edge_never_settled desk/2026-11-24/start",
    `edge_never_settled ${NEXT_END}`,
    "edge_never_settled desk/2026-11-25/start",
    "edge_never_settled desk/2026-11-25/end",
  ]);
});

Deno.test("auditJournal() blames nothing on a run of which nothing is known", async () => {
  const { kept } = await shortened();
  const before = { run: null, sessions: [] };
  const report = audit(kept, { before });
  assert.deepEqual([report.findings, report.due], [[], 0]);
});

const BUSY: readonly Partial<Session>[] = [
  {
    ...CLOSE_ALL,
    onStart: ["close_loss"],
    leadMs: 10 * MINUTE_MS,
    moments: [closeMoment("lunch", "12:00", "UTC")],
  },
  {
    ...CLOSE_ALL,
    name: "night",
    window: clockWindow("22:00", "02:00", "Europe/London"),
    onStart: ["close_win"],
  },
];

/** The same, edited: other hours, another lead, and one session more. */
const EDITED: readonly Partial<Session>[] = [
  {
    ...CLOSE_ALL,
    window: clockWindow("08:00", "17:10", "UTC"),
    leadMs: 2 * MINUTE_MS,
  },
  ...BUSY.slice(1),
  {
    ...CLOSE_ALL,
    name: "asia",
    window: clockWindow("09:00", "15:00", "Asia/Tokyo"),
  },
];

/** What somebody does in the middle of a run. */
const DEEDS: Readonly<Record<string, (run: PaperRun) => void>> = {
  nothing: () => {},
  pause: ({ runtime }) => wish(runtime, "pause.requested"),
  resume: ({ runtime }) => wish(runtime, "resume.requested"),
  add: ({ runtime }) => runtime.addSession(EXTRA),
  remove: ({ runtime }) => {
    runtime.addSession(EXTRA);
    runtime.removeSession(EXTRA.name);
  },
  close: ({ runtime }) => void byHand(runtime),
  edit: (run) => reload(run, EDITED),
  "edit back": (run) => reload(run, BUSY),
  "edit twice": (run) => {
    reload(run, EDITED);
    reload(run, BUSY.slice(1));
    reload(run, BUSY);
  },
  advance: ({ runtime }) => {
    const [edge] = rows(runtime.state.sessions).flatMap(({ waiting }) =>
      waiting
    );
    if (edge !== undefined) void runtime.advance(edge.key).catch(() => {});
  },
};

const EXTRA = clockSession({
  ...CLOSE_ALL,
  name: "extra",
  window: clockWindow("10:00", "11:00", "UTC"),
});

function reload({ runtime }: PaperRun, sessions: readonly Partial<Session>[]) {
  const definition = runtime.state.run?.definition;
  if (definition === undefined) return;
  runtime.reload({ ...definition, sessions: sessions.map(clockSession) })
    .catch(() => {});
}

function wish(
  runtime: PaperRun["runtime"],
  type: "pause.requested" | "resume.requested",
): void {
  runtime.control({ type, session: null }).catch(() => {});
}

function byHand(runtime: PaperRun["runtime"]): void {
  const positions = null;
  const ordersOnly = false;
  const session = null;
  const account = "main";
  const action = "close_all";
  runtime.close({ account, session, action, positions, ordersOnly })
    .catch(() => {});
}

Deno.test("auditJournal() finds nothing in any history of runs that break off or stop", async () => {
  const start = instant("2026-11-23T00:00:00Z");
  const stretch = fc.record({
    down: fc.integer({ min: 1, max: 30 * 60 }),
    up: fc.integer({ min: 0, max: 30 * 60 }),
    stop: fc.boolean(),
    edited: fc.boolean(),
    deed: fc.constantFrom(...Object.keys(DEEDS)),
    second: fc.integer({ min: 0, max: 59_999 }),
  });
  await fc.assert(
    fc.asyncProperty(
      fc.array(stretch, { minLength: 1, maxLength: 5 }),
      async (stretches) => {
        const journal = new MemoryJournal();
        let at = start;
        for (const { down, up, stop, edited, deed, second } of stretches) {
          at += down * MINUTE_MS + second;
          await using run = await openPaperRun({
            journal,
            from: isoText(at),
            sessions: edited ? EDITED : BUSY,
            account: { positions: [held("EURUSD")] },
          });
          await run.playUntil(isoText(at + Math.floor(up / 2) * MINUTE_MS));
          DEEDS[deed]?.(run);
          at += up * MINUTE_MS + 1;
          await run.playUntil(isoText(at));
          if (stop) await run.stop();
        }
        assert.deepEqual(found(audit(journal.read())), []);
      },
    ),
    { numRuns: 400 },
  );
});
