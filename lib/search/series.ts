/** d90 of many models: along the checkpoints of a pre-training (the paper's Figure 2), and over sizes (its Figure 3). */
import { dirname, resolve } from "node:path";
import { readPretraining } from "../pretraining/output.js";
import { seriesId, writeSeries, type SearchRecord, type SeriesPoint, type SeriesQuestion, type SeriesRecord } from "../records/record.js";
import { UsageError } from "../support/checks.js";
import { given } from "../support/given.js";
import { cellSignal } from "../support/notebook.js";
import type { Session } from "../training/session.js";
import { checkpointsIn, type Checkpoint } from "./checkpoints.js";
import { measureD90, type MeasureEvent } from "./measure.js";
import { resolveSettings } from "./settings.js";
import type { OpenTrialPool } from "./trialHooks.js";
import { openSessionFor, type RunOptions } from "./within.js";

export type SeriesEvent =
  /** A model and task whose turn it is; `number` from 1. */
  | { type: "point-start"; name: string; task: string; number: number; of: number }
  | { type: "point-end"; point: SeriesPoint; record: SeriesRecord }
  | { type: "search"; event: MeasureEvent };

export interface SeriesOptions extends Omit<RunOptions, "model" | "task"> {
  /** Default "did". */
  method?: "did" | "said";
  /** Names of tasks; default "mrpc", or "paraphrases" with the preset smoke. */
  tasks?: readonly string[];
  onEvent?: (event: SeriesEvent) => void;
  /** Processes that train a measurement's trials side by side, as openTrialPool() opens them for its model, task and data; closed with the measurement; default none. */
  openPool?: (measured: RunOptions, session: Session) => Promise<OpenTrialPool | undefined>;
  /** What makes the series again, for the record; default: the call with its options. */
  command?: string;
}

/**
 * d90 of every checkpoint of a pre-training on every task, the checkpoints in their order.
 * @param place the folder of `d90 pretrain`, or any folder whose subfolders are checkpoints (names end in their number of updates);
 * a repository of the hub with such subfolders, "owner/name"; or "owner/name@step1000,step2000", revisions of a repository, or
 * "owner/a-1k,owner/a-2k", repositories.
 * @param options.checkpoints updates of those to be measured; default all.
 * @returns the record, written under `out` after every point: called again, finished searches are taken up, in any order.
 * @throws {UsageError} where there is no checkpoint, and what measureD90 throws.
 */
export async function d90OverCheckpoints(place: string, options: SeriesOptions & { checkpoints?: readonly number[] } = {}): Promise<SeriesRecord> {
  const { checkpoints, ...rest } = options;
  return measureSeries("checkpoints", await checkpointsIn(place, { updates: checkpoints, ...given({ offline: rest.offline, signal: rest.signal }) }), rest);
}

/**
 * d90 of every model on every task: folders, hub ids, the default model; one that fails ends the series, and what was measured is kept.
 * @returns the record, written under `out` after every point: called again, also with more models, finished searches are taken up.
 * @throws {UsageError} without models, and what measureD90 throws.
 */
export async function d90OverModels(models: readonly string[], options: SeriesOptions = {}): Promise<SeriesRecord> {
  if (models.length === 0) throw new UsageError("d90OverModels: models must name at least one model, got none.");
  return measureSeries("models", models.map((name) => ({ name, update: null })), options);
}

/** A checkpoint, or a model whose name does not tell how far its pre-training had come. */
type Measured = Checkpoint | { name: string; update: null };

async function measureSeries(kind: SeriesRecord["kind"], measured: readonly Measured[], options: SeriesOptions): Promise<SeriesRecord> {
  const { out = "runs", signal = cellSignal(), onEvent = () => undefined } = options;
  const models = measured.map(({ name }) => name), updates = new Map(measured.map(({ name, update }) => [name, update]));
  const question = questionOf(models, options), points: SeriesPoint[] = [], startedAt = new Date().toISOString();
  const call = kind === "models" ? "d90OverModels" : "d90OverCheckpoints";
  const command = options.command ?? `${call}(${JSON.stringify(models)}, ${JSON.stringify({ ...question, models: undefined })})`;
  const pairs = question.models.flatMap((name) => question.tasks.map((task) => ({ name, task })));
  let record: SeriesRecord | null = null;
  const save = async (outcome: SeriesRecord["outcome"], environment: SeriesRecord["environment"]): Promise<SeriesRecord> => {
    record = { record: "series", version: 1, id: seriesId(kind, question), kind, question, environment, outcome, points, startedAt, finishedAt: new Date().toISOString(), command };
    await writeSeries(out, record);
    return record;
  };
  for (const [index, { name, task }] of pairs.entries()) {
    if (signal?.aborted) break;
    onEvent({ type: "point-start", name, task, number: index + 1, of: pairs.length });
    const found = await measureOne(name, task, { ...options, out, signal });
    if (found.result.outcome === "interrupted") { await save("interrupted", found.environment); break; }
    const point = await pointOf(name, found, updates.get(name) ?? null);
    points.push(point);
    onEvent({ type: "point-end", point, record: await save(points.length === pairs.length ? "completed" : "running", found.environment) });
  }
  if (record === null) throw new UsageError(`${call}: stopped before the first model was measured; the same call goes on.`);
  const last: SeriesRecord = record;
  return last.points.length === pairs.length ? last : save("interrupted", last.environment);
}

function questionOf(models: readonly string[], { tasks, method = "did", preset = "quick", settings = {} }: SeriesOptions): SeriesQuestion {
  const { seeds } = resolveSettings(preset, settings);
  return { models: [...new Set(models)], tasks: [...new Set(tasks ?? [preset === "smoke" ? "paraphrases" : "mrpc"])], method, preset, seeds, settings: given({ ...settings, seeds: undefined }) as SeriesQuestion["settings"] };
}

/** One search in a session of its own: models differ, and so does what is compiled for them. */
async function measureOne(model: string, task: string, { method = "did", onEvent, openPool, ...options }: SeriesOptions): Promise<SearchRecord> {
  const run = { ...options, model, task }, { session } = await openSessionFor(run);
  let pool: OpenTrialPool | undefined;
  try {
    pool = await openPool?.(run, session);
    return await measureD90({ ...run, method, pool, onEvent: (event) => onEvent?.({ type: "search", event }) }, session);
  } finally {
    await pool?.close();
    session.dispose();
  }
}

async function pointOf(name: string, { id, configuration, result, seconds }: SearchRecord, update: number | null): Promise<SeriesPoint> {
  const { chanceCorrectedD90: chanceCorrected, full, fullRate: _fullRate, majority: _majority, ...d90 } = result;
  return { name, model: { ...configuration.model, id: name }, task: configuration.task, search: id, d90, chanceCorrected, full, seconds, ...(await pretrainingOf(name, update)) };
}

/** How far a model's pre-training had come: by the record in its folder, or in that around the checkpoint; else its name has told `update`. */
async function pretrainingOf(name: string, update: number | null): Promise<Pick<SeriesPoint, "update" | "tokens" | "perplexity">> {
  const folder = resolve(name), none = { update, tokens: null, perplexity: null };
  const around = await readPretraining(dirname(folder)), own = await readPretraining(folder);
  const found = own?.evaluations.at(-1) ?? around?.evaluations.find((one) => resolve(dirname(folder), one.folder) === folder);
  return found === undefined ? none : { update: found.update, tokens: found.tokens, perplexity: found.perplexity };
}
