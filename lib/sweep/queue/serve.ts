/** A worker of a queue: takes jobs, runs them in the processes of a pool, and hands back what it cannot end. */
import { DelayedError, type Job as BullJob, UnrecoverableError, WaitingError, Worker } from "bullmq";
import { setMaxListeners } from "node:events";
import type { Redis } from "ioredis";
import { parseRecord } from "../../records/record.js";
import { openStore } from "../../records/store.js";
import { UsageError } from "../../support/checks.js";
import { identity as ownIdentity, identityText, parseJob, sameIdentity, type Identity, type JobResult } from "../job.js";
import { keepRecords } from "../kept.js";
import { WorkerError } from "../messages.js";
import type { Pool } from "../pool.js";
import { connect, type QueueAddress } from "./address.js";
import { createBeats, type Beats } from "./beats.js";
import { competeOn } from "./compete.js";
import { ensureModel } from "./downloads.js";
import { claimIdentity } from "./identity.js";
import { PREFIX, recordId } from "./keys.js";
import type { QueuedJob, QueuedResult } from "./messages.js";

export interface ServeOptions {
  address: QueueAddress;
  pool: Pool;
  /** Folder of records and checkpoints; shared with other workers, they go on from each other's checkpoints. */
  out: string;
  /** Hands back what runs, after its checkpoint, and ends. */
  signal: AbortSignal;
  /** What is shown of this worker: host and process id. */
  name: string;
  onNote?: (text: string) => void;
  offline?: boolean;
  /** Downloads of models at once, over all workers of the queue; default 2. */
  downloads?: number;
  /** Ends after so many milliseconds without a job; default: never. */
  idle?: number;
  /** Milliseconds after which another worker may take a job whose worker gives no sign of life; default 30,000. */
  lock?: number;
  /** Times that a job may lose its worker before it is given up; default 10. */
  losses?: number;
  identity?: Identity;
}

export interface Served {
  done: number;
  failed: number;
  handedBack: number;
}

interface Serving extends ServeOptions {
  redis: Redis;
  beats: Beats;
  counts: Served;
  /** Ends the worker, with an error or without. */
  end: (error?: UsageError) => void;
  /** Aborted when the worker ends, for whatever reason. */
  ending: AbortSignal;
}

/** Serves until `signal`. @throws {UsageError} for a queue of another version, and when the store cannot be written. */
export async function serveQueue(options: ServeOptions): Promise<Served> {
  const { address, signal, pool, lock = 30_000, losses = 10, identity = ownIdentity } = options;
  const redis = await connect(address);
  const counts: Served = { done: 0, failed: 0, handedBack: 0 }, stop = new AbortController();
  setMaxListeners(0, stop.signal);
  let problem: UsageError | undefined;
  const end = (error?: UsageError): void => { problem ??= error; stop.abort(); };
  signal.addEventListener("abort", () => end(), { once: true });
  if (signal.aborted) end();
  const beats = createBeats(redis, address.name, options.name);
  const serving: Serving = { ...options, redis, beats, counts, end, ending: stop.signal };
  try {
    await claimIdentity(redis, address.name, identity, null);
    const worker = new Worker<QueuedJob, QueuedResult>(address.name, (job, token) => perform(serving, job, token ?? ""), {
      connection: address.options, prefix: PREFIX, concurrency: pool.size, name: options.name, lockDuration: lock, stalledInterval: Math.min(30_000, lock),
      maxStalledCount: losses, autorun: !stop.signal.aborted,
    });
    worker.on("error", () => undefined); // lost connections and locks: it connects again, and the job's record is the same whoever made it
    await untilEnd(worker, serving, options.idle);
  } finally {
    await beats.stop();
    redis.disconnect();
  }
  if (problem !== undefined) throw problem;
  return counts;
}

/** Waits for the end; then no new job is taken, and those that run are handed back. */
async function untilEnd(worker: Worker, { ending, end, beats }: Serving, idle: number | undefined): Promise<void> {
  let busy = performance.now();
  const timer = setInterval(() => {
    if (beats.running() > 0) busy = performance.now();
    if (idle !== undefined && performance.now() - busy > idle) end();
  }, 200);
  if (!ending.aborted) await new Promise((resolve) => ending.addEventListener("abort", resolve, { once: true }));
  clearInterval(timer);
  // close() waits for the running jobs, which are told to stop; a server that is away must not keep the worker.
  const patience = new Promise((resolve) => setTimeout(resolve, 40_000).unref());
  await Promise.race([worker.close().catch(() => undefined), patience]);
}

async function perform(serving: Serving, queued: BullJob<QueuedJob, QueuedResult>, token: string): Promise<QueuedResult> {
  const { identity = ownIdentity, name, counts, beats, end } = serving;
  const start = performance.now(), id = recordId(queued.id);
  if (!sameIdentity(queued.data.identity, identity)) {
    end(new UsageError(`worker: the job ${id} is one of ${identityText(queued.data.identity)}, and this is ${identityText(identity)}: install the same version.`));
    return handBack(serving, queued, token);
  }
  try {
    const { outcome, records } = await runIn(serving, queued);
    if (outcome === "handed-back") return await handBack(serving, queued, token);
    counts.done++;
    return { records, worker: name, seconds: (performance.now() - start) / 1000 };
  } catch (error) {
    if (!(error instanceof WorkerError)) throw error;
    // A full disk is this worker's trouble, and a process that dies while we end is no failure of the trial's.
    if (error.kind === "disk") end(new UsageError(error.message));
    if (error.kind === "disk" || serving.ending.aborted) return await handBack(serving, queued, token);
    counts.failed++;
    throw error.kind === "usage" ? new UnrecoverableError(error.message) : new Error(error.message);
  } finally {
    beats.ended(id);
  }
}

async function runIn({ pool, out, redis, address, beats, ending, offline, downloads = 2, onNote }: Serving, queued: BullJob<QueuedJob, QueuedResult>): Promise<JobResult> {
  const job = parseJob(queued.data.job);
  beats.began(job.id);
  await keepRecords(openStore(out), queued.data.known.map((record) => parseRecord(record, "queue: record that the job takes up")));
  await ensureModel(job.source.model, { redis, name: address.name, slots: downloads, signal: ending, ...(offline === undefined ? {} : { offline }), ...(onNote === undefined ? {} : { onNote }) });
  return pool.run(job, out, {
    signal: ending, timeout: job.timeoutMinutes === null ? null : job.timeoutMinutes * 60_000,
    onProgress: (progress) => beats.progress(job.id, progress),
    compete: async (metrics) => (job.kind === "trial" && job.halving !== null ? competeOn(redis, address.name, { halving: job.halving, id: job.id, metrics }) : null),
  });
}

/** Back into the queue, for whoever comes next; it costs no attempt. */
async function handBack({ counts }: Serving, queued: BullJob<QueuedJob, QueuedResult>, token: string): Promise<never> {
  counts.handedBack++;
  try {
    await queued.moveToWait(token);
  } catch {
    throw new DelayedError(); // the lock is lost: another worker has it already
  }
  throw new WaitingError();
}
