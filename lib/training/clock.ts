/** Time of a run: seconds over resumes, and the rate of steps since the latest start. */
export interface Clock {
  /** Seconds of computing so far, those before a resume included. */
  seconds(): number;
  /** Steps a second since this start, and seconds until `steps` at that rate. */
  rate(step: number, steps: number): { stepsPerSecond: number; eta: number };
}

export function startClock(secondsBefore: number, firstStep: number): Clock {
  const start = performance.now();
  const elapsed = (): number => (performance.now() - start) / 1000;
  return {
    seconds: () => secondsBefore + elapsed(),
    rate: (step, steps) => {
      const stepsPerSecond = (step - firstStep) / Math.max(elapsed(), 1e-9);
      return { stepsPerSecond, eta: stepsPerSecond > 0 ? (steps - step) / stepsPerSecond : Infinity };
    },
  };
}
