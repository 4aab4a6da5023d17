/** The search itself: baseline, bracket, bisection, seeds; it ends where its ledger stops it. */
import type { SearchResult } from "../records/record.js";
import { type Baseline, measureBaseline } from "./baseline.js";
import { type Approach, bracketOf, nextPosition } from "./bracket.js";
import { conclude } from "./conclude.js";
import { explore, statusesOf } from "./explore.js";
import { nearestPosition } from "./grid.js";
import { type Ledger, SearchStopped, type StopReason } from "./ledger.js";
import type { ResolvedOptions } from "./options.js";

/** Which of the two thresholds. */
export type Target = "d90" | "chanceCorrectedD90";

export type StageEvent =
  | ({ type: "baseline"; majority: number } & Baseline)
  /** The d that fails and the d that reaches the threshold, so far. */
  | { type: "bracket"; target: Target; seed: number; lower: number | null; upper: number | null };

/** First steps outward, in positions of the grid: eight are a factor 3.2 in d. */
const COARSE = 8;

/** What every stage works with. */
interface Stage {
  ledger: Ledger;
  options: ResolvedOptions;
  baseline: Baseline;
  onEvent: (event: StageEvent) => void;
}

/** Searches until the result is settled or the ledger stops it; the result is read off the trials at hand. */
export async function search(
  ledger: Ledger, options: ResolvedOptions, onEvent: (event: StageEvent) => void,
): Promise<SearchResult> {
  let stopped: StopReason | null = null;
  try {
    const baseline = await measureBaseline(ledger, options);
    if (baseline !== null) onEvent({ type: "baseline", majority: options.majority, ...baseline });
    if (baseline?.meaningful) await searchDimensions({ ledger, options, baseline, onEvent });
  } catch (error) {
    if (!(error instanceof SearchStopped)) throw error;
    stopped = error.reason;
  }
  return conclude(ledger, stopped, options);
}

/** Both dimensions with the first seed, so that a small budget gives both; then the other seeds. */
async function searchDimensions(stage: Stage): Promise<void> {
  const { options, baseline } = stage;
  const [first, ...others] = options.seeds;
  const start = nearestPosition(options.grid, options.firstD);
  const both = options.chanceCorrected === "search" || baseline.degenerate;
  if (baseline.degenerate) await tryPosition(stage, "d90", first!, 0);
  const plain = await cross(stage, "d90", first!, { start, stride: COARSE });
  const beyond = baseline.degenerate ? start : Math.min(options.grid.length - 1, plain + COARSE); // a degenerate d90 points nowhere
  const chance = both ? await cross(stage, "chanceCorrectedD90", first!, { start: beyond, stride: COARSE }) : null;
  for (const seed of baseline.degenerate ? [] : others) await cross(stage, "d90", seed, { start: plain, stride: 1 });
  if (chance !== null) for (const seed of others) await cross(stage, "chanceCorrectedD90", seed, { start: chance, stride: 1 });
}

/** Narrows one seed's bracket until it is settled. @returns the position of its upper end, or the last one. */
async function cross(stage: Stage, target: Target, seed: number, approach: Approach): Promise<number> {
  const { ledger, options } = stage;
  for (;;) {
    const bracket = bracketOf(statusesOf(ledger, seed, thresholdOf(stage, target), options));
    const position = nextPosition(bracket, options.grid.length, approach);
    if (position === null) return bracket.upper ?? options.grid.length - 1;
    await tryPosition(stage, target, seed, position);
  }
}

/** Explores one d and tells the bracket that follows. */
async function tryPosition(stage: Stage, target: Target, seed: number, position: number): Promise<void> {
  const { ledger, options: { grid }, options, baseline, onEvent } = stage;
  const threshold = thresholdOf(stage, target);
  await explore(ledger, { d: grid[position]!, seed, threshold }, baseline, options);
  const { lower, upper } = bracketOf(statusesOf(ledger, seed, threshold, options));
  const at = (end: number | null) => (end === null ? null : grid[end]!);
  onEvent({ type: "bracket", target, seed, lower: at(lower), upper: at(upper) });
}

const thresholdOf = ({ baseline }: Stage, target: Target): number =>
  target === "d90" ? baseline.threshold : baseline.chanceThreshold;
