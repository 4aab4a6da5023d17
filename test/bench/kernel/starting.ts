/** Starts: kernels one after the other, alone, round by round. */
import { setTimeout as sleep } from "node:timers/promises";
import type { Kernel } from "./kernels.js";
import { heldMegabytes } from "./processes.js";
import { settle, startRunning } from "./running.js";
import type { Samples } from "./samples.js";

/** Milliseconds that a kernel is left alone before its memory is looked at. */
const REST = 2_000;

/** One start: to the first answer, to the first cell's, then at rest. @returns the kernel's version. */
export async function measureStart(kernel: Kernel, samples: Samples): Promise<string> {
  const running = await startRunning(kernel);
  const { client, startMs, versions } = running;
  try {
    const { reply } = await running.ask("execute_request", { code: kernel.code.sum, silent: false, store_history: true, stop_on_error: true });
    const firstCell = performance.now() - client.startedAt;
    if (reply.content.status !== "ok") throw new Error(`${kernel.name}: the first cell failed: ${JSON.stringify(reply.content).slice(0, 500)}`);
    samples.add(kernel.name, "start", startMs);
    samples.add(kernel.name, "firstCell", firstCell);
    await settle(running);
    await sleep(REST);
    samples.add(kernel.name, "idle", heldMegabytes(client.process.pid!));
    return versions;
  } finally {
    await running.close();
  }
}
