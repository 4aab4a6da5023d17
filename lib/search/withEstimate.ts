/** When a search will be done, as soon as its first steps have shown what one takes. */
import type { TrainProgress } from "../training/train.js";
import type { SearchEvent } from "./findD90.js";
import type { MeasureEvent } from "./measure.js";

/** Steps that are looked at: the first one of a process compiles, and takes as long as many. */
const ENOUGH = 25;

/** Passes events on, and adds the estimate once a training has made 25 steps, those before a resume not counted. */
export function withEstimate(onEvent: (event: MeasureEvent) => void) {
  let remaining = { remainingTrials: 0, remainingRounds: 0 }, estimated = false;
  let first: number | null = null;
  return {
    onEvent(event: SearchEvent): void {
      if (event.type === "trial-start") [remaining, first] = [event, null];
      onEvent(event);
    },
    onStep(progress: TrainProgress): void {
      const { step, steps, stepsPerSecond } = progress;
      first ??= step;
      if (!estimated && (step - first + 1 >= ENOUGH || (first === 1 && step === steps))) {
        estimated = true;
        onEvent({ type: "estimate", trials: remaining.remainingTrials, seconds: (remaining.remainingRounds * steps) / stepsPerSecond });
      }
      onEvent({ type: "step", progress });
    },
  };
}
