/**
 * Draws the picture of the README: what the main job prints, as a terminal shows it.
 *
 *     deno run --allow-read --allow-write tools/draw_terminal.ts
 *
 * @module
 */

import { main } from "../src/app/cli/main.ts";

/** The main job of the README, in words as the shell would split them. */
export const MAIN_JOB: readonly string[] = [
  "examples/02_london_new_york.yaml",
  "--now",
  "2026-11-23T05:00:00Z",
  "--until",
  "2026-11-24T00:00:00Z",
  "--speed",
  "max",
];

/** Where the picture lies. */
export const PICTURE = "docs/images/terminal.svg";

const FONT_SIZE = 13;
const LINE_HEIGHT = 19;
const CHARACTER_WIDTH = 7.83;
const MARGIN = 18;

/** What each of the program's colour codes looks like in the picture. */
const LOOKS: Readonly<Record<string, string>> = {
  "1": "b",
  "2": "d",
  "31": "r",
  "32": "g",
  "33": "y",
  "36": "c",
};

/** Runs the main job and gives the picture of what it printed. */
export async function drawMainJob(): Promise<string> {
  const lines: string[] = [];
  await main(MAIN_JOB, {
    print: (line) => lines.push(line),
    warn: (line) => lines.push(line),
    draw: () => {},
    isTerminal: false,
    color: true,
    columns: () => 110,
  });
  const prompt = `$ carillon ${MAIN_JOB.join(" ")}`;
  return drawLines([prompt, "", ...lines]);
}

function drawLines(lines: readonly string[]): string {
  const longest = Math.max(...lines.map((line) => plain(line).length));
  const width = Math.ceil(longest * CHARACTER_WIDTH + 2 * MARGIN);
  const height = lines.length * LINE_HEIGHT + 2 * MARGIN + 14;
  const rows = lines.map((line, index) => {
    const y = MARGIN + 22 + index * LINE_HEIGHT;
    return `<text x="${MARGIN}" y="${y}" xml:space="preserve">${
      drawLine(line)
    }</text>`;
  });
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" role="img" aria-label="A day of two sessions, played in a terminal">
<style>text{font:${FONT_SIZE}px ui-monospace,SFMono-Regular,Menlo,Consolas,"DejaVu Sans Mono",monospace;fill:#d6dbe5;white-space:pre}.b{font-weight:700;fill:#fff}.d{fill:#8a93a5}.r{fill:#ff7b72}.g{fill:#7ee787}.y{fill:#f2cc60}.c{fill:#79c0ff}</style>
<rect width="100%" height="100%" rx="8" fill="#12161f"/>
${rows.join("\n")}
</svg>
`;
}

function drawLine(line: string): string {
  let look = "";
  // deno-lint-ignore no-control-regex -- the codes that the program writes
  return line.split(/\x1b\[(\d+)m/).map((part, index) => {
    if (index % 2 === 1) {
      look = LOOKS[part] ?? "";
      return "";
    }
    const text = escapeXml(part);
    return look === "" || text === ""
      ? text
      : `<tspan class="${look}">${text}</tspan>`;
  }).join("");
}

function plain(line: string): string {
  // deno-lint-ignore no-control-regex -- the codes that the program writes
  return line.replace(/\x1b\[\d+m/g, "");
}

function escapeXml(text: string): string {
  return text.replace(/&/g, "&amp;").replace(/</g, "&lt;").replace(
    />/g,
    "&gt;",
  );
}

if (import.meta.main) {
  await Deno.writeTextFile(PICTURE, await drawMainJob());
}
