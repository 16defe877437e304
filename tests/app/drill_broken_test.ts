// A drill that cannot fail proves nothing: here a piece of carillon is broken, and the drill must say so.
import assert from "node:assert/strict";
import { drillCommand } from "../../src/app/cli/commands/drill.ts";
import { CARILLON } from "../../src/app/drill/run_drill.ts";
import type { DrilledProgram } from "../../src/app/drill/world.ts";
import type { Snapshot } from "../../src/domain/position.ts";
import { MemoryJournal } from "../../src/runtime/memory_journal.ts";
import type { Broker } from "../../src/runtime/ports.ts";
import { Runtime } from "../../src/runtime/runtime.ts";
import { recordedConsole } from "../support/recorded_console.ts";

/** A broker with some of its methods replaced. */
function withMethods(inner: Broker, other: Partial<Broker>): Broker {
  return {
    open: other.open ?? ((watch) => inner.open(watch)),
    read: other.read ?? ((sinceSeq) => inner.read(sinceSeq)),
    submit: other.submit ?? ((intent) => inner.submit(intent)),
    cancel: other.cancel ?? ((orderId) => inner.cancel(orderId)),
    find: other.find ?? ((id) => inner.find(id)),
    [Symbol.asyncDispose]: () => inner[Symbol.asyncDispose](),
  };
}

interface Told {
  readonly code: number;
  /** Case by case: the verdict, and the codes of what was found. */
  readonly cases: Readonly<Record<string, readonly string[]>>;
}

async function drill(only: string, program: DrilledProgram): Promise<Told> {
  const { console, out } = recordedConsole();
  const code = await drillCommand(
    {
      file: "examples/01_hello.yaml",
      date: "2026-11-24",
      seed: 1,
      only,
      list: false,
      json: true,
      prices: [],
    },
    console,
    program,
  );
  const lines = out().trim().split("\n").map((line) => JSON.parse(line));
  const cases = lines.filter(({ type }) => type === "drill.case");
  return {
    code,
    cases: Object.fromEntries(cases.map((each) => [
      each.case,
      [
        each.verdict,
        ...new Set(each.findings.map((found: { code: string }) => found.code)),
      ],
    ])),
  };
}

Deno.test("carillon drill survives with nothing broken", async () => {
  const { code, cases } = await drill("no_fault,crash_before_answer", CARILLON);
  assert.deepEqual(cases, {
    no_fault: ["survived"],
    crash_before_answer: ["survived"],
  });
  assert.equal(code, 0);
});

Deno.test("carillon drill fails a program whose orders have another id at each attempt", async () => {
  let sent = 0;
  const { code, cases } = await drill("no_fault,delivered_twice,slow_fills", {
    ...CARILLON,
    wrapBroker: (inner) =>
      withMethods(inner, {
        async submit(intent) {
          const id = () => `${intent.clientOrderId}~${++sent}`;
          await inner.submit({ ...intent, clientOrderId: id() });
          const again = { ...intent, clientOrderId: id() };
          const report = await inner.submit(again);
          return { ...report, clientOrderId: intent.clientOrderId };
        },
      }),
  });
  assert.equal(code, 1);
  assert.equal(cases.no_fault?.[0], "failed");
  assert.ok(cases.delivered_twice?.includes("closed_twice"));
});

/** A program that asks for nothing after a crash, and looks at a list from before it. */
function forgetful(rename: (id: string, life: number) => string) {
  let life = 0;
  let before: Snapshot | null = null;
  return {
    ...CARILLON,
    wrapBroker(inner: Broker) {
      const own = ++life;
      // The rehearsal has one life, every crash a first and a second.
      const isFirst = own === 1 || own % 2 === 0;
      return withMethods(inner, {
        async submit(intent) {
          const clientOrderId = rename(intent.clientOrderId, own);
          const report = await inner.submit({ ...intent, clientOrderId });
          return { ...report, clientOrderId: intent.clientOrderId };
        },
        find: () => Promise.resolve(null),
        async read(sinceSeq) {
          const now = await inner.read(sinceSeq);
          if (isFirst) {
            if (now.positions.length > 0) before = now;
            return now;
          }
          const old = before;
          before = null;
          return old === null ? now : { ...old, seq: now.seq };
        },
      });
    },
  };
}

Deno.test("carillon drill fails a program that does not ask after a crash and names its orders anew", async () => {
  const only = "crash_before_answer";
  const anew = await drill(only, forgetful((id, life) => `${id}-${life}`));
  assert.deepEqual(anew.cases[only]?.slice(0, 2), ["failed", "closed_twice"]);
  assert.equal(anew.code, 1);
  // With ids that are functions of their cause the broker knows the order, and nothing is closed twice.
  const same = await drill(only, forgetful((id) => id));
  assert.ok(!same.cases[only]?.includes("closed_twice"));
});

Deno.test("carillon drill fails a program that forgets what it was about when it died", async () => {
  const { code, cases } = await drill("no_fault,crash_after_record", {
    ...CARILLON,
    openRuntime: ({ journal, ...parts }) => {
      const isFirst = [...journal.read()].length === 0;
      return Runtime.open({
        ...parts,
        journal: isFirst ? journal : new MemoryJournal(),
      });
    },
  });
  assert.equal(code, 1);
  assert.deepEqual(cases.no_fault, ["survived"]);
  assert.ok(cases.crash_after_record?.includes("without_outcome"));
});

Deno.test("carillon drill fails a program that takes an unread list for an empty one", async () => {
  const { code, cases } = await drill("no_fault,half_open", {
    ...CARILLON,
    wrapBroker: (inner) =>
      withMethods(inner, {
        read: async (sinceSeq) => {
          try {
            return await inner.read(sinceSeq);
          } catch {
            return { seq: 0, positions: [], orders: [], fills: [] };
          }
        },
      }),
  });
  assert.equal(code, 1);
  assert.deepEqual(cases.no_fault, ["survived"]);
  assert.deepEqual(cases.half_open?.slice(0, 2), ["failed", "told_falsely"]);
});

Deno.test("carillon drill fails a program that is silent about what it cannot close", async () => {
  const { cases } = await drill("position_stays", {
    ...CARILLON,
    wrapBroker: (inner) =>
      withMethods(inner, {
        read: async (sinceSeq) => {
          const { positions, ...rest } = await inner.read(sinceSeq);
          return { ...rest, positions: positions.slice(0, 0) };
        },
      }),
  });
  assert.deepEqual(cases.position_stays, ["failed", "told_falsely"]);
});
