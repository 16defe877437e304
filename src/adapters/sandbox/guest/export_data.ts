/**
 * An exported value as data, and the functions in it by their place.
 *
 * @module
 */

const DEPTH_MAX = 60;

/** A module's exports. */
export type Namespace = Readonly<Record<string, unknown>>;

/** Turns a value into data: functions become handles, what is no data says what it is. */
export function toData(value: unknown, handle: string, depth = 0): unknown {
  if (typeof value === "function") return { $function: handle };
  if (typeof value === "bigint" || typeof value === "symbol") {
    return { $value: typeof value, text: String(value) };
  }
  if (typeof value === "number" && !Number.isFinite(value)) {
    return { $value: "number", text: String(value) };
  }
  if (typeof value !== "object" || value === null) return value;
  if (depth > DEPTH_MAX) {
    throw new RangeError(
      `Cannot read "${handle}": it is nested more than ${DEPTH_MAX} deep`,
    );
  }
  const inside = (key: string | number, item: unknown) =>
    toData(item, `${handle}/${escapeKey(String(key))}`, depth + 1);
  if (Array.isArray(value)) {
    return Array.from(value, (item, index) => inside(index, item) ?? null);
  }
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype !== null && prototype !== Object.prototype) {
    return { $value: className(value), text: String(value) };
  }
  return Object.fromEntries(
    Object.entries(value)
      .filter(([, item]) => item !== undefined)
      .map(([key, item]) => [key, inside(key, item)]),
  );
}

/** Temporal says its own name by a tag, a class by its constructor. */
function className(value: object): string {
  const tag: unknown = Reflect.get(value, Symbol.toStringTag);
  if (typeof tag === "string") return tag;
  const { constructor } = value;
  return typeof constructor === "function" ? constructor.name : "unknown";
}

function escapeKey(key: string): string {
  return key.replaceAll("~", "~0").replaceAll("/", "~1");
}

/** A function and the object it was found in. */
export interface Found {
  readonly run: (...args: readonly unknown[]) => unknown;
  readonly self: unknown;
}

/**
 * Finds the function behind a handle; only own properties count.
 *
 * @throws {TypeError} if there is none
 */
export function findFunction(exports: Namespace, handle: string): Found {
  let self: unknown = undefined;
  let value: unknown = exports;
  for (const part of handle.split("/").slice(1)) {
    const key = part.replaceAll("~1", "/").replaceAll("~0", "~");
    self = value;
    value =
      typeof self === "object" && self !== null && Object.hasOwn(self, key)
        ? Reflect.get(self, key)
        : undefined;
  }
  if (typeof value !== "function") {
    const name = handle.slice(1);
    throw new TypeError(`Export a function "${name}": there is none`);
  }
  // A function that a module exports is called as one, not as a method of all exports.
  return {
    run: value as Found["run"],
    self: self === exports ? undefined : self,
  };
}
