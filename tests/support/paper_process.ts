/**
 * The paper broker as a process of its own, and a session file that reaches it.
 *
 * @module
 */

import assert from "node:assert/strict";
import type { AccountMode } from "../../src/domain/definition.ts";
import { type ProgramOptions, startProgram } from "./program.ts";

/** A paper broker that listens. */
export interface PaperProcess extends AsyncDisposable {
  readonly url: string;
  readonly token: string;
  /** What a program is given so that it can reach the broker, and nothing else of the machine. */
  readonly options: ProgramOptions;
  /** Makes it answer wrongly, or not at all. */
  readonly setFaults: (rules: readonly unknown[]) => Promise<void>;
  /** What it holds, as `EURUSD 1000`. */
  readonly positions: () => Promise<readonly string[]>;
  /** What it answers to anything else; a body is posted. */
  readonly ask: (path: string, body?: unknown) => Promise<unknown>;
}

/** Starts a paper broker that nets; positions are written `EURUSD=1000`. */
export function startPaper(
  ...positions: readonly string[]
): Promise<PaperProcess> {
  return startPaperIn("netting", positions);
}

/** Starts a paper broker. */
export async function startPaperIn(
  mode: AccountMode,
  positions: readonly string[],
): Promise<PaperProcess> {
  const process = startProgram([
    "paper",
    "--port",
    "0",
    "--mode",
    mode,
    ...positions.flatMap((position) => ["--position", position]),
    "--json",
  ]);
  const [, url = "", token = ""] = await process.line(
    /"url":"([^"]+)","token":"([^"]+)"/,
  );
  const headers = { authorization: `Bearer ${token}` };
  const ask = async (path: string, body?: unknown) => {
    const answer = await fetch(`${url}${path}`, {
      ...body === undefined
        ? {}
        : { method: "POST", body: JSON.stringify(body) },
      headers: { ...headers, "content-type": "application/json" },
    });
    const text = await answer.text();
    assert.ok(answer.ok, text);
    return JSON.parse(text);
  };
  return {
    url,
    token,
    options: {
      flags: ["--allow-net", "--allow-read", "--allow-env=PAPER_TOKEN"],
      env: { PAPER_TOKEN: token },
    },
    ask,
    async setFaults(rules) {
      await ask("/v1/paper/faults", { rules });
    },
    async positions() {
      const { positions } = await ask("/v1/positions");
      return positions.map((
        { symbol, qty }: { readonly symbol: string; readonly qty: string },
      ) => `${symbol} ${qty}`);
    },
    [Symbol.asyncDispose]: () => process[Symbol.asyncDispose](),
  };
}

/** A line of a session file's `accounts`. */
export function accountLine(name: string, url: string, more = ""): string {
  return `  ${name}: {kind: http, url: "${url}", token: "\${env:PAPER_TOKEN}", live: false${more}}`;
}

/** A line of a session file's `sessions`: all day, at an account. */
export function sessionLine(name: string, account: string, more = ""): string {
  return `  - {name: ${name}, account: ${account}, start: "00:00", end: "24:00", on_end: close_all, scope: {symbols: [EURUSD]}${more}}`;
}

/** An address of this machine behind which nobody answers. */
export const NOBODY = "http://127.0.0.1:59998";
