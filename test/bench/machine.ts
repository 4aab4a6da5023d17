/** What the numbers were measured on. */
import { cpus, loadavg, totalmem } from "node:os";
import { d90Version } from "../../lib/support/root.js";
import type { Options } from "./options.js";
import type { Preparation } from "./problem.js";

export interface Machine {
  date: string;
  cpu: string;
  cores: number;
  threads: number;
  memoryGB: number;
  /** Processes that wanted to run in the minute before: well above 0, and others were at work. */
  load: number;
  /** d90, node, and what the processes told: tensorflow, torch, transformers, python. */
  versions: Record<string, string>;
  model: string;
  dataSource: string;
  shape: string;
  d: number;
}

/** Describes machine and work; call it before the measurements, for the load. */
export function describeMachine({ threads, batchSize, length, d }: Options, { model, dataSource }: Preparation): Machine {
  return {
    date: new Date().toISOString(), cpu: cpus()[0]?.model.trim() ?? "unknown", cores: cpus().length, threads,
    memoryGB: Math.round(totalmem() / 2 ** 30), load: loadavg()[0] ?? 0,
    versions: { d90: d90Version, node: process.versions.node }, model, dataSource, shape: `${batchSize} x ${length}`, d,
  };
}

/** The header of a printed report. */
export function machineLines({ date, cpu, cores, threads, memoryGB, load, versions, model, dataSource, shape, d }: Machine): string[] {
  return [
    `${date}, ${cpu}, ${cores} cores, ${memoryGB} GB, load ${load.toFixed(1)} at the start`,
    Object.entries(versions).map(([name, version]) => `${name} ${version}`).join(", "),
    ...(load > 1 ? ["Others were at work: these ratios are not to be trusted."] : []),
    `${model}, batches of ${shape} tokens, d = ${d}, ${threads} threads on both sides; rows: ${dataSource}`,
  ];
}
