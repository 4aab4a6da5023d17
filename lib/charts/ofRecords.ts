/** The charts of run records, ready to be shown. */
import type { SearchRecord, TrialRecord } from "../records/record.js";
import type { SearchWithTrials } from "../records/trialsOf.js";
import { accuracyByDimension } from "./accuracyByDimension.js";
import { againstDimension, type Quantity } from "./againstDimension.js";
import { chart, type Chart } from "./chart.js";
import { trainingCurves } from "./trainingCurves.js";

/**
 * Accuracy against d, the paper's Figure 1, of searches of one model on one task.
 * @throws {RangeError} without records, or when they are of different models or data.
 */
export const accuracyChart = (...records: SearchRecord[]): Chart => chart(accuracyByDimension(records));

/** Loss and metric along training. @throws {RangeError} without records. */
export const trainingChart = (...records: TrialRecord[]): Chart => chart(trainingCurves(records));

/**
 * d90 against evaluation accuracy or the relative generalization gap, the paper's Figures 4 and 5, of searches of any models and tasks:
 * `generalizationChart(await withTrials(openStore(), searches), "gap")`.
 * @throws {RangeError} when no search has both.
 */
export const generalizationChart = (searches: readonly SearchWithTrials[], quantity: Quantity = "accuracy"): Chart =>
  chart(againstDimension(searches, quantity));
