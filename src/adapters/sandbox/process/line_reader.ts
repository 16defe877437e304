/**
 * Bytes of a stranger -> lines, none longer than it may be.
 *
 * @module
 */

/** Who is told of lines. */
export interface LineWatch {
  line(text: string): void;
  /** Bytes that are too long for a line; the rest up to the next line's start is left out. */
  tooLong(bytes: number): void;
}

const NEWLINE = 0x0a;

/** Cuts a stream into lines and returns at its end. @units `bytesMax`: bytes */
export async function readLines(
  stream: ReadableStream<Uint8Array<ArrayBuffer>>,
  bytesMax: number,
  watch: LineWatch,
): Promise<void> {
  const decoder = new TextDecoder();
  let parts: Uint8Array[] = [];
  let length = 0;
  let isTooLong = false;
  const add = (part: Uint8Array) => {
    length += part.length;
    if (!isTooLong && length <= bytesMax) return void parts.push(part);
    watch.tooLong(isTooLong ? part.length : length);
    isTooLong = true;
    parts = [];
  };
  const end = () => {
    if (!isTooLong && length > 0) watch.line(decoder.decode(joined(parts)));
    parts = [];
    length = 0;
    isTooLong = false;
  };
  for await (const chunk of stream) {
    let from = 0;
    for (
      let at = chunk.indexOf(NEWLINE);
      at >= 0;
      at = chunk.indexOf(NEWLINE, from)
    ) {
      add(chunk.subarray(from, at));
      end();
      from = at + 1;
    }
    if (from < chunk.length) add(chunk.slice(from));
  }
}

function joined(parts: readonly Uint8Array[]): Uint8Array {
  const [only] = parts;
  if (parts.length === 1 && only !== undefined) return only;
  const whole = new Uint8Array(
    parts.reduce((sum, part) => sum + part.length, 0),
  );
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
