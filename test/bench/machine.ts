/** What the numbers were measured on. */
import { existsSync, readFileSync } from "node:fs";
import { cpus, freemem, loadavg, totalmem } from "node:os";
import { d90Version } from "../../lib/support/root.js";
import type { Options } from "./options.js";
import type { Preparation } from "./problem.js";

export interface Host {
  date: string;
  cpu: string;
  cores: number;
  memoryGB: number;
  /** Processes that wanted to run in the minute before: well above 0, and others were at work. */
  load: number;
  /** d90, node, and what the others told: tensorflow, torch, transformers, python; ipykernel, tslab, deno. */
  versions: Record<string, string>;
}

export interface Machine extends Host {
  threads: number;
  model: string;
  dataSource: string;
  shape: string;
  d: number;
}

/** Describes the machine; call it before the measurements, for the load. */
export const describeHost = (): Host => ({
  date: new Date().toISOString(), cpu: cpus()[0]?.model.trim() ?? "unknown", cores: cpus().length,
  memoryGB: Math.round(totalmem() / 2 ** 30), load: loadavg()[0] ?? 0, versions: { d90: d90Version, node: process.versions.node },
});

/** Bytes that processes may still take: what Linux calls available, since free memory that holds files is not called free. */
export function freeMemory(): number {
  const kilobytes = existsSync("/proc/meminfo") ? /^MemAvailable:\s+(\d+)/m.exec(readFileSync("/proc/meminfo", "utf8"))?.[1] : undefined;
  return kilobytes === undefined ? freemem() : Number(kilobytes) * 1024;
}

/** Describes machine and work; call it before the measurements, for the load. */
export const describeMachine = ({ threads, batchSize, length, d }: Options, { model, dataSource }: Preparation): Machine =>
  ({ ...describeHost(), threads, model, dataSource, shape: `${batchSize} x ${length}`, d });

/** The first lines of every printed report. */
export const hostLines = ({ date, cpu, cores, memoryGB, load, versions }: Host): string[] => [
  `${date}, ${cpu}, ${cores} cores, ${memoryGB} GB, load ${load.toFixed(1)} at the start`,
  Object.entries(versions).map(([name, version]) => `${name} ${version}`).join(", "),
  ...(load > 1 ? ["Others were at work: these ratios are not to be trusted."] : []),
];

/** The header of a printed report. */
export const machineLines = (machine: Machine): string[] => [
  ...hostLines(machine),
  `${machine.model}, batches of ${machine.shape} tokens, d = ${machine.d}, ${machine.threads} threads on both sides; rows: ${machine.dataSource}`,
];
