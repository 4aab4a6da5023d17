/** What was measured: samples by kernel and by what they are of. */
import type { KernelName } from "./kernels.js";

/** Milliseconds, or megabytes. */
export const measures = [
  "start", "firstCell", "idle", "roundTrip", "freshText", "completion", "heartbeat", "interrupt", "smallWrites", "bulk", "bulkPeak", "growth",
] as const;
export type Measure = (typeof measures)[number];

export interface Samples {
  add(kernel: KernelName, measure: Measure, value: number): void;
  of(kernel: KernelName, measure: Measure): readonly number[];
}

export function createSamples(): Samples {
  const values = new Map<string, number[]>();
  const key = (kernel: KernelName, measure: Measure): string => `${kernel} ${measure}`;
  return {
    add(kernel, measure, value) {
      values.set(key(kernel, measure), [...values.get(key(kernel, measure)) ?? [], value]);
    },
    of: (kernel, measure) => values.get(key(kernel, measure)) ?? [],
  };
}

/** The value that a `share` of the sorted values does not exceed. NaN of none. */
export function quantile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? NaN;
}
