/**
 * Somebody else's server: keeps what it is sent, and answers as it is told.
 *
 * @module
 */

/** One request as it arrived. */
export interface Received {
  readonly method: string;
  /** Path and query. */
  readonly path: string;
  readonly type: string | null;
  readonly body: string;
}

/** A server on a port of its own, gone after the test. */
export interface HookServer extends AsyncDisposable {
  /** Its address, without a slash at the end. */
  readonly url: string;
  /** Everything that arrived, in this order. */
  readonly received: readonly Received[];
  /** Settles once so many requests have arrived, or one that fits. */
  readonly arrived: (what: number | RegExp) => Promise<void>;
}

/** Makes the answer to the n-th request, from 0. */
export type Answering = (
  index: number,
  request: Received,
) => Response | Promise<Response>;

/** The answer that never comes. */
export function never(): Promise<Response> {
  return Promise.withResolvers<Response>().promise;
}

/** Serves on loopback; by default everything is taken. */
export function serveHooks(
  answer: Answering = () => new Response(null, { status: 204 }),
): HookServer {
  const received: Received[] = [];
  const waiting = new Set<() => void>();
  const ending = new AbortController();
  const server = Deno.serve({
    hostname: "127.0.0.1",
    port: 0,
    signal: ending.signal,
    onListen: () => {},
  }, async (request) => {
    const { pathname, search } = new URL(request.url);
    const one: Received = {
      method: request.method,
      path: pathname + search,
      type: request.headers.get("content-type"),
      body: await request.text(),
    };
    const index = received.push(one) - 1;
    for (const look of waiting) look();
    return await answer(index, one);
  });
  return {
    url: `http://127.0.0.1:${server.addr.port}`,
    received,
    arrived: (what) =>
      new Promise((resolve) => {
        const look = () => {
          const isHere = typeof what === "number"
            ? received.length >= what
            : received.some(({ body }) => what.test(body));
          if (!isHere) return;
          waiting.delete(look);
          resolve();
        };
        waiting.add(look);
        look();
      }),
    async [Symbol.asyncDispose]() {
      ending.abort();
      await server.finished;
    },
  };
}
