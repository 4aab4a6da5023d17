/** Training loss against updates, one line a run: what was learned when, and which run diverged. */
import type { TopLevelSpec } from "vega-lite";
import { isRegression, type TrialRecord } from "../records/record.js";
import { sizedName } from "./budgets.js";
import { lossCurves, meansOf, type LossRow } from "./lossCurves.js";
import { formatCount, formatMetric, formatRate } from "./scales.js";
import { colorOf, light, type Palette } from "./theme.js";
import { methodNames, metricNameOf, presetInWords } from "./words.js";

/** The smoothed loss of a run; what is not finite ends it. */
export const lossRows = ({ id, losses }: TrialRecord): LossRow[] =>
  meansOf(id, losses.flatMap(({ step, loss }) => (loss === null ? [] : [{ step, loss }])));

/** What is written beside a line. */
function labelOf(trial: TrialRecord): string {
  const { configuration: { method, d, learningRate, task }, outcome, final, steps } = trial;
  const what = method === "full" ? "full" : d === null ? sizedName(trial) : `${methodNames[method]} d ${formatCount(d)}`;
  const end = outcome === "completed" && final !== null ? formatMetric(final.metric, task.metric) : `${outcome} at ${formatCount(steps)}`;
  return `${what}, ${formatRate(learningRate)}: ${end}`;
}

/** Title, and what the numbers are about. */
function words(trials: readonly TrialRecord[]): { title: string; subtitle: string[]; unit: string } {
  const { configuration } = trials[0]!, { task, model, batchSize } = configuration, metric = metricNameOf(trials[0]!);
  return {
    unit: isRegression(task.metric) ? "squared error" : "nats",
    title: `Training loss, and the dev ${metric} that each run ends with`,
    subtitle: [
      `${task.dataSource} · ${formatCount(task.trainRows)} training rows`,
      `${model.id} · ${presetInWords(configuration)} · batches of ${batchSize} rows`,
      `Means over a tenth of each run; labels: method, d, learning rate: dev ${metric}`,
    ],
  };
}

/**
 * The loss curves of some trials, in the colours of their methods.
 * @throws {RangeError} when none of them has a loss.
 */
export function trainingCurves(trials: readonly TrialRecord[], palette: Palette = light): TopLevelSpec {
  const drawn = trials.map((trial) => ({ trial, rows: lossRows(trial) })).filter(({ rows }) => rows.length > 0);
  if (drawn.length === 0) throw new RangeError(`trainingCurves: trials must have losses, got ${trials.length} without any.`);
  const curves = drawn.map(({ trial, rows }) => ({
    rows, label: labelOf(trial), color: colorOf(trial.configuration.method, palette), early: trial.outcome !== "completed", steps: trial.steps,
  }));
  return lossCurves(curves, { palette, ...words(drawn.map(({ trial }) => trial)) });
}
