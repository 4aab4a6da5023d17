/** d90: how many numbers must be learned to reach 90 % of full fine-tuning, searched with as few trainings as possible. */
import type { SearchResult, TrialSummary } from "../records/record.js";
import { type Forecast, makeForecast, roundsOf } from "./forecast.js";
import { type CachedTrial, createLedger, type RunTrial, type TrialEvent } from "./ledger.js";
import { type FindOptions, resolveOptions } from "./options.js";
import { search, type StageEvent } from "./search.js";

/** What remains, by the trials made so far and where d90 can still be. */
export interface Remaining {
  /** Trials expected to remain, the running one included. */
  remainingTrials: number;
  /** Trials one after the other that take as long as those at the places that there are. */
  remainingRounds: number;
  /** Seconds expected to remain; null until a trial has shown how long one takes. */
  remainingSeconds: number | null;
}

/** Progress, in order: trials and brackets as they come, the baseline when it is measured, done at the end. */
export type SearchEvent =
  | (TrialEvent & Remaining & { /** 1 for the first trial. */ number: number })
  | StageEvent
  | { type: "done"; result: SearchResult };

/** What the search needs from outside. */
export interface FindHooks {
  runTrial: RunTrial;
  /** A trial already recorded; default none. */
  cached?: CachedTrial;
  onEvent?: (event: SearchEvent) => void;
  /** Trials at once, for the time that remains; default 1. */
  places?: number;
  /** Stops the search: the running trial is told, and what was tried is kept. */
  signal?: AbortSignal;
}

/** The result and its trials, in the order they were made. */
export interface FindResult {
  result: SearchResult;
  baseline: TrialSummary[];
  trials: TrialSummary[];
  /** Seconds of all trials, those taken up included. */
  seconds: number;
}

/**
 * Finds d90 (Aghajanyan et al. 2020): the smallest d on the paper's grid whose metric reaches `share` of full fine-tuning's.
 *
 * 1. Full fine-tuning at each of `fullRates`; the best rate again with every further one of `fullSeeds`. Their mean gives the
 *    thresholds: share * full, and chance-corrected majority + share * (full - majority).
 * 2. With the first seed from `firstD` outward in growing steps until one d fails and another reaches the threshold, then
 *    bisection: about 2 log2(n) of the n values of d. At each d a walk over learning rates that begins at the best known.
 *    The same for the chance-corrected threshold, if asked, or if share * full is not above the majority class.
 * 3. Every further seed finds its own crossing beside the first one's: two trials or more, at the best rate known, and at the others where it fails
 *    although the first did not. d90 is what more than half of the seeds need, its interval runs from the smallest to the largest.
 *
 * Trials are asked for one after the other, and what is asked depends on the trials before alone: a search that takes up
 * recorded trials ends as the uninterrupted one. Ties and diverged trials count as they are: a diverged one fails.
 * @throws {RangeError} for options that make no sense; and what `runTrial` throws, unless `signal` was aborted.
 */
export async function findD90(options: FindOptions, hooks: FindHooks): Promise<FindResult> {
  const { runTrial, cached = () => null, onEvent, places = 1, signal = new AbortController().signal } = hooks;
  const resolved = resolveOptions(options);
  const progress = onEvent === undefined ? silent
    : createProgress({ forecast: await makeForecast(resolved), firstSeed: resolved.seeds[0]!, places, onEvent });
  const ledger = createLedger({ limits: resolved, runTrial, cached, signal, onEvent: progress.onTrial });
  const result = await search(ledger, resolved, progress.onStage);
  onEvent?.({ type: "done", result });
  const trials = ledger.entries.map(({ rung: _rung, ...trial }) => trial);
  return {
    result,
    baseline: trials.filter(({ kind }) => kind === "full"),
    trials: trials.filter(({ kind }) => kind === "subspace"),
    seconds: trials.reduce((sum, { seconds }) => sum + seconds, 0),
  };
}

/** Where the search reports. */
interface Progress {
  onTrial(event: TrialEvent): void;
  onStage(event: StageEvent): void;
}

const silent: Progress = { onTrial: () => undefined, onStage: () => undefined };

/** Adds to every trial's event what remains. */
function createProgress({ forecast, firstSeed, places, onEvent }: {
  forecast: Forecast; firstSeed: number; places: number; onEvent: (event: SearchEvent) => void;
}): Progress {
  const done: TrialSummary[] = [];
  let bracket: { lower: number | null; upper: number | null } = { lower: null, upper: null };

  function remaining(running: boolean): Remaining {
    const of = (kind: TrialSummary["kind"]) => done.filter((trial) => trial.kind === kind);
    const { full, subspace } = forecast({ full: of("full").length, subspace: of("subspace").length }, bracket);
    const secondsOfFull = meanSeconds(of("full")), secondsOfSubspace = meanSeconds(of("subspace")) ?? secondsOfFull;
    const remainingTrials = Math.max(full + subspace, running ? 1 : 0);
    const rounds = roundsOf({ full, subspace: remainingTrials - full }, places);
    const known = secondsOfFull !== null && secondsOfSubspace !== null;
    return {
      remainingTrials,
      remainingRounds: rounds.full + rounds.subspace,
      remainingSeconds: known ? rounds.full * secondsOfFull + rounds.subspace * secondsOfSubspace : null,
    };
  }

  return {
    onTrial(event: TrialEvent): void {
      if (event.type === "trial-end") done.push(event.trial);
      const running = event.type === "trial-start";
      onEvent({ ...event, ...remaining(running), number: done.length + (running ? 1 : 0) });
    },
    onStage(event: StageEvent): void {
      if (event.type === "bracket" && event.target === "d90" && event.seed === firstSeed) bracket = event;
      onEvent(event);
    },
  };
}

const meanSeconds = (trials: readonly TrialSummary[]): number | null =>
  trials.length === 0 ? null : trials.reduce((sum, { seconds }) => sum + seconds, 0) / trials.length;
