/**
 * The quote or bracket that is still open at a place of a YAML text.
 *
 * @module
 */

/** What closes what. */
export const CLOSERS: Readonly<Record<string, string>> = {
  "[": "]",
  "{": "}",
  '"': '"',
  "'": "'",
};

/**
 * Where the innermost quote or bracket was opened that is not closed before `end`; `null` for none.
 *
 * A quote or bracket opens something only at the start of a value; inside of brackets a bracket
 * always counts. Block texts (`|`, `>`) are not told apart from others: this only helps a message.
 *
 * @units both: UTF-16 code units from the start of the text
 */
export function findOpener(text: string, end: number): number | null {
  const open: number[] = [];
  let isStart = true;
  for (let at = 0; at < end; at++) {
    const sign = text[at] ?? "";
    if (sign === "#" && /\s|^$/.test(text[at - 1] ?? "")) {
      at = lineEnd(text, at) - 1;
      continue;
    }
    if (isStart && (sign === '"' || sign === "'")) {
      const close = quoteEnd(text, at, end);
      if (close === null) return at;
      at = close;
    } else if ((sign === "[" || sign === "{") && (isStart || open.length > 0)) {
      open.push(at);
    } else if (sign === "]" || sign === "}") open.pop();
    isStart = startsValue(text, at, isStart);
  }
  return open.at(-1) ?? null;
}

/** Whether a value can start after this sign. */
function startsValue(text: string, at: number, wasStart: boolean): boolean {
  const sign = text[at] ?? "";
  if (/[[{,\r\n]/.test(sign)) return true;
  return /[ \t]/.test(sign) && (wasStart || /[:?-]/.test(text[at - 1] ?? ""));
}

function quoteEnd(text: string, from: number, end: number): number | null {
  const quote = text[from];
  for (let at = from + 1; at < end; at++) {
    if (quote === '"' && text[at] === "\\") at++;
    else if (text[at] !== quote) continue;
    else if (quote === "'" && text[at + 1] === "'") at++;
    else return at;
  }
  return null;
}

function lineEnd(text: string, from: number): number {
  const end = text.indexOf("\n", from);
  return end < 0 ? text.length : end;
}
