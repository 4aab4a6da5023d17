/** How many trials a search will take: the search itself is rehearsed with made-up trials, once for every place of d90. */
import { createLedger, type RunTrial } from "./ledger.js";
import { type FindOptions, type ResolvedOptions, resolveOptions } from "./options.js";
import { search } from "./search.js";

/** A number for each kind of trial: how many, or the seconds of one. */
export interface TrialCount {
  full: number;
  subspace: number;
}

/** What one rehearsal took: `position` is d90's place on the grid; the grid's length stands for above it. */
interface Rehearsal extends TrialCount {
  position: number;
}

/** Trials, and seconds where the seconds of one are known. */
export interface SearchEstimate {
  least: TrialCount;
  /** Mean over all places of d90 on the grid, each equally likely. */
  expected: TrialCount;
  most: TrialCount;
  seconds: { least: number; expected: number; most: number } | null;
}

/** Positions between d90 and the chance-corrected one in a rehearsal. */
const CHANCE_GAP = 8;

/** Searches for a d90 at `position`; every trial is free and the rule's learning rate right. */
async function rehearse(options: ResolvedOptions, position: number): Promise<Rehearsal> {
  const { share, seeds, fullSeeds } = options;
  const metricAt = (place: number) => (place < position ? 0 : place < position + CHANCE_GAP ? share * 1.001 : 1);
  const runTrial: RunTrial = async (request) => {
    const metric = request.d === null ? 1 : metricAt(options.grid.indexOf(request.d));
    return { id: "", ...request, outcome: "completed", metric, seconds: 0 };
  };
  const ledger = createLedger({
    limits: { maxTrials: options.maxTrials, maxSeconds: null },
    runTrial,
    cached: () => null,
    signal: new AbortController().signal,
    onEvent: () => undefined,
  });
  await search(ledger, { ...options, seeds, fullSeeds, majority: 0.5 }, () => undefined);
  const full = ledger.entries.filter(({ kind }) => kind === "full").length;
  return { position, full, subspace: ledger.entries.length - full };
}

const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;

/** What remains, given what was done and where d90 can still be. */
export type Forecast = (done: TrialCount, bracket: { lower: number | null; upper: number | null }) => TrialCount;

/**
 * As many trials one after the other as take the time of `count` with `places` at once. Full fine-tunings do not wait for each other. What is asked of
 * subspaces depends on the trials before: those that follow on either outcome run beside them, and of n that are an even tree log2(n + 1) are asked for.
 */
export const roundsOf = ({ full, subspace }: TrialCount, places: number): TrialCount =>
  ({ full: Math.ceil(full / places), subspace: subspace / Math.log2(places + 1) });

/** Rehearses the search for every place of d90. */
async function rehearseAll(options: ResolvedOptions): Promise<Rehearsal[]> {
  const rehearsals: Rehearsal[] = [];
  for (let position = 0; position <= options.grid.length; position++) rehearsals.push(await rehearse(options, position));
  return rehearsals;
}

/** A forecast of the trials that remain; `lower` fails and `upper` reaches, as in the search's bracket events. */
export async function makeForecast(options: ResolvedOptions): Promise<Forecast> {
  const rehearsals = await rehearseAll(options);
  return (done, { lower, upper }) => {
    const possible = rehearsals.filter(({ position }) => {
      const d = options.grid[position] ?? Infinity;
      return (lower === null || d > lower) && (upper === null || d <= upper);
    });
    const expected = mean((possible.length > 0 ? possible : rehearsals).map(({ subspace }) => subspace));
    return { full: Math.max(0, rehearsals[0]!.full - done.full), subspace: Math.max(0, Math.round(expected - done.subspace)) };
  };
}

/**
 * What a search with `options` will cost, before it starts.
 * @param secondsPerTrial seconds of one full fine-tuning and of one trial in a subspace.
 */
export async function estimateSearch(options: FindOptions, secondsPerTrial?: TrialCount): Promise<SearchEstimate> {
  const resolved = resolveOptions(options);
  const rehearsals = await rehearseAll(resolved);
  const subspace = rehearsals.map((rehearsal) => rehearsal.subspace);
  const count = (trials: number): TrialCount => ({ full: rehearsals[0]!.full, subspace: Math.round(trials) });
  const [least, expected, most] = [count(Math.min(...subspace)), count(mean(subspace)), count(Math.max(...subspace))];
  if (secondsPerTrial === undefined) return { least, expected, most, seconds: null };
  const secondsOf = ({ full, subspace: trials }: TrialCount) =>
    full * secondsPerTrial.full + Math.min(trials * secondsPerTrial.subspace, resolved.maxSeconds ?? Infinity);
  return { least, expected, most, seconds: { least: secondsOf(least), expected: secondsOf(expected), most: secondsOf(most) } };
}
