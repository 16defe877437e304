/**
 * Accounts at brokers, as a session file writes them.
 *
 * @module
 */

import type { SecretText } from "../src/domain/definition.ts";
import { duration } from "./decode_time.ts";
import {
  BOOLEAN,
  decimalNumber,
  FILE_PATH,
  HTTP_URL,
  oneWord,
  SECRET,
  SYMBOL,
  text,
  textLike,
  wholeNumber,
} from "./decoders.ts";
import { type Entry, entryOf, isNull, type Node } from "./node.ts";
import {
  type Decoding,
  type Fields,
  isMapping,
  type JsonSchema,
  listOf,
  type Located,
  type Mapped,
  mapping,
  named,
  optional,
  recordOf,
  required,
  scalarOr,
  type Shape,
} from "./shape.ts";

/** The kinds of broker. */
export const BROKER_KINDS = [
  "paper",
  "http",
  "alpaca",
  "oanda",
  "metaapi",
  "ccxt",
] as const;

/** A kind of broker. */
export type BrokerKind = typeof BROKER_KINDS[number];

/** The largest seed: what fits 32 bits. */
const SEED_MAX = 4_294_967_295;

const POSITION = mapping('a mapping with the keys "symbol", "side" and "qty"', {
  symbol: required("What is held.", SYMBOL),
  side: required("Which way it earns.", oneWord(["long", "short"])),
  qty: required("How much is held.", decimalNumber("positive")),
  price: optional(
    "At which price it was opened; the first price if left out.",
    decimalNumber("positive"),
  ),
  tag: optional("A mark that a scope can ask for.", text("a tag")),
});

const BID_AND_ASK = mapping(
  'a path, or a mapping with the keys "bid" and "ask"',
  {
    bid: required("A CSV file of bid prices.", FILE_PATH),
    ask: optional("A CSV file of ask prices.", FILE_PATH),
  },
);

const PRICE = scalarOr(FILE_PATH, BID_AND_ASK);

const SYMBOL_KEY: JsonSchema = { type: "string", pattern: "^[^\\s,]+$" };

function isSymbolKey(entry: Entry, context: Decoding): boolean {
  const node: Node = {
    kind: "scalar",
    path: entry.value.path,
    span: entry.keySpan,
    text: entry.key,
    isPlain: false,
  };
  return SYMBOL.read(node, context) !== undefined;
}

/** The most shards that a gateway can have. */
const SHARDS_MAX = 16_384;
/** The most session starts that can be kept back. */
const RESERVE_MAX = 1_000_000;

const GATEWAY = scalarOr(
  BOOLEAN,
  mapping('true, or a mapping with the keys "shards" and "reserve"', {
    shards: optional(
      "How many shards there are; as many as the gateway recommends if left out.",
      wholeNumber(1, SHARDS_MAX),
    ),
    reserve: optional(
      "How many session starts are kept for a close; as many as there are shards if left out.",
      wholeNumber(0, RESERVE_MAX),
    ),
  }),
);

const GATEWAY_FIELD = optional(
  "Whether the broker's gateway feeds a book, which gives a close its first look.",
  GATEWAY,
);

const KIND = {
  kind: required("The kind of broker.", oneWord(BROKER_KINDS)),
};

const PAPER_FIELDS = {
  ...KIND,
  mode: optional(
    "Whether positions of one symbol add up, or each has a ticket.",
    oneWord(["netting", "hedging"]),
  ),
  cash: optional("What it holds at its start.", decimalNumber("not_negative")),
  currency: optional(
    "The currency it counts in.",
    textLike('a currency such as "USD"', /^[A-Z][A-Z0-9]{2,7}$/),
  ),
  positions: optional(
    "What is open at its start.",
    listOf(POSITION, "a list of positions"),
  ),
  prices: optional(
    "CSV files of past prices by symbol; other symbols walk at random from the seed.",
    recordOf("a mapping from symbols to paths", isSymbolKey, PRICE, SYMBOL_KEY),
  ),
  seed: optional("What chance grows from.", wholeNumber(0, SEED_MAX)),
  commission: optional(
    "What each traded unit costs, in the account's currency.",
    decimalNumber("not_negative"),
  ),
  latency: optional(
    "The longest it takes to answer.",
    duration("not_negative"),
  ),
  gateway: GATEWAY_FIELD,
};

const REMOTE_FIELDS = {
  ...KIND,
  id: optional("The account's id at the broker.", text("an id")),
  live: optional("Whether it holds real money.", BOOLEAN),
  token: optional('The key to it, as "${env:NAME}".', SECRET),
};

const HTTP_FIELDS = {
  ...REMOTE_FIELDS,
  url: required("The address of the bridge.", HTTP_URL),
  gateway: GATEWAY_FIELD,
};

const PAPER = mapping("a paper account", PAPER_FIELDS);
const HTTP = mapping("an account behind http", HTTP_FIELDS);
const VENUE = mapping("an account at a venue", REMOTE_FIELDS);

/** A paper account as written. */
export type PaperSpec = Mapped<typeof PAPER_FIELDS>;

/** An account behind our own protocol, as written. */
export type HttpSpec = Mapped<typeof HTTP_FIELDS>;

/** An account at a venue, as written. */
export type VenueSpec = Mapped<typeof REMOTE_FIELDS>;

/** An account as written, by kind; `spec` is `null` where only the kind is named. */
export type AccountSpec =
  | { readonly kind: "paper"; readonly spec: PaperSpec | null }
  | { readonly kind: "http"; readonly spec: HttpSpec }
  | {
    readonly kind: Exclude<BrokerKind, "paper" | "http">;
    readonly spec: VenueSpec | null;
    /** What only this kind of broker knows. */
    readonly options: ReadonlyMap<string, Located<SecretText>>;
  };

const EXPECTED = `one of ${
  BROKER_KINDS.join(", ")
}, or a mapping with the key "kind"`;

/** An account: a kind of broker by name, or a mapping. */
export const ACCOUNT: Shape<AccountSpec> = named("account", {
  schema: accountSchema(),
  read(node, context) {
    if (node.kind === "scalar" && !isNull(node)) return bareKind(node, context);
    if (!isMapping(node, EXPECTED, context)) return undefined;
    const entry = entryOf(node, "kind");
    if (entry === null) {
      context.log.at(node, "file/missing-key", {
        expected: `the key "kind": one of ${BROKER_KINDS.join(", ")}`,
        received: null,
      });
      return undefined;
    }
    const kind = oneWord(BROKER_KINDS).read(entry.value, context);
    return kind === undefined ? undefined : readKind(kind, node, context);
  },
});

function bareKind(node: Node, context: Decoding): AccountSpec | undefined {
  const kind = oneWord(BROKER_KINDS).read(node, context);
  if (kind === undefined) return undefined;
  if (kind === "paper") return { kind, spec: null };
  if (kind !== "http") return { kind, spec: null, options: new Map() };
  context.log.at(node, "value/form", {
    expected: 'a mapping with the keys "kind" and "url"',
    hint: 'write {kind: http, url: "https://..."}',
  });
  return undefined;
}

function readKind(
  kind: BrokerKind,
  node: Node & { readonly kind: "mapping" },
  context: Decoding,
): AccountSpec | undefined {
  if (kind === "paper") {
    const spec = PAPER.read(node, context);
    return spec?.isSound ? { kind, spec } : undefined;
  }
  if (kind === "http") {
    const spec = HTTP.read(node, context);
    return spec?.isSound ? { kind, spec } : undefined;
  }
  const known = node.entries.filter((entry) => isRemoteKey(entry.key));
  const spec = VENUE.read({ ...node, entries: known }, context);
  const options = readOptions(
    node.entries.filter((entry) => !isRemoteKey(entry.key)),
    context,
  );
  if (!spec?.isSound || options === undefined) return undefined;
  return { kind, spec, options };
}

function isRemoteKey(key: string): boolean {
  return Object.hasOwn(REMOTE_FIELDS, key);
}

function readOptions(
  entries: readonly Entry[],
  context: Decoding,
): ReadonlyMap<string, Located<SecretText>> | undefined {
  const options = new Map<string, Located<SecretText>>();
  for (const { key, value: node } of entries) {
    const value = SECRET.read(node, context);
    if (value !== undefined) options.set(key, { value, node });
  }
  return options.size === entries.length ? options : undefined;
}

function accountSchema(): JsonSchema {
  const forKind = (kind: string, shape: Shape<Mapped<Fields>>): JsonSchema => ({
    if: {
      type: "object",
      properties: { kind: { const: kind } },
      required: ["kind"],
    },
    then: shape.schema,
  });
  const venue = { ...VENUE.schema, additionalProperties: SECRET.schema };
  return {
    anyOf: [
      { enum: BROKER_KINDS.filter((kind) => kind !== "http") },
      {
        type: "object",
        properties: { kind: { enum: BROKER_KINDS } },
        required: ["kind"],
        allOf: [
          forKind("paper", PAPER),
          forKind("http", HTTP),
          {
            if: {
              type: "object",
              properties: { kind: { enum: ["paper", "http"] } },
            },
            else: venue,
          },
        ],
      },
    ],
  };
}
