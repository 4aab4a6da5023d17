/** The tables of a report: results, every trial, configuration, environment. */
import type { SearchRecord, TrialSummary } from "../records/record.js";
import { html, listOf, tableOf, type Html } from "./html.js";
import { counted, formatCount, formatRate, formatRound, formatSeconds, formatShare } from "./scales.js";
import { methodOf } from "./trials.js";
import { dimensionInWords, intervalInWords, methodNames } from "./words.js";

const number = (text: string) => ({ number: text });
const none = "–";
const shareOrNone = (value: number | null): string => (value === null ? none : formatShare(value));

/** One row a method: what was found. */
export function resultTable(records: readonly SearchRecord[]): Html {
  const share = formatRound(records[0]!.configuration.search.share);
  return tableOf("What was found; d counts everything that is learned inside the subspace, SAID's scalers included",
    ["Method", number("d90"), "Over seeds", number("Chance-corrected"), number("Full"), number(`${share} of it`), number("Majority"), number("Trials"), number("Time")],
    records.map(({ result, baseline, trials, seconds, configuration }) => [
      methodNames[configuration.method], number(dimensionInWords(result) ?? result.outcome.replaceAll("-", " ")), intervalInWords(result) ?? "one seed",
      number(dimensionInWords(result.chanceCorrectedD90) ?? none), number(shareOrNone(result.full)), number(shareOrNone(result.threshold)),
      number(formatShare(result.majority)), number(String(baseline.length + trials.length)), number(formatSeconds(seconds)),
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
  const rows = [...known.values()].map(({ name, trial: { id, d, learningRate, seed, outcome, metric, seconds } }) => [
    name, number(d === null ? none : formatCount(d)), number(formatRate(learningRate)), number(String(seed)),
    number(metric === null ? outcome : formatShare(metric)), number(formatSeconds(seconds)), html`<code>${id}</code>`,
  ]);
  return tableOf(`All ${counted(rows.length, "trial")}`,
    ["Method", number("d"), number("Learning rate"), number("Seed"), number("Accuracy"), number("Time"), "Run"], rows);
}

/** What was asked, in full: enough to do it again by other means. */
export function configurationList({ configuration }: SearchRecord): Html {
  const { model, task, optimizer, search } = configuration;
  const list = (values: readonly number[], format: (value: number) => string = String): string => values.map(format).join(", ");
  return listOf([
    ["Model", `${model.id}, ${formatCount(model.parameters)} parameters, SHA-256 ${model.sha256}`],
    ["Data", `${task.dataSource}, SHA-256 of the rows ${task.sha256}`],
    ["Rows", `${formatCount(task.trainRows)} to train, ${formatCount(task.devRows)} to measure; metric: ${task.metric}`],
    ["Projection", configuration.projection ?? none],
    ["Head", configuration.head],
    ["Optimiser", `${optimizer.name}, ${optimizer.schedule} schedule, warm-up ${formatRound(optimizer.warmup)}, weight decay ${optimizer.weightDecay}, ` +
      (optimizer.clipNorm === null ? "no clipping" : `gradients clipped at norm ${optimizer.clipNorm}`)],
    ["Training", `${counted(configuration.epochs, "epoch")} (full fine-tuning ${configuration.fullEpochs}), batches of ${configuration.batchSize} rows` +
      `${configuration.accumulation > 1 ? ` in ${configuration.accumulation} parts` : ""}, at most ${configuration.maxLength} tokens, dropout ${configuration.dropout}`],
    ["Seeds", `${list(search.seeds)}; full fine-tuning ${list(search.fullSeeds)}`],
    ["Learning rates", `full fine-tuning ${list(search.fullRates, formatRate)}; in subspaces from ${search.rateMultiplier} x rate x sqrt(D / d), at most ${search.ratesPerD} for one d`],
    ["Grid", `the paper's, ratio 1.157, from ${formatCount(search.lowest)} to ${formatCount(search.highest)}, first ${formatCount(search.firstD)}`],
    ["Limits", `${search.maxTrials === null ? "no limit on trials" : `at most ${counted(search.maxTrials, "trial")} in subspaces`}${search.maxSeconds === null ? "" : `, at most ${formatSeconds(search.maxSeconds)}`}`],
    ["Preset", configuration.preset ?? "none"],
  ]);
}

/** Where it ran. */
export function environmentList({ environment: { engine, versions, platform }, startedAt, finishedAt }: SearchRecord): Html {
  return listOf([
    ["Engine", `${engine.backend}${engine.tensorflow === null ? "" : ` ${engine.tensorflow}`} on ${engine.device}, ${engine.threads} threads, ${engine.mode} steps, ${engine.bf16 ? "bf16" : "fp32"}`],
    ["Versions", `d90 ${versions.d90}, Node ${versions.node}, ${platform}`],
    ["Begun, ended", `${startedAt}, ${finishedAt}`],
  ]);
}
