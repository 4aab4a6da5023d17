/** What a plan would run, and what it would take, without running it. */
import { openStore } from "../records/store.js";
import { costsFrom, memoryOf, searchSeconds, updatesOf, type JobCost } from "./estimate.js";
import { finishedRecord } from "./kept.js";
import type { Job } from "./job.js";
import { notesOf, prepareSweep, sizingOf, type PreparedSweep, type SweepOptions } from "./sweep.js";
import type { Sizing } from "./sizing.js";
import type { SweepPlanInput } from "./plan.js";

/** One job of a dry run. */
export interface DryJob {
  id: string;
  kind: Job["kind"];
  model: string;
  task: string;
  method: string;
  d: number | null;
  learningRate: number | null;
  seed: number | null;
  /** Optimiser updates; null for a search, whose trials are not known. */
  updates: number | null;
  /** Whether its record is there. */
  recorded: boolean;
  seconds: number | null;
  basis: JobCost["basis"];
}

export interface DryRun {
  total: number;
  recorded: number;
  jobs: DryJob[];
  sizing: Sizing;
  /** Bytes of one process; the largest. */
  memory: number;
  memoryBasis: "measured" | "estimated";
  /** Hours until all are done, if the processes share them evenly; null where the time of some is not known. */
  hours: number | null;
  notes: string[];
}

/** Expands a plan and estimates it. @param options.measure times updates of what no record tells; default true. */
export async function dryRun(input: SweepPlanInput, options: SweepOptions & { measure?: boolean } = {}): Promise<DryRun> {
  const { measure = true } = options;
  const prepared = await prepareSweep(input, options, { measure });
  const store = openStore(options.out);
  const describe = describer(prepared, (await store.list()).records);
  const jobs: DryJob[] = [];
  for (const job of prepared.jobs()) jobs.push(await describe(job, await finishedRecord(store, job) !== null));
  const sizing = sizingOf(prepared, options);
  const open = jobs.filter(({ recorded }) => !recorded);
  const seconds = open.reduce((sum, job) => sum + (job.seconds ?? NaN), 0);
  return {
    total: jobs.length, recorded: jobs.length - open.length, jobs, sizing, ...memoryFor(prepared),
    hours: Number.isNaN(seconds) ? null : seconds / sizing.processes / 3600, notes: notesOf(prepared),
  };
}

function memoryFor({ jobs, places, descriptions }: PreparedSweep): Pick<DryRun, "memory" | "memoryBasis"> {
  const all = [...jobs()].map((job) => memoryOf(job, descriptions[places.findIndex(({ source }) => source === job.source)]!));
  const measured = descriptions.every(({ cost }) => cost.full !== null || cost.subspace !== null);
  return { memory: all.reduce((most, one) => Math.max(most, one), 0), memoryBasis: measured ? "measured" : "estimated" };
}

function describer({ places, descriptions }: PreparedSweep, records: Parameters<typeof costsFrom>[0]) {
  const costOf = costsFrom(records, new Map(descriptions.map(({ records: { model }, cost }) => [model.sha256, cost])));
  return async (job: Job, recorded: boolean): Promise<DryJob> => {
    const { id, kind, configuration: { model, task, method } } = job;
    const common = { id, kind, model: model.id, task: task.name, method, recorded };
    if (job.kind === "trial") {
      const { d, learningRate, seeds } = job.configuration;
      return { ...common, d, learningRate, seed: seeds.run, updates: updatesOf(job.configuration), ...costOf(job.configuration) };
    }
    const { fullEpochs: _full, search, ...setup } = job.configuration;
    const budget = { counted: 1, free: 0, total: 1 }, seeds = { run: 0, projection: 0, head: 0, batch: 0, dropout: 0 };
    const one = costOf({ ...setup, kind: "subspace", d: search.firstD, budget, learningRate: 1, seeds });
    const place = places.find(({ source }) => source === job.source)!;
    const seconds = one.seconds === null ? null : await searchSeconds(job, place, one.seconds);
    return { ...common, d: null, learningRate: null, seed: null, updates: null, seconds, basis: one.basis };
  };
}
