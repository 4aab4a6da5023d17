/** From trials of several methods to rows of accuracy against the numbers that are trained. */
import type { Method, TrialRecord } from "../records/record.js";
import { methodNames } from "./words.js";

/** One method at one size: all its seeds together. */
export interface BudgetRow {
  method: Method;
  /** "LoRA, rank 4". */
  name: string;
  /** What rows that differ in their size alone have in common: the method, and of a learned subspace the run that its directions come from. */
  curve: string;
  /** Numbers that are trained, a free head included. */
  trained: number;
  /** Of these, the head's. */
  free: number;
  /** Mean of the dev metric over the seeds, and their range. */
  metric: number;
  low: number;
  high: number;
  seeds: number[];
  learningRate: number;
  seconds: number;
}

/** A trial's method with its size, as charts and tables call it. */
export function sizedName({ configuration: { method, adapter, projection } }: Pick<TrialRecord, "configuration">): string {
  if (method === "uni-lora") return `${projection === "one-hot" ? "Uni-LoRA" : `LoRA's space by ${projection}`}, rank ${adapter?.rank}`;
  return adapter?.rank === undefined || adapter.rank === null ? methodNames[method] : `${methodNames[method]}, rank ${adapter.rank}`;
}

/**
 * Completed trials as rows, by ascending size. Where one method and size was trained at several rates, the best mean counts. Learned
 * subspaces are told apart by the runs that their directions come from, where these are several.
 * @throws {RangeError} without completed trials, or when they are of different models, data or training.
 */
export function budgetRows(trials: readonly TrialRecord[]): BudgetRow[] {
  const completed = trials.filter(({ final }) => final !== null);
  if (completed.length === 0) throw new RangeError(`budgetRows: trials must hold completed ones, got ${trials.length} others.`);
  const setups = new Set(completed.map(({ configuration: c }) =>
    [c.model.sha256, c.task.sha256, c.task.trainRows, c.task.devRows, c.epochs, c.batchSize, c.maxLength, c.classWeights].join()));
  if (setups.size > 1) throw new RangeError(`budgetRows: trials must be of one model, the same rows and training, got ${setups.size} setups.`);
  const bases = new Set(completed.flatMap(({ configuration: { learned } }) => learned?.run ?? []));
  const nameOf = (trial: TrialRecord): string => `${sizedName(trial)}${bases.size > 1 && trial.configuration.learned ? ` of run ${trial.configuration.learned.run.slice(0, 4)}` : ""}`;
  const rows = [...grouped(completed, (trial) => `${nameOf(trial)} ${trial.configuration.budget.total} ${trial.configuration.head} ${trial.configuration.learningRate}`)]
    .map((same) => rowOf(nameOf(same[0]!), same));
  const best = [...grouped(rows, ({ name, trained, free }) => `${name} ${trained} ${free}`)]
    .map((same) => same.reduce((a, b) => (b.metric > a.metric ? b : a)));
  return best.sort((a, b) => a.trained - b.trained || b.metric - a.metric);
}

function rowOf(name: string, same: readonly TrialRecord[]): BudgetRow {
  const metrics = same.map(({ final }) => final!.metric), { method, budget, learningRate, learned } = same[0]!.configuration;
  return {
    method, name, curve: learned === undefined ? method : `${method} ${learned.run}`, trained: budget.total, free: budget.free, learningRate,
    metric: metrics.reduce((sum, metric) => sum + metric, 0) / metrics.length, low: Math.min(...metrics), high: Math.max(...metrics),
    seeds: same.map(({ configuration }) => configuration.seeds.run), seconds: same.reduce((sum, { seconds }) => sum + seconds, 0),
  };
}

/** Groups in the order in which their first member comes. */
function grouped<T>(items: readonly T[], keyOf: (item: T) => string): Iterable<T[]> {
  const groups = new Map<string, T[]>();
  for (const item of items) groups.set(keyOf(item), [...(groups.get(keyOf(item)) ?? []), item]);
  return groups.values();
}
