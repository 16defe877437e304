/**
 * `fetch` on behalf of code that has no network: to the hosts it was granted, hop by hop.
 *
 * @module
 */

import { CarillonError } from "../../../domain/error.ts";
import type { Json } from "../../../runtime/isolation.ts";
import type { Service } from "../call_run.ts";

/** How often an answer may send on. */
const REDIRECTS_MAX = 5;

/** Headers that belong to one host and are not shown to the next. */
const OWN_HEADERS: readonly string[] = ["authorization", "cookie"];

const REDIRECTS: readonly number[] = [301, 302, 303, 307, 308];

interface Asked {
  readonly url: URL;
  readonly method: string;
  readonly headers: Headers;
  readonly body: string | null;
}

/** Makes the service for a list of hosts. @units `bodyBytesMax`: bytes */
export function mediatedFetch(
  net: readonly string[],
  bodyBytesMax: number,
): Service {
  const hosts = new Set(net.map((host) => host.toLowerCase()));
  return async (args, signal) => {
    let asked = readAsked(args);
    for (let hops = 0; hops <= REDIRECTS_MAX; hops++) {
      requireHost(asked.url, hosts);
      const response = await request(asked, signal);
      const to = response.headers.get("location");
      if (!REDIRECTS.includes(response.status) || to === null) {
        return await describe(response, asked.url, hops > 0, bodyBytesMax);
      }
      await response.body?.cancel();
      asked = follow(asked, response.status, to);
    }
    throw refused(`more than ${REDIRECTS_MAX} redirects`);
  };
}

function refused(why: string): CarillonError {
  return new CarillonError("hook/not-possible", `Cannot fetch: ${why}`);
}

/** Refuses every host that was not named, a name's own port included. */
function requireHost(url: URL, hosts: ReadonlySet<string>): void {
  const isSecure = url.protocol === "https:";
  if (!isSecure && url.protocol !== "http:") {
    throw refused(`"${url.protocol}" is neither http nor https`);
  }
  const port = url.port === "" ? (isSecure ? "443" : "80") : url.port;
  const host = `${url.hostname}:${port}`;
  const isNamed = hosts.has(host) ||
    (port === "443" && hosts.has(url.hostname));
  if (!isNamed) {
    throw refused(`"${host}" is not among the hosts that "permissions" names`);
  }
}

async function request(
  { url, method, headers, body }: Asked,
  signal: AbortSignal,
): Promise<Response> {
  try {
    return await fetch(url, {
      method,
      headers,
      body,
      signal,
      redirect: "manual",
    });
  } catch (cause) {
    throw new CarillonError(
      "hook/failed",
      `Cannot fetch from "${url.host}": nobody answered`,
      { cause },
    );
  }
}

function follow(asked: Asked, status: number, to: string): Asked {
  const url = URL.parse(to, asked.url);
  if (url === null) throw refused("the redirect leads to no address");
  const headers = new Headers(asked.headers);
  if (url.origin !== asked.url.origin) {
    for (const name of OWN_HEADERS) headers.delete(name);
  }
  const becomesGet = status === 303 ||
    (status <= 302 && asked.method === "POST");
  return becomesGet
    ? { url, method: "GET", headers, body: null }
    : { ...asked, url, headers };
}

async function describe(
  response: Response,
  url: URL,
  redirected: boolean,
  bytesMax: number,
): Promise<Json> {
  const { status, statusText, headers } = response;
  const body = await readBody(response, bytesMax);
  return {
    status,
    statusText,
    url: url.href,
    redirected,
    headers: [...headers],
    body,
  };
}

async function readBody(response: Response, bytesMax: number): Promise<string> {
  const decoder = new TextDecoder();
  let text = "";
  let bytes = 0;
  for await (const chunk of response.body ?? []) {
    bytes += chunk.length;
    if (bytes > bytesMax) {
      throw refused(`the answer is longer than ${bytesMax} bytes`);
    }
    text += decoder.decode(chunk, { stream: true });
  }
  return text + decoder.decode();
}

function readAsked(args: Json): Asked {
  const { url, method, headers, body } = args as Readonly<
    Record<string, unknown>
  >;
  const address = typeof url === "string" ? URL.parse(url) : null;
  if (address === null) throw refused(`"${url}" is no address`);
  try {
    return {
      url: address,
      method: String(method).toUpperCase(),
      headers: new Headers(headers as [string, string][]),
      body: typeof body === "string" ? body : null,
    };
  } catch {
    throw refused("its headers are none");
  }
}
