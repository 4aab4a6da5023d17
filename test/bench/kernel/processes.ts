/** What a kernel's processes hold in memory, from /proc. */
import { readdirSync, readFileSync } from "node:fs";

/** `pid` and all processes below it. */
export function processTree(pid: number): number[] {
  const parents = new Map(readdirSync("/proc").filter((name) => /^\d+$/.test(name)).map((name) => [Number(name), parentOf(Number(name))]));
  const below = (parent: number): number[] => [parent, ...[...parents].filter(([, of]) => of === parent).flatMap(([child]) => below(child))];
  return below(pid);
}

/** The process's parent; the name before it, in brackets, may hold anything. */
const parentOf = (pid: number): number => Number(/\) \S (\d+)[^)]*$/.exec(read(pid, "stat"))?.[1] ?? NaN);

/** Megabytes (10^6) that the processes hold now: pages that several share count for each by its share (PSS). */
export const heldMegabytes = (pid: number): number => megabytes(pid, "smaps_rollup", "Pss");

/** The most that each process ever held (VmHWM), summed: their peaks may have come one after the other. */
export const peakMegabytes = (pid: number): number => megabytes(pid, "status", "VmHWM");

function megabytes(pid: number, file: string, field: string): number {
  const kilobytes = processTree(pid).map((each) => Number(new RegExp(`^${field}:\\s+(\\d+)`, "m").exec(read(each, file))?.[1] ?? 0));
  return kilobytes.reduce((sum, value) => sum + value, 0) * 1024 / 1e6;
}

/** Empty of a process that has ended meanwhile. */
function read(pid: number, file: string): string {
  try {
    return readFileSync(`/proc/${pid}/${file}`, "utf8");
  } catch {
    return "";
  }
}
