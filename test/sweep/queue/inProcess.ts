/** A pool that runs its jobs in this process: what is tested then is the queue. */
import type { Pool } from "../../../lib/sweep/pool.js";
import type { RunnerModule } from "../../../lib/sweep/runner.js";
import { WorkerError } from "../../../lib/sweep/messages.js";

export async function inProcessPool(runner: string, size: number): Promise<Pool> {
  const { makeRunner }: RunnerModule = await import(runner);
  const made = makeRunner({ threads: 1, sessions: 1 });
  return {
    size,
    async run(job, out, hooks = {}) {
      hooks.onStart?.(0, process.pid);
      const never = new AbortController().signal;
      try {
        return await made.run(job, {
          out, signal: hooks.signal ?? never, onProgress: (progress) => hooks.onProgress?.(progress),
          compete: async (_job, metrics) => await hooks.compete?.(metrics) ?? null,
        });
      } catch (error) {
        throw new WorkerError("failure", error instanceof Error ? error.message : String(error));
      }
    },
    describe: (request) => made.describe(request),
    pids: () => [process.pid],
    close: async () => made.dispose(),
  };
}
