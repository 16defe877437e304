/**
 * A broker's address: what may be in it, and what is refused rather than left out.
 *
 * @module
 */

import { CarillonError } from "../../../domain/error.ts";

/** An address that can be used. */
export interface BrokerAddress {
  /** Scheme, host and port, for messages; holds no secret. */
  readonly name: string;
  /** What every path of the protocol is appended to. */
  readonly root: string;
}

/**
 * Reads an address: scheme, host, port and perhaps a path.
 *
 * Everything else would be left out silently, or end up in the logs of every machine on the way.
 *
 * @throws {CarillonError} "broker/bad-address"; the message shows nothing that may be a secret
 */
export function brokerAddress(text: string): BrokerAddress {
  const url = URL.parse(text);
  if (url === null || url.hostname === "") {
    // Not shown: what cannot be taken apart may hold a secret anywhere.
    throw refusal(
      "at the address given",
      "it is none; write one such as https://bridge.example.com",
    );
  }
  const name = `${url.protocol}//${url.host}`;
  if (url.protocol !== "http:" && url.protocol !== "https:") {
    throw refusal(`at ${name}`, "the address must begin with http or https");
  }
  const surplus = surplusOf(url);
  if (surplus !== null) throw refusal(`at ${name}`, surplus);
  return { name, root: name + url.pathname.replace(/\/+$/, "") };
}

function surplusOf(url: URL): string | null {
  if (url.username !== "" || url.password !== "") {
    return "the address holds a user name or a password; give a token instead";
  }
  if (url.search !== "") {
    return "the address holds a query (?...); a token is given by itself";
  }
  if (url.hash !== "") return "the address holds a fragment (#...)";
  return null;
}

function refusal(where: string, why: string): CarillonError {
  return new CarillonError(
    "broker/bad-address",
    `Cannot use the broker ${where}: ${why}`,
    { details: { outcome: "unsent" } },
  );
}
