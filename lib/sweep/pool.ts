/** Worker processes of one machine: as many as fit, started when needed, replaced when they die. */
import { canonicalJson } from "../support/files.js";
import type { Job, JobResult } from "./job.js";
import { type RunHooks, startWorker, type WorkerProcess } from "./worker.js";
import type { DescribeRequest, PlaceDescription, RunnerOptions } from "./runner.js";

/** The runner that trains. */
export const TRAINER = new URL("./trainer.js", import.meta.url).href;

export interface PoolOptions {
  /** Processes at once. */
  size: number;
  runner?: string;
  options: RunnerOptions;
  /** Variables of the process in each place, e.g. one CUDA_VISIBLE_DEVICES a place. */
  env?: (place: number) => NodeJS.ProcessEnv;
}

export interface Pool {
  readonly size: number;
  /** Runs the job in a process that is free, best one that has its model and data; waits where all are busy. */
  run(job: Job, out: string, hooks?: RunHooks & { onStart?: (place: number, pid: number) => void }): Promise<JobResult>;
  describe(request: DescribeRequest): Promise<PlaceDescription>;
  /** Process ids, by place; 0 where none is started. */
  pids(): number[];
  close(patience?: number): Promise<void>;
}

interface Place {
  index: number;
  worker: WorkerProcess | null;
  busy: boolean;
  /** What its engine was started with: one engine a process. */
  engine: string;
  /** Model and data of its latest job. */
  session: string;
}

const engineOf = ({ bf16, backend }: { bf16: boolean; backend: string }): string => `${backend}/${bf16}`;
const sessionKey = (job: Job): string => canonicalJson({ source: job.source, task: job.configuration.task.sha256, length: job.configuration.maxLength });

/** A pool without any process yet. */
export function createPool({ size, runner = TRAINER, options, env = () => ({}) }: PoolOptions): Pool {
  const places: Place[] = Array.from({ length: size }, (_unused, index) => ({ index, worker: null, busy: false, engine: "", session: "" }));
  const waiting: (() => void)[] = [];

  /** A free place: first one that suits, then an empty one, then any. */
  function choose(engine: string, session: string): Place | undefined {
    const free = places.filter(({ busy }) => !busy);
    return free.find((place) => place.engine === engine && place.session === session) ?? free.find(({ worker }) => worker === null) ?? free[0];
  }

  async function acquire(engine: string, session: string): Promise<Place> {
    for (;;) {
      const place = choose(engine, session);
      if (place !== undefined) return Object.assign(place, { busy: true });
      await new Promise<void>((resolve) => { waiting.push(resolve); });
    }
  }

  async function workerOf(place: Place, engine: string): Promise<WorkerProcess> {
    if (place.worker !== null && (place.engine !== engine || !place.worker.alive())) {
      await place.worker.end();
      place.worker = null;
    }
    place.worker ??= startWorker({ runner, options, env: env(place.index) });
    place.engine = engine;
    return place.worker;
  }

  async function using<T>(engine: string, session: string, body: (worker: WorkerProcess, place: Place) => Promise<T>): Promise<T> {
    const place = await acquire(engine, session);
    try {
      const worker = await workerOf(place, engine);
      place.session = session;
      return await body(worker, place);
    } finally {
      place.busy = false;
      waiting.shift()?.();
    }
  }

  return {
    size,
    run: (job, out, hooks = {}) => using(engineOf({ bf16: job.configuration.bf16, backend: job.backend }), sessionKey(job), (worker, { index }) => {
      hooks.onStart?.(index, worker.pid);
      return worker.run(job, out, hooks);
    }),
    describe: (request) => using(engineOf(request), "", (worker) => worker.describe(request)),
    pids: () => places.map(({ worker }) => (worker?.alive() === true ? worker.pid : 0)),
    close: async (patience) => void await Promise.all(places.map(({ worker }) => worker?.end(patience))),
  };
}
