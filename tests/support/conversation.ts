/**
 * A recorded conversation with a gateway: the server's lines are played, everything is written down.
 *
 * One line each: when, who, what. `server` is a frame, `server closes` or `server cuts` an end;
 * `program` is what the user's program does. The lines of the client and what it tells are what the
 * conversation is held to.
 *
 * @module
 */

import { SeededRandom } from "../../src/adapters/clock/random.ts";
import { VirtualClock } from "../../src/adapters/clock/virtual_clock.ts";
import { type GatewayClient, openGateway } from "../../src/gateway/client.ts";
import type {
  GatewayTransport,
  SocketListener,
} from "../../src/gateway/ports.ts";
import { BEGIN_AT } from "./gateway_fleet.ts";

const INFORMATION = {
  url: "ws://gateway.test/main",
  shards: 1,
  session_start_limit: {
    total: 1_000,
    remaining: 1_000,
    reset_after: 86_400_000,
    max_concurrency: 1,
  },
};

const LINE = /^(\d\d):(\d\d)\.(\d\d\d) (server|program) (.+)$/;

/** Plays the lines of a record that are not the client's; gives the whole of what happened. */
export async function playConversation(record: string): Promise<string> {
  const clock = new VirtualClock(BEGIN_AT);
  const said: string[] = record.split("\n").filter((line) =>
    line.startsWith("#")
  );
  const note = (who: string, what: string) =>
    said.push(`${timeOf(clock.now() - BEGIN_AT)} ${who.padEnd(7)} ${what}`);
  const server = new ScriptedServer(note);
  const client = await clock.runFor(openGateway({
    transport: server.transport,
    clock,
    random: new SeededRandom(1),
    token: "t0ken",
    intents: 15,
  }));
  const reading = noteEvents(client, note);
  for (const line of record.split("\n")) {
    const [, minutes, seconds, ms, who, what] = LINE.exec(
      line.replace(/ +/g, " "),
    ) ?? [];
    if (what === undefined) continue;
    const at = (Number(minutes) * 60 + Number(seconds)) * 1_000 + Number(ms);
    await clock.run(BEGIN_AT + at);
    if (who === "server") server.play(what);
    else await playProgram(client, clock, what, note);
    await clock.settle();
  }
  await clock.runFor(client[Symbol.asyncDispose]());
  await reading;
  return `${said.join("\n")}\n`;
}

class ScriptedServer {
  readonly #note: (who: string, what: string) => void;
  #listener: SocketListener | null = null;

  constructor(note: (who: string, what: string) => void) {
    this.#note = note;
  }

  get transport(): GatewayTransport {
    const body = JSON.stringify(INFORMATION);
    return {
      name: "script",
      information: () =>
        Promise.resolve({ status: 200, retryAfterMs: null, body }),
      connect: (url, listener) => {
        this.#note("client", `connects ${url}`);
        this.#listener = listener;
        return {
          send: (text) => this.#note("client", text),
          close: (code) => {
            if (this.#listener === listener) {
              this.#note("client", `leaves ${code}`);
              this.#listener = null;
            }
            return Promise.resolve();
          },
        };
      },
    };
  }

  play(what: string): void {
    this.#note("server", what);
    const [word, code, ...reason] = what.split(" ");
    if (word !== "closes" && word !== "cuts") {
      return this.#listener?.message(what);
    }
    const listener = this.#listener;
    this.#listener = null;
    listener?.closed(word === "cuts" ? 0 : Number(code), reason.join(" "));
  }
}

async function playProgram(
  client: GatewayClient,
  clock: VirtualClock,
  what: string,
  note: (who: string, what: string) => void,
): Promise<void> {
  note("program", what);
  const [word] = what.split(" ", 1);
  if (word === "sends") {
    // What becomes of it shows in the client's lines.
    client.send(0, JSON.parse(what.slice("sends ".length))).catch(() => {});
  }
  if (word === "suspends") await clock.runFor(client.suspend());
}

async function noteEvents(
  client: GatewayClient,
  note: (who: string, what: string) => void,
): Promise<void> {
  for await (const { type, shard: _, at, ...event } of client) {
    const rest = "untilAt" in event
      ? { ...event, untilAt: `+${event.untilAt - at} ms` }
      : event;
    note("told", `${type} ${JSON.stringify(rest)}`);
  }
}

function timeOf(ms: number): string {
  const two = (value: number) => String(Math.floor(value)).padStart(2, "0");
  const rest = String(ms % 1_000).padStart(3, "0");
  return `${two(ms / 60_000)}:${two(ms / 1_000 % 60)}.${rest}`;
}
