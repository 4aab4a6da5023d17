/** The report as text. */
import { aligned, cellsOf, number, titles } from "./columns.js";
import { machineLines, type Machine } from "./machine.js";
import type { Timings } from "./processes.js";
import type { Row } from "./row.js";

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
  const all = [...rows, ...agreement].map(cellsOf);
  const costs = projections.map(({ name, D, ms }) =>
    [name, `${(D / 1e6).toPrecision(3)} M`, ...columns.map((column) => (ms[column] == null ? "" : number(ms[column])))]);
  return [
    ...machineLines(machine), "",
    "Medians; ratio: ours / peer of time or memory; target: the most that the ratio, or ours alone, should be",
    ...aligned([titles, ...all.slice(0, rows.length)]), "",
    "The same work: largest difference from PyTorch's losses",
    ...aligned(all.slice(rows.length).map((cells) => [cells[0]!, cells[1]!, cells[5]!, cells[6]!])), "",
    "Projections, ms: on typed arrays, and on tensors, recorded by themselves where that can be",
    ...aligned([["", "D", ...columns], ...costs]), "",
  ].join("\n");
}

const columns = ["make", "apply", "adjoint", "applyTensors", "adjointTensors"];
