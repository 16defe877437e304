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

/** The sessions of one account that are open, and what each may hold. */
export class OpenScopes {
  /** By symbol within tag; a session stands under its own and under `ANY`. */
  readonly #shelves = new Map<string, Map<string, Map<Session, number>>>();

  /** Counts an occurrence of a session in; of a session with windows of days there are several. */
  open(session: Session): void {
    for (const [tag, symbol] of shelvesOf(session.scope)) {
      const shelf = this.#shelf(tag, symbol);
      shelf.set(session, (shelf.get(session) ?? 0) + 1);
    }
  }

  /** Counts an occurrence out. */
  close(session: Session): void {
    for (const [tag, symbol] of shelvesOf(session.scope)) {
      const shelf = this.#shelf(tag, symbol);
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
    const tags = scope.tag === null ? [ANY] : [`=${scope.tag}`, NONE];
    const symbols = scope.symbols === null
      ? [ANY]
      : [...scope.symbols.map((symbol) => `=${symbol}`), NONE];
    const found = new Set<Session>();
    for (const shelf of this.#shelvesAt(tags, symbols)) {
      for (const other of shelf.keys()) {
        if (other === session || !reaches(scope, other)) continue;
        found.add(other);
        if (found.size >= count) return [...found];
      }
    }
    return [...found];
  }

  *#shelvesAt(
    tags: readonly string[],
    symbols: readonly string[],
  ): Generator<ReadonlyMap<Session, number>> {
    for (const tag of tags) {
      for (const symbol of symbols) yield this.#shelf(tag, symbol);
    }
  }

  #shelf(tag: string, symbol: string): Map<Session, number> {
    const byTag = this.#shelves.get(tag) ?? new Map();
    this.#shelves.set(tag, byTag);
    const shelf = byTag.get(symbol) ?? new Map();
    byTag.set(symbol, shelf);
    return shelf;
  }
}

/** The shelves on which a session stands. */
function* shelvesOf(
  { tag, symbols }: Scope,
): Generator<readonly [string, string]> {
  const own = symbols?.map((symbol) => `=${symbol}`) ?? [NONE];
  for (const byTag of [tag === null ? NONE : `=${tag}`, ANY]) {
    for (const symbol of [...own, ANY]) yield [byTag, symbol];
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
