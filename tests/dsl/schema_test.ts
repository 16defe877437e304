import assert from "node:assert/strict";
import { Ajv2020 } from "ajv/dist/2020.js";
import { CORE_SCHEMA, load } from "js-yaml";
import { makeSchema } from "../../dsl/mod.ts";
import { SCHEMA_FILE, schemaText } from "../../tools/make_schema.ts";
import { goldenBytes, goldenNames } from "../support/golden.ts";

Deno.test("schema.json is what the decoder declares (else: deno task schema)", () => {
  assert.equal(Deno.readTextFileSync(SCHEMA_FILE), schemaText());
});

const validate = new Ajv2020({ strict: false }).compile(makeSchema());

function asEditorSees(path: string): unknown {
  const text = new TextDecoder().decode(goldenBytes(path));
  return load(text, { schema: CORE_SCHEMA });
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
