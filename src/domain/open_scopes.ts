/**
 * Which of the sessions that are open a close reaches, found without looking at all of them.
 *
 * Sessions are kept by tag and symbol, so that thousands with a tag of their own cost nothing.
 *
 * @module
 */

import type { Scope, Session } from "./definition.ts";

/** Where a session stands besides the shelf of its own tag or symbol; those begin with `=`. */
const ANY = "any";

/** Where a session stands that names no tag, or no symbol. */
const NONE = "none";

/** Sessions that are open, and how many occurrences of each. */
type Shelf = Map<Session, number>;

/** The sessions of one account that are open, and what each may hold. */
export class OpenScopes {
  /** By symbol within tag; a session stands under its own and under `ANY`. */
  readonly #shelves = new Map<string, Map<string, Shelf>>();
  // Looked up once a session, however often it opens and closes.
  readonly #own = new Map<Session, readonly Shelf[]>();
  readonly #within = new Map<Session, readonly Shelf[]>();

  /** Counts an occurrence of a session in; of a session with windows of days there are several. */
  open(session: Session): void {
    for (const shelf of this.#shelvesOf(session)) {
      shelf.set(session, (shelf.get(session) ?? 0) + 1);
    }
  }

  /** Counts an occurrence out. */
  close(session: Session): void {
    for (const shelf of this.#shelvesOf(session)) {
      const left = (shelf.get(session) ?? 1) - 1;
      if (left > 0) shelf.set(session, left);
      else shelf.delete(session);
    }
  }

  /**
   * Open sessions whose positions a close of this session may take, itself left out.
   *
   * @shape at most `count`
   */
  reachedBy(session: Session, count: number): readonly Session[] {
    const { scope } = session;
    const found = new Set<Session>();
    for (const shelf of this.#shelvesWithin(session)) {
      for (const other of shelf.keys()) {
        if (other === session || !reaches(scope, other)) continue;
        found.add(other);
        if (found.size >= count) return [...found];
      }
    }
    return [...found];
  }

  /** The shelves on which a session stands. */
  #shelvesOf(session: Session): readonly Shelf[] {
    const known = this.#own.get(session);
    if (known !== undefined) return known;
    const { tag, symbols } = session.scope;
    const bySymbol = symbols?.map((symbol) => `=${symbol}`) ?? [NONE];
    const shelves = this.#shelvesAt(
      [tag === null ? NONE : `=${tag}`, ANY],
      [...bySymbol, ANY],
    );
    this.#own.set(session, shelves);
    return shelves;
  }

  /** The shelves on which all stands that a close of a session may reach. */
  #shelvesWithin(session: Session): readonly Shelf[] {
    const known = this.#within.get(session);
    if (known !== undefined) return known;
    const { tag, symbols } = session.scope;
    const shelves = this.#shelvesAt(
      tag === null ? [ANY] : [`=${tag}`, NONE],
      symbols === null
        ? [ANY]
        : [...symbols.map((symbol) => `=${symbol}`), NONE],
    );
    this.#within.set(session, shelves);
    return shelves;
  }

  #shelvesAt(
    tags: readonly string[],
    symbols: readonly string[],
  ): readonly Shelf[] {
    return tags.flatMap((tag) =>
      symbols.map((symbol) => this.#shelf(tag, symbol))
    );
  }

  #shelf(tag: string, symbol: string): Shelf {
    const byTag = this.#shelves.get(tag) ?? new Map<string, Shelf>();
    this.#shelves.set(tag, byTag);
    const shelf: Shelf = byTag.get(symbol) ?? new Map();
    byTag.set(symbol, shelf);
    return shelf;
  }
}

/** Whether a close with this scope may take what another session opened. */
function reaches(scope: Scope, { name, scope: theirs }: Session): boolean {
  if (scope.session !== null && scope.session !== name) return false;
  const { symbols, except } = scope;
  const candidates = theirs.symbols ?? symbols;
  // Both hold every symbol but a few.
  if (candidates === null) return true;
  return candidates.some((symbol) =>
    (symbols === null || symbols.includes(symbol)) &&
    !except.includes(symbol) && !theirs.except.includes(symbol)
  );
}
