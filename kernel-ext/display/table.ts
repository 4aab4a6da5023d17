/** Tables of arquero: as HTML and as text. */
import { call, isObject, propertyOf, type Formatter } from "./formatter.js";
import { escapeHtml } from "./helpers.js";

/** Rows shown. */
const HTML_ROWS = 100;
const TEXT_ROWS = 20;
/** Rows in sight at once: more scroll, where the frontend lets them. */
const IN_SIGHT = 20;
/** Characters of a cell. */
const WIDEST = 80;

const SIGNATURE = ["numRows", "numCols", "columnNames", "objects", "toHTML"];

type Row = Record<string, unknown>;

export const formatTable: Formatter = (value) => {
  const isTable = isObject(value) && SIGNATURE.every((name) => typeof propertyOf(value, name) === "function");
  if (!isTable) return undefined;
  const names = call(value, "columnNames") as string[];
  const count = Number(call(value, "numRows"));
  const rows = call(value, "objects", { limit: HTML_ROWS }) as Row[];
  return { data: { "text/html": htmlOf(names, rows, count), "text/plain": plainOf(names, rows, count) }, metadata: {} };
};

function cellText(value: unknown): string {
  const text = typeof value === "number" ? numberText(value)
    : value instanceof Date ? value.toISOString()
      : isObject(value) ? JSON.stringify(value) ?? String(value) : String(value ?? "");
  return text.length > WIDEST ? `${text.slice(0, WIDEST - 3)}...` : text;
}

/** Six decimals, without noise at the end. */
const numberText = (value: number): string => (Number.isInteger(value) ? String(value) : String(Number(value.toPrecision(7))));

const shape = (names: readonly string[], count: number): string =>
  `${count.toLocaleString("en-US")} row${count === 1 ? "" : "s"}, ${names.length} column${names.length === 1 ? "" : "s"}`;

function htmlOf(names: readonly string[], rows: readonly Row[], count: number): string {
  const align = (value: unknown): string => (typeof value === "number" || typeof value === "bigint" ? "" : " style=\"text-align: left\"");
  const head = names.map((name) => `<th${align(rows[0]?.[name])}>${escapeHtml(name)}</th>`).join("");
  const body = rows.map((row) =>
    `<tr>${names.map((name) => `<td${align(row[name])}>${escapeHtml(cellText(row[name]))}</td>`).join("")}</tr>`).join("\n");
  const note = count > rows.length ? `${shape(names, count)}; the first ${rows.length} are shown` : shape(names, count);
  const table = `<table>\n<thead><tr>${head}</tr></thead>\n<tbody>\n${body}\n</tbody>\n</table>`;
  return `${rows.length > IN_SIGHT ? `<div style="max-height: 36em; overflow: auto">${table}</div>` : table}\n<p>${note}</p>`;
}

function plainOf(names: readonly string[], rows: readonly Row[], count: number): string {
  const shown = rows.slice(0, TEXT_ROWS);
  const columns = names.map((name) => {
    const cells = [name, ...shown.map((row) => cellText(row[name]).replace(/\s+/g, " "))];
    const width = Math.max(...cells.map(({ length }) => length));
    const right = typeof shown[0]?.[name] === "number";
    return cells.map((cell) => (right ? cell.padStart(width) : cell.padEnd(width)));
  });
  const lines = [...shown, null].map((_row, index) => columns.map((column) => column[index]).join("  ").trimEnd());
  const note = count > shown.length ? `${shape(names, count)}; the first ${shown.length} are shown` : shape(names, count);
  return [...lines, `[${note}]`].join("\n");
}
