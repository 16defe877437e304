/**
 * Every request of the open protocol, from plain values to plain values: served over sockets and
 * called within the process alike.
 *
 * @module
 */

import type { DurationMs } from "../../../domain/time.ts";
import { ShapeError } from "../protocol/reading.ts";
import { takeFault } from "./faults.ts";
import { AS_USUAL, misbehave } from "./misbehave.ts";
import { mix } from "./prices/mix.ts";
import {
  BadRequest,
  errorReply,
  type PaperReply,
  type PaperRequest,
} from "./reply.ts";
import { type PaperDesk, type Route, ROUTES } from "./routes.ts";

/** Answers a request; `null` means that it is never answered. */
export type PaperRouter = (
  request: PaperRequest,
) => Promise<PaperReply | null>;

/** Answers of the list of positions that are kept for a rule that wants an old one. */
const READS_KEPT = 64;
const READS_TARGET = "positions";

/** Makes the router of one account. @units `latencyMs`: milliseconds, the longest wait before an answer */
export function paperRouter(
  desk: PaperDesk,
  latencyMs: DurationMs,
): PaperRouter {
  let asked = 0;
  let reads: readonly PaperReply[] = [];
  const drawLatency = () =>
    latencyMs === 0 ? 0 : mix(desk.world.seed, asked++) % (latencyMs + 1);

  async function answer(
    route: Route,
    parameter: string,
    request: PaperRequest,
  ): Promise<PaperReply | null> {
    const waitMs = drawLatency();
    if (waitMs > 0) {
      await desk.clock.sleepUntil(desk.clock.now() + waitMs, desk.signal);
    }
    desk.ask({ type: "advance" });
    const visit = { desk, request, parameter };
    const carryOut = (plan = AS_USUAL) => route.answer({ ...visit, plan });
    if (route.target === null) return carryOut();
    const symbol = route.symbol?.(visit) ?? null;
    const [box, fault] = takeFault(desk.faults, route.target, symbol);
    desk.faults = box;
    const before = reads;
    const now = route.target === READS_TARGET ? carryOut() : null;
    if (now !== null) reads = [...reads, now].slice(-READS_KEPT);
    if (fault === null) return now ?? carryOut();
    return await misbehave(desk, fault, carryOut, before);
  }

  return async (request) => {
    const found = findRoute(request);
    if ("status" in found) return found;
    try {
      return await answer(found.route, found.parameter, request);
    } catch (error) {
      if (desk.signal.aborted) return null;
      return refusal(error);
    }
  };
}

function refusal(error: unknown): PaperReply {
  if (error instanceof BadRequest) {
    return errorReply(error.status, error.code, error.message);
  }
  if (error instanceof ShapeError) {
    return errorReply(400, "request/invalid", error.message);
  }
  throw error;
}

interface Found {
  readonly route: Route;
  readonly parameter: string;
}

function findRoute(request: PaperRequest): Found | PaperReply {
  const segments = decode(request.path);
  if (segments === null) {
    return errorReply(400, "request/invalid", "the path is not well encoded");
  }
  const fitting = ROUTES.flatMap((route) => {
    const parameter = match(route.path.split("/"), segments);
    return parameter === null ? [] : [{ route, parameter }];
  });
  const found = fitting.find(({ route }) => route.method === request.method);
  if (found !== undefined) return found;
  if (fitting.length === 0) {
    return errorReply(404, "request/unknown-path", "nothing is served there");
  }
  const allow = fitting.map(({ route }) => route.method).join(", ");
  const reply = errorReply(
    405,
    "request/wrong-method",
    `only ${allow} is served there`,
  );
  return { ...reply, headers: { ...reply.headers, allow } };
}

function decode(path: string): readonly string[] | null {
  try {
    return path.split("/").map(decodeURIComponent);
  } catch {
    // A lone percent sign; the caller says so.
    return null;
  }
}

/** The parameter of a path that fits, empty where it has none; `null` where it does not fit. */
function match(
  pattern: readonly string[],
  segments: readonly string[],
): string | null {
  if (pattern.length !== segments.length) return null;
  let parameter = "";
  for (const [at, part] of pattern.entries()) {
    const segment = segments[at] ?? "";
    if (part.startsWith("{") && segment !== "") parameter = segment;
    else if (part !== segment) return null;
  }
  return parameter;
}
