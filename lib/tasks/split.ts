/** One set of rows in two: to train on, and held out to measure on. */
import { requireInteger, requireNumber, UsageError } from "../support/checks.js";
import { splitSeed } from "../support/random.js";
import { plainSubset, subset } from "./subset.js";
import type { Example, Splits } from "./task.js";

/** How much is held out, which rows, and whether labels are classes. */
export interface SplitOptions {
  /** Share of the rows that are held out, more than 0 and less than 1. */
  share: number;
  seed: number;
  /** Whether each class is held out in proportion. */
  classes: boolean;
}

/**
 * Holds out a share of the rows by seed, each in its order; the same seed gives the same rows on every machine.
 * @throws {RangeError} for a share outside (0, 1); {UsageError} for fewer than two rows.
 */
export function splitRows(examples: readonly Example[], { share, seed, classes }: SplitOptions): Splits {
  requireNumber("splitRows", "share (--dev-share)", share, 0.001, 0.999);
  requireInteger("splitRows", "seed (--split-seed)", seed, 0, 2 ** 32 - 1);
  if (examples.length < 2) throw new UsageError(`splitRows: examples must be at least 2, got ${examples.length}. Add rows.`);
  const rows = Math.min(examples.length - 1, Math.max(1, Math.round(share * examples.length)));
  const dev = (classes ? subset : plainSubset)(examples, rows, splitSeed(seed, "dev"));
  const held = new Set(dev);
  return { train: examples.filter((example) => !held.has(example)), dev };
}
