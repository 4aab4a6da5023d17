/** Searching for d90. */
export { estimateSearch, type SearchEstimate, type TrialCount } from "./forecast.js";
export { findD90, type FindHooks, type FindResult, type SearchEvent } from "./findD90.js";
export { gridBetween, gridValue, nearestPosition } from "./grid.js";
export type { CachedTrial, RunTrial, TrialRequest } from "./ledger.js";
export { type FindOptions, optionsRecord } from "./options.js";
export { rateAt, type RateRule } from "./rates.js";
