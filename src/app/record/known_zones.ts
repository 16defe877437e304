/**
 * The zones in which a journal's edges are read, learned from the definitions in it.
 *
 * @module
 */

import type { Definition } from "../../domain/definition.ts";
import type { Event } from "../../domain/event.ts";

/** Follows a journal's definitions. */
export class KnownZones {
  readonly #zones = new Map<string, string>();
  #own = "UTC";

  /** Takes a definition in. */
  learn({ timezone, sessions }: Definition): void {
    this.#own = timezone;
    for (const { name, timezone } of sessions) this.#zones.set(name, timezone);
  }

  /** Takes an event in. */
  take(event: Event): void {
    if (event.type === "file.loaded" || event.type === "file.reloaded") {
      this.learn(event.definition);
    } else if (event.type === "session.added") {
      this.#zones.set(event.session.name, event.session.timezone);
    }
  }

  /** The zone of an edge's or an occurrence's session; the file's where there is none. */
  of(key: string | undefined): string {
    const slash = key?.indexOf("/") ?? -1;
    const name = key?.slice(0, Math.max(slash, 0)) ?? "";
    return this.#zones.get(name) ?? this.#own;
  }

  /** Every zone there is, the file's among them. */
  get all(): readonly string[] {
    return [...new Set([this.#own, ...this.#zones.values()])];
  }
}
