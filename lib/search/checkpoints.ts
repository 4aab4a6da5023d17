/** The checkpoints of a pre-training, in their order. */
import { existsSync, readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { UsageError } from "../support/checks.js";

/** The number that a folder's name ends in: "checkpoint-000500" is 500; null where there is none. */
export function updatesOf(name: string): number | null {
  const digits = /(\d+)k?$/.exec(name);
  return digits === null ? null : Number(digits[1]) * (name.endsWith("k") ? 1000 : 1);
}

/**
 * Paths of the checkpoints in `place`: subfolders with a config.json, by the number that their names end in.
 * @param updates those that are wanted; default all. @throws {UsageError} where there is none, or a wanted one is missing.
 */
export async function checkpointsIn(place: string, updates?: readonly number[]): Promise<string[]> {
  if (!(statSync(place, { throwIfNoEntry: false })?.isDirectory() ?? false)) {
    throw new UsageError(`d90OverCheckpoints: there is no folder ${JSON.stringify(place)}. Make one with d90 pretrain, or name each checkpoint (a folder or hub id) for d90OverModels.`);
  }
  const all = readdirSync(place).flatMap((name) => {
    const number = updatesOf(name);
    return number !== null && existsSync(join(place, name, "config.json")) ? [{ number, path: join(place, name) }] : [];
  }).sort((a, b) => a.number - b.number);
  if (all.length === 0) throw new UsageError(`d90OverCheckpoints: ${place} has no checkpoints: subfolders with a config.json whose names end in their number of updates.`);
  const missing = updates?.find((wanted) => !all.some(({ number }) => number === wanted));
  if (missing !== undefined) throw new UsageError(`d90OverCheckpoints: ${place} has no checkpoint of ${missing} updates; it has ${all.map(({ number }) => number).join(", ")}.`);
  return all.filter(({ number }) => updates === undefined || updates.includes(number)).map(({ path }) => path);
}
