/** The charts of run records, ready to be shown. */
import type { BoundRecord } from "../records/boundRecord.js";
import type { SearchRecord, SeriesRecord, TrialRecord } from "../records/record.js";
import type { SearchWithTrials } from "../records/trialsOf.js";
import { accuracyByDimension } from "./accuracyByDimension.js";
import { againstDimension, type Quantity } from "./againstDimension.js";
import { boundCurves, type BoundCurvesOptions, type BoundPoint } from "./boundCurves.js";
import { boundTerms } from "./boundTerms.js";
import { boundTradeOff } from "./boundTradeOff.js";
import { chart, type Chart } from "./chart.js";
import { d90AlongPretraining } from "./d90AlongPretraining.js";
import { d90BySize } from "./d90BySize.js";
import { metricByBudget } from "./metricByBudget.js";
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

/**
 * The paper's Figure 2 (d90 along pre-training) or 3 (against the number of parameters) of a series.
 * @throws {RangeError} without points.
 */
export const seriesChart = (record: SeriesRecord): Chart => chart(record.kind === "checkpoints" ? d90AlongPretraining(record) : d90BySize(record));

/** Every bound of a run with its terms, beside the error that was measured. */
export const boundChart = (record: BoundRecord): Chart => chart(boundTerms(record));

/**
 * What a search for a bound chose among (`searchBound`): bounds and errors against d, or against the bits of one d's candidates.
 * @throws {RangeError} without records, or when they are of different methods, models or rows.
 */
export const tradeOffChart = (...records: BoundRecord[]): Chart => chart(boundTradeOff(records));

/** Bounds against d, rows or parameters. @throws {RangeError} without points. */
export const boundCurvesChart = (points: readonly BoundPoint[], options: BoundCurvesOptions): Chart => chart(boundCurves(points, options));

/**
 * Accuracy against the numbers that are trained, of trials by several methods.
 * @throws {RangeError} without completed trials, or when their models, rows or training differ.
 */
export const methodsChart = (...records: TrialRecord[]): Chart => chart(metricByBudget(records));
