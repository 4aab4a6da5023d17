/** Starts and stops the heartbeat's thread. */
import { once } from "node:events";
import { Worker } from "node:worker_threads";
import type { HeartbeatData } from "./heartbeatWorker.js";

export interface Heartbeat {
  /** Where it is bound. */
  endpoint: string;
  close(): Promise<void>;
}

/** Binds the heartbeat. @throws {Error} if the address is taken. */
export async function startHeartbeat(data: HeartbeatData): Promise<Heartbeat> {
  const worker = new Worker(new URL("./heartbeatWorker.js", import.meta.url), {
    workerData: data,
    resourceLimits: { maxOldGenerationSizeMb: 16, maxYoungGenerationSizeMb: 2 },
  });
  const [endpoint] = (await once(worker, "message")) as [string];
  return {
    endpoint,
    async close() {
      const ended = once(worker, "exit");
      worker.postMessage("close");
      await Promise.race([ended, new Promise((resolve) => setTimeout(resolve, 500).unref())]);
      await worker.terminate();
    },
  };
}
