/**
 * A fleet of shards against the gateway within the process, on a virtual clock.
 *
 * @module
 */

import { SeededRandom } from "../../src/adapters/clock/random.ts";
import { VirtualClock } from "../../src/adapters/clock/virtual_clock.ts";
import { type GatewayClient, openGateway } from "../../src/gateway/client.ts";
import type { GatewayOptions } from "../../src/gateway/gateway_options.ts";
import type { GatewayEvent } from "../../src/gateway/gateway_event.ts";
import { MemoryGateway, type MemoryGatewayOptions } from "./memory_gateway.ts";

/** When all fleets of the tests begin. */
export const BEGIN_AT = Date.parse("2026-11-23T08:00:00Z");

/** A fleet that is up and running. */
export interface RunningFleet extends AsyncDisposable {
  readonly clock: VirtualClock;
  readonly gateway: MemoryGateway;
  readonly client: GatewayClient;
  /** Everything told so far. */
  readonly events: GatewayEvent[];
  /** What was told of one type. */
  told<T extends GatewayEvent["type"]>(
    type: T,
  ): readonly Extract<GatewayEvent, { readonly type: T }>[];
}

/** What differs from fleet to fleet. */
export interface FleetSetup {
  readonly server?: Omit<MemoryGatewayOptions, "clock">;
  readonly client?: Partial<GatewayOptions>;
  readonly seed?: number;
  /** A gateway that is there already. */
  readonly gateway?: MemoryGateway;
  readonly clock?: VirtualClock;
  /** Whether nobody reads what is told. */
  readonly unread?: boolean;
}

/** Opens a fleet and reads what it tells; time stands still until the clock is run. */
export async function openFleet(setup: FleetSetup = {}): Promise<RunningFleet> {
  const clock = setup.clock ?? new VirtualClock(BEGIN_AT);
  const gateway = setup.gateway ??
    new MemoryGateway({ clock, ...setup.server });
  const client = await clock.runFor(openGateway({
    transport: gateway.transport,
    clock,
    random: new SeededRandom(setup.seed ?? 1),
    token: "t0ken",
    ...setup.client,
  }));
  const events: GatewayEvent[] = [];
  const reading = setup.unread === true
    ? Promise.resolve()
    : readAll(client, events);
  return {
    clock,
    gateway,
    client,
    events,
    told: (type) =>
      // The filter is by the very field that tells the types apart.
      events.filter((event) => event.type === type) as never,
    async [Symbol.asyncDispose]() {
      await clock.runFor(client[Symbol.asyncDispose]());
      await reading;
    },
  };
}

async function readAll(
  client: GatewayClient,
  events: GatewayEvent[],
): Promise<void> {
  for await (const event of client) events.push(event);
}
