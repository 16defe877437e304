/**
 * What code might try in order to get out of its sandbox.
 *
 * Each attempt is the body of a hook, which is given where its targets are as `ctx.at`. What it
 * achieves is told by what happened: what it tried to learn turns up in what it says, what it
 * tried to write is there, whom it tried to reach was reached.
 *
 * @module
 */

import type { Grant } from "../../src/runtime/isolation.ts";

/** Where the targets of one attempt are. */
export interface World {
  /** The attempt's own name: it is in everything that it leaves behind. */
  readonly id: string;
  /** A folder with a file that holds the secret, as text, JSON, and a module. */
  readonly folder: string;
  readonly canary: string;
  readonly canaryJson: string;
  readonly canaryModule: string;
  /** What an attempt tries to write. */
  readonly marker: string;
  /** A server that nobody granted. */
  readonly port: number;
  /** A server that is granted to some, and sends on to the other one. */
  readonly grantedPort: number;
  /** A process beside the host. */
  readonly bystander: number;
  /** What an attempt says that has done what it wanted. */
  readonly done: string;
}

/** One attempt. */
export interface Attempt {
  readonly id: string;
  /** What is tried, for the table. */
  readonly tries: string;
  /** Static imports; `{name}` stands for a field of the world. */
  readonly head?: string;
  readonly body: string;
  readonly grant?: (world: World) => Partial<Grant>;
  /** Why it cannot be shown to work outside of a sandbox. */
  readonly notOutside?: string;
}

/** The variable of the host's environment that holds the secret. */
export const VARIABLE = "CARILLON_CANARY";

const FILES: readonly Attempt[] = [
  {
    id: "file-read",
    tries: "read a file",
    body: "return await Deno.readTextFile(at.canary);",
  },
  {
    id: "file-read-node",
    tries: "read a file by a built-in module of Node",
    body:
      'return process.getBuiltinModule("fs").readFileSync(at.canary, "utf8");',
  },
  {
    id: "file-read-open",
    tries: "open a file and read it",
    body:
      "using file = Deno.openSync(at.canary); const b = new Uint8Array(200); file.readSync(b); return String.fromCharCode(...b);",
  },
  {
    id: "file-fetch",
    tries: "fetch a file by its address",
    body: 'return await (await fetch("file://" + at.canary)).text();',
  },
  {
    id: "file-list",
    tries: "list a directory",
    body:
      "const names = Array.from(Deno.readDirSync(at.folder)); if (names.length > 0) return at.done;",
  },
  {
    id: "file-stat",
    tries: "ask whether a file is there",
    body: "if (Deno.statSync(at.canary).isFile) return at.done;",
  },
  {
    id: "file-require",
    tries: "require a file",
    body:
      'return process.getBuiltinModule("module").createRequire("file:///x.js")(at.canaryJson);',
  },
  {
    id: "file-write",
    tries: "write a file",
    body: 'await Deno.writeTextFile(at.marker, "x");',
  },
  {
    id: "file-write-node",
    tries: "write a file by a built-in module of Node",
    body: 'process.getBuiltinModule("fs").writeFileSync(at.marker, "x");',
  },
  {
    id: "file-temporary",
    tries: "make a temporary file",
    body:
      "Deno.makeTempFileSync({ dir: at.folder, prefix: 'marker-' + at.id });",
  },
  {
    id: "file-database",
    tries: "open a database on disk",
    body:
      'const { DatabaseSync } = process.getBuiltinModule("sqlite"); new DatabaseSync(at.marker).exec("create table t (x)");',
  },
  {
    id: "file-symlink",
    tries: "reach a file by a link in a granted directory",
    body:
      'Deno.symlinkSync(at.canary, at.folder + "/granted/link-" + at.id); return Deno.readTextFileSync(at.folder + "/granted/link-" + at.id);',
    grant: ({ folder }) => ({
      read: [`${folder}/granted`],
      write: [`${folder}/granted`],
    }),
  },
  {
    id: "file-dots",
    tries: "reach a file by dots from a granted directory",
    body: 'return Deno.readTextFileSync(at.folder + "/granted/../canary.txt");',
    grant: ({ folder }) => ({ read: [`${folder}/granted`] }),
  },
  {
    id: "file-ask",
    tries: "ask for the permission to read",
    body:
      'await Deno.permissions.request({ name: "read" }); return Deno.readTextFileSync(at.canary);',
  },
  {
    id: "file-other-realm",
    tries: "read a file from another realm",
    body:
      'const { runInNewContext } = process.getBuiltinModule("vm"); return runInNewContext("D", { D: Deno }).readTextFileSync(at.canary);',
  },
  {
    id: "file-made-code",
    tries: "read a file by code made at run time",
    body:
      'return new Function("path", "return Deno.readTextFileSync(path)")(at.canary);',
  },
  {
    id: "file-thread",
    tries: "read a file from a thread",
    body:
      `const text = "self.postMessage(Deno.readTextFileSync(" + JSON.stringify(at.canary) + "))";
      const worker = new Worker(URL.createObjectURL(new Blob([text])), { type: "module" });
      return await new Promise((go, stop) => { worker.onmessage = (e) => { worker.terminate(); go(e.data); }; worker.onerror = (e) => { e.preventDefault(); worker.terminate(); stop(e.message); }; });`,
  },
  {
    id: "file-thread-node",
    tries: "write a file from a thread of Node",
    body:
      `const { Worker: Thread } = process.getBuiltinModule("worker_threads");
      const text = "require('fs').writeFileSync(" + JSON.stringify(at.marker) + ", 'x')";
      const thread = new Thread(text, { eval: true });
      await new Promise((go, stop) => { thread.on("exit", go); thread.on("error", stop); });`,
  },
];

const ENVIRONMENT: readonly Attempt[] = [
  {
    id: "env-read",
    tries: "read a variable",
    body: `return Deno.env.get("${VARIABLE}");`,
  },
  {
    id: "env-read-node",
    tries: "read a variable by way of Node",
    body: `return process.env.${VARIABLE};`,
  },
  {
    id: "env-list",
    tries: "list all variables",
    body: "return Deno.env.toObject();",
  },
  {
    id: "env-list-node",
    tries: "list all variables by way of Node",
    body: "return JSON.stringify(process.env);",
  },
  {
    id: "env-proc",
    tries: "read the environment of a process from the system",
    body:
      'return Deno.readTextFileSync("/proc/self/environ") + Deno.readTextFileSync("/proc/" + Deno.ppid + "/environ");',
  },
  {
    id: "env-arguments",
    tries: "read the words the host was started with",
    body: "return Deno.args.join(' ');",
  },
  {
    id: "system-name",
    tries: "ask for the machine's name",
    body: "if (Deno.hostname() !== '') return at.done;",
  },
  {
    id: "system-interfaces",
    tries: "list the network's interfaces",
    body: "if (Deno.networkInterfaces().length > 0) return at.done;",
  },
  {
    id: "system-folder",
    tries: "change the host's directory",
    body:
      "Deno.chdir(at.folder); if (Deno.cwd() === at.folder) return at.done;",
  },
];

const NETWORK: readonly Attempt[] = [
  {
    id: "net-fetch",
    tries: "fetch from a host",
    body: 'await fetch("http://127.0.0.1:" + at.port + "/" + at.id);',
  },
  {
    id: "net-fetch-name",
    tries: "fetch from a host by another name",
    body: 'await fetch("http://localhost:" + at.port + "/" + at.id);',
    grant: ({ grantedPort }) => ({ net: [`127.0.0.1:${grantedPort}`] }),
  },
  {
    id: "net-fetch-port",
    tries: "fetch from another port of a granted host",
    body: 'await fetch("http://127.0.0.1:" + at.port + "/" + at.id);',
    grant: ({ grantedPort }) => ({ net: [`127.0.0.1:${grantedPort}`] }),
  },
  {
    id: "net-fetch-host-only",
    tries: "fetch from a port of a host that was granted without one",
    body: 'await fetch("http://127.0.0.1:" + at.port + "/" + at.id);',
    grant: () => ({ net: ["127.0.0.1"] }),
  },
  {
    id: "net-redirect",
    tries: "be sent on by a granted host to another",
    body: 'await fetch("http://127.0.0.1:" + at.grantedPort + "/" + at.id);',
    grant: ({ grantedPort }) => ({ net: [`127.0.0.1:${grantedPort}`] }),
  },
  {
    id: "net-connect",
    tries: "connect to a port",
    body:
      'using c = await Deno.connect({ hostname: "127.0.0.1", port: at.port }); await c.write(new TextEncoder().encode("GET /" + at.id + " \\n")); await c.read(new Uint8Array(9));',
  },
  {
    id: "net-connect-node",
    tries: "connect to a port by way of Node",
    body:
      `const socket = process.getBuiltinModule("net").connect(at.port, "127.0.0.1");
      await new Promise((go, stop) => { socket.on("error", stop); socket.on("connect", () => socket.write("GET /" + at.id + " \\n")); socket.on("data", go); });
      socket.destroy();`,
  },
  {
    id: "net-http-node",
    tries: "fetch from a host by way of Node",
    body:
      'await new Promise((go, stop) => process.getBuiltinModule("http").get("http://127.0.0.1:" + at.port + "/" + at.id, go).on("error", stop));',
  },
  {
    id: "net-websocket",
    tries: "open a WebSocket",
    body:
      'const s = new WebSocket("ws://127.0.0.1:" + at.port + "/" + at.id); await new Promise((go) => { s.onopen = s.onerror = s.onclose = go; });',
  },
  {
    id: "net-listen",
    tries: "serve on a port",
    body:
      'using l = Deno.listen({ hostname: "127.0.0.1", port: 0 }); if (l.addr.port > 0) return at.done;',
  },
  {
    id: "net-name",
    tries: "look up a name",
    body:
      'const { lookup } = process.getBuiltinModule("dns").promises; if ((await lookup("localhost")).address) return at.done;',
  },
];

const PROGRAMS: readonly Attempt[] = [
  {
    id: "run-command",
    tries: "run a program",
    body:
      'await new Deno.Command("sh", { args: ["-c", "echo x > " + at.marker] }).output();',
  },
  {
    id: "run-command-node",
    tries: "run a program by way of Node",
    body:
      'process.getBuiltinModule("child_process").execSync("echo x > " + at.marker);',
  },
  {
    id: "run-itself",
    tries: "run the engine once more with all rights",
    body:
      'await new Deno.Command(Deno.execPath(), { args: ["eval", "Deno.writeTextFileSync(" + JSON.stringify(at.marker) + ", \'x\')"] }).output();',
  },
  {
    id: "native-open",
    tries: "load native code",
    body:
      'Deno.dlopen("libc.so.6", { getpid: { parameters: [], result: "i32" } }).close(); return at.done;',
  },
  {
    id: "native-open-node",
    tries: "load native code by way of Node",
    body:
      'try { process.dlopen({ exports: {} }, "libc.so.6"); } catch (e) { if (!/ermission|NotCapable|ffi|isolation/.test(String(e) + e.name)) return at.done; throw e; }',
  },
  {
    id: "kill-parent",
    tries: "kill the parent",
    body: 'Deno.kill(Deno.ppid, "SIGKILL"); return at.done;',
  },
  {
    id: "kill-parent-node",
    tries: "kill the parent by way of Node",
    body: "process.kill(process.ppid, 9); return at.done;",
  },
  {
    id: "kill-another",
    tries: "kill another process",
    body: 'Deno.kill(at.bystander, "SIGKILL"); return at.done;',
  },
  {
    id: "kill-itself",
    tries: "kill its own process, which might be the host",
    body: 'Deno.kill(Deno.pid, "SIGKILL");',
  },
  {
    id: "exit",
    tries: "exit, and the host with it",
    body: "Deno.exit(0);",
  },
  {
    id: "exit-node",
    tries: "abort, and the host with it",
    body: "process.abort();",
  },
  {
    id: "crash-rejection",
    tries: "bring the host down by what nobody catches",
    body:
      "Promise.reject(new Error('lost')); setTimeout(() => { throw new Error('lost'); }, 1); await new Promise((go) => setTimeout(go, 30));",
  },
  {
    id: "signal-handler",
    tries: "take over a signal of the host",
    body:
      'Deno.addSignalListener("SIGTERM", () => { Deno.writeTextFileSync(at.marker, "x"); Deno.exit(0); });',
  },
];

const IMPORTS: readonly Attempt[] = [
  {
    id: "import-json",
    tries: "import a file of data",
    head: 'import data from "file://{canaryJson}" with { type: "json" };',
    body: "return data;",
  },
  {
    id: "import-module",
    tries: "import a file of code",
    head: 'import secret from "file://{canaryModule}";',
    body: "return secret;",
  },
  {
    id: "import-literal",
    tries: "import a file of code in the middle of a call",
    body: 'return (await import("file://{canaryModule}")).default;',
  },
  {
    id: "import-computed",
    tries: "import a file by a computed name",
    body:
      'return (await import(["file:/", at.canaryModule].join("/"))).default;',
  },
  {
    id: "import-http",
    tries: "import code from a host",
    head: 'import "http://127.0.0.1:{port}/{id}";',
    body: "return 1;",
  },
  {
    id: "import-http-computed",
    tries: "import code from a host by a computed name",
    body: 'await import("http://127.0.0.1:" + at.port + "/" + at.id);',
  },
  {
    id: "import-npm",
    tries: "import a package that was not granted",
    head: 'import Decimal from "npm:decimal.js@10";',
    body: "if (new Decimal(1).plus(1).eq(2)) return at.done;",
  },
  {
    id: "import-npm-computed",
    tries: "import a package by a computed name",
    body:
      'const name = "npm:decimal.js@10"; if ((await import(name)).default) return at.done;',
  },
  {
    id: "import-jsr",
    tries: "import a package of the other registry",
    head: 'import "jsr:@std/assert@1";',
    body: "return at.done;",
    notOutside: "needs a registry",
  },
  {
    id: "import-data",
    tries: "import code out of its own address",
    head: 'import done from "data:text/javascript,export default globalThis";',
    body: "if (done === globalThis) return at.done;",
  },
  {
    id: "import-data-reads",
    tries: "read a file in code out of its own address",
    body:
      'return (await import("data:text/javascript," + encodeURIComponent("export default Deno.readTextFileSync(" + JSON.stringify(at.canary) + ")"))).default;',
  },
  {
    id: "import-blob-reads",
    tries: "import a file from code that it made itself",
    body:
      `const text = 'import s from "file://' + at.canaryModule + '"; export default s;';
      const url = URL.createObjectURL(new Blob([text], { type: "text/javascript" }));
      return (await import(url)).default;`,
  },
  {
    id: "import-built-in",
    tries: "import a built-in module and read by it",
    head: 'import { readFileSync } from "node:fs";',
    body: 'return readFileSync(at.canary, "utf8");',
  },
];

const BORDERS: readonly Attempt[] = [
  {
    id: "stdin",
    tries: "read what the host is being told",
    body:
      "const b = new Uint8Array(500); const n = Deno.stdin.readSync(b) ?? 0; return String.fromCharCode(...b.subarray(0, n));",
  },
  {
    id: "stdout",
    tries: "write in the host's name",
    body:
      'Deno.stdout.writeSync(new TextEncoder().encode("PRINTED-" + at.id + "\\n"));',
  },
  {
    id: "stdout-console",
    tries: "write in the host's name by the console",
    body: 'console.log("PRINTED-" + at.id);',
  },
  {
    id: "stderr-node",
    tries: "write errors in the host's name by way of Node",
    body:
      'await new Promise((go) => process.stderr.write("PRINTED-" + at.id + "\\n", go));',
  },
  {
    id: "channel",
    tries: "speak to the host by a channel",
    body:
      'const c = new BroadcastChannel("desk"); c.postMessage(at.id); await new Promise((go) => setTimeout(go, 30)); c.close();',
  },
  {
    id: "cache",
    tries: "read what the host keeps in a cache",
    body:
      'return await (await (await caches.open("desk")).match("http://desk.example/"))?.text();',
  },
  {
    id: "storage",
    tries: "read what the host keeps in its storage",
    body: 'return localStorage.getItem("desk");',
  },
  {
    id: "pollution",
    tries: "change the prototype of all objects",
    body: "Object.prototype.polluted = at.id;",
  },
  {
    id: "pollution-returned",
    tries: "return a key that changes a prototype",
    body: 'return JSON.parse(\'{"__proto__": {"polluted": true}}\');',
    notOutside: "not under Deno",
  },
  {
    id: "pollution-asked",
    tries: "ask with a key that changes a prototype",
    body:
      'await ctx.broker.quote(JSON.parse(\'{"__proto__": {"polluted": true}}\'));',
    notOutside: "not under Deno",
  },
  {
    id: "pollution-parser",
    tries: "replace what the host reads JSON with",
    body: "JSON.parse = () => ({ polluted: true });",
  },
  {
    id: "context-change",
    tries: "change what the host handed over",
    body: 'ctx.session.name = "another";',
  },
  {
    id: "context-secret",
    tries: "find the broker's token in the context",
    body: `const seen = new Set(); const found = [];
      (function look(value) { if (value === null || typeof value !== "object" && typeof value !== "function" || seen.has(value) || seen.size > 5000) return;
        seen.add(value);
        for (const key of Reflect.ownKeys(value)) { try { const one = value[key]; if (typeof one === "string") found.push(one); look(one); } catch {} } })({ ...ctx, at: null });
      return found.filter((text) => text.startsWith("SECRET")).join();`,
  },
  {
    id: "error-secret",
    tries: "find the broker's token in an error",
    body:
      "try { await ctx.broker.order({}); } catch (e) { return [e.message, e.stack, e.cause?.message, JSON.stringify(e)].join(); }",
  },
  {
    id: "forged-request",
    tries: "ask for a method that was not granted",
    body:
      `const line = JSON.stringify({ type: "ask", call: "1", request: 99, name: "broker.close", args: null }) + "\\n";
      if (ctx.host) await ctx.host.request("broker.close", null); else Deno.stdout.writeSync(new TextEncoder().encode(line)); await ctx.broker.quote(1);`,
  },
  {
    id: "forged-fetch",
    tries: "ask the host to fetch what was not granted",
    body:
      `const args = { url: "http://127.0.0.1:" + at.port + "/" + at.id, method: "GET", headers: [], body: null };
      const line = JSON.stringify({ type: "ask", call: "1", request: 98, name: "$fetch", args }) + "\\n";
      if (ctx.host) await fetch(args.url); else if (typeof process === "object") Deno.stdout.writeSync(new TextEncoder().encode(line)); await ctx.broker.quote(1); await fetch(args.url);`,
  },
  {
    id: "late-work",
    tries: "go on after its end",
    body:
      'setTimeout(() => { ctx.broker.quote("late-" + at.id); }, 20); Promise.resolve().then(() => new Promise((go) => setTimeout(go, 30))).then(() => ctx.log("late-" + at.id)); return 1;',
  },
  {
    id: "late-thread",
    tries: "go on after its end in a thread",
    body:
      `const text = "setTimeout(() => fetch('http://127.0.0.1:" + at.grantedPort + "/late-" + at.id + "'), 60)";
      new Worker(URL.createObjectURL(new Blob([text])), { type: "module" }); return 1;`,
    grant: ({ grantedPort }) => ({ net: [`127.0.0.1:${grantedPort}`] }),
  },
];

/** All of them. */
export const ATTEMPTS: readonly Attempt[] = [
  ...FILES,
  ...ENVIRONMENT,
  ...NETWORK,
  ...PROGRAMS,
  ...IMPORTS,
  ...BORDERS,
];

/** The attempt as a module. */
export function attemptText(
  { head = "", body }: Attempt,
  world: World,
): string {
  const text =
    `${head}\nexport default async (ctx) => { const { at } = ctx; ${body} };\n`;
  return text.replaceAll(
    /\{(canaryJson|canaryModule|port|id)\}/g,
    (_, name: keyof World) => String(world[name]),
  );
}
