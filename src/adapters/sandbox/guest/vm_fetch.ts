/**
 * `fetch` for a machine without a network: the host does it, and looks at every hop.
 *
 * @module
 */

/** The name of the service that the host offers. */
export const FETCH_SERVICE = "$fetch";

interface Fetched {
  readonly status: number;
  readonly statusText: string;
  readonly url: string;
  readonly redirected: boolean;
  readonly headers: readonly (readonly [string, string])[];
  readonly body: string;
}

/** Puts `fetch` in place. */
export function installFetch(
  ask: (name: string, args: unknown) => Promise<unknown>,
): void {
  const value = async (
    url: unknown,
    options: Readonly<Record<string, unknown>> = {},
  ) => {
    const { method, headers, body } = options;
    const fetched = await ask(FETCH_SERVICE, {
      url: String(url),
      method: method === undefined ? "GET" : String(method),
      headers: headerPairs(headers),
      body: body === undefined || body === null ? null : String(body),
    });
    return makeResponse(fetched as Fetched);
  };
  Object.defineProperty(globalThis, "fetch", {
    value,
    writable: true,
    configurable: true,
  });
}

function headerPairs(headers: unknown): readonly (readonly string[])[] {
  if (typeof headers !== "object" || headers === null) return [];
  const pairs = Array.isArray(headers) ? headers : Object.entries(headers);
  return pairs.map(([name, value]) => [String(name), String(value)]);
}

function makeResponse(fetched: Fetched): object {
  const { status, statusText, url, redirected, body } = fetched;
  const headers = new Map(fetched.headers);
  return {
    status,
    statusText,
    url,
    redirected,
    ok: status >= 200 && status < 300,
    headers: {
      get: (name: string) => headers.get(name.toLowerCase()) ?? null,
      has: (name: string) => headers.has(name.toLowerCase()),
      entries: () => headers.entries(),
      [Symbol.iterator]: () => headers.entries(),
    },
    text: () => Promise.resolve(body),
    json: () => Promise.resolve().then(() => JSON.parse(body)),
  };
}
