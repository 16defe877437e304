import assert from "node:assert/strict";
import fc from "fast-check";
import {
  decodeSource,
  makeSource,
  positionAt,
  readSessions,
  SOURCE_BYTES_MAX,
} from "../../dsl/mod.ts";
import { lineText } from "../../dsl/source.ts";

Deno.test("positionAt() counts lines by LF, CRLF and CR", () => {
  const source = makeSource("x", "a\nb\r\nc\rd");
  const positions = ["a", "b", "c", "d"].map((sign) =>
    positionAt(source, source.text.indexOf(sign))
  );
  assert.deepEqual(positions.map(({ line }) => line), [1, 2, 3, 4]);
  assert.deepEqual(positions.map(({ column }) => column), [1, 1, 1, 1]);
});

Deno.test("positionAt() counts a character beyond 16 bits as one column", () => {
  const source = makeSource("x", "a🗼é: x");
  assert.deepEqual(positionAt(source, source.text.indexOf("x")), {
    line: 1,
    column: 6,
  });
});

Deno.test("positionAt() leaves a byte order mark out", () => {
  const source = makeSource("x", "\uFEFFa: x");
  assert.deepEqual(positionAt(source, 1), { line: 1, column: 1 });
  assert.equal(lineText(source, 1), "a: x");
});

Deno.test("positionAt() and lineText() find every character again", () => {
  fc.assert(fc.property(
    fc.string({ unit: fc.constantFrom("a", "é", "🗼", "\n", "\r", "\t") }),
    fc.nat(60),
    (text, offset) => {
      const at = Math.min(offset, text.length);
      // Only places between characters: an offset inside of a pair is none.
      if (/[\uDC00-\uDFFF]/.test(text[at] ?? "")) return;
      const source = makeSource("x", text);
      const { line, column } = positionAt(source, at);
      const rest = [...lineText(source, line)].slice(column - 1).join("");
      assert.ok(text.slice(at).startsWith(rest));
    },
  ));
});

Deno.test("decodeSource() refuses what is larger than a session file may be", () => {
  const reading = decodeSource("x", new Uint8Array(SOURCE_BYTES_MAX + 1));
  assert.ok(!reading.ok);
  assert.deepEqual(reading.issues.map(({ code }) => code), [
    "source/too-large",
  ]);
});

Deno.test("readSessions() refuses a text that is larger than a session file may be", () => {
  const text = "#".repeat(SOURCE_BYTES_MAX + 1);
  const reading = readSessions(makeSource("x", text));
  assert.ok(!reading.ok);
  assert.deepEqual(reading.issues.map(({ code }) => code), [
    "source/too-large",
  ]);
});

Deno.test("decodeSource() finds the first byte that is not UTF-8", () => {
  const bytes = new TextEncoder().encode("é: 1\n🗼: 2\n");
  for (let at = 0; at < bytes.length; at++) {
    const broken = bytes.slice();
    broken[at] = 0xff;
    const reading = decodeSource("x", broken);
    assert.ok(!reading.ok);
    const { issues, source } = reading;
    // The last whole character before the bad byte ends where the text does.
    assert.equal(issues[0]?.span?.start, source.text.length);
    assert.ok(new TextEncoder().encode(source.text).length <= at);
  }
});

Deno.test("decodeSource() names the bad byte, not the one that shows it", () => {
  const receivedOf = (bytes: readonly number[]) => {
    const reading = decodeSource("x", new Uint8Array(bytes));
    return reading.ok ? null : reading.issues[0]?.received;
  };
  assert.equal(receivedOf([0x61, 0xe9, 0x0a]), "byte 0xe9");
  assert.equal(receivedOf([0xc3, 0xa9, 0xf0, 0x9f, 0x0a]), "byte 0xf0");
  assert.equal(receivedOf([0xef, 0xbb, 0xbf, 0xe9, 0x0a]), "byte 0xe9");
  assert.equal(receivedOf([0x61, 0xff, 0x0a]), "byte 0xff");
});

Deno.test("decodeSource() says that a character is unfinished at the end", () => {
  const reading = decodeSource("x", new Uint8Array([0x61, 0xf0, 0x9f]));
  assert.ok(!reading.ok);
  assert.equal(
    reading.issues[0]?.received,
    "an unfinished character at the end",
  );
});
