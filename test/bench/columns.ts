/** Rows as lines of text. */
import type { Row } from "./row.js";

/** A row's cells, and the titles of the columns. */
export const titles = ["", "ours", "peer", "whose", "ratio", "target", "ok?"];
export const cellsOf = (row: Row): string[] => [
  row.name, `${number(row.ours)} ${row.unit}`, row.peer === null ? "" : `${number(row.peer)} ${row.unit}`, row.against ?? "",
  row.ratio === null ? "" : row.ratio.toPrecision(3), goal(row), verdict(row),
];

const goal = ({ target, required }: Row): string => (target === null ? "" : `${required ? "" : "aim "}<= ${target}`);
const verdict = ({ ok }: Row): string => (ok === null ? "" : ok ? "yes" : "NO");
export const number = (value: number): string => (Math.abs(value) >= 100 ? Math.round(value).toLocaleString("en") : Number(value.toPrecision(3)).toString());

/** Columns as wide as their widest cell: the first to the left, the others too, as cells have units. */
export function aligned(cells: string[][]): string[] {
  const widths = (cells[0] ?? []).map((_, column) => Math.max(...cells.map((row) => row[column]?.length ?? 0)));
  return cells.map((row) => row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join("  ").trimEnd());
}
