/**
 * A proxy that breaks the connection at the worst moment: the broker has done what it was asked,
 * and its answer is on the way.
 *
 * @module
 */

import { createConnection, createServer, type Socket } from "node:net";
import { once } from "node:events";

/** What becomes of the address once the connections are cut. */
export type AfterCut = "listens on" | "refuses";

/** A proxy before a broker. */
export interface CuttingProxy extends AsyncDisposable {
  /** Base address, without `/v1`. */
  readonly url: string;
  /** The first line of every request that changes something and went through, in order. */
  readonly changes: readonly string[];
  /** Cuts every connection instead of passing on the answer to the next change. */
  cutNext(after: AfterCut): void;
  /** Takes connections again. */
  back(): Promise<void>;
}

const HOST = "127.0.0.1";
const CHANGE = /^(?:POST|DELETE) \S+/;

/** Puts a proxy before a broker on this machine. */
export async function cuttingProxy(target: string): Promise<CuttingProxy> {
  const to = Number(new URL(target).port);
  const sockets = new Set<Socket>();
  const changes: string[] = [];
  let armed: AfterCut | null = null;
  let server = createServer();

  function join(client: Socket): void {
    const broker = createConnection({ host: HOST, port: to });
    let cuts: AfterCut | null = null;
    for (const [from, other] of [[client, broker], [broker, client]] as const) {
      sockets.add(from);
      // A reset is what this proxy is for; the close that follows says the same.
      from.on("error", () => {});
      from.on("close", () => {
        sockets.delete(from);
        other.destroy();
      });
    }
    client.on("data", (chunk) => {
      const change = CHANGE.exec(chunk.toString());
      if (change !== null) {
        changes.push(change[0]);
        [cuts, armed] = [armed, null];
      }
      broker.write(chunk);
    });
    broker.on("data", (chunk) => {
      if (cuts === null) client.write(chunk);
      else cut(cuts);
    });
  }

  function cut(after: AfterCut): void {
    // First the address, then the connections: who connects anew at once must find nobody.
    if (after === "refuses") server.close();
    for (const socket of [...sockets]) socket.destroy();
  }

  async function listen(port: number): Promise<number> {
    server = createServer(join);
    server.listen(port, HOST);
    await once(server, "listening");
    const address = server.address();
    return typeof address === "object" && address !== null ? address.port : 0;
  }

  const port = await listen(0);
  return {
    url: `http://${HOST}:${port}`,
    changes,
    cutNext(after) {
      armed = after;
    },
    async back() {
      if (!server.listening) await listen(port);
    },
    async [Symbol.asyncDispose]() {
      const ends = [...sockets].map((socket) => once(socket, "close"));
      if (server.listening) ends.push(once(server, "close"));
      cut("refuses");
      await Promise.all(ends);
    },
  };
}
