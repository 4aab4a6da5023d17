/** d90 of a model on a task: a session, its trials and the search over them. What `d90 find` and a notebook call. */
import { openStore, type RunStore } from "../records/store.js";
import { idOf, summaryOf, type SearchConfiguration, type SearchRecord, type TrialRecord } from "../records/record.js";
import { cellSignal } from "../support/notebook.js";
import type { Session } from "../training/session.js";
import type { TrainProgress } from "../training/train.js";
import { runTrial } from "../training/trial.js";
import { groupsOf, searchConfiguration, trialConfiguration, type SessionFacts, type TrialPlan } from "./configurations.js";
import { findD90, type SearchEvent } from "./findD90.js";
import type { TrialRequest } from "./ledger.js";
import { optionsRecord, type FindOptions } from "./options.js";
import type { Settings, SubspaceMethod } from "./settings.js";
import { within, type RunOptions } from "./within.js";

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
}

/**
 * Searches d90 of a model on a task. Trials already in `out` are taken up; when `signal` aborts, the running trial keeps a
 * checkpoint and the record says "interrupted": the same call goes on from there.
 * @param given a session to share between searches (same preset and settings); default one of its own.
 * @throws {UsageError} for a model, task, folder or setting that makes no sense.
 */
export function measureD90(options: MeasureOptions, given?: Session): Promise<SearchRecord> {
  return within(options, given, async (session, settings, preset) => {
    const { method, signal = cellSignal(), onEvent = () => undefined } = options;
    session.data.notes.forEach((text) => onEvent({ type: "note", text }));
    const store = openStore(options.out);
    const { question, configuration } = searchPlan(session, settings, { method, preset });
    onEvent({ type: "begin", configuration });
    const startedAt = (await store.findSearch(configuration))?.startedAt ?? new Date().toISOString();
    const planOf = ({ d, learningRate, seed }: TrialRequest): TrialPlan => ({ method: d === null ? "full" : method, d, learningRate, seed });
    const configure = (request: TrialRequest) => trialConfiguration(session, settings, planOf(request), preset);
    const progress = withEstimate(onEvent);
    const found = await findD90(question, {
      signal, onEvent: progress.onEvent,
      cached: async (request) => summaryOrNull(await store.findTrial(configure(request))),
      runTrial: async (request, abort) => summaryOf(await runTrial(session, configure(request), { store, signal: abort, onProgress: progress.onStep })),
    });
    return saved(store, session, configuration, { startedAt, found });
  });
}

const summaryOrNull = (record: TrialRecord | null) => record && summaryOf(record);

/** What is asked of findD90, and the configuration whose hash is the search's id. */
export function searchPlan(session: SessionFacts, settings: Settings, { method, preset }: { method: SubspaceMethod; preset: string | null }) {
  const question = questionOf(session, settings, method);
  return { question, configuration: searchConfiguration(session, settings, { method, preset, search: optionsRecord(question) }) };
}

function questionOf(session: SessionFacts, settings: Settings, method: SubspaceMethod): FindOptions {
  const { fullRates, seeds, ratesPerD, rateMultiplier, firstD, highest, maxTrials, maxSeconds, chanceCorrected } = settings;
  const ambientDimension = session.records.model.parameters;
  const lowest = method === "said" ? Math.max(settings.lowest, groupsOf(session) + 1) : settings.lowest;
  return {
    ambientDimension, majority: session.records.task.majority, metric: session.records.task.metric, fullRates, seeds, ratesPerD, rateMultiplier, chanceCorrected, maxTrials, maxSeconds,
    lowest: Math.min(lowest, ambientDimension), firstD: Math.min(firstD, ambientDimension),
    highest: Math.min(highest ?? Math.ceil(ambientDimension / 10), ambientDimension),
  };
}

async function saved(store: RunStore, session: Session, configuration: SearchConfiguration,
  { startedAt, found }: { startedAt: string; found: Awaited<ReturnType<typeof findD90>> }): Promise<SearchRecord> {
  const record: SearchRecord = {
    record: "search", version: 1, id: idOf(configuration), configuration, environment: session.records.environment, ...found,
    startedAt, finishedAt: new Date().toISOString(),
  };
  await store.write(record);
  return record;
}

/** Passes events on, and adds the estimate as soon as 25 steps of the first trial are done. */
function withEstimate(onEvent: (event: MeasureEvent) => void) {
  let remainingTrials = 0;
  let estimated = false;
  return {
    onEvent(event: SearchEvent): void {
      if (event.type === "trial-start") remainingTrials = event.remainingTrials;
      onEvent(event);
    },
    onStep(progress: TrainProgress): void {
      if (!estimated && progress.step >= Math.min(25, progress.steps)) {
        estimated = true;
        onEvent({ type: "estimate", trials: remainingTrials, seconds: (remainingTrials * progress.steps) / progress.stepsPerSecond });
      }
      onEvent({ type: "step", progress });
    },
  };
}
