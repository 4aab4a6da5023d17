/** Trials of several methods, as `d90 compare` would have recorded them. */
import { idOf, isDimensioned, kindOf, type Method, type TrialRecord } from "../../lib/records/record.js";
import { trialRecord } from "./records.js";

export interface MethodTrial {
  trained: number;
  metric: number | null;
  free?: number;
  rank?: number;
  rate?: number;
  seed?: number;
  epochs?: number;
  /** The run that learned directions come from. */
  run?: string;
}

/** The record of a trial by `method` that trains so many numbers. */
export function methodTrial(method: Method, { trained, metric, free = 0, rank, rate = 0.01, seed = 0, epochs = 3, run = "0123456789ab" }: MethodTrial): TrialRecord {
  const record = trialRecord({ metric, seed, learningRate: rate });
  const ranked = rank === undefined ? {} : { adapter: { targets: ["query", "value"], rank, alpha: 16 } };
  const configuration = {
    ...record.configuration, ...ranked, method, kind: kindOf(method), d: isDimensioned(method) ? trained - free : null, epochs,
    projection: method === "did" || method === "uni-lora" ? "srht-blocked" : null, head: free > 0 ? "free" as const : "projected" as const,
    budget: { counted: trained - free, free, total: trained },
    ...(method === "learned" ? { learned: { run, snapshots: 8, by: "gram-pca" as const } } : {}),
  };
  return { ...record, configuration, id: idOf(configuration) };
}

/** Nine of them, several near each other. */
export const comparison = (): TrialRecord[] => [
  methodTrial("full", { trained: 22_713_986, metric: 0.801, rate: 1e-4 }), methodTrial("head", { trained: 770, free: 770, metric: 0.701 }),
  methodTrial("did", { trained: 1000, metric: 0.703 }), methodTrial("did", { trained: 10_000, metric: 0.76 }),
  methodTrial("uni-lora", { trained: 1000, metric: 0.725, rank: 8 }), methodTrial("ia3", { trained: 14_594, free: 770, metric: 0.765 }),
  methodTrial("bitfit", { trained: 26_882, free: 770, metric: 0.77 }), methodTrial("lora", { trained: 9986, free: 770, metric: 0.763, rank: 1 }),
  methodTrial("lora", { trained: 74_498, free: 770, metric: 0.795, rank: 8 }), methodTrial("learned", { trained: 2, metric: 0.74 }),
];
