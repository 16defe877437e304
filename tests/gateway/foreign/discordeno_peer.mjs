/**
 * `@discordeno/gateway` as a client of the gateway: says what it sees, one JSON object a line, until
 * its input ends.
 *
 * Called with the broker's address, the token, the count of shards, and "zlib" where it is to ask for
 * compression.
 */

import { once } from "node:events";
import process from "node:process";
import { createGatewayManager } from "@discordeno/gateway";

const [url, token, shardCount, compression] = process.argv.slice(2);
const say = (line) => process.stdout.write(`${JSON.stringify(line)}\n`);

const answer = await fetch(`${url}/gateway/bot`, {
  headers: { authorization: `Bot ${token}` },
});
if (!answer.ok) {
  say({ type: "failed", message: `answered ${answer.status}` });
  process.exit(0);
}
const info = await answer.json();
const limit = info.session_start_limit;
const silent = () => {};
const manager = createGatewayManager({
  token,
  intents: 15,
  transportCompression: compression === "zlib" ? "zlib-stream" : null,
  url: info.url,
  totalShards: Number(shardCount),
  connection: {
    url: info.url,
    shards: Number(shardCount),
    sessionStartLimit: {
      total: limit.total,
      remaining: limit.remaining,
      resetAfter: limit.reset_after,
      maxConcurrency: limit.max_concurrency,
    },
  },
  resharding: { enabled: false },
  // After READY: the next one of the bucket then identifies.
  spawnShardDelay: 1200,
  logger: {
    debug: silent,
    info: silent,
    warn: silent,
    error: silent,
    fatal: silent,
  },
  events: {
    message: (shard, { t, s, d }) => {
      if (t === null || t === undefined) return;
      say({ type: "dispatch", shard: shard.id, t, s, d });
      if (t === "READY") say({ type: "ready", shard: shard.id });
      if (t === "RESUMED") say({ type: "resumed", shard: shard.id });
    },
    disconnected: (shard) => say({ type: "closed", shard: shard.id }),
    heartbeatAck: (shard) => say({ type: "beat", shard: shard.id }),
  },
});

await manager.spawnShards();
say({ type: "connected" });
process.stdin.resume();
await once(process.stdin, "end");
await manager.shutdown(1000, "done");
process.exit(0);
