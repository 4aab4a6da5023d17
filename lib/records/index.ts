/** Records of runs, and their store. */
export { compareRecords, type Comparison, type Difference } from "./compare.js";
export * from "./record.js";
export { openStore, type RunStore, type StoreOptions, type StoreProblem } from "./store.js";
