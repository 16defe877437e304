/**
 * Anything that was thrown, in words: nothing in it can make this throw as well.
 *
 * @module
 */

/** What was thrown, as text. */
export interface Thrown {
  readonly message: string;
  readonly stack: string;
}

const UNTELLABLE = "Something was thrown that cannot be told";

/** Describes what was thrown, whatever it is. */
export function describeThrown(thrown: unknown): Thrown {
  return { message: messageOf(thrown), stack: textOf(thrown, "stack") };
}

function messageOf(thrown: unknown): string {
  if (isObject(thrown)) {
    const [name, message] = [textOf(thrown, "name"), textOf(thrown, "message")];
    if (message === "" && name === "") return inWords(thrown);
    const whole = name === "" ? message : `${name}: ${message}`;
    // Loaders put the name of an error before its text once more.
    return whole.replace(/^(?:\w*Error: )+(?=\w*Error: )|^Error: /, "");
  }
  return `Threw ${inWords(thrown)}`;
}

function isObject(value: unknown): value is object {
  return typeof value === "function" ||
    typeof value === "object" && value !== null;
}

/** Reads a property that may be a trap. */
function textOf(thrown: unknown, key: string): string {
  try {
    if (!isObject(thrown)) return "";
    const value: unknown = Reflect.get(thrown, key);
    return typeof value === "string" ? value : "";
  } catch {
    return "";
  }
}

function inWords(value: unknown): string {
  try {
    if (typeof value === "string") return JSON.stringify(value);
    if (!isObject(value)) return String(value);
    return JSON.stringify(value) ?? UNTELLABLE;
  } catch {
    return UNTELLABLE;
  }
}
