/**
 * `@discordjs/ws` as a client of the gateway: says what it sees, one JSON object a line, until its
 * input ends.
 *
 * Called with the broker's address, the token, the count of shards, and "zlib" where it is to ask for
 * compression.
 */

import { once } from "node:events";
import process from "node:process";
import { REST } from "@discordjs/rest";
import {
  CompressionMethod,
  WebSocketManager,
  WebSocketShardEvents,
} from "@discordjs/ws";

const [url, token, shardCount, compression] = process.argv.slice(2);
const say = (line) => process.stdout.write(`${JSON.stringify(line)}\n`);

// The version is the path's: it asks for /v1/gateway/bot.
const rest = new REST({ api: url, version: "1" }).setToken(token);
const sessions = new Map();
const manager = new WebSocketManager({
  token,
  intents: 15,
  compression: compression === "zlib" ? CompressionMethod.ZlibNative : null,
  rest,
  shardCount: Number(shardCount),
  // Its own store is one for the whole process.
  retrieveSessionInfo: (id) => sessions.get(id) ?? null,
  updateSessionInfo: (id, session) => void sessions.set(id, session),
});
manager.on(
  WebSocketShardEvents.Ready,
  (_, shard) => say({ type: "ready", shard }),
);
manager.on(
  WebSocketShardEvents.Resumed,
  (shard) => say({ type: "resumed", shard }),
);
manager.on(
  WebSocketShardEvents.Closed,
  (code, shard) => say({ type: "closed", shard, code }),
);
manager.on(
  WebSocketShardEvents.Dispatch,
  (news, shard) => say({ type: "dispatch", shard, ...news }),
);
manager.on(
  WebSocketShardEvents.HeartbeatComplete,
  (_, shard) => say({ type: "beat", shard }),
);
manager.on(
  WebSocketShardEvents.Error,
  (error, shard) => say({ type: "error", shard, message: String(error) }),
);

try {
  await manager.connect();
  say({ type: "connected" });
} catch (error) {
  say({ type: "failed", message: `${error.status ?? ""} ${error}` });
  process.exit(0);
}
process.stdin.resume();
await once(process.stdin, "end");
await manager.destroy();
process.exit(0);
