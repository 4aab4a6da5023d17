/** Learning-rate schedule of BERT fine-tuning: linear warm-up, then linear decay to zero (Devlin et al. 2018, A.3). */

export interface ScheduleOptions {
  /** Optimiser updates in the whole run. */
  steps: number;
  /** Share of the updates that warm up, in [0, 1); default 0.06 (RoBERTa, Liu et al. 2019, table 10). */
  warmupShare?: number;
}

/**
 * Factor in (0, 1] by which the learning rate is multiplied at update `step` (from 0).
 * The first update has a rate above zero and so has the last: none is wasted.
 */
export function scheduleFactor(step: number, { steps, warmupShare = 0.06 }: ScheduleOptions): number {
  const warmup = Math.ceil(steps * warmupShare);
  if (step < warmup) return (step + 1) / (warmup + 1);
  return (steps - step) / Math.max(1, steps - warmup);
}
