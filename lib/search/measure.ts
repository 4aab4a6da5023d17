/** d90 of a model on a task: a session, its trials and the search over them. What `d90 find` and a notebook call. */
import { isDeepStrictEqual } from "node:util";
import { openStore, type RunStore } from "../records/store.js";
import { DIMENSIONED, idOf, isDimensioned, summaryOf, type SearchConfiguration, type SearchRecord } from "../records/record.js";
import { summaries } from "../records/summaries.js";
import { shown, UsageError } from "../support/checks.js";
import { cellSignal } from "../support/notebook.js";
import type { DirectionsInfo } from "../training/directions.js";
import type { Session } from "../training/session.js";
import type { TrainProgress } from "../training/train.js";
import { runTrial } from "../training/trial.js";
import { groupsOf, searchConfiguration, trialConfiguration, type SessionFacts, type TrialPlan } from "./configurations.js";
import { findD90, type FindResult, type SearchEvent } from "./findD90.js";
import { learnedBasis, type LearnedBasis } from "./learned.js";
import type { TrialRequest } from "./ledger.js";
import { rateRuleOf } from "./methodRates.js";
import { optionsRecord, type FindOptions } from "./options.js";
import type { Settings, SubspaceMethod } from "./settings.js";
import { trialHooks, type TrialPool } from "./trialHooks.js";
import { within, type RunOptions } from "./within.js";
import { withEstimate } from "./withEstimate.js";

/** Progress: the search's own events, each step of the running trial, and lines to be shown once. */
export type MeasureEvent =
  | SearchEvent
  /** First of all: what will be searched, of which model and rows. */
  | { type: "begin"; configuration: SearchConfiguration }
  | { type: "note"; text: string }
  /** Time of the whole search, when the first steps have shown what one takes; at the expected number of trials. */
  | { type: "estimate"; trials: number; seconds: number }
  | { type: "step"; progress: TrainProgress };

export interface MeasureOptions extends RunOptions {
  method: SubspaceMethod;
  onEvent?: (event: MeasureEvent) => void;
  /** Processes that train (openTrialPool): trials that may be asked for next run beside the one that is. Default: this process, one by one. */
  pool?: TrialPool;
}

/**
 * Searches d90 of a model on a task. Trials already in `out` are taken up, also those that only another search's record there tells of;
 * when `signal` aborts, the running trial keeps a checkpoint and the record says "interrupted": the same call goes on from there.
 * @param given a session to share between searches (same preset and settings); default one of its own.
 * @throws {UsageError} for a method without a d, or a model, task, folder or setting that makes no sense.
 */
export function measureD90(options: MeasureOptions, given?: Session): Promise<SearchRecord> {
  return within(options, given, async (session, settings, preset) => {
    const { method, signal = cellSignal() ?? new AbortController().signal, onEvent = () => undefined, pool } = options;
    if (!isDimensioned(method)) throw new UsageError(`measureD90: method must have a d (${DIMENSIONED.join(", ")}), got ${shown(method)}. compareMethods takes any.`);
    session.data.notes.forEach((text) => onEvent({ type: "note", text }));
    const store = openStore(options.out);
    const basis = method === "learned" ? await learnedBasis({ session, settings, preset, store, signal,
      onNote: (text) => onEvent({ type: "note", text }), onProgress: (progress) => onEvent({ type: "step", progress }) }) : null;
    const learned = basis?.learned;
    const { question, configuration } = searchPlan(session, settings, { method, preset, basis });
    onEvent({ type: "begin", configuration });
    const before = await store.findSearch(configuration), startedAt = before?.startedAt ?? new Date().toISOString();
    const planOf = ({ d, learningRate, seed }: TrialRequest): TrialPlan => ({ method: d === null ? "full" : method, d, learningRate, seed, ...(d === null ? {} : { learned }) });
    const configure = (request: TrialRequest) => trialConfiguration(session, settings, planOf(request), preset);
    const progress = withEstimate(onEvent);
    const summaryFor = summaries(store);
    const cached = (request: TrialRequest) => summaryFor(configure(request));
    const trials = trialHooks(question, {
      pool, cached, signal,
      trial: async (request, abort, onProgress) => summaryOf(pool === undefined
        ? await runTrial(session, configure(request), { store, signal: abort, onProgress })
        : await pool.run(configure(request), { out: store.folder, signal: abort, onProgress })),
      onProgress: progress.onStep,
    });
    const found = await findD90(question, { ...trials, signal, onEvent: progress.onEvent, places: pool?.size }).finally(trials.end);
    if (basis?.info) found.result.notes.push(basisNote(basis.info, session, settings));
    return saved(store, session, configuration, { before, startedAt, found });
  });
}

/** What is asked of findD90, and the configuration whose hash is the search's id. @param options.basis needed for method learned. */
export function searchPlan(session: SessionFacts, settings: Settings, { method, preset, basis = null }:
  { method: SubspaceMethod; preset: string | null; basis?: LearnedBasis | null }) {
  const question = questionOf(session, settings, method, basis);
  return { question, configuration: searchConfiguration(session, settings, { method, preset, search: optionsRecord(question), learned: basis?.learned }) };
}

/** What learned directions cost, which their d90 does not count. */
const basisNote = ({ run, count, shares }: DirectionsInfo, { records: { model } }: Session, { seeds, learnSeed }: Settings): string =>
  `The directions were learned by the full fine-tuning ${run}, on the same rows with ${seeds.includes(learnSeed) ? "a seed of these trials" : "another seed"}: the first of ${count} has `
  + `${(100 * shares[0]!).toFixed(1)} % of its snapshots' sum of squares. Each holds ${model.parameters.toLocaleString("en-US")} numbers, which d90 does not count; `
  + "a random basis is made again from a seed.";

/** What is asked of findD90: d within the space of the method, of which a learned one has as many dimensions as directions. */
function questionOf(session: SessionFacts, settings: Settings, method: SubspaceMethod, basis: LearnedBasis | null): FindOptions {
  const { fullRates, seeds, ratesPerD, firstD, highest, maxTrials, maxSeconds, chanceCorrected } = settings;
  const { ambientDimension, rateMultiplier } = rateRuleOf(session, settings, { method, directions: basis?.info });
  const most = basis ? basis.info?.count ?? settings.directions : method === "uni-lora" ? ambientDimension : Math.ceil(ambientDimension / 10);
  const lowest = basis ? 1 : method === "said" ? Math.max(settings.lowest, groupsOf(session) + 1) : settings.lowest;
  const limit = basis ? most : ambientDimension;
  return {
    ambientDimension, majority: session.records.task.majority, metric: session.records.task.metric, fullRates, seeds, ratesPerD,
    rateMultiplier, chanceCorrected, maxTrials, maxSeconds,
    lowest: Math.min(lowest, limit), firstD: Math.min(basis ? 2 : firstD, limit), highest: Math.min(highest ?? most, limit),
  };
}

/** Writes the record. Where nothing was trained that `before` does not tell of, it keeps the time and the machine of `before`. */
async function saved(store: RunStore, session: Session, configuration: SearchConfiguration,
  { before, startedAt, found }: { before: SearchRecord | null; startedAt: string; found: FindResult }): Promise<SearchRecord> {
  const { baseline, trials } = found;
  const old = before !== null && isDeepStrictEqual({ baseline, trials }, { baseline: before.baseline, trials: before.trials }) ? before : null;
  const record: SearchRecord = {
    record: "search", version: 1, id: idOf(configuration), configuration, environment: old?.environment ?? session.records.environment, ...found,
    startedAt, finishedAt: old?.finishedAt ?? new Date().toISOString(),
  };
  await store.write(record);
  return record;
}
