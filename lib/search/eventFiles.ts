/** Runs as TensorBoard shows them: one folder a run, with its curves as an event file. */
import { randomBytes } from "node:crypto";
import { mkdir, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { type Scalar, writeScalars } from "../engine/index.js";
import type { TrialRecord } from "../records/record.js";

export interface EventFiles {
  /** What TensorBoard calls the run: "did-d1000-rate0.151-seed1-3fa1…". */
  name: string;
  scalars: number;
}

/** The curves of a record: the training loss and the dev metric by update; numbers that were not finite are left out. */
export function scalarsOf({ configuration: { task }, losses, evaluations, final, steps }: TrialRecord): Scalar[] {
  const all: { name: string; step: number; value: number | null }[] = [
    ...losses.map(({ step, loss }) => ({ name: "train/loss", step, value: loss })),
    ...evaluations.flatMap(({ step, metric, loss }) => [
      { name: `dev/${task.metric}`, step, value: metric }, { name: "dev/loss", step, value: loss }]),
    { name: "train/accuracy", step: steps, value: final?.trainAccuracy ?? null },
  ];
  return all.flatMap(({ name, step, value }) => (value === null ? [] : [{ name, step, value }]));
}

/**
 * Writes an event file for each record below `folder`, in the place of what was written of it before: `tensorboard --logdir folder`
 * shows them. Steps are updates; the wall times are those of the writing, as the records keep none by step.
 * @throws {Error} without TensorFlow's backend.
 */
export async function writeEventFiles(records: readonly TrialRecord[], folder: string): Promise<EventFiles[]> {
  const written: EventFiles[] = [];
  for (const record of records) {
    const name = nameOf(record), scalars = scalarsOf(record), path = join(folder, name);
    const temporary = join(folder, `.${name}.${randomBytes(4).toString("hex")}.tmp`);
    await mkdir(temporary, { recursive: true });
    try {
      await writeScalars(temporary, scalars);
      await rm(path, { recursive: true, force: true });
      await rename(temporary, path);
    } finally {
      await rm(temporary, { recursive: true, force: true });
    }
    written.push({ name, scalars: scalars.length });
  }
  return written;
}

function nameOf({ id, configuration: { method, d, learningRate, seeds } }: TrialRecord): string {
  return [method, ...(d === null ? [] : [`d${d}`]), `rate${Number(learningRate.toPrecision(3))}`, `seed${seeds.run}`, id].join("-");
}
