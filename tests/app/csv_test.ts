import assert from "node:assert/strict";
import fc from "fast-check";
import { csvRecord, foreign, own } from "../../src/app/record/csv.ts";

/** Reads one record back, as RFC 4180 says. */
function parse(record: string): readonly string[] {
  assert.ok(record.endsWith("\r\n"), "a record ends its line");
  const cells: string[] = [];
  const cell = /(?:"((?:[^"]|"")*)"|([^",\r\n]*))(?:,|\r\n$)/gy;
  for (let at = 0; at < record.length; at = cell.lastIndex) {
    cell.lastIndex = at;
    const found = cell.exec(record);
    assert.ok(found !== null, `"${record}" cannot be read at ${at}`);
    const [, quoted, plain] = found;
    cells.push(quoted?.replaceAll('""', '"') ?? plain ?? "");
  }
  return cells;
}

Deno.test("csvRecord() is read back as it was written, whatever the text", () => {
  fc.assert(
    fc.property(
      fc.array(fc.string({ unit: "binary" }), { minLength: 1 }),
      (texts) => {
        assert.deepEqual(parse(csvRecord(texts.map(own))), texts);
      },
    ),
  );
});

Deno.test("csvRecord() lets no text from outside begin as a formula", () => {
  fc.assert(
    fc.property(
      fc.constantFrom("=", "+", "-", "@", "\t=", "\r=", " -", "\uFF1D"),
      fc.string(),
      (start, rest) => {
        const [cell = ""] = parse(csvRecord([foreign(`${start}${rest}`)]));
        assert.equal(cell, `'${start}${rest}`);
      },
    ),
  );
});

Deno.test("csvRecord() leaves numbers of ours as numbers", () => {
  assert.equal(csvRecord([own(-5), own("-0.5"), null]), "-5,-0.5,\r\n");
});
