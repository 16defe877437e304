/**
 * One request of hooks at a broker at a time, whoever asks: what is due to be closed must not queue
 * behind them.
 *
 * @module
 */

/** Runs work one after another. */
export class Lane {
  #last: Promise<unknown> = Promise.resolve();

  /**
   * Runs work when all that came before has ended.
   *
   * @throws the signal's reason if it is aborted before its turn; what the work throws
   */
  run<T>(signal: AbortSignal, work: () => Promise<T>): Promise<T> {
    const turn = this.#last.then(() => {
      signal.throwIfAborted();
      return work();
    });
    this.#last = turn.catch(() => {});
    return turn;
  }
}
