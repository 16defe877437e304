import assert from "node:assert/strict";
import { Ajv2020 } from "ajv/dist/2020.js";
import { decodeSource, makeSchema } from "../../dsl/mod.ts";
import { IssueLog } from "../../dsl/issue_log.ts";
import { isNull, type Node } from "../../dsl/node.ts";
import { readYaml } from "../../dsl/read_yaml.ts";
import { SCHEMA_FILE, schemaText } from "../../tools/make_schema.ts";
import { goldenBytes, goldenNames } from "../support/golden.ts";

Deno.test("schema.json is what the decoder declares (else: deno task schema)", () => {
  assert.equal(Deno.readTextFileSync(SCHEMA_FILE), schemaText());
});

const validate = new Ajv2020({ strict: false }).compile(makeSchema());

/** What an editor makes of a file: YAML's core schema, in which a plain `8` is a number. */
function asEditorSees(path: string): unknown {
  const { source } = decodeSource(path, goldenBytes(path));
  const root = readYaml(source, new IssueLog());
  return root === null ? null : valueOf(root);
}

function valueOf(node: Node): unknown {
  switch (node.kind) {
    case "sequence":
      return node.items.map(valueOf);
    case "mapping":
      return Object.fromEntries(
        node.entries.map(({ key, value }) => [key, valueOf(value)]),
      );
    case "scalar":
      return node.isPlain ? plainValueOf(node) : node.text;
    default:
      return null;
  }
}

function plainValueOf(node: Node & { readonly kind: "scalar" }): unknown {
  if (isNull(node)) return null;
  if (/^(?:true|false)$/.test(node.text)) return node.text === "true";
  const isNumber = /^[-+]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][-+]?\d+)?$/;
  return isNumber.test(node.text) ? Number(node.text) : node.text;
}

for (const name of goldenNames("sessions", ".yaml")) {
  Deno.test(`schema.json accepts ${name}`, () => {
    const isValid = validate(asEditorSees(`sessions/${name}`));
    assert.ok(isValid, JSON.stringify(validate.errors, null, 2));
  });
}

// What an editor can know without cross-checks: keys, words and forms.
const REFUSED = [
  "unknown_key_in_file",
  "unknown_key_in_session",
  "unknown_keys_everywhere",
  "version_two",
  "time_twelve_hours",
  "duration_negative",
  "duration_without_unit",
  "date_american",
  "broker_unknown",
  "http_without_url",
  "http_with_unknown_key",
  "paper_with_bad_numbers",
  "boolean_in_quotes",
  "action_unknown",
  "moment_incomplete",
  "name_with_slash",
  "sessions_missing",
  "strategy_incomplete",
];

for (const title of REFUSED) {
  Deno.test(`schema.json refuses the broken file ${title}`, () => {
    const name = goldenNames("broken", `_${title}.yaml`)[0];
    assert.equal(validate(asEditorSees(`broken/${name}`)), false);
  });
}
