/** Kills what a sweep consists of, at moments that a seed draws, and starts it again. */
import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { randomIndices } from "../../../lib/support/random.js";
import { startWorkerChild } from "./fleet.js";
import type { RedisServer } from "./redis.js";
import type { ChildOptions } from "./workerChild.js";

export interface ChaosOptions {
  server: RedisServer;
  worker: ChildOptions;
  workers: number;
  /** Store of the coordinator, and number of trials. */
  out: string;
  trials: number;
  seed: number;
  /** kill -9 at most. */
  kills: number;
}

export interface ChaosResult {
  /** What the last coordinator said. */
  done: number;
  failed: number;
  killed: { worker: number; coordinator: number; redis: number };
  seconds: number;
}

/** Runs a sweep to its end whatever is killed. */
export async function sweepUnderFire({ server, worker, workers: count, out, trials, seed, kills }: ChaosOptions): Promise<ChaosResult> {
  const start = performance.now(), draw = randomIndices(seed), killed = { worker: 0, coordinator: 0, redis: 0 };
  const workers = Array.from({ length: count }, () => startWorkerChild(worker).process);
  let coordinator = startCoordinator(server.url, out, trials), over = false;

  async function fire(): Promise<void> {
    for (let kill = 0; kill < kills && !over; kill++) {
      await sleep(300 + draw(1200));
      const target = (["worker", "worker", "coordinator", "redis"] as const)[draw(4)]!;
      if (over) return;
      killed[target]++;
      if (target === "redis") {
        await server.kill();
        await sleep(draw(400));
        await server.start();
      } else if (target === "worker") {
        const at = draw(workers.length);
        workers[at]!.kill("SIGKILL");
        workers[at] = startWorkerChild(worker).process;
      } else {
        const before = coordinator;
        coordinator = startCoordinator(server.url, out, trials);
        before.child.kill("SIGKILL");
      }
    }
  }

  const firing = fire();
  let said = "";
  while (said === "") {
    const awaited = coordinator;
    said = await awaited.answer;
    // One that we killed has a follower; one that ended by itself (the server was away for long) gets it here.
    if (said === "" && coordinator === awaited) coordinator = startCoordinator(server.url, out, trials);
  }
  over = true;
  await firing;
  for (const child of [...workers, coordinator.child]) await ended(child);
  const { done, failed }: { done: number; failed: number } = JSON.parse(said);
  return { done, failed, killed, seconds: (performance.now() - start) / 1000 };
}

function startCoordinator(url: string, out: string, trials: number): { child: ChildProcess; answer: Promise<string> } {
  const file = fileURLToPath(new URL("./coordinatorChild.js", import.meta.url));
  const child = fork(file, [url, out, String(trials)], { stdio: ["ignore", "pipe", "inherit", "ipc"] });
  let text = "";
  child.stdout?.setEncoding("utf8").on("data", (chunk: string) => { text += chunk; });
  return { child, answer: once(child, "close").then(() => text) };
}

async function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exit = once(child, "exit");
  child.kill("SIGKILL");
  await exit;
}
