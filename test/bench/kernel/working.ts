/** Kernels at work, one after the other: heartbeats and interrupts in a busy loop, output, and many cells. */
import { setTimeout as sleep } from "node:timers/promises";
import { heldMegabytes, peakMegabytes } from "./processes.js";
import type { Running } from "./running.js";
import type { Samples } from "./samples.js";

/** Milliseconds that the loop runs in which heartbeats are counted, and between them. */
const BUSY = 3_000, BEAT = 10;
/** Milliseconds that a loop runs that an interrupt is to end. */
const UNINTERRUPTED = 5_000;
/** Milliseconds from a cell's request to when it is at work. */
const BEGIN = 300;
/** Share of the cells after which memory counts: caches are full by then. */
const SETTLED = 0.2;

/** Heartbeats while a cell computes: from each to its echo. One that waits for the loop's end waits for all of it. */
export async function measureHeartbeat({ kernel, client, begin }: Running, samples: Samples): Promise<void> {
  await client.beat();
  const { done } = await begin(kernel.code.busy(BUSY), BEGIN);
  const end = performance.now() + BUSY - 2 * BEGIN;
  while (performance.now() < end) {
    const start = performance.now();
    await client.beat();
    samples.add(kernel.name, "heartbeat", performance.now() - start);
    await sleep(BEAT);
  }
  await done;
}

/** A busy loop that is interrupted: to reply and idle. A kernel that lets it run to its end is asked once. */
export async function measureInterrupts({ kernel, begin, interrupt, run }: Running, samples: Samples, times: number): Promise<void> {
  for (let i = 0; i < times; i++) {
    const { done } = await begin(kernel.code.busy(UNINTERRUPTED), BEGIN);
    const start = performance.now();
    await interrupt();
    await done;
    const ms = performance.now() - start;
    samples.add(kernel.name, "interrupt", ms);
    if (ms > 0.8 * UNINTERRUPTED) return;
    // It must be there after it; tslab aborts what comes within 200 ms.
    await sleep(BEGIN);
    await run(kernel.code.sum);
  }
}

export async function measureWrites({ kernel, run }: Running, samples: Samples): Promise<void> {
  samples.add(kernel.name, "smallWrites", await run(kernel.code.write(10_000, 10)));
}

/** 100 MB in lines of 1,000 characters: to reply and idle, and the most memory that was ever held. */
export async function measureBulk({ kernel, client, run }: Running, samples: Samples): Promise<void> {
  samples.add(kernel.name, "bulk", await run(kernel.code.write(100_000, 1_000)));
  samples.add(kernel.name, "bulkPeak", peakMegabytes(client.process.pid!));
}

/** `cells` cells that replace what the last one declared: megabytes more at the end than after a fifth of them. */
export async function measureGrowth({ kernel, client, run }: Running, samples: Samples, cells: number): Promise<void> {
  let settled = 0;
  for (let cell = 1; cell <= cells; cell++) {
    await run(kernel.code.replace(cell));
    if (cell === Math.round(SETTLED * cells)) settled = heldMegabytes(client.process.pid!);
  }
  samples.add(kernel.name, "growth", heldMegabytes(client.process.pid!) - settled);
}
