/**
 * Who may talk to a paper broker that listens on loopback.
 *
 * @module
 */

import { errorReply, type PaperReply } from "./reply.ts";

const LOOPBACK = ["127.0.0.1", "localhost", "[::1]"] as const;

/**
 * Refuses requests that a page in the user's own browser could have sent.
 *
 * A page elsewhere can let its own name resolve to this machine; the `Host` it then sends gives it
 * away, and its `Origin` does where the name is right.
 */
export function checkOrigin(headers: Headers): PaperReply | null {
  if (!isLoopback(`http://${headers.get("host") ?? ""}`)) {
    return errorReply(403, "auth/wrong-host", "only loopback names are served");
  }
  const origin = headers.get("origin");
  if (origin !== null && !isLoopback(origin)) {
    return errorReply(
      403,
      "auth/wrong-origin",
      "only loopback pages are served",
    );
  }
  return null;
}

/** Refuses requests without the token. */
export function checkToken(
  headers: Headers,
  token: string,
): PaperReply | null {
  const given = headers.get("authorization") ?? "";
  // Clients of gateways call themselves bots.
  const secret = /^(?:Bearer|Bot) (.*)$/s.exec(given)?.[1] ?? "";
  if (isSameSecret(secret, token)) return null;
  return errorReply(
    401,
    "auth/unauthorized",
    "the bearer token is missing or wrong",
  );
}

/** Compares without telling by the time it takes how much is right. */
export function isSameSecret(given: string, wanted: string): boolean {
  let difference = given.length ^ wanted.length;
  for (let at = 0; at < wanted.length; at++) {
    difference |= given.charCodeAt(at) ^ wanted.charCodeAt(at);
  }
  return difference === 0;
}

function isLoopback(address: string): boolean {
  const url = URL.parse(address);
  return url !== null && LOOPBACK.some((name) => name === url.hostname);
}
