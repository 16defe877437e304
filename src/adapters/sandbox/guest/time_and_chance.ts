/**
 * The guest's own time and chance, given by the host with each call.
 *
 * @module
 */

/** Where a guest's time comes from. */
export interface GuestTime {
  /** Sets what `Date` shows and what `Math.random` is drawn from. @units `at`: EpochMs */
  begin(at: number, seed: number): void;
}

/**
 * Puts a `Date` and a `Math.random` in place that know only what the host says.
 *
 * @units `elapsed`: milliseconds since the call began, 0 where time stands still
 */
export function installTime(elapsed: () => number): GuestTime {
  let startAt = 0;
  let startElapsed = 0;
  let state = 0;
  const now = () => Math.floor(startAt + elapsed() - startElapsed);
  Reflect.set(globalThis, "Date", dateThatShows(now));
  const draw = () => (state = next(state), fraction(state));
  Object.defineProperty(Math, "random", { value: draw, configurable: true });
  return {
    begin(at, seed) {
      startAt = at;
      startElapsed = elapsed();
      state = seed >>> 0;
    },
  };
}

function dateThatShows(now: () => number): DateConstructor {
  const RealDate = Date;
  return new Proxy(RealDate, {
    construct: (target, args, made) =>
      Reflect.construct(target, args.length === 0 ? [now()] : args, made),
    apply: () => new RealDate(now()).toString(),
    get: (target, key) => key === "now" ? now : Reflect.get(target, key),
  });
}

/** A counter that visits all 32-bit words. */
function next(state: number): number {
  return (state + 0x9e3779b9) >>> 0;
}

// A 32-bit finalizer: every bit of the counter changes about half of the result.
function fraction(state: number): number {
  let word = state;
  word = Math.imul(word ^ (word >>> 16), 0x85ebca6b);
  word = Math.imul(word ^ (word >>> 13), 0xc2b2ae35);
  return ((word ^ (word >>> 16)) >>> 0) / 0x1_0000_0000;
}
