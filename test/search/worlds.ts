/** Made-up models whose accuracy at every d, rate and seed is known: what a search must find is exact. */
import type { TrialSummary } from "../../lib/records/record.js";
import type { RunTrial, TrialRequest } from "../../lib/search/ledger.js";
import { gaussians, splitSeed } from "../../lib/support/random.js";

export interface WorldOptions {
  /** What full fine-tuning reaches, and what predicting the majority class does. */
  full?: number;
  majority?: number;
  /** The d at which a subspace is half-way from the majority class to full fine-tuning, and the slope in log d. */
  halfway?: number;
  slope?: number;
  /** Best learning rate at d, and by which factor off it half of the gain is lost. */
  bestRate?: (d: number) => number;
  tolerance?: number;
  /** Rates above bestRate times this diverge. */
  divergesAt?: number;
  /** Standard deviation of a trial's metric. */
  noise?: number;
  noiseSeed?: number;
  /** Factor on `halfway` by seed. */
  shift?: (seed: number) => number;
}

export const MAJORITY = 0.684;
export const D = 22_713_986;

const shortHash = (text: string): number => splitSeed(7, text);

/** The metric without noise at the best rate. */
export function metricAt(d: number, seed: number, world: WorldOptions): number {
  const { full = 0.81, majority = MAJORITY, halfway = 1000, slope = 1.5, shift = () => 1 } = world;
  return majority + (full - majority) / (1 + (d / (halfway * shift(seed))) ** -slope);
}

/** One trial of the world. */
export function trialOf(request: TrialRequest, world: WorldOptions): TrialSummary {
  const { kind, d, learningRate, seed } = request;
  const { full = 0.81, majority = MAJORITY, bestRate, tolerance = 10, divergesAt = Infinity, noise = 0, noiseSeed = 0 } = world;
  const id = `${kind}-${d}-${learningRate}-${seed}`;
  const off = d === null || bestRate === undefined ? 1 : learningRate / bestRate(d);
  if (off > divergesAt) return { ...request, id, outcome: "diverged", metric: null, seconds: 1 };
  const gain = 2 ** -((Math.log(off) / Math.log(tolerance)) ** 2);
  const clean = d === null ? full : majority + gain * (metricAt(d, seed, world) - majority);
  const error = noise === 0 ? 0 : noise * gaussians(1, shortHash(`${noiseSeed}/${id}`))[0]!;
  return { ...request, id, outcome: "completed", metric: clean + error, seconds: 1 };
}

/** Trials of the world, counted. */
export function makeWorld(world: WorldOptions = {}): { runTrial: RunTrial; requests: TrialRequest[] } {
  const requests: TrialRequest[] = [];
  return {
    requests,
    runTrial: async (request) => {
      requests.push(request);
      return trialOf(request, world);
    },
  };
}

/** The smallest d of `grid` that truly reaches `threshold`; undefined above the grid. */
export const trueCrossing = (grid: readonly number[], threshold: number, seed: number, world: WorldOptions): number | undefined =>
  grid.find((d) => metricAt(d, seed, world) >= threshold);
