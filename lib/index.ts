/** d90: how many numbers does it take to fine-tune a language model? The public API, in reading order. */

// The question, answered: d90 of a model on a task, and one training in a subspace.
export { measureD90, type MeasureEvent, type MeasureOptions } from "./search/measure.js";
export { compareMethods, type CompareEvent, type CompareOptions, type MethodPlan } from "./search/compareMethods.js";
export { evaluateRun, trainOnce, type TrainOnceOptions } from "./search/once.js";
export { d90OverCheckpoints, d90OverModels, type SeriesEvent, type SeriesOptions } from "./search/series.js";
export { openSessionFor, type RunOptions } from "./search/within.js";
export { livePretraining, liveSearch, liveSeries } from "./search/live.js";
export { presets, type PresetName, type Settings } from "./search/settings.js";
export { findD90, gridBetween, rateAt, type FindOptions, type SearchEvent } from "./search/index.js";

// Many trainings or searches from one plan, on all cores or through a queue.
export { runSweep, type SweepOptions, type SweepResult } from "./sweep/sweep.js";
export { openTrialPool } from "./sweep/trialPool.js";
export { liveSweep } from "./sweep/live.js";
export type { SweepEvent, SweepOutcome } from "./sweep/events.js";
export type { SweepPlanInput } from "./sweep/plan.js";

// The idea: theta = theta0 + P z.
export * from "./subspace.js";
export * from "./projections/index.js";
export { makeReparameterisation, type Reparameterisation } from "./reparameterisations/index.js";

// What is trained, and on what.
export { loadModel } from "./models/load.js";
export type { Model, ModelConfig, TokenBatch } from "./models/types.js";
export { accuracy, chanceLevel, f1, majorityShare, matthews, pearson, spearman } from "./tasks/index.js";
export { loadTask, subsetOf, tasks, type Example, type LoadTaskOptions, type TaskData } from "./tasks/index.js";
export { openSession, type Session, type SessionOptions } from "./training/session.js";
export { train, type TrainOptions, type TrainProgress, type TrainResult } from "./training/train.js";
export { evaluate, type Evaluation } from "./training/evaluate.js";
export { engineInfo, startEngine, type EngineInfo, type EngineOptions } from "./engine/index.js";

// How much of it is explained: bounds on the true error, and the file that they charge.
export { bounds, type Bound, type Situation } from "./bounds/index.js";
export { decodeModel, dequantise, encodeModel, fitCodebook, quantise, type ModelFile } from "./bounds/codec/index.js";
export { applyFile, certifyRun, exportRun, searchBound } from "./search/certificate/index.js";

// Models of one's own, from random weights.
export {
  pretrain, pretrainPresets, readPretraining, sizes, type ModelSize, type PretrainEvent, type PretrainOptions, type PretrainSettings, type SizeName,
} from "./pretraining/index.js";

// What came out: records, and their charts.
export { openStore, type RunStore } from "./records/store.js";
export { exportRuns, queryRuns, type ExportOptions, type QueryOptions } from "./records/database/query.js";
export { readBoundRecord, recordedBounds, type BoundRecord } from "./records/boundRecord.js";
export { recordedRuns, recordedSearches, recordedSeries, recordedTrials } from "./records/recorded.js";
export { withTrials, type SearchWithTrials } from "./records/trialsOf.js";
export type { PretrainingRecord, RunRecord, SearchRecord, SeriesRecord, TrialRecord } from "./records/record.js";
export {
  accuracyChart, boundChart, boundCurvesChart, chart, fitOfSizes, generalizationChart, liveTraining, methodsChart, renderPng, renderSvg,
  seriesChart, seriesInWords, tradeOffChart, trainingChart, type Chart,
} from "./charts/index.js";
