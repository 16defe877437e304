/**
 * Texts that name a time zone.
 *
 * @module
 */

import { literalText } from "./decoders.ts";
import { type Node, quote } from "./node.ts";
import type { Decoding, Shape } from "./shape.ts";
import { nearestWord } from "./suggest.ts";

const ZONE_EXPECTED = 'an IANA time zone such as "Europe/London", or "UTC"';

/** An IANA time zone. */
export const ZONE: Shape<string> = {
  schema: { type: "string" },
  read(node, context) {
    const written = literalText(node, context, ZONE_EXPECTED);
    if (written === undefined) return undefined;
    return zoneOf(node, written.trim().replaceAll(/\s+/g, "_"), context);
  },
};

/** The zone's proper name; reports an unknown one. */
export function zoneOf(
  node: Node,
  name: string,
  context: Decoding,
): string | undefined {
  let known = context.zones.get(name);
  if (known === undefined) {
    known = properZone(name);
    context.zones.set(name, known);
  }
  if (known !== null) return known;
  context.log.at(node, "zone/unknown", {
    expected: ZONE_EXPECTED,
    received: quote(name),
    nearest: nearestZone(name),
  });
  return undefined;
}

/** How a zone is properly written; `null` where there is none of that name. */
function properZone(name: string): string | null {
  if (!/^[A-Za-z]/.test(name)) return null;
  try {
    return new Temporal.ZonedDateTime(0n, name).timeZoneId;
  } catch (error) {
    if (error instanceof RangeError) return null;
    throw error;
  }
}

function nearestZone(name: string): string | null {
  const zones = [...Intl.supportedValuesOf("timeZone"), "UTC"];
  const byCity = new Map(
    zones.map((zone) => [zone.slice(zone.lastIndexOf("/") + 1), zone]),
  );
  const city = nearestWord(
    name.slice(name.lastIndexOf("/") + 1),
    byCity.keys(),
  );
  return nearestWord(name, zones) ?? byCity.get(city ?? "") ?? null;
}
