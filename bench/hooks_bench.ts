/**
 * What a hook adds to an edge: a call for which a guest stands ready, a call without one, and a
 * call of a guest that is kept, in both isolations, beside an empty `deno run` and an empty message
 * to a thread.
 *
 * The aim is less than 5 ms for a call with a guest ready. If that were missed, the program would
 * have to be loaded before its call as well, and code of the user's would run before its time.
 *
 * @module
 */

import { SystemClock } from "../src/adapters/clock/system_clock.ts";
import { ProcessIsolation } from "../src/adapters/sandbox/process/process_isolation.ts";
import { VmIsolation } from "../src/adapters/sandbox/vm/vm_isolation.ts";
import type {
  CallOptions,
  HookHost,
  HookProgram,
  Isolation,
  Limits,
} from "../src/runtime/isolation.ts";

const clock = new SystemClock();

const ENTRY = "file:///bench/hook.ts";

const program: HookProgram = {
  name: "custom_start",
  entry: ENTRY,
  modules: new Map([[ENTRY, {
    text:
      "interface Context { readonly n: number } export default (ctx: Context): number => ctx.n + 1;",
    kind: "ts",
  }]]),
  aliases: new Map(),
  grant: { net: [], read: [], write: [], env: {}, packages: [] },
  methods: [],
};

const limits: Limits = {
  memoryMb: 64,
  messageBytesMax: 64 * 1_024,
  outputBytesMax: 256 * 1_024,
  messagesMax: 1_000,
  graceMs: 100,
  callsMax: 1,
};

const options: CallOptions = { timeoutMs: 10_000, at: 0, seed: 1 };

const host: HookHost = {
  request: () => Promise.resolve(null),
  log: () => {},
};

/** How long a guest is given to be ready. @units milliseconds */
const READY_MS = 150;

async function measure(isolation: Isolation): Promise<void> {
  const fresh = await isolation.start(program, limits);
  const kept = await isolation.start(program, {
    ...limits,
    callsMax: Infinity,
  });
  let n = 0;
  const call = async (sandbox: typeof fresh) => {
    const outcome = await sandbox.call("/default", { n }, host, options);
    n++;
    if (outcome.kind !== "returned" || outcome.value !== n) {
      throw new Error(`Not as expected: ${JSON.stringify(outcome)}`);
    }
  };
  await call(kept);
  Deno.bench(`${isolation.kind}: a guest stands ready`, {
    group: "one call",
    n: 25,
    warmup: 2,
  }, async (b) => {
    await clock.sleepUntil(clock.now() + READY_MS);
    b.start();
    await call(fresh);
    b.end();
  });
  Deno.bench(`${isolation.kind}: the guest is kept`, {
    group: "one call of many",
    n: 500,
  }, async () => await call(kept));
}

const isolations: Isolation[] = [await VmIsolation.open({ clock })];
try {
  isolations.push(await ProcessIsolation.open({ clock }));
} catch {
  console.log("Processes are left out: run with --allow-run=deno");
}

if (isolations.length > 1) {
  Deno.bench(
    "an empty deno run",
    { group: "one call", baseline: true, n: 25 },
    async () => {
      await new Deno.Command("deno", {
        args: [
          "run",
          "--no-config",
          "--no-lock",
          "--quiet",
          "data:text/javascript,",
        ],
      }).output();
    },
  );
}

const echo = new Worker(
  URL.createObjectURL(
    new Blob(["onmessage = ({ data }) => postMessage(data);"]),
  ),
  { type: "module" },
);
let answered = (_data: unknown) => {};
echo.onmessage = ({ data }) => answered(data);
Deno.bench("an empty message to a thread and back", {
  group: "one call of many",
  baseline: true,
  n: 500,
}, async () => {
  await new Promise((resolve) => {
    answered = resolve;
    echo.postMessage(1);
  });
});

for (const isolation of isolations) await measure(isolation);
