/** Tasks by name or from a file of one's own, their rows, and how they are measured. */
export { pearson, spearman } from "./correlation.js";
export { loadTask, type LoadTaskOptions } from "./load.js";
export { accuracy, balancedWeights, chanceLevel, f1, labelCounts, majorityShare, matthews, metrics } from "./metrics.js";
export { findTask, taskNamed, tasks } from "./registry.js";
export { subset, subsetOf, type SubsetOptions } from "./subset.js";
export { outputsOf, type Example, type Splits, type Task, type TaskData } from "./task.js";
export { isPath, type FileOptions } from "./userTask.js";
