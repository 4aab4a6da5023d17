/** A sweep from its plan to its records, on this machine or through a queue. What `d90 sweep` and a notebook call. */
import { openStore, type RunStore } from "../records/store.js";
import type { RunRecord } from "../records/record.js";
import { cellSignal } from "../support/notebook.js";
import { placeOf } from "./describe.js";
import { memoryOf } from "./estimate.js";
import type { SweepEvent, SweepOutcome } from "./events.js";
import { countJobs, jobsOf, settingsOf, sourcesOf, type Place } from "./expand.js";
import type { Job } from "./job.js";
import { isFinished } from "./kept.js";
import { runLocal } from "./local.js";
import { parsePlan, type SweepPlan, type SweepPlanInput } from "./plan.js";
import { createPool } from "./pool.js";
import type { PlaceDescription } from "./runner.js";
import { sizingFor, thisMachine, type Sizing } from "./sizing.js";

export interface SweepOptions {
  /** Folder of the records; default "runs". */
  out?: string;
  /** Worker processes and threads of each; default: as many as cores and memory allow, never more together than cores. */
  processes?: number;
  threads?: number;
  /** Never ask the network. */
  offline?: boolean;
  /** Stops at the next step, keeping checkpoints; default in a notebook: the cell's stop button. */
  signal?: AbortSignal;
  onEvent?: (event: SweepEvent) => void;
  /** URL of a module that exports `makeRunner` (lib/sweep/runner.ts), instead of training. */
  runner?: string;
  /** Milliseconds before the second attempt of a trial that failed; doubled for each further one. Default 1,000. */
  retryPause?: number;
  /** Address of a queue, redis://... or rediss://...: workers (`d90 worker`) run the trials, and this process collects their records. */
  queue?: string;
}

/** A plan whose models and data were found. */
export interface PreparedSweep {
  plan: SweepPlan;
  places: Place[];
  descriptions: PlaceDescription[];
  /** Jobs in all. */
  total: number;
  /** The jobs, made as they are asked for. */
  jobs(): Generator<Job>;
}

export interface SweepResult extends SweepOutcome {
  total: number;
  /** The records of the plan's jobs that are there, in its order. */
  records(): Promise<RunRecord[]>;
}

/** Opens each model on each task once, in a process of its own. @param measure also times updates: half a minute for each. */
export async function prepareSweep(input: SweepPlanInput, options: SweepOptions = {}, { measure = false } = {}): Promise<PreparedSweep> {
  const plan = parsePlan(input), settings = settingsOf(plan);
  const kinds = [...(plan.search === true || plan.methods.includes("full") ? ["full" as const] : []),
    ...(plan.methods.some((method) => method !== "full") ? ["subspace" as const] : [])];
  const pool = createPool({ size: 1, ...runnerOf(options), options: { threads: options.threads ?? 1, sessions: 1, ...offlineOf(options) } });
  try {
    const descriptions: PlaceDescription[] = [], sources = sourcesOf(plan);
    for (const source of sources) {
      options.signal?.throwIfAborted();
      const { backend = "auto", bf16 = false } = plan.engine;
      descriptions.push(await pool.describe({ source, settings, backend, bf16, measure: measure ? kinds : [] }));
    }
    const places = descriptions.map((description, index) => placeOf(sources[index]!, description));
    return { plan, places, descriptions, total: countJobs(plan, places), jobs: () => jobsOf(plan, places) };
  } finally {
    await pool.close();
  }
}

const runnerOf = ({ runner }: SweepOptions) => (runner === undefined ? {} : { runner });
const offlineOf = ({ offline }: SweepOptions) => (offline === undefined ? {} : { offline });

/** Processes and threads for a prepared sweep: by its most demanding job. */
export function sizingOf({ jobs, total, places, descriptions }: PreparedSweep, { processes, threads }: SweepOptions): Sizing {
  const neediest = new Map<string, Job>();
  for (const job of jobs()) {
    neediest.set(`${JSON.stringify(job.source)}/${job.kind}/${job.configuration.method}`, job);
    if (neediest.size > 6 * places.length) break;
  }
  const memory = [...neediest.values()].map((job) => memoryOf(job, descriptions[places.findIndex(({ source }) => source === job.source)]!));
  return sizingFor(thisMachine(), {
    jobs: total, memory: memory.length === 0 ? null : Math.max(...memory),
    asked: { ...(processes === undefined ? {} : { processes }), ...(threads === undefined ? {} : { threads }) },
  });
}

/**
 * Runs a plan in processes of this machine, or through a queue. Records that are there are taken up, interrupted trials go on from their checkpoints.
 * @throws {UsageError} for a plan, model or task that makes no sense, and when the disk is full: what was written stays.
 */
export async function runSweep(input: SweepPlanInput, options: SweepOptions = {}): Promise<SweepResult> {
  const { signal = cellSignal() ?? new AbortController().signal, onEvent = () => undefined } = options;
  const store = openStore(options.out);
  const prepared = await prepareSweep(input, { ...options, signal });
  for (const text of notesOf(prepared)) onEvent({ type: "note", text });
  const concluded = (outcome: SweepOutcome): SweepResult => {
    onEvent({ type: "end", outcome });
    return resultOf(prepared, store, outcome);
  };
  if (options.queue !== undefined) {
    const [{ queueAddress }, { runQueued }] = await Promise.all([import("./queue/address.js"), import("./queue/coordinator.js")]);
    onEvent({ type: "start", total: prepared.total, workers: 0 });
    const address = queueAddress(options.queue), pause = options.retryPause ?? 1000;
    return concluded(await runQueued(prepared.jobs(), { address, store, signal, onEvent, pause }));
  }
  const { processes, threads } = sizingOf(prepared, options);
  const pool = createPool({ size: processes, ...runnerOf(options), options: { threads, sessions: 2, ...offlineOf(options) } });
  onEvent({ type: "start", total: prepared.total, workers: processes });
  try {
    return concluded(await runLocal(prepared.jobs(), { pool, store, signal, onEvent, pause: options.retryPause ?? 1000 }));
  } finally {
    await pool.close();
  }
}

/** Each note once: every task of every model gives its own. */
export const notesOf = ({ descriptions }: PreparedSweep): string[] => [...new Set(descriptions.flatMap(({ notes }) => notes))];

export function resultOf(prepared: PreparedSweep, store: RunStore, outcome: SweepOutcome): SweepResult {
  return { ...outcome, total: prepared.total, records: () => recordsOf(prepared, store) };
}

/** The finished records of a plan's jobs. */
export async function recordsOf({ jobs }: Pick<PreparedSweep, "jobs">, store: RunStore): Promise<RunRecord[]> {
  const records: RunRecord[] = [];
  for (const job of jobs()) {
    const record = job.kind === "trial" ? await store.findTrial(job.configuration) : await store.findSearch(job.configuration);
    if (record !== null && isFinished(job, record)) records.push(record);
  }
  return records;
}
