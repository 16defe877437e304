/**
 * How a picture looks, on paper and in the dark.
 *
 * @module
 */

/**
 * Twelve colours for sessions, in the order in which they are given out.
 *
 * Of middling lightness, so that they stand out from a white and from a black ground alike;
 * neighbours differ in lightness as well as in hue.
 */
export const SVG_COLORS: readonly string[] = [
  "#2f7ed8",
  "#f08c1d",
  "#c2417c",
  "#20a073",
  "#7a5fd0",
  "#d9b300",
  "#0fb0c4",
  "#b5502f",
  "#6f8f1f",
  "#e07bb5",
  "#4f6482",
  "#9c6ade",
];

const COLOR_RULES = SVG_COLORS.map((color, index) =>
  `.c${index}{fill:${color};stroke:${color}}`
).join("");

/** The style sheet; a viewer without dark mode sees the light one. */
export const SVG_STYLE =
  `text{font:11px system-ui,-apple-system,"Segoe UI",Roboto,"DejaVu Sans",sans-serif;fill:#3c4654}` +
  `.title{font-size:18px;font-weight:600;fill:#161b22}.note,.hour,.axis{fill:#66707d}` +
  `.hour{font-size:10px}.axis{font-size:10px;font-weight:600}` +
  `.card{fill:#fff;stroke:#d5dae1}.plot{fill:#f7f8fa}.closed{fill:#dfe3e9;stroke:none}` +
  `.frame{fill:none;stroke:#b3bac4}.grid{fill:none;stroke:#e3e6eb}.month{fill:none;stroke:#c5cbd4}` +
  `.utc{fill:none;stroke:#66707d;stroke-dasharray:1 3}` +
  COLOR_RULES +
  `.bar{stroke:none;fill-opacity:.62}.unusual{fill-opacity:1}.edge{fill:none;stroke-width:1.4}` +
  `.moment{fill:none;stroke:#161b22;stroke-width:1.2}` +
  `.half-day{fill:#d97706;stroke:none}.clock{fill:#8b3fd1;stroke:none}` +
  `.clock-line{fill:none;stroke:#8b3fd1;stroke-width:1.2;stroke-dasharray:4 3}` +
  `.skipped{fill:none;stroke:#d1242f;stroke-width:1.6}` +
  `@media (prefers-color-scheme:dark){.bar{fill-opacity:.72}.unusual{fill-opacity:1}text{fill:#c3cad4}.title{fill:#f0f3f6}.note,.hour,.axis{fill:#98a2af}` +
  `.card{fill:#0f141b;stroke:#303946}.plot{fill:#161c25}.closed{fill:#262e3a}.frame{stroke:#4a5563}` +
  `.grid{stroke:#222a35}.month{stroke:#333d4a}.moment{stroke:#f0f3f6}.half-day{fill:#f0a63a}` +
  `.clock{fill:#b98bf0}.clock-line{stroke:#b98bf0}.skipped{stroke:#ff6b6b}}`;
