/** Whether a process that goes on working goes on growing. */
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";

setFlagsFromString("--expose-gc");
const collect = runInNewContext("gc") as () => void;

/** What the process holds, without the room that JavaScript keeps for garbage to come: that grows and shrinks as it likes. */
export function megabytes(): number {
  collect();
  const { rss, heapTotal, heapUsed } = process.memoryUsage();
  return (rss - heapTotal + heapUsed) / 2 ** 20;
}

/**
 * Megabytes by which each half of the work made the process larger, from three looks at it: the smaller of both. What is kept at every step grows in
 * both; a heap that another thread has begun, as happens once on a busy machine and is 100 MB, in one.
 */
export const steadyGrowth = ([start, middle, end]: readonly [number, number, number]): number => Math.min(middle - start, end - middle);
