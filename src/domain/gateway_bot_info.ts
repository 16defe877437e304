/**
 * What a gateway says before anybody connects: where it is, how many shards it wants, and how many
 * may start.
 *
 * @module
 */

import {
  decodeSessionStartLimit,
  type SessionStartLimit,
  undecodable,
  wireCount,
  wireFields,
} from "./session_start_limit.ts";

/** What a gateway's information is made of. */
export interface GatewayBotInfoFields {
  /** Address of the gateway: ws or wss. */
  readonly url: string;
  /** How many shards the gateway recommends. */
  readonly shardCount: number;
  /** How many sessions may still be started. */
  readonly sessionStartLimit: SessionStartLimit;
}

/**
 * The answer to `GET /gateway/bot`; a value that never changes.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * const info = decodeGatewayBotInfo({
 *   url: "wss://gateway.example.com",
 *   shards: 5,
 *   session_start_limit: {
 *     total: 1000,
 *     remaining: 991,
 *     reset_after: 14_170_186,
 *     max_concurrency: 5,
 *   },
 * }, Temporal.Instant.from("2026-11-23T08:00:00Z"));
 * assert.equal(info.shardCount, 5);
 * assert.equal(info.sessionStartLimit.used, 9);
 * assert.equal(info.with({ shardCount: 2 }).url, info.url);
 * ```
 */
export class GatewayBotInfo implements GatewayBotInfoFields {
  /** Address of the gateway: ws or wss. */
  readonly url: string;
  /** How many shards the gateway recommends; at least 1. */
  readonly shardCount: number;
  /** How many sessions may still be started. */
  readonly sessionStartLimit: SessionStartLimit;

  /**
   * Takes the fields as they are.
   *
   * @throws {RangeError} naming the field that cannot be so
   */
  constructor(fields: GatewayBotInfoFields) {
    const { url, shardCount, sessionStartLimit } = fields;
    if (!isGatewayUrl(url)) {
      throw new RangeError(
        `Cannot make gateway information: "url" must be a ws or wss address, not "${url}"`,
      );
    }
    if (!Number.isSafeInteger(shardCount) || shardCount < 1) {
      throw new RangeError(
        `Cannot make gateway information: "shardCount" must be a whole number from 1 up, not ${shardCount}`,
      );
    }
    this.url = url;
    this.shardCount = shardCount;
    this.sessionStartLimit = sessionStartLimit;
    Object.freeze(this);
  }

  /**
   * The same information but for these fields.
   *
   * @throws {RangeError} naming the field that cannot be so
   */
  with(changes: Partial<GatewayBotInfoFields>): GatewayBotInfo {
    const { url, shardCount, sessionStartLimit } = this;
    return new GatewayBotInfo({
      ...{ url, shardCount, sessionStartLimit },
      ...changes,
    });
  }

  /** Whether both say the same. */
  equals(other: GatewayBotInfo): boolean {
    return this.url === other.url && this.shardCount === other.shardCount &&
      this.sessionStartLimit.equals(other.sessionStartLimit);
  }
}

/** More shards than this are no recommendation; a fleet of them would not fit into memory. */
const SHARDS_MAX = 16_384;

/**
 * Reads the wire form: `{url, shards, session_start_limit}`; fields beyond these are let be.
 *
 * @param createdAt when the answer came, by the clock of whoever asked
 * @throws {CarillonError} "gateway/undecodable", whose `details.field` names the field
 */
export function decodeGatewayBotInfo(
  wire: unknown,
  createdAt: Temporal.Instant,
): GatewayBotInfo {
  const { url, shards, session_start_limit } = wireFields(wire, "$");
  if (typeof url !== "string" || !isGatewayUrl(url)) {
    throw undecodable("url", "a ws or wss address", url);
  }
  const shardCount = wireCount(shards, "shards");
  if (shardCount === 0 || shardCount > SHARDS_MAX) {
    const expected = `a whole number from 1 to ${SHARDS_MAX}`;
    throw undecodable("shards", expected, shards);
  }
  const sessionStartLimit = decodeSessionStartLimit(
    session_start_limit,
    createdAt,
  );
  return new GatewayBotInfo({ url, shardCount, sessionStartLimit });
}

function isGatewayUrl(url: string): boolean {
  return /^wss?:$/.test(URL.parse(url)?.protocol ?? "");
}
