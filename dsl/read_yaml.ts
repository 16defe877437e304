/**
 * Source -> located tree.
 *
 * Scalars stay text: what `08:00` or `2026-01-02` means is for the decoder to say. Anchors and
 * aliases work within a budget; tags, merge keys, several documents and keys that are not words do
 * not.
 *
 * @module
 */

import {
  type AliasEvent,
  type Event,
  EVENT_ID,
  getScalarValue,
  type MappingEvent,
  parseEvents,
  SCALAR_STYLE,
  type ScalarEvent,
  type SequenceEvent,
  YAMLException,
} from "js-yaml";
import { type IssueLog, relatedTo } from "./issue_log.ts";
import { type Entry, isNull, type Node, type Path, quote } from "./node.ts";
import { sizeIssue, type Source } from "./source.ts";
import type { Span } from "./span.ts";
import { nearestWord } from "./suggest.ts";
import { DEPTH_MAX, explainSyntax } from "./yaml_syntax.ts";

/** How many nodes the aliases of one file may stand for, all together. */
export const ALIAS_NODES_MAX = 200_000;

/** Reads one YAML document; `null` where there is no tree to go on with. */
export function readYaml(source: Source, log: IssueLog): Node | null {
  const tooLarge = sizeIssue(source.text.length);
  if (tooLarge !== null) {
    log.add(tooLarge);
    return null;
  }
  const events = eventsOf(source, log);
  if (events === null) return null;
  const root = new TreeBuilder(source.text, events, log).build();
  if (root === null || isNull(root)) {
    log.place({ path: null, span: { start: 0, end: 0 } }, "yaml/empty", {
      expected: 'a mapping with the key "sessions"',
      received: "nothing",
    });
    return null;
  }
  return root;
}

function eventsOf(source: Source, log: IssueLog): readonly Event[] | null {
  try {
    return parseEvents(source.text, { maxDepth: DEPTH_MAX });
  } catch (error) {
    if (!(error instanceof YAMLException)) throw error;
    const position = error.mark?.position ?? 0;
    log.add(explainSyntax(source.text, error.reason, position));
    return null;
  }
}

interface Anchored {
  /** `null` while the node is still being read: an alias to it would never end. */
  readonly node: Node | null;
  readonly size: number;
}

type CollectionEvent = SequenceEvent | MappingEvent;

class TreeBuilder {
  readonly #text: string;
  readonly #events: readonly Event[];
  readonly #log: IssueLog;
  readonly #anchors: Map<string, Anchored> = new Map();
  #next = 0;
  /** Where the last token ended. */
  #cursor = 0;
  #nodes = 0;
  #aliasNodes = 0;

  constructor(text: string, events: readonly Event[], log: IssueLog) {
    this.#text = text;
    this.#events = events;
    this.#log = log;
  }

  build(): Node | null {
    if (this.#take()?.type !== EVENT_ID.DOCUMENT) return null;
    const first = this.#peek();
    const root = first === null || first.type === EVENT_ID.POP
      ? null
      : this.#node(null, null);
    this.#take();
    if (this.#peek() !== null) this.#severalDocuments();
    return root;
  }

  #peek(): Event | null {
    return this.#events[this.#next] ?? null;
  }

  #take(): Event | null {
    return this.#events[this.#next++] ?? null;
  }

  /** `empty` is where a value would stand that is not written. */
  #node(path: Path | null, empty: Span | null): Node {
    const event = this.#take();
    this.#nodes++;
    switch (event?.type) {
      case EVENT_ID.SCALAR:
        return this.#anchor(event, () => this.#scalar(event, path, empty));
      case EVENT_ID.SEQUENCE:
        return this.#anchor(event, () => this.#sequence(event, path));
      case EVENT_ID.MAPPING:
        return this.#anchor(event, () => this.#mapping(event, path));
      case EVENT_ID.ALIAS:
        return this.#alias(event, path);
      default:
        return { kind: "broken", path, span: null };
    }
  }

  /** Remembers what an anchor names, and refuses a tag. */
  #anchor(event: ScalarEvent | CollectionEvent, read: () => Node): Node {
    this.#refuseTag(event);
    if (event.anchorStart < 0) return read();
    const name = this.#text.slice(event.anchorStart, event.anchorEnd);
    const before = this.#nodes;
    this.#anchors.set(name, { node: null, size: 0 });
    const node = read();
    this.#anchors.set(name, { node, size: this.#nodes - before + 1 });
    return node;
  }

  #refuseTag(event: ScalarEvent | CollectionEvent): void {
    if (event.tagStart < 0) return;
    const span = { start: event.tagStart, end: event.tagEnd };
    this.#log.place({ path: null, span }, "yaml/tag", {
      expected: "a value without a tag",
      received: quote(this.#text.slice(span.start, span.end)),
      hint: "remove it; what a value means is decided by its key",
    });
  }

  #scalar(event: ScalarEvent, path: Path | null, empty: Span | null): Node {
    const isPlain = event.style === SCALAR_STYLE.PLAIN;
    if (event.valueStart < 0) {
      const span = empty ?? { start: this.#cursor, end: this.#cursor };
      return { kind: "scalar", path, span, text: "", isPlain: true };
    }
    const quotes = event.style === SCALAR_STYLE.SINGLE_QUOTED ||
        event.style === SCALAR_STYLE.DOUBLE_QUOTED
      ? 1
      : 0;
    const span = {
      start: event.valueStart - quotes,
      end: event.valueEnd + quotes,
    };
    this.#cursor = span.end;
    const text = getScalarValue(this.#text, event);
    return { kind: "scalar", path, span, text, isPlain };
  }

  #sequence(event: SequenceEvent, path: Path | null): Node {
    this.#cursor = event.start;
    const items: Node[] = [];
    while (!this.#atEnd()) {
      const empty = this.#dashSpan();
      items.push(this.#node({ parent: path, key: items.length }, empty));
    }
    const span = this.#close(event, "]");
    return { kind: "sequence", path, span, items };
  }

  #mapping(event: MappingEvent, path: Path | null): Node {
    this.#cursor = event.start;
    const entries: Entry[] = [];
    const first = new Map<string, Entry>();
    while (!this.#atEnd()) {
      const key = this.#key();
      if (key === null) {
        this.#node({ parent: path, key: "?" }, null);
        continue;
      }
      const keyPath: Path = { parent: path, key: key.text };
      const value = this.#node(keyPath, key.span);
      const entry = { key: key.text, keySpan: key.span, value };
      const known = first.get(key.text);
      if (known !== undefined) this.#duplicate(entry, keyPath, known);
      else {
        first.set(key.text, entry);
        entries.push(entry);
      }
    }
    const span = this.#close(event, "}");
    return { kind: "mapping", path, span, entries };
  }

  #key(): { readonly text: string; readonly span: Span | null } | null {
    const event = this.#peek();
    const node = this.#node(null, null);
    if (event?.type === EVENT_ID.SCALAR && node.kind === "scalar") {
      return { text: node.text, span: node.span };
    }
    this.#log.at(node, "yaml/complex-key", { expected: "a word" });
    return null;
  }

  #duplicate(entry: Entry, path: Path, known: Entry): void {
    this.#log.place({ path, span: entry.keySpan }, "yaml/duplicate-key", {
      expected: "each key once",
      received: quote(entry.key),
      related: relatedTo("first written here", { path, span: known.keySpan }),
    });
  }

  #atEnd(): boolean {
    const event = this.#peek();
    return event === null || event.type === EVENT_ID.POP;
  }

  /** Takes a collection's end; its span runs to its bracket, or to its last value. */
  #close(event: CollectionEvent, bracket: string): Span {
    this.#take();
    const isFlow = /[[{]/.test(this.#text[event.start] ?? "");
    if (isFlow) {
      let at = Math.max(this.#cursor, event.start + 1);
      while (at < this.#text.length && this.#text[at] !== bracket) {
        if (this.#text[at] === "#") at = this.#lineEnd(at);
        else at++;
      }
      this.#cursor = Math.min(at + 1, this.#text.length);
    }
    return { start: event.start, end: Math.max(this.#cursor, event.start) };
  }

  #lineEnd(from: number): number {
    const end = this.#text.indexOf("\n", from);
    return end < 0 ? this.#text.length : end;
  }

  /** The dash of the next list item. */
  #dashSpan(): Span {
    let at = this.#cursor;
    while (at < this.#text.length && this.#text[at] !== "-") {
      if (this.#text[at] === "#") at = this.#lineEnd(at);
      else if (/\s/.test(this.#text[at] ?? "")) at++;
      else break;
    }
    const isDash = this.#text[at] === "-";
    if (isDash) this.#cursor = at + 1;
    return { start: at, end: isDash ? at + 1 : at };
  }

  #alias(event: AliasEvent, path: Path | null): Node {
    const span = { start: event.anchorStart - 1, end: event.anchorEnd };
    this.#cursor = span.end;
    const name = this.#text.slice(event.anchorStart, event.anchorEnd);
    const anchored = this.#anchors.get(name);
    const broken: Node = { kind: "broken", path, span };
    if (anchored === undefined) {
      this.#log.place({ path, span }, "yaml/unknown-alias", {
        expected: `an anchor written before, as in &${name}`,
        received: quote(`*${name}`),
        nearest: nearestWord(name, this.#anchors.keys()),
      });
      return broken;
    }
    if (anchored.node === null) {
      this.#log.place({ path, span }, "yaml/recursive-alias", {
        expected: "a value that does not hold itself",
        received: quote(`*${name}`),
      });
      return broken;
    }
    return this.#expand(anchored.node, anchored.size, broken);
  }

  #expand(node: Node, size: number, broken: Node): Node {
    const isKnown = this.#aliasNodes > ALIAS_NODES_MAX;
    this.#aliasNodes += size;
    if (this.#aliasNodes <= ALIAS_NODES_MAX) {
      this.#nodes += size;
      return moved(node, broken.path);
    }
    if (!isKnown) {
      this.#log.place(broken, "yaml/too-many-aliases", {
        expected: `at most ${ALIAS_NODES_MAX} values by way of aliases`,
      });
    }
    return broken;
  }

  #severalDocuments(): void {
    const marker = /^(?:---|\.\.\.)/gm;
    marker.lastIndex = this.#cursor;
    const at = marker.exec(this.#text)?.index ?? this.#cursor;
    const span = { start: at, end: Math.min(at + 3, this.#text.length) };
    this.#log.place({ path: null, span }, "yaml/several-documents", {
      expected: "one document",
      received: "another one",
      hint: "put each into a file of its own",
    });
  }
}

/** The same value under another path; its place in the text stays where it is written. */
function moved(node: Node, path: Path | null): Node {
  switch (node.kind) {
    case "sequence":
      return {
        ...node,
        path,
        items: node.items.map((item, index) =>
          moved(item, { parent: path, key: index })
        ),
      };
    case "mapping":
      return {
        ...node,
        path,
        entries: node.entries.map((entry) => ({
          ...entry,
          value: moved(entry.value, { parent: path, key: entry.key }),
        })),
      };
    default:
      return { ...node, path };
  }
}
