/**
 * The coordinator of a sweep on a queue: keeps a window of jobs in it, collects what workers made, and puts back what was lost. It
 * holds no state that its store and the queue do not have, so it may be killed and started again, and two of them do no harm.
 */
import { Queue } from "bullmq";
import type { ChainableCommander, Redis } from "ioredis";
import { type RunRecord, parseRecord } from "../../records/record.js";
import type { RunStore } from "../../records/store.js";
import type { SweepEvent, SweepOutcome } from "../events.js";
import { identity as ownIdentity, type Identity, type Job } from "../job.js";
import { finishedRecord, keepRecords } from "../kept.js";
import { connect, type QueueAddress } from "./address.js";
import { claimIdentity } from "./identity.js";
import { keysOf, PREFIX, queuedId } from "./keys.js";
import type { QueuedJob, QueuedResult } from "./messages.js";
import { createOutstanding, type Outstanding } from "./outstanding.js";
import { createWatch, type Watch } from "./watch.js";

export interface CoordinatorOptions {
  address: QueueAddress;
  store: RunStore;
  signal: AbortSignal;
  onEvent: (event: SweepEvent) => void;
  /** Milliseconds before a trial's second attempt; doubled for each further one. */
  pause: number;
  /** Jobs in the queue at once; default 1,000: more would only cost memory. */
  window?: number;
  /** Milliseconds between two looks at the queue, default 100, and between two searches for what was lost, default 2,000. */
  poll?: number;
  reconcile?: number;
  identity?: Identity;
}

interface Coordinator extends Required<Omit<CoordinatorOptions, "signal">> {
  redis: Redis;
  queue: Queue<QueuedJob, QueuedResult>;
  keys: ReturnType<typeof keysOf>;
  outstanding: Outstanding;
  outcome: SweepOutcome;
  watch: Watch;
}

/** Runs all `jobs` through the queue. @throws {UsageError} if it is another version's, or the store cannot be written. */
export async function runQueued(jobs: Iterable<Job>, options: CoordinatorOptions): Promise<SweepOutcome> {
  const { address: { name, options: connection }, address, signal } = options;
  const redis = await connect(address);
  const queue = new Queue<QueuedJob, QueuedResult>(name, { connection, prefix: PREFIX });
  queue.on("error", () => undefined); // it connects again by itself
  const outcome: SweepOutcome = { done: 0, cached: 0, failed: [], interrupted: false };
  const coordinator: Coordinator = {
    window: 1000, poll: 100, reconcile: 2000, identity: ownIdentity, ...options, redis, queue, keys: keysOf(name), outcome,
    outstanding: createOutstanding(jobs[Symbol.iterator]()), watch: createWatch(redis, name, options.onEvent),
  };
  const stopped = new Promise<"stopped">((resolve) => {
    if (signal.aborted) resolve("stopped");
    signal.addEventListener("abort", () => resolve("stopped"), { once: true });
  });
  try {
    await claimIdentity(redis, name, coordinator.identity, queue);
    // A server that is away answers nothing: Ctrl-C must not wait for it.
    const interrupted = await Promise.race([coordinate(coordinator, signal), stopped]) === "stopped";
    return { ...outcome, interrupted };
  } finally {
    redis.disconnect();
    await Promise.race([queue.disconnect().catch(() => undefined), new Promise((resolve) => setTimeout(resolve, 1000))]);
  }
}

async function coordinate(coordinator: Coordinator, signal: AbortSignal): Promise<void> {
  const { outstanding, poll, reconcile, watch } = coordinator;
  let reconciled = performance.now();
  for (;;) {
    const moved = await fill(coordinator) + await collect(coordinator);
    if (outstanding.isDone() || signal.aborted) return;
    await watch.look(outstanding.jobs);
    if (performance.now() - reconciled > reconcile) {
      await putBack(coordinator);
      reconciled = performance.now();
    }
    // Not at once again while things move: looking at a full window costs the server as much as a trial does.
    if (!(moved > 0 && outstanding.jobs.size === 0)) await new Promise((resolve) => setTimeout(resolve, poll));
  }
}

/** Puts the plan's next jobs into the queue, until the window is full; recorded ones end at once. @returns how many. */
async function fill(coordinator: Coordinator): Promise<number> {
  const { outstanding, store, window } = coordinator;
  let count = 0;
  const batch: Job[] = [];
  while (outstanding.jobs.size + batch.length < window && count < window) {
    const job = outstanding.next();
    if (job === null) break;
    count++;
    const known = await finishedRecord(store, job);
    if (known === null) batch.push(job);
    else ended(coordinator, job, known, null, 0);
  }
  if (batch.length > 0) await enqueue(coordinator, batch);
  return count;
}

async function enqueue({ redis, keys, queue, outstanding, identity, pause, store }: Coordinator, jobs: readonly Job[]): Promise<void> {
  // What an earlier sweep gave up is tried again.
  const failed = await redis.zmscore(keys.failed, ...jobs.map(({ id }) => queuedId(id)));
  await Promise.all(jobs.filter((_job, index) => failed[index] !== null).map(({ id }) => queue.remove(queuedId(id))));
  await queue.addBulk(await Promise.all(jobs.map(async (job) => ({
    name: job.kind, data: { job, identity, known: await knownFor(store, job) },
    opts: {
      jobId: queuedId(job.id), attempts: job.attempts, priority: job.priority, backoff: { type: "exponential", delay: pause },
      // Long enough for every coordinator to see it; should one come later, the trial is run again and changes nothing.
      removeOnComplete: { age: 24 * 3600, count: 20_000 },
    },
  }))));
  for (const job of jobs) outstanding.add(job);
}

/** The records that a job takes up: a worker without this store would make them again. */
async function knownFor(store: RunStore, { after }: Job): Promise<RunRecord[]> {
  const records = await Promise.all(after.map((id) => store.read(id).catch(() => null)));
  return records.flatMap((record) => record ?? []);
}

/** Takes what ended out of the window, in two round trips. @returns how many. */
async function collect(coordinator: Coordinator): Promise<number> {
  const { redis, keys, outstanding, store } = coordinator;
  const jobs = [...outstanding.jobs.values()];
  if (jobs.length === 0) return 0;
  const ids = jobs.map(({ id }) => queuedId(id));
  const [completed, failed] = await Promise.all([redis.zmscore(keys.completed, ...ids), redis.zmscore(keys.failed, ...ids)]);
  const done = jobs.filter((_job, index) => completed[index] !== null), lost = jobs.filter((_job, index) => failed[index] !== null);
  const results = await pipelined(redis, (pipeline) => { for (const { id } of done) pipeline.hget(keys.job(id), "returnvalue"); });
  const kept = await Promise.all(done.map((job, index) => collectDone(coordinator, job, results[index])));
  await Promise.all(lost.map((job) => collectFailed(coordinator, job)));
  const newest = kept.findLast((id) => id !== null);
  if (newest != null) await store.point(newest);
  return done.length + lost.length;
}

/** The answers to what `fill` puts into one round trip. @throws {Error} the first of its errors. */
async function pipelined(redis: Redis, fill: (pipeline: ChainableCommander) => void): Promise<unknown[]> {
  const pipeline = redis.pipeline();
  fill(pipeline);
  return (await pipeline.exec() ?? []).map(([error, answer]) => {
    if (error !== null) throw error;
    return answer;
  });
}

/** Keeps what a job gave. @returns the id of its record; null if its result is gone, which the next search for lost jobs sees to. */
async function collectDone(coordinator: Coordinator, job: Job, text: unknown): Promise<string | null> {
  if (typeof text !== "string") return null;
  const { records, worker, seconds }: QueuedResult = JSON.parse(text);
  const checked = records.map((record) => parseRecord(record, `queue: record of ${worker}`));
  await keepRecords(coordinator.store, checked);
  const last = checked.at(-1);
  if (last !== undefined) ended(coordinator, job, last, worker, seconds);
  return last?.id ?? null;
}

async function collectFailed({ redis, keys, outstanding, outcome, onEvent }: Coordinator, job: Job): Promise<void> {
  const [reason, made] = await redis.hmget(keys.job(job.id), "failedReason", "atm");
  const attempts = Number(made ?? job.attempts);
  outstanding.end(job);
  outcome.failed.push({ id: job.id, job, reason: reason ?? "unknown", attempts });
  onEvent({ type: "job-failed", job, reason: reason ?? "unknown", attempts });
}

function ended({ outstanding, outcome, onEvent }: Coordinator, job: Job, record: RunRecord, worker: string | null, seconds: number): void {
  outstanding.end(job);
  outcome.done++;
  if (worker === null) outcome.cached++;
  onEvent({ type: "job-end", job, record, worker, cached: worker === null, seconds });
}

/**
 * Jobs that are in the queue no more (a server lost its last second, another coordinator removed them) are put back, unless they are
 * recorded. A delayed one is due by its worker's clock, which may be wrong: after the longest pause by ours it is promoted.
 */
async function putBack(coordinator: Coordinator): Promise<void> {
  const { redis, keys, outstanding, queue, store } = coordinator;
  const jobs = [...outstanding.jobs.values()];
  if (jobs.length === 0) return;
  const there = await pipelined(redis, (pipeline) => { for (const { id } of jobs) pipeline.exists(keys.job(id)); });
  const missing = jobs.filter((_job, index) => there[index] === 0), lost: Job[] = [];
  for (const job of missing) {
    const known = await finishedRecord(store, job);
    if (known === null) lost.push(job);
    else ended(coordinator, job, known, null, 0);
  }
  if (lost.length > 0) await enqueue(coordinator, lost);
  for (const id of await overdue(coordinator)) await queue.getJob(queuedId(id)).then((job) => job?.promote()).catch(() => undefined);
}

/** Delayed jobs that were seen so for longer than any pause lasts. */
async function overdue({ redis, keys, outstanding, pause, watch }: Coordinator): Promise<string[]> {
  const ids = [...outstanding.jobs.keys()];
  const delayed = ids.length === 0 ? [] : await redis.zmscore(keys.delayed, ...ids.map(queuedId));
  return watch.delayedFor(ids.filter((_id, index) => delayed[index] != null), pause * 2 ** 5 + 5000);
}
