/** One chart for each way that a search can end. */
import { boundCurves } from "../../lib/charts/boundCurves.js";
import { boundTradeOff } from "../../lib/charts/boundTradeOff.js";
import { boundTerms } from "../../lib/charts/boundTerms.js";
import { boundRecord } from "./boundRecords.js";
import { accuracyByDimension } from "../../lib/charts/accuracyByDimension.js";
import { againstDimension } from "../../lib/charts/againstDimension.js";
import { d90AlongPretraining } from "../../lib/charts/d90AlongPretraining.js";
import { d90BySize } from "../../lib/charts/d90BySize.js";
import { metricByBudget } from "../../lib/charts/metricByBudget.js";
import { trainingCurves } from "../../lib/charts/trainingCurves.js";
import { asCorrelation, searchRecord, searchWithTrials, trialRecord } from "./records.js";
import { comparison, methodTrial } from "./methodTrials.js";
import { seriesRecord } from "./seriesRecords.js";

const nothing = { d90: null, lower: null, upper: null, exact: false };
const unknown = { ...nothing, outcome: "interrupted" as const, threshold: null };

/** Five searches whose d90 falls as the accuracy rises; one of them has no d that failed. */
const several = [
  searchWithTrials({ model: "tiny", middle: 5000, accuracies: [[0.7, 0.85]] }), searchWithTrials({ model: "small", middle: 2500, accuracies: [[0.73, 0.83], [0.74, 0.84]] }),
  searchWithTrials({ model: "small", method: "said", middle: 1700, accuracies: [[0.735, 0.84]] }),
  searchWithTrials({ model: "base", middle: 1100, accuracies: [[0.79, 0.84]] }), searchWithTrials({ model: "large", middle: 100, accuracies: [[0.83, 0.85]] }),
];

const curves = [["certificate", 0.15, 0.9], ["finite class", 0.15, 1.1], ["parameter count", 0.15, 1e4]] as const;
const curvePoints = curves.flatMap(([name, error, cost]) => [300, 3000, 30_000, 300_000].map((x) => ({ name, x, value: error + cost * Math.sqrt(600 / (2 * x)) })));

export const charts = {
  "bounds of a run": boundTerms(boundRecord()),
  "bounds of a run, vacuous": boundTerms(boundRecord({ rows: 3668, error: 0.29, chance: 0.326 })),
  "bounds against the rows": boundCurves(curvePoints, { title: "Bounds against the rows", about: ["made-up rows"], axis: "Rows m (log scale)", chance: 0.44 }),
  "bounds and errors against d": boundTradeOff([100, 300, 1000].map((d, i) => boundRecord({ d, error: 0.24 - 0.04 * i }))),
  "bits against errors": boundTradeOff([boundRecord({ candidates: [2, 4, 8].map((levels, i) =>
    ({ levels, chargedBits: 350 + 300 * i, rows: 1000, error: 0.22 - 0.03 * i, value: 0.26 - 0.01 * i })) })]),
  "accuracy against the dimension": againstDimension(several, "accuracy"),
  "generalization gap against the dimension": againstDimension(several, "gap"),
  "accuracy of one search": againstDimension(several.slice(1, 2), "accuracy"),
  "two methods, three seeds, rates and divergences": accuracyByDimension([
    searchRecord({ method: "said", seeds: [0, 1, 2], rates: 3, middle: 700 }), searchRecord({ seeds: [0, 1, 2], rates: 3, diverged: 2 }),
  ]),
  "one method": accuracyByDimension([searchRecord()]),
  "above and below the grid": accuracyByDimension([
    searchRecord({ method: "said", middle: 1e6, tried: [100, 1000, 10000] }), searchRecord({ tried: [500, 1000, 3000], middle: 100 }),
  ]),
  "few trials": accuracyByDimension([searchRecord({ preset: "quick", tried: [500, 1389, 4000], result: { exact: false } })]),
  "one trial": accuracyByDimension([searchRecord({ preset: "quick", tried: [1389] })]),
  "threshold below the majority class": accuracyByDimension((["said", "did"] as const).map((method) => searchRecord({
    method, preset: "quick", full: 0.708, middle: 1e6, tried: [207, 1389], noise: 0,
    result: { ...nothing, outcome: "below-grid", upper: 207, threshold: 0.6372 },
  }))),
  "no baseline": accuracyByDimension([searchRecord({
    full: 0.685, tried: [], preset: "smoke", dataSource: "embedded paraphrases (not MRPC)",
    result: { ...nothing, outcome: "baseline-not-above-majority" },
  })]),
  "interrupted before the first result": accuracyByDimension([searchRecord({
    tried: [],
    result: { ...unknown, full: null, fullRate: null, chanceCorrectedD90: { ...unknown, interval: null, bySeed: [], violations: [], notes: [] } },
  })]),
  "a correlation": accuracyByDimension((["said", "did"] as const).map((method) => asCorrelation(searchRecord({
    method, seeds: [0, 1], dataSource: "made-up rows", diverged: 1,
  }), "matthews"))),
  "several methods, two learned bases": metricByBudget([...comparison(), methodTrial("learned", { trained: 1, metric: 0.76, run: "fedcba987654" })]),
  "training curves": trainingCurves([
    trialRecord({ method: "full", learningRate: 1e-4, metric: 0.811 }), trialRecord({ method: "said", d: 1389 }),
    trialRecord({ d: 5000, metric: null }),
  ]),
  "along a pre-training": d90AlongPretraining(seriesRecord({ kind: "checkpoints", d90: { mrpc: [null, null, 5200, 2400, 1000] }, x: [0, 100, 200, 400, 600] })),
  "along a pre-training, three tasks": d90AlongPretraining(seriesRecord({
    kind: "checkpoints", d90: { mrpc: [null, 8000, 2400], sst2: [2000, 1500, 420], qqp: [null, null, 6400] }, x: [0, 100, 600], threshold: 0.6, outcome: "running",
  })),
  "over sizes": d90BySize(seriesRecord({ kind: "models", d90: { mrpc: [5200, 3800, 2600, null, 1200, 900] }, x: [163e3, 420e3, 1.3e6, 2.6e6, 7.4e6, 22.7e6] })),
};
