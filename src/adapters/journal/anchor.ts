/**
 * A few bytes beside a journal that say how far it has come.
 *
 * The chain of digests shows what was changed or left out, and cannot show that its end is gone:
 * a copy of yesterday is as whole as the file of today. The anchor can, since it lies in a file of
 * its own. It is written after the commit and never synced, so after a power cut it may be behind
 * the journal; it is never ahead of it, unless the journal has lost something.
 *
 * @module
 */

import { CarillonError } from "../../domain/error.ts";
import type { Mark } from "./chain.ts";

/** How far a journal had come. */
export interface Anchor {
  /** Digest of the first entry: which journal it was. */
  readonly first: string;
  /** The last entry that was seen written. */
  readonly head: Mark;
}

/** What a journal looks like beside its anchor. */
export type AnchorFinding =
  /** There is no anchor, or none that can be read: nothing is known. */
  | { readonly kind: "absent" }
  /** The journal has come at least as far. */
  | { readonly kind: "held"; readonly anchor: Anchor }
  /** The journal ends before the anchor. */
  | { readonly kind: "ahead"; readonly anchor: Anchor }
  /** The journal has another entry in its place, or is another journal. */
  | { readonly kind: "other"; readonly anchor: Anchor };

/** Where a journal's anchor lies. */
export function anchorPath(path: string): string {
  return `${path}.anchor`;
}

/** Reads an anchor; `null` where there is none or it was torn by a power cut. */
export function readAnchor(path: string): Anchor | null {
  let text: string;
  try {
    text = Deno.readTextFileSync(anchorPath(path));
  } catch {
    // Not there, or not ours to read: either way it proves nothing.
    return null;
  }
  const [, seq = "", digest = "", first = ""] = LINE.exec(text) ?? [];
  return seq === "" ? null : { first, head: { seq: Number(seq), digest } };
}

/** Writes an anchor over the one before it. */
export class AnchorFile {
  readonly #file: Deno.FsFile;

  /** Opens the file, and makes it where there is none. */
  constructor(path: string) {
    const options = { create: true, write: true, mode: 0o600 };
    this.#file = Deno.openSync(anchorPath(path), options);
  }

  /** Puts the new line over the old one: all lines are as long as one another. */
  write({ first, head }: Anchor): void {
    const seq = String(head.seq).padStart(16, "0");
    const line = `carillon-anchor 1 ${seq} ${head.digest} ${first}\n`;
    this.#file.seekSync(0, Deno.SeekMode.Start);
    this.#file.writeSync(new TextEncoder().encode(line));
  }

  /** Closes the file. */
  [Symbol.dispose](): void {
    this.#file.close();
  }
}

/**
 * Compares a journal with its anchor.
 *
 * @shape `digestAt`: the digest of the entry with this number, `null` where it is not known any more
 */
export function compareAnchor(
  anchor: Anchor | null,
  first: string | null,
  last: Mark,
  digestAt: (seq: number) => string | null,
): AnchorFinding {
  if (anchor === null) return { kind: "absent" };
  if (first !== null && first !== anchor.first) {
    return { kind: "other", anchor };
  }
  if (last.seq < anchor.head.seq) return { kind: "ahead", anchor };
  const there = digestAt(anchor.head.seq);
  const kind = there === null || there === anchor.head.digest
    ? "held"
    : "other";
  return { kind, anchor };
}

/**
 * Refuses a journal that is not the one its anchor has seen, and says how to go on.
 *
 * @throws {CarillonError} "journal/rolled-back"
 */
export function refuseRolledBack(
  path: string,
  last: Mark,
  found: AnchorFinding,
): void {
  if (found.kind === "absent" || found.kind === "held") return;
  const { seq } = found.anchor.head;
  const file = anchorPath(path);
  const what = found.kind === "ahead"
    ? `it ends at entry ${last.seq}, and "${file}" saw entry ${seq} written`
    : `its entry ${seq} is not the one that "${file}" saw written`;
  throw new CarillonError(
    "journal/rolled-back",
    `Cannot go on with journal "${path}": ${what}; put back the newest copy, or, where there is none, look at the broker and remove "${file}" to go on without what is lost`,
    { details: { path, lastSeq: last.seq, anchorSeq: seq } },
  );
}

/**
 * Refuses a journal whose end is gone by its own word.
 *
 * @throws {CarillonError} "journal/rolled-back"
 */
export function refuseLostEnd(
  path: string,
  last: Mark,
  head: Mark | null,
): void {
  if (head === null || head.seq === last.seq) return;
  throw new CarillonError(
    "journal/rolled-back",
    `Cannot go on with journal "${path}": it ends at entry ${last.seq} and entry ${head.seq} was its last; put back a copy that is whole, or look at the broker and start with another place`,
    { details: { path, lastSeq: last.seq, headSeq: head.seq } },
  );
}

const LINE = /^carillon-anchor 1 (\d{16}) ([0-9a-f]{64}) ([0-9a-f]{64})\n$/;
