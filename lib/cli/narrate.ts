/** What happens in a search or a training, in words: lines that stay and the line that updates. */
import type { MeasureEvent } from "../search/measure.js";
import type { TrainProgress } from "../training/train.js";
import { metricWords, type DimensionedMethod, type Method, type MetricName, type TrialSummary } from "../records/record.js";
import { counted, formatCount, formatMetric, formatRate, formatRound, formatSeconds } from "../charts/scales.js";
import { methodNames } from "../charts/words.js";
import type { Progress } from "./progress.js";

type Trial = Pick<TrialSummary, "d" | "learningRate" | "seed">;

/** "SAID d 1,389, rate 0.3, seed 0". */
export const trialInWords = (method: Method, { d, learningRate, seed }: Trial): string =>
  `${d === null ? methodNames.full : `${methodNames[method]} d ${formatCount(d)}`}, rate ${formatRate(learningRate)}, seed ${seed}`;

/** "step 120 of 230, 4.2 steps/s, loss 0.612, 26 s left". */
export function stepInWords({ step, steps, loss, stepsPerSecond, eta }: TrainProgress): string {
  const rate = `${stepsPerSecond.toFixed(stepsPerSecond < 10 ? 1 : 0)} steps/s`;
  const left = Number.isFinite(eta) ? `, ${formatSeconds(eta)} left` : "";
  return `step ${formatCount(step)} of ${formatCount(steps)}, ${rate}, loss ${loss.toFixed(3)}${left}`;
}

/** "about 4 trials and 6 min 10 s to go". */
function remainingInWords({ remainingTrials, remainingSeconds }: Extract<MeasureEvent, { type: "trial-start" }>): string {
  const time = remainingSeconds === null ? "" : ` and ${formatSeconds(remainingSeconds)}`;
  return `about ${counted(remainingTrials, "trial")}${time} to go`;
}

/** "Full fine-tuning reaches 81.1 %; 90 % of it is 73.0 %; the majority class alone has 68.4 %." */
function baselineInWords({ full, threshold, majority }: { full: number; threshold: number; majority: number }, metric: MetricName): string {
  const shown = (value: number): string => formatMetric(value, metric), measured = metric === "accuracy" ? "" : `${metricWords[metric].name} `;
  return `Full fine-tuning reaches ${measured}${shown(full)}; ${formatRound(threshold / full)} of it is ${shown(threshold)}; ` +
    `${metricWords[metric].guess} alone has ${shown(majority)}.`;
}

/** "500 < d90 <= 1,389"; null when neither end is known. */
function bracketInWords({ lower, upper }: { lower: number | null; upper: number | null }): string | null {
  if (lower === null && upper === null) return null;
  return `${lower === null ? "" : `${formatCount(lower)} < `}d90${upper === null ? "" : ` <= ${formatCount(upper)}`}`;
}

/** Tells the events of one search through `progress`. */
export function searchNarrator(
  method: DimensionedMethod, progress: Progress, metric: MetricName = "accuracy",
): (event: MeasureEvent) => void {
  let running = `${methodNames[method]}: learning the directions`, takenUp = 0, known: string | null = null;

  /** Recorded trials are not told one by one: a rerun may take up dozens. */
  const tellTakenUp = (): void => {
    if (takenUp > 0) progress.note(`${methodNames[method]}: took up ${counted(takenUp, "recorded trial")}.`);
    takenUp = 0;
  };

  const onTrialEnd = ({ trial, cached }: Extract<MeasureEvent, { type: "trial-end" }>): void => {
    const result = trial.metric === null ? trial.outcome : formatMetric(trial.metric, metric);
    if (cached) takenUp++;
    else progress.note(`${trialInWords(method, trial)}: ${result} (${formatSeconds(trial.seconds)})`);
  };

  const onBracket = (event: Extract<MeasureEvent, { type: "bracket" }>): void => {
    const now = event.target === "d90" ? bracketInWords(event) : null;
    if (now === null || now === known || takenUp > 0) return;
    known = now;
    progress.note(`  ${methodNames[method]}, seed ${event.seed}: ${now}`);
  };

  return (event) => {
    switch (event.type) {
      case "note": return progress.note(event.text);
      case "estimate":
        return progress.note(`About ${counted(event.trials, "training")}, ${formatSeconds(event.seconds)}. Ctrl-C keeps what is finished.`);
      case "trial-start":
        tellTakenUp();
        running = `${trialInWords(method, event.request)} (${remainingInWords(event)})`;
        return progress.update(running);
      case "step": return progress.update(`${running}: ${stepInWords(event.progress)}`);
      case "trial-end": return onTrialEnd(event);
      case "baseline": return progress.note(baselineInWords(event, metric));
      case "bracket": return onBracket(event);
      case "done":
        tellTakenUp();
        return progress.done();
    }
  };
}
