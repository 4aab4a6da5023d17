/**
 * A runner that pretends to train: a few short steps, a checkpoint, a record whose numbers follow from the configuration alone.
 * Its URL's query says how: ?steps=4&stepMs=5&failFirst=0.3&failAlways=0.1&parameters=5000.
 */
import { appendFileSync, existsSync, mkdirSync, readFileSync } from "node:fs";
import { rm } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { idOf, type TrialRecord } from "../../lib/records/record.js";
import { openStore } from "../../lib/records/store.js";
import { UsageError } from "../../lib/support/checks.js";
import { splitSeed } from "../../lib/support/random.js";
import { writeFileAtomic } from "../../lib/support/files.js";
import type { JobResult, TrialJob } from "../../lib/sweep/job.js";
import type { PlaceDescription, RunContext, Runner } from "../../lib/sweep/runner.js";
import { sampleTrial } from "../records/samples.js";
import { oraclePath } from "../models/golden.js";

const query = new URL(import.meta.url).searchParams;
const number = (name: string, otherwise: number): number => Number(query.get(name) ?? otherwise);

/** The URL of this module with a query. */
export function tinyRunner(options: Record<string, string | number> = {}): string {
  const url = new URL(import.meta.url);
  for (const [name, value] of Object.entries(options)) url.searchParams.set(name, String(value));
  return url.href;
}

/** In [0, 1), the same for the same id and purpose. */
const chance = (id: string, purpose: string): number => splitSeed(Number.parseInt(id.slice(0, 8), 16), purpose) / 2 ** 32;

/** A place as if its model and data had been opened; models and tasks of other names have other weights and rows. */
export async function describeTiny(model = "tiny", task = "mrpc"): Promise<PlaceDescription> {
  // Not at the top: it brings TensorFlow.js, and most processes are never asked.
  const { bert } = await import("../../lib/models/bert.js");
  const path = join(oraclePath("bert-tiny"), "config.json");
  const config = bert.configure(JSON.parse(readFileSync(path, "utf8")), path);
  const { configuration, environment } = sampleTrial();
  const hash = (text: string): string => [...text].map((letter) => letter.charCodeAt(0).toString(16)).join("").padEnd(64, "0").slice(0, 64);
  const shapes = Object.fromEntries(Object.entries(bert.shapes(config, 2)).map(([name, shape]) => [name, [...shape]]));
  const parameters = Object.values(shapes).reduce((sum, shape) => sum + shape.reduce((product, size) => product * size, 1), 0);
  return {
    records: {
      model: { id: model, sha256: hash(model), parameters }, environment,
      task: { ...configuration.task, name: task, sha256: hash(task), trainRows: 64, devRows: 32 },
    },
    config, shapes, labels: ["no", "yes"], notes: [], cost: { full: null, subspace: null }, loadedMemory: 1e6,
  };
}

export function makeRunner(): Runner {
  return {
    describe: async ({ source, measure }) => {
      const cost = { secondsPerUpdate: 0.5, memory: 2e8 };
      const described = await describeTiny(source.model, source.task);
      return { ...described, cost: { full: measure.includes("full") ? cost : null, subspace: measure.includes("subspace") ? cost : null } };
    },
    run: (job, context) => {
      if (job.kind !== "trial") throw new Error("the tiny runner has no searches");
      return runTiny(job, context);
    },
    dispose: () => undefined,
  };
}

async function runTiny(job: TrialJob, { out, signal, onProgress, compete }: RunContext): Promise<JobResult> {
  const store = openStore(out), folder = store.folderOf(job.id), checkpoint = join(folder, "checkpoint.safetensors");
  const known = await store.findTrial(job.configuration);
  if (known !== null && known.outcome !== "interrupted") return { outcome: "done", records: [known] };
  failSometimes(job.id, folder);
  const steps = number("steps", 4), perEpoch = Math.max(1, Math.floor(steps / job.configuration.epochs));
  let step = existsSync(checkpoint) ? Number(readFileSync(checkpoint, "utf8")) : 0;
  for (; step < steps; step++) {
    if (signal.aborted) {
      await writeFileAtomic(checkpoint, String(step));
      const record = tinyRecord(job, step, "interrupted");
      await store.write(record);
      return { outcome: "handed-back", records: [record] };
    }
    await sleep(number("stepMs", 2));
    trace(out, job.id, step);
    if (number("saveSteps", 0) === 1) await writeFileAtomic(checkpoint, String(step + 1));
    onProgress({ step: step + 1, steps, stepsPerSecond: 100 });
    const epoch = (step + 1) / perEpoch, metric = chance(job.id, "metric");
    const earlyStop = Number.isInteger(epoch) && step + 1 < steps ? await compete(job, { step: step + 1, epoch, metric, accuracy: metric, f1: null, loss: 1 }) : null;
    if (earlyStop === null) continue;
    const record = { ...tinyRecord(job, step + 1, "interrupted"), earlyStop };
    await store.write(record);
    return { outcome: "done", records: [record] };
  }
  const record = tinyRecord(job, steps, "completed");
  await store.write(record);
  await rm(checkpoint, { force: true });
  return { outcome: "done", records: [record] };
}

/** What was computed where, for tests that count: one line a step. */
function trace(out: string, id: string, step: number): void {
  const file = query.get("trace");
  if (file !== null) appendFileSync(file, `${id} ${step} ${process.pid} ${out}\n`);
}

/** Some fail the first time, some always, and some kill their process the first time. */
function failSometimes(id: string, folder: string): void {
  if (chance(id, "always") < number("failAlways", 0)) throw new Error("this one always fails");
  if (chance(id, "disk") < number("failWithDisk", 0)) {
    const cause = Object.assign(new Error("ENOSPC"), { code: "ENOSPC" });
    throw new UsageError("runs: cannot write it: the disk is full: free some space and run the same command again.", { cause });
  }
  const marker = join(query.get("markers") ?? folder, `failed-${id}`);
  const dies = chance(id, "dies") < number("dieFirst", 0), fails = chance(id, "first") < number("failFirst", 0);
  if (!(dies || fails) || existsSync(marker)) return;
  mkdirSync(join(marker, ".."), { recursive: true });
  appendFileSync(marker, "");
  if (dies) process.kill(process.pid, "SIGKILL");
  throw new Error("this one fails the first time");
}

/** The record of a trial, times aside a function of its configuration. */
export function tinyRecord({ configuration }: TrialJob, steps: number, outcome: "completed" | "interrupted"): TrialRecord {
  const id = idOf(configuration), metric = chance(id, "metric"), completed = outcome === "completed";
  const { environment } = sampleTrial();
  return {
    record: "trial", version: 1, id, configuration, environment, outcome,
    final: completed ? { metric, accuracy: metric, f1: null, loss: chance(id, "loss"), trainAccuracy: null } : null,
    evaluations: completed ? [{ step: steps, epoch: configuration.epochs, metric, loss: chance(id, "loss") }] : [],
    losses: [], steps, seconds: performance.now() / 1000, startedAt: new Date().toISOString(), checkpoint: completed ? null : "checkpoint.safetensors",
  };
}
