/** Time of a run: seconds over resumes, and how fast steps go now. */
export interface Clock {
  /** Seconds of computing so far, those before a resume included. */
  seconds(): number;
  /** Notes that a step has ended; steps a second of late, and seconds until all `steps` are done at that rate. */
  tick(step: number, steps: number): { stepsPerSecond: number; eta: number };
}

/** Steps that the rate is taken from. */
const recent = 64;
/** Share of the slowest among them that is left out: a first step of a shape is compiled, and a checkpoint is written. */
const outliers = 0.25;

export function startClock(secondsBefore: number, now: () => number = () => performance.now()): Clock {
  const start = now();
  const durations: number[] = [];
  let latest = start;
  return {
    seconds: () => secondsBefore + (now() - start) / 1000,
    tick(step, steps) {
      const time = now();
      durations.push(time - latest);
      latest = time;
      if (durations.length > recent) durations.shift();
      const stepsPerSecond = 1000 / Math.max(usual(durations), 1e-6);
      return { stepsPerSecond, eta: (steps - step) / stepsPerSecond };
    },
  };
}

/** Mean of all but the slowest. */
function usual(durations: readonly number[]): number {
  const kept = [...durations].sort((a, b) => a - b).slice(0, Math.max(1, Math.floor(durations.length * (1 - outliers))));
  return kept.reduce((sum, duration) => sum + duration, 0) / kept.length;
}
