/** Rows as text. */
import { machineLines, type Machine } from "./machine.js";
import type { Timings } from "./processes.js";
import type { Row } from "./rows.js";

/** The whole report. */
export interface Report {
  machine: Machine;
  rows: Row[];
  /** Whether all sides did the same work; where one is not ok, the rows above mean nothing. */
  agreement: Row[];
  projections: Timings[];
}

/** A report for people. */
export function printed({ machine, rows, agreement, projections }: Report): string {
  const all = [...rows, ...agreement].map((row) => [
    row.name, `${number(row.ours)} ${row.unit}`, row.peer === null ? "" : `${number(row.peer)} ${row.unit}`, row.against ?? "",
    row.ratio === null ? "" : row.ratio.toPrecision(3), goal(row), verdict(row),
  ]);
  const costs = projections.map(({ name, D, ms }) =>
    [name, `${(D / 1e6).toPrecision(3)} M`, ...columns.map((column) => (ms[column] == null ? "" : number(ms[column])))]);
  return [
    ...machineLines(machine), "",
    "Medians; ratio: ours / peer of time or memory; target: the most that the ratio, or ours alone, should be",
    ...aligned([["", "ours", "peer", "whose", "ratio", "target", "ok?"], ...all.slice(0, rows.length)]), "",
    "The same work: largest difference from PyTorch's losses",
    ...aligned(all.slice(rows.length).map((cells) => [cells[0]!, cells[1]!, cells[5]!, cells[6]!])), "",
    "Projections, ms: on typed arrays, and on tensors outside a recorded step",
    ...aligned([["", "D", ...columns], ...costs]), "",
  ].join("\n");
}

const columns = ["make", "apply", "adjoint", "applyTensors", "adjointTensors"];

const goal = ({ target, required }: Row): string => (target === null ? "" : `${required ? "" : "aim "}<= ${target}`);
const verdict = ({ ok }: Row): string => (ok === null ? "" : ok ? "yes" : "NO");
const number = (value: number): string => (Math.abs(value) >= 100 ? Math.round(value).toLocaleString("en") : Number(value.toPrecision(3)).toString());

/** Columns as wide as their widest cell: the first to the left, the others too, as cells have units. */
function aligned(cells: string[][]): string[] {
  const widths = (cells[0] ?? []).map((_, column) => Math.max(...cells.map((row) => row[column]?.length ?? 0)));
  return cells.map((row) => row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join("  ").trimEnd());
}
