import assert from "node:assert/strict";
import { formatIssues } from "../../../dsl/mod.ts";
import { planHooks } from "../../../src/app/hooks/plan_hooks.ts";
import { withGrants } from "../../../src/app/hooks/require_grant.ts";
import { loadText, refusalOf } from "../../support/hooked_run.ts";

/** A file whose only hook is as told. */
function fileWith(hook: string): string {
  return `sessions:
  - name: desk
    start: 8
    end: "16:30"
    custom_start: ${hook}
`;
}

/** What is wrong, as people see it. */
async function told(
  hook: string,
  files: Readonly<Record<string, string>> = {},
): Promise<string> {
  const { problems, source } = await refusalOf(fileWith(hook), files);
  return formatIssues(problems, source);
}

/** What is wrong with a hook, and the sentence that says so. */
const WRONG: readonly (readonly [string, RegExp])[] = [
  [
    "missing.ts",
    /desk\.yaml:5:19 error\[hook\/unreadable\]: Cannot read "missing\.ts": there is no such file\n/,
  ],
  [
    "bad.ts",
    /error\[hook\/syntax\]: This is no code: bad\.ts:2:7: Identifier 'a' has already/,
  ],
  ["far.ts", /error\[hook\/import\]: .*far\.ts:1:8: Cannot import "https:/],
  [
    "fine.ts#other",
    /error\[hook\/no-export\]: The module does not export other\n.*\n.*\n.*\n.*expected: one of default, onOpen/s,
  ],
  [
    "{code: 'const x = 1'}",
    /error\[hook\/no-export\]: The module does not export default/,
  ],
  [
    '{code: "export default ("}',
    /error\[hook\/syntax\]: This is no code: line 1, column \d+ of its code: /,
  ],
  [
    "{module: fine.ts, isolation: vm, permissions: {read: [a], import: [left-pad]}}",
    /error\[hook\/isolation\]: Isolation "vm" cannot grant read, import to the code/,
  ],
  [
    '{module: fine.ts, permissions: {net: ["https://x.example.com/"]}}',
    /error\[hook\/permission\]: Cannot grant "https:\/\/x\.example\.com\/" to the code/,
  ],
  ['{module: fine.ts, permissions: {net: ["*"]}}', /hook\/permission.*"\*"/],
  [
    '{module: fine.ts, permissions: {net: ["x.example.com:0"]}}',
    /hook\/permission/,
  ],
  ['{module: fine.ts, permissions: {env: ["A*"]}}', /hook\/permission.*"A\*"/],
  [
    '{module: fine.ts, permissions: {import: ["https://esm.example.com/x"]}}',
    /hook\/permission.*esm/,
  ],
];

for (const [hook, expected] of WRONG) {
  Deno.test(`planHooks() says what is wrong with ${hook}`, async () => {
    const text = await told(hook, {
      "bad.ts": "let a = 1;\nconst a = 2;",
      "far.ts": 'import "https://example.com/a.ts"; export default 1;',
      "fine.ts": "export default () => {}; export const onOpen = () => {};",
    });
    assert.match(text, expected);
  });
}

for (const kind of ["run", "ffi", "sys"]) {
  Deno.test(`a hook cannot ask for the permission ${kind}`, () => {
    assert.throws(
      () => loadText(fileWith(`{module: x.ts, permissions: {${kind}: [a]}}`)),
      /file\/unknown-key/,
    );
  });
}

Deno.test("planHooks() reports every problem of every hook at once", async () => {
  const { problems } = await refusalOf(
    `${fileWith("missing.ts")}    custom_end: also_missing.ts
    on_end: [custom_end]
`,
  );
  assert.deepEqual(problems.map(({ code }) => code), [
    "hook/unreadable",
    "hook/unreadable",
  ]);
});

/** A hook that asks for what no test run is granted. */
function wishes(permissions: string) {
  return planHooks(
    loadText(
      fileWith(`{code: "export default 1", permissions: ${permissions}}`),
    ),
  );
}

Deno.test("withGrants() hands variables over, and hosts with their port", async () => {
  const plan = await wishes("{net: [localhost], env: [HOME]}");
  assert.ok(plan.ok);
  const [hook] = plan.hooks;
  assert.deepEqual(hook?.program.grant.env, {}, "nothing is read before a run");
  const [granted] = withGrants(plan.hooks);
  assert.deepEqual(granted?.program.grant.net, ["localhost:443"]);
  assert.deepEqual(Object.keys(granted?.program.grant.env ?? {}), ["HOME"]);
});

Deno.test("withGrants() refuses a variable that is not set", async () => {
  const plan = await wishes("{env: [CARILLON_TEST_NOBODY_SETS_THIS]}");
  assert.ok(plan.ok);
  assert.throws(() => withGrants(plan.hooks), {
    code: "secret/missing",
    message: /CARILLON_TEST_NOBODY_SETS_THIS.*it is not set/,
  });
});
