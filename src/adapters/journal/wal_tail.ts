/**
 * What lies behind the last commit in a write-ahead log.
 *
 * @module
 */

/** How a write-ahead log ends. */
export type WalTail =
  /** With a commit, or there is no log. */
  | { readonly kind: "whole" }
  /**
   * With a write that was never finished: a crash, a power cut, or a writer that is at it right now.
   * None of it is part of the journal. @units `bytes`: of the log behind its last commit
   */
  | { readonly kind: "torn"; readonly bytes: number };

const HEADER_BYTES = 32;
const FRAME_BYTES = 24;

/**
 * Reads how a journal's log ends, as SQLite itself would recover it.
 *
 * A frame counts while its salt is the log's and its running checksum fits; a transaction counts
 * when its last frame says so. Frames with another salt are left over from before the log began
 * anew.
 *
 * @source https://sqlite.org/fileformat2.html#the_write_ahead_log
 */
export function readWalTail(path: string): WalTail {
  let bytes: Uint8Array;
  try {
    bytes = Deno.readFileSync(`${path}-wal`);
  } catch {
    // No log, or not ours to read: SQLite itself has the word then.
    return { kind: "whole" };
  }
  return tailOf(bytes);
}

function tailOf(bytes: Uint8Array): WalTail {
  if (bytes.length < HEADER_BYTES) return { kind: "whole" };
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const isLittle = (view.getUint32(0) & 1) === 0;
  const frameSize = FRAME_BYTES + view.getUint32(8);
  let sum = checksum(view, 0, 24, [0, 0], isLittle);
  let committedTo = HEADER_BYTES;
  let from = HEADER_BYTES;
  for (; from + frameSize <= bytes.length; from += frameSize) {
    if (!hasSalt(view, from)) break;
    sum = checksum(view, from, 8, sum, isLittle);
    sum = checksum(
      view,
      from + FRAME_BYTES,
      frameSize - FRAME_BYTES,
      sum,
      isLittle,
    );
    const [first, second] = sum;
    const isValid = view.getUint32(from + 16) === first &&
      view.getUint32(from + 20) === second;
    if (!isValid) break;
    if (view.getUint32(from + 4) !== 0) committedTo = from + frameSize;
  }
  const end = endOfSalt(view, committedTo, frameSize);
  return end === committedTo
    ? { kind: "whole" }
    : { kind: "torn", bytes: end - committedTo };
}

/** Where the frames of this log end, whole or not. */
function endOfSalt(view: DataView, from: number, frameSize: number): number {
  let end = from;
  while (end + FRAME_BYTES <= view.byteLength && hasSalt(view, end)) {
    end += frameSize;
  }
  return Math.min(end, view.byteLength);
}

function hasSalt(view: DataView, frame: number): boolean {
  return view.getUint32(frame + 8) === view.getUint32(16) &&
    view.getUint32(frame + 12) === view.getUint32(20);
}

function checksum(
  view: DataView,
  from: number,
  length: number,
  start: readonly [number, number],
  isLittle: boolean,
): readonly [number, number] {
  let [first, second] = start;
  for (let at = from; at < from + length; at += 8) {
    first = (first + view.getUint32(at, isLittle) + second) >>> 0;
    second = (second + view.getUint32(at + 4, isLittle) + first) >>> 0;
  }
  return [first, second];
}
