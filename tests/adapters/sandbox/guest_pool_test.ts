import assert from "node:assert/strict";
import { GuestPool } from "../../../src/adapters/sandbox/guest_pool.ts";
import type { GuestHandle } from "../../../src/adapters/sandbox/guest_handle.ts";

const NEVER = new AbortController().signal;

/** A pool of guests that only count. */
function makePool(guestsMax: number, sparesMax: number) {
  const started: string[] = [];
  const dead: string[] = [];
  const state = { fails: false };
  const pool = new GuestPool({
    guestsMax,
    sparesMax,
    spawn(key) {
      if (state.fails) return Promise.reject(new Error("no deno"));
      const name = `${key}${started.length}`;
      started.push(name);
      const guest: GuestHandle & { isAlive: boolean } = {
        watch: null,
        isAlive: true,
        send: () => {},
        kill: () => {
          guest.isAlive = false;
          dead.push(name);
          return Promise.resolve();
        },
      };
      return Promise.resolve(guest);
    },
  });
  return { pool, started, dead, state };
}

Deno.test("GuestPool hands out what stands ready", async () => {
  const { pool, started } = makePool(4, 2);
  pool.join("a");
  pool.warm("a");
  assert.deepEqual(started, ["a0"], "no more than there are users");
  const guest = await pool.take("a", NEVER);
  assert.deepEqual(started, ["a0"]);
  await pool.release(guest);
  assert.equal(pool.alive, 0);
  assert.equal(pool.killed, 1);
  await pool.close();
});

Deno.test("GuestPool gives up a spare of another kind where there is no room", async () => {
  const { pool, started, dead } = makePool(2, 1);
  pool.join("a");
  pool.join("b");
  const guest = await pool.take("c", NEVER);
  assert.deepEqual(started, ["a0", "b1", "c2"]);
  assert.deepEqual(dead, ["a0"]);
  assert.equal(pool.alive, 2);
  await pool.release(guest);
  await pool.close();
  assert.equal(pool.alive, 0);
});

Deno.test("GuestPool lets others wait, in their order, and leave", async () => {
  const { pool } = makePool(1, 1);
  const first = await pool.take("a", NEVER);
  const order: string[] = [];
  const leaver = new AbortController();
  const waiting = [
    pool.take("a", NEVER).then((guest) => (order.push("second"), guest)),
    pool.take("a", leaver.signal).then(() => {}, () => void order.push("left")),
    pool.take("a", NEVER).then((guest) => (order.push("third"), guest)),
  ] as const;
  leaver.abort();
  await waiting[1];
  await pool.release(first);
  await pool.release(await waiting[0]);
  await pool.release(await waiting[2]);
  assert.deepEqual(order, ["left", "second", "third"]);
  assert.equal(pool.alive, 0);
  await pool.close();
});

Deno.test("GuestPool tells whoever takes that nothing can be started", async () => {
  const { pool, state } = makePool(1, 1);
  state.fails = true;
  pool.join("a");
  await assert.rejects(pool.take("a", NEVER), /no deno/);
  state.fails = false;
  const guest = await pool.take("a", NEVER);
  assert.equal(pool.alive, 1);
  await pool.release(guest);
  await pool.close();
});

Deno.test("GuestPool ends spares that nobody needs any more, and all at its end", async () => {
  const { pool, dead } = makePool(4, 1);
  pool.join("a");
  pool.leave("a");
  const guest = await pool.take("b", NEVER);
  await pool.close();
  assert.deepEqual(dead.toSorted(), ["a0", "b1"]);
  assert.equal(guest.isAlive, false);
  await assert.rejects(pool.take("b", NEVER), /closed/);
});
