/**
 * How PyTorch's threads wait for each other: by spinning, its default, which is a little faster on an idle machine, or
 * asleep, several times faster where other processes want the cores. The benchmark takes what is faster here and now.
 */
import { commandOf } from "./participants.js";
import { startProcess, type Process } from "./processes.js";
import { median } from "./rounds.js";

/** Environments by what they are called in reports. */
const WAYS: Readonly<Record<string, Record<string, string>>> = { spinning: {}, asleep: { OMP_WAIT_POLICY: "PASSIVE" } };
const STEPS = 3;

export interface Waiting {
  name: string;
  env: Record<string, string>;
}

/** The way in which PyTorch's plain full step is faster: steps in turn, after one each that does not count. */
export async function fasterWaiting(problem: string, signal: AbortSignal): Promise<Waiting> {
  const candidates: { name: string; process: Process; ms: number[] }[] = [];
  try {
    for (const [name, env] of Object.entries(WAYS)) {
      candidates.push({ name, process: await startProcess(commandOf("torch", problem, env), signal), ms: [] });
    }
    for (const { process } of candidates) await process.step();
    for (let i = 0; i < STEPS; i++) {
      for (const { process, ms } of candidates) ms.push((await process.step()).ms);
    }
  } finally {
    for (const { process } of candidates) await process.close();
  }
  const { name } = candidates.reduce((best, other) => (median(other.ms) < median(best.ms) ? other : best));
  return { name, env: WAYS[name]! };
}
