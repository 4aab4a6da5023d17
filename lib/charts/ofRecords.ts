/** The charts of run records, ready to be shown. */
import type { SearchRecord, TrialRecord } from "../records/record.js";
import { accuracyByDimension } from "./accuracyByDimension.js";
import { chart, type Chart } from "./chart.js";
import { trainingCurves } from "./trainingCurves.js";

/**
 * Accuracy against d, the paper's Figure 1, of searches of one model on one task.
 * @throws {RangeError} without records, or when they are of different models or data.
 */
export const accuracyChart = (...records: SearchRecord[]): Chart => chart(accuracyByDimension(records));

/** Loss and metric along training. @throws {RangeError} without records. */
export const trainingChart = (...records: TrialRecord[]): Chart => chart(trainingCurves(records));
