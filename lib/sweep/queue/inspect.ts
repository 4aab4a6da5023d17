/** What a queue holds, for people: counts, workers, and the dead letters with their reasons. */
import { Queue } from "bullmq";
import { connect, type QueueAddress } from "./address.js";
import { keysOf, PREFIX, recordId } from "./keys.js";

export interface QueueState {
  waiting: number;
  running: number;
  delayed: number;
  completed: number;
  /** What was given up after all its attempts, the newest first. */
  failed: { id: string; reason: string; attempts: number }[];
  workers: string[];
  /** How many were put back or taken out by this call. */
  retried: number;
  cleared: number;
}

/** Looks at the queue. @param actions.retry puts the dead letters back first; `clear` takes out what does not run. */
export async function inspectQueue(address: QueueAddress, { retry, clear }: { retry: boolean; clear: boolean }): Promise<QueueState> {
  const redis = await connect(address);
  const queue = new Queue(address.name, { connection: address.options, prefix: PREFIX });
  try {
    const before = await queue.getJobCounts("wait", "prioritized", "delayed", "failed", "completed");
    const retried = retry ? before.failed ?? 0 : 0;
    if (retried > 0) await queue.retryJobs({ state: "failed" });
    const cleared = clear ? Object.values(before).reduce((sum, count) => sum + count, 0) : 0;
    if (clear) await clearAll(queue);
    const counts = await queue.getJobCounts("wait", "prioritized", "active", "delayed", "completed");
    const dead = await queue.getFailed(0, 999);
    return {
      waiting: (counts.wait ?? 0) + (counts.prioritized ?? 0), running: counts.active ?? 0, delayed: counts.delayed ?? 0, completed: counts.completed ?? 0,
      failed: dead.map(({ id, failedReason, attemptsMade }) => ({ id: recordId(id), reason: failedReason ?? "unknown", attempts: attemptsMade })),
      workers: await redis.hkeys(keysOf(address.name).workers), retried, cleared,
    };
  } finally {
    redis.disconnect();
    await queue.disconnect();
  }
}

async function clearAll(queue: Queue): Promise<void> {
  await queue.drain(true);
  for (const state of ["completed", "failed"] as const) await queue.clean(0, 1_000_000, state);
}
