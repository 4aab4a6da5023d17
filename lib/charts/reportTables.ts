/** The tables of a report: results, every trial, configuration, environment. */
import type { MetricName, SearchConfiguration, SearchOptionsRecord, SearchRecord, TrialSummary } from "../records/record.js";
import { html, listOf, tableOf, type Html } from "./html.js";
import { counted, formatCount, formatMetric, formatRate, formatRound, formatSeconds } from "./scales.js";
import { methodOf } from "./trials.js";
import { capitalised, dimensionInWords, engineInWords, guessHeading, intervalInWords, methodNames, metricNameOf } from "./words.js";

const number = (text: string) => ({ number: text });
const none = "–";
const valueOrNone = (value: number | null, metric: MetricName): string => (value === null ? none : formatMetric(value, metric));

/** One row a method: what was found. */
export function resultTable(records: readonly SearchRecord[]): Html {
  const share = formatRound(records[0]!.configuration.search.share);
  return tableOf("What was found; d counts everything that is learned inside the subspace, SAID's scalers included",
    ["Method", number("d90"), "Over seeds", number("Chance-corrected"), number("Full"), number(`${share} of it`), number(guessHeading(records[0]!)),
      number("Trials"), number("Time")],
    records.map(({ result, baseline, trials, seconds, configuration }) => [
      methodNames[configuration.method], number(dimensionInWords(result) ?? result.outcome.replaceAll("-", " ")),
      intervalInWords(result) ?? "one seed", number(dimensionInWords(result.chanceCorrectedD90) ?? none), number(valueOrNone(result.full, configuration.task.metric)),
      number(valueOrNone(result.threshold, configuration.task.metric)),
      number(formatMetric(result.majority, configuration.task.metric)), number(String(baseline.length + trials.length)), number(formatSeconds(seconds)),
    ]));
}

/** Every trial: full fine-tuning first, then each method by d, rate and seed. */
export function trialTable(records: readonly SearchRecord[]): Html {
  const known = new Map<string, { name: string; trial: TrialSummary }>();
  for (const record of records) {
    for (const trial of record.baseline) known.set(trial.id, { name: methodNames.full, trial });
  }
  for (const record of records) {
    const sorted = [...record.trials].sort((a, b) => (a.d ?? 0) - (b.d ?? 0) || a.seed - b.seed || a.learningRate - b.learningRate);
    for (const trial of sorted) known.set(trial.id, { name: methodNames[methodOf(record)], trial });
  }
  const { metric: measured } = records[0]!.configuration.task;
  const rows = [...known.values()].map(({ name, trial: { id, d, learningRate, seed, outcome, metric, seconds } }) => [
    name, number(d === null ? none : formatCount(d)), number(formatRate(learningRate)), number(String(seed)),
    number(metric === null ? outcome : formatMetric(metric, measured)), number(formatSeconds(seconds)), html`<code>${id}</code>`,
  ]);
  return tableOf(`All ${counted(rows.length, "trial")}`,
    ["Method", number("d"), number("Learning rate"), number("Seed"), number(capitalised(metricNameOf(records[0]!))), number("Time"), "Run"], rows);
}

const list = (values: readonly number[], format: (value: number) => string = String): string => values.map(format).join(", ");

/** What was asked, in full: enough to do it again by other means. */
export function configurationList({ configuration }: SearchRecord): Html {
  const { model, task, head, projection, preset, changed } = configuration;
  return listOf([
    ["Model", `${model.id}, ${formatCount(model.parameters)} parameters, SHA-256 ${model.sha256}`],
    ["Data", `${task.dataSource}, SHA-256 of the rows ${task.sha256}`],
    ["Rows", `${formatCount(task.trainRows)} to train, ${formatCount(task.devRows)} to measure; metric: ${task.metric}`],
    ["Projection", projection ?? none],
    ["Head", head],
    ["Preset", preset === null ? none : `${preset}${changed === undefined ? "" : `, but for ${changed.join(", ")}`}`],
    ...trainingPairs(configuration),
    ...searchPairs(configuration.search),
  ]);
}

function trainingPairs(configuration: SearchConfiguration): [string, string][] {
  const { optimizer, epochs, fullEpochs, batchSize, accumulation, maxLength, dropout } = configuration;
  const clipping = optimizer.clipNorm === null ? "no clipping" : `gradients clipped at norm ${optimizer.clipNorm}`;
  const parts = accumulation > 1 ? ` in ${accumulation} parts` : "";
  return [
    ["Optimiser", `${optimizer.name}, ${optimizer.schedule} schedule, warm-up ${formatRound(optimizer.warmup)}, ` +
      `weight decay ${optimizer.weightDecay}, ${clipping}`],
    ["Training", `${counted(epochs, "epoch")} (full fine-tuning ${fullEpochs}), batches of ${batchSize} rows${parts}, ` +
      `at most ${maxLength} tokens, dropout ${dropout}`],
  ];
}

function searchPairs(search: SearchOptionsRecord): [string, string][] {
  const { seeds, fullSeeds, fullRates, rateMultiplier, ratesPerD, lowest, highest, firstD, maxTrials, maxSeconds } = search;
  const trials = maxTrials === null ? "no limit on trials" : `at most ${counted(maxTrials, "trial")} in subspaces`;
  return [
    ["Seeds", `${list(seeds)}; full fine-tuning ${list(fullSeeds)}`],
    ["Learning rates", `full fine-tuning ${list(fullRates, formatRate)}; in subspaces from ${rateMultiplier} x rate x sqrt(D / d), ` +
      `at most ${ratesPerD} for one d`],
    ["Grid", `the paper's, ratio 1.157, from ${formatCount(lowest)} to ${formatCount(highest)}, first ${formatCount(firstD)}`],
    ["Limits", `${trials}${maxSeconds === null ? "" : `, at most ${formatSeconds(maxSeconds)}`}`],
  ];
}

/** Where it ran. */
export function environmentList({ environment, startedAt, finishedAt }: SearchRecord): Html {
  const { versions, platform } = environment;
  return listOf([
    ["Engine", engineInWords(environment)],
    ["Versions", `d90 ${versions.d90}, Node ${versions.node}, ${platform}`],
    ["Begun, ended", `${startedAt}, ${finishedAt}`],
  ]);
}
