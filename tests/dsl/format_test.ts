import assert from "node:assert/strict";
import {
  formatIssues,
  issueToJson,
  makeSource,
  readSessions,
} from "../../dsl/mod.ts";
import { makeIssue } from "../../dsl/issue.ts";

function under(text: string, start: number, end: number): readonly string[] {
  const issue = makeIssue("yaml/empty", { span: { start, end } });
  return formatIssues([issue], makeSource("x", text)).split("\n").slice(1, 3);
}

/** The columns that stand over carets. */
function marked(lines: readonly string[]): string {
  const [line = "", carets = ""] = lines;
  const from = carets.indexOf("^");
  return line.slice(from, carets.lastIndexOf("^") + 1);
}

Deno.test("formatIssues() puts carets under the text", () => {
  const text = "name: london";
  assert.equal(marked(under(text, 6, 12)), "london");
});

Deno.test("formatIssues() puts carets under the text behind tabs", () => {
  const text = "\tname:\tlondon";
  assert.equal(marked(under(text, 7, 13)), "london");
});

Deno.test("formatIssues() counts wide characters as two columns", () => {
  const [line = "", carets = ""] = under("東京: x", 4, 5);
  // Two characters of two columns each: the caret stands two columns further than in the text.
  assert.equal(carets.indexOf("^"), line.indexOf("x") + 2);
  const [, emoji = ""] = under("🗼👩‍🚀: x", "🗼👩‍🚀: ".length, "🗼👩‍🚀: x".length);
  assert.equal(emoji, "     |       ^");
});

Deno.test("formatIssues() counts a combining accent as no column", () => {
  const [, carets = ""] = under("e\u0301: x", 4, 5);
  assert.equal(carets, "     |    ^");
});

Deno.test("formatIssues() keeps the carets on the first line of a span", () => {
  const lines = under("ab\ncd", 1, 5);
  assert.equal(marked(lines), "b");
});

Deno.test("formatIssues() shows one caret at the end of the text", () => {
  const [line = "", carets = ""] = under("ab", 2, 2);
  assert.equal(carets.indexOf("^"), line.length);
});

Deno.test("formatIssues() cuts a line that is too long around the carets", () => {
  const text = `${"a".repeat(500)}XYZ${"b".repeat(500)}`;
  const lines = under(text, 500, 503);
  assert.equal(marked(lines), "XYZ");
  assert.ok((lines[0] ?? "").length < 120);
  assert.match(lines[0] ?? "", /…a+XYZb+…$/);
});

Deno.test("formatIssues() lets nothing in the file command the terminal", () => {
  const text = "a: \x1b[2J\x07\u202E\x9b1m";
  const issue = makeIssue("yaml/empty", { span: { start: 0, end: 1 } });
  const report = formatIssues([issue], makeSource("x", text));
  // deno-lint-ignore no-control-regex -- control characters are what is looked for
  assert.ok(!/[\x00-\x09\x0B-\x1F\x7F-\x9F\u202E]/.test(report));
});

Deno.test("formatIssues() colours only where it is asked to", () => {
  const issue = makeIssue("yaml/empty", { span: { start: 0, end: 1 } });
  const source = makeSource("x", "abc");
  assert.ok(!formatIssues([issue], source).includes("\x1b"));
  const coloured = formatIssues([issue], source, { color: true });
  assert.ok(coloured.includes("\x1b[31;1merror[yaml/empty]\x1b[0m"));
  // deno-lint-ignore no-control-regex -- colours are control characters
  const plain = coloured.replaceAll(/\x1b\[[0-9;]*m/g, "");
  assert.equal(plain, formatIssues([issue], source));
});

Deno.test("formatIssues() says how many it leaves out", () => {
  const issue = makeIssue("yaml/empty", { path: "a" });
  const report = formatIssues([issue, issue, issue], null, { max: 1 });
  assert.equal(
    report,
    "a error[yaml/empty]: The file says nothing\n\n2 more\n",
  );
});

Deno.test("issueToJson() gives lines and columns from 1, in snake_case", () => {
  const issue = makeIssue("yaml/duplicate-key", {
    path: "a",
    span: { start: 3, end: 4 },
    received: '"b"',
    related: { label: "first", path: "a", span: { start: 0, end: 1 } },
  });
  assert.deepEqual(issueToJson(issue, makeSource("f.yaml", "a:\nb")), {
    code: "yaml/duplicate-key",
    severity: "error",
    message: 'The key "b" is written twice',
    path: "a",
    file: "f.yaml",
    line: 2,
    column: 1,
    end_line: 2,
    end_column: 2,
    expected: null,
    received: '"b"',
    hint: null,
    nearest: null,
    related: {
      label: "first",
      path: "a",
      file: "f.yaml",
      line: 1,
      column: 1,
      end_line: 1,
      end_column: 2,
    },
  });
});

Deno.test("formatIssues() and issueToJson() show nothing of a secret in a url", () => {
  const source = makeSource(
    "desk.yaml",
    'broker: {kind: http, url: "http://desk:p4ss@h/?token=s3cr3t", idd: 7}\n' +
      "sessions: [{start: 8, end: 16}]\n",
  );
  const reading = readSessions(source);
  assert.ok(!reading.ok);
  const { issues } = reading;
  assert.deepEqual(issues.map(({ code }) => code), [
    "account/secret-in-url",
    "file/unknown-key",
  ]);
  const told = formatIssues(issues, source) +
    JSON.stringify(issues.map((issue) => issueToJson(issue, source)));
  assert.doesNotMatch(told, /p4ss|s3cr3t/);
});
