/** What a pre-training leaves in its folder: models in Hugging Face's layout, its state and its record. */
import { existsSync } from "node:fs";
import { mkdir, readdir, readFile, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { writeSafetensors } from "../models/safetensors.js";
import { pretrainingRecordSchema, type PretrainingRecord } from "../records/record.js";
import { UsageError } from "../support/checks.js";
import { sha256OfFile, writeFileAtomic } from "../support/files.js";
import type { NamedTensors } from "../support/tensors.js";
import { hostTensors } from "../training/checkpoint.js";
import { writeTokenizer, type Vocabulary } from "./vocabulary.js";

/** Paths in the folder of a pre-training. */
export const paths = (folder: string) => ({ record: join(folder, "pretraining.json"), state: join(folder, "state.safetensors") });

/** "checkpoint-000500", so that names sort as updates do. */
export const checkpointName = (update: number): string => `checkpoint-${String(update).padStart(6, "0")}`;

/** A model that can be written: config.json, weights, tokenizer. */
export interface WritableModel {
  config: Record<string, unknown>;
  parameters: NamedTensors;
  vocabulary: Vocabulary;
  length: number;
}

/** Writes config.json, model.safetensors, tokenizer.json and tokenizer_config.json; each file is the old one or the new. @returns the hash of the weights. */
export async function writeModel(folder: string, { config, parameters, vocabulary, length }: WritableModel): Promise<string> {
  await mkdir(folder, { recursive: true });
  await writeTokenizer(folder, vocabulary, length);
  await writeFileAtomic(join(folder, "config.json"), `${JSON.stringify(config, null, 1)}\n`);
  const weights = join(folder, "model.safetensors");
  await writeSafetensors(weights, hostTensors(parameters), { format: "pt" });
  return sha256OfFile(weights);
}

/** Writes a checkpoint: the folder appears when it is complete. */
export async function writeCheckpoint(folder: string, update: number, model: WritableModel): Promise<{ folder: string; sha256: string }> {
  const name = checkpointName(update), target = join(folder, name), temporary = `${target}.${process.pid}.tmp`;
  try {
    const sha256 = await writeModel(temporary, model);
    await rm(target, { recursive: true, force: true });
    await rename(temporary, target);
    return { folder: name, sha256 };
  } catch (error) {
    await rm(temporary, { recursive: true, force: true });
    throw error;
  }
}

/** Removes what a killed process left half-written: checkpoints, and files of the folder itself. */
export async function sweep(folder: string): Promise<void> {
  for (const name of await readdir(folder).catch(() => [])) {
    if (/^(checkpoint-\d+|[\w.]+\.(json|safetensors))\.\d+(\.[0-9a-f]{8})?\.tmp$/.test(name)) await rm(join(folder, name), { recursive: true, force: true });
  }
}

/** The record in the folder of a pre-training; null where there is none. @throws {UsageError} if it cannot be read. */
export async function readPretraining(folder: string): Promise<PretrainingRecord | null> {
  const path = paths(folder).record;
  if (!existsSync(path)) return null;
  const parsed = pretrainingRecordSchema.safeParse(JSON.parse(await readFile(path, "utf8").catch(() => "null")));
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  throw new UsageError(`${path}: is no record of a pre-training: ${issue?.path.join(".")}: ${issue?.message}. Delete it, or name another folder.`);
}

const REASONS: Readonly<Record<string, string>> = { ENOSPC: "the disk is full", EDQUOT: "your disk quota is used up", EROFS: "the disk is read-only", EACCES: "permission denied", ENOTDIR: "a file is in the way" };

/** Turns a failed write into a message that says what is kept. */
export const explainWrite = (folder: string, kept: number) => (error: NodeJS.ErrnoException): never => {
  if (error.code === undefined) throw error;
  const reason = REASONS[error.code] ?? error.message;
  const rest = kept > 0 ? `Everything up to update ${kept} is kept` : "Nothing was written before";
  throw new UsageError(`pretrain: cannot write to ${folder}: ${reason}. ${rest}: free some space or name another folder with --out, then run the same command again.`, { cause: error });
};
