/**
 * What a page of the docs holds, for tests that hold the page to the code.
 *
 * @module
 */

import { ROOT } from "./program.ts";

/** A fenced block. */
export interface Block {
  /** What stands behind the fence: `yaml`, `yaml wrong`, `text`. */
  readonly info: string;
  readonly text: string;
  /** Where it begins. @units lines from 1 */
  readonly line: number;
}

/** A table, cell by cell, as written. */
export interface Table {
  /** The heading above it. */
  readonly section: string;
  readonly header: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

/** A page's text. */
export function readPage(path: string): string {
  return Deno.readTextFileSync(`${ROOT}${path}`);
}

/** Every fenced block of a page, in order. */
export function blocksOf(page: string): readonly Block[] {
  return [...page.matchAll(/^```(\w.*)\n([^]*?)^```$/gm)].map((match) => ({
    info: match[1] ?? "",
    text: match[2] ?? "",
    line: page.slice(0, match.index).split("\n").length,
  }));
}

/** Every table of a page, in order. */
export function tablesOf(page: string): readonly Table[] {
  const tables: { section: string; header: string[]; rows: string[][] }[] = [];
  let section = "";
  let open = false;
  for (const line of withoutBlocks(page).split("\n")) {
    section = /^#+ (.*)$/.exec(line)?.[1] ?? section;
    const cells = cellsOf(line);
    if (cells === null) open = false;
    else if (!open) tables.push({ section, header: cells, rows: [] });
    else if (!cells.every((cell) => /^:?-+:?$/.test(cell))) {
      tables.at(-1)?.rows.push(cells);
    }
    if (cells !== null) open = true;
  }
  return tables;
}

/** The rows of all tables whose first column has this title. */
export function rowsUnder(
  page: string,
  title: string,
): readonly (readonly string[])[] {
  return tablesOf(page)
    .filter(({ header }) => header[0] === title)
    .flatMap(({ rows }) => rows);
}

/** What a cell names: the text between backticks. */
export function codesIn(cell: string | undefined): readonly string[] {
  return [...(cell ?? "").matchAll(/`([^`]+)`/g)].map((match) =>
    match[1] ?? ""
  );
}

/** The text under a heading, up to the next of its level or above. */
export function sectionOf(page: string, heading: string): string {
  const lines = page.split("\n");
  const from = lines.findIndex((line) => line.replace(/^#+ /, "") === heading);
  if (from < 0) throw new Error(`There is no heading "${heading}"`);
  const level = /^#+/.exec(lines[from] ?? "")?.[0].length ?? 1;
  const rest = lines.slice(from + 1);
  const to = rest.findIndex((line) =>
    (/^(#+) /.exec(line)?.[1]?.length ?? Infinity) <= level
  );
  return rest.slice(0, to < 0 ? rest.length : to).join("\n");
}

/** The links of a page to files of the project, as paths from the root, with their anchors. */
export function linksOf(
  path: string,
): readonly { readonly file: string; readonly anchor: string | null }[] {
  const page = withoutBlocks(readPage(path));
  return [...page.matchAll(/\]\(([^)\s]+)\)/g)]
    .map((match) => match[1] ?? "")
    .filter((target) => !/^[a-z]+:/.test(target))
    .map((target) => {
      const { pathname, hash } = new URL(target, `file:///${path}`);
      return {
        file: pathname.slice(1),
        anchor: hash === "" ? null : hash.slice(1),
      };
    });
}

/** The anchors of a page's headings. */
export function anchorsOf(page: string): readonly string[] {
  return [...withoutBlocks(page).matchAll(/^#+ (.*)$/gm)].map((match) =>
    (match[1] ?? "").toLowerCase().replace(/[^\w\s-]/g, "").replace(/\s/g, "-")
  );
}

function withoutBlocks(page: string): string {
  return page.replace(/^```\w[^]*?^```$/gm, "");
}

function cellsOf(line: string): string[] | null {
  if (!line.startsWith("|")) return null;
  return line.slice(1, line.lastIndexOf("|"))
    .split(/(?<!\\)\|/)
    .map((cell) => cell.trim().replaceAll("\\|", "|"));
}
