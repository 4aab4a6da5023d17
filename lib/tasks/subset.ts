/** Fewer rows of a task, drawn by seed with the classes in proportion. */
import { requireInteger } from "../support/checks.js";
import { sample, splitSeed } from "../support/random.js";
import { hashOf } from "./hash.js";
import { labelCounts } from "./metrics.js";
import type { Example, TaskData } from "./task.js";

/** `rows` of the examples, in their order, every choice equally likely: for labels that are numbers. @throws as `subset`. */
export function plainSubset(examples: readonly Example[], rows: number, seed: number): Example[] {
  requireInteger("subset", "rows", rows, 1, examples.length);
  return [...sample(examples.length, rows, splitSeed(seed, "subset"))].sort((a, b) => a - b).map((row) => examples[row]!);
}

/**
 * `rows` of the examples, in their order: each class gets its share, rounded by largest remainders (ties to the lower
 * label), and within a class every choice is equally likely. The same seed gives the same rows on every machine.
 * @throws {RangeError} if rows is not an integer in [1, examples.length].
 */
export function subset(examples: readonly Example[], rows: number, seed: number): Example[] {
  requireInteger("subset", "rows", rows, 1, examples.length);
  const quotas = largestRemainders(labelCounts(examples), rows);
  const chosen = quotas.flatMap((quota, label) => {
    const ofLabel = examples.flatMap((example, row) => (example.label === label ? [row] : []));
    return Array.from(sample(ofLabel.length, quota, splitSeed(seed, `subset of class ${label}`)), (index) => ofLabel[index]!);
  });
  return chosen.sort((a, b) => a - b).map((row) => examples[row]!);
}

/** How much of a task to keep. */
export interface SubsetOptions {
  /** Rows to train on; defaults to all. */
  train?: number;
  /** Rows to measure on; defaults to all. */
  dev?: number;
  seed: number;
}

/**
 * The task with `subset`s of its rows; its dataSource says so, and its hash is that of the rows kept. Asking for at least
 * as many rows as there are keeps all of them.
 * @throws {RangeError} if train or dev is not a positive integer.
 */
export function subsetOf(data: TaskData, options: SubsetOptions): TaskData {
  const notes: string[] = [];
  const keep = (split: "train" | "dev"): Example[] => {
    const all = data[split];
    const rows = requireInteger("subsetOf", split, options[split] ?? all.length, 1);
    if (rows >= all.length) return all;
    notes.push(`${split} ${grouped(rows)} of ${grouped(all.length)} rows`);
    const draw = data.labels.length === 0 ? plainSubset : subset;
    return draw(all, rows, splitSeed(options.seed, split));
  };
  const splits = { train: keep("train"), dev: keep("dev") };
  if (notes.length === 0) return data;
  const dataSource = `subset of ${data.dataSource}: ${notes.join(", ")}, seed ${options.seed}`;
  return { ...data, ...splits, dataSource, sha256: hashOf(splits) };
}

/** 3668 as 3,668. */
const grouped = (count: number): string => count.toLocaleString("en-US");

/** Splits `total` in proportion to `counts`, in whole numbers. */
function largestRemainders(counts: number[], total: number): number[] {
  const all = counts.reduce((sum, count) => sum + count, 0);
  const quotas = counts.map((count) => Math.floor((total * count) / all));
  const left = total - quotas.reduce((sum, quota) => sum + quota, 0);
  const remainders = counts.map((count, label) => ({ label, remainder: (total * count) % all }));
  const byRemainder = remainders.sort((a, b) => b.remainder - a.remainder);
  for (const { label } of byRemainder.slice(0, left)) quotas[label]!++;
  return quotas;
}
