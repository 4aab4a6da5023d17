/** How many worker processes a machine bears, and how many threads each may have: never more than it has cores or memory. */
import { availableParallelism } from "node:os";
import { UsageError } from "../support/checks.js";

/** A machine, or the part of one that this process may use. */
export interface Machine {
  cores: number;
  /** Bytes that can still be taken. */
  memory: number;
}

export const thisMachine = (): Machine => ({ cores: availableParallelism(), memory: process.availableMemory() });

export interface Sizing {
  processes: number;
  threads: number;
  /** What limits the number of processes. */
  limit: "cores" | "memory" | "jobs" | "asked";
}

/** Share of the free memory that is planned with; the rest is for the files' cache and for what was not foreseen. */
const SHARE = 0.85;

/**
 * One process a core with one thread each, which is the most trials an hour; fewer where memory or jobs are fewer, and then the cores
 * are shared out as threads.
 * @param memory bytes that one process needs; null where it is not known.
 * @param asked what the person wants; it is held against the cores, not against the memory.
 * @throws {UsageError} if more is asked than there are cores.
 */
export function sizingFor({ cores, memory: free }: Machine, { jobs, memory, asked = {} }:
  { jobs: number; memory: number | null; asked?: { processes?: number; threads?: number } }): Sizing {
  const { processes, threads } = asked;
  if ((processes ?? 1) * (threads ?? 1) > cores) {
    throw new UsageError(`--processes times --threads must be at most the ${cores} cores, got ${processes ?? 1} x ${threads ?? 1}.`);
  }
  const bearable = memory === null ? cores : Math.max(1, Math.floor((free * SHARE) / memory));
  const limits = [
    { limit: "cores" as const, count: Math.floor(cores / (threads ?? 1)) },
    { limit: "memory" as const, count: bearable },
    { limit: "jobs" as const, count: Math.max(1, jobs) },
  ];
  const least = limits.reduce((best, one) => (one.count < best.count ? one : best));
  const chosen = processes === undefined ? least : { limit: "asked" as const, count: processes };
  return { processes: chosen.count, threads: threads ?? Math.max(1, Math.floor(cores / chosen.count)), limit: chosen.limit };
}
