/** A checkpoint's tensors as an architecture's parameters: every one there, none left over, each of its shape. */
import { existsSync } from "node:fs";
import { basename, join } from "node:path";
import * as z from "zod";
import { shown, UsageError } from "../support/checks.js";
import { canonicalJson, sha256, sha256OfFile } from "../support/files.js";
import type { NamedShapes } from "../support/tensors.js";
import { readJson } from "./json.js";
import { openSafetensors, SafetensorsError, type SafetensorsFile, type TensorEntry } from "./safetensors.js";
import type { Architecture } from "./types.js";

/** Hugging Face's names for weights in one file, and for the index of weights in several. */
export const singleFile = "model.safetensors";
export const indexFile = "model.safetensors.index.json";

/** The weights of a model's folder: one file, or the shards that the index names. */
interface WeightFiles {
  paths: string[];
  /** Which shard has which tensor; null for one file. */
  shardOf: Record<string, string> | null;
}

/** What a checkpoint holds of an architecture's parameters. */
export interface Weights {
  /** Values by parameter name, row-major float32; optional ones that the checkpoint lacks are left out. */
  values: Record<string, Float32Array<ArrayBuffer>>;
  sha256: string;
}

export interface ReadWeightsOptions {
  folder: string;
  architecture: Architecture;
  /** Names and shapes of all parameters. */
  shapes: NamedShapes;
  /** Names that the checkpoint may lack. */
  optional: ReadonlySet<string>;
  /** Names of the task's head. */
  head: ReadonlySet<string>;
  /** Whether the head is left out even if the checkpoint has one. */
  freshHead: boolean;
}

/**
 * Reads the weights in a model's folder: model.safetensors, or the shards of model.safetensors.index.json.
 * @throws {UsageError | SafetensorsError} naming the file and the tensor: broken file, missing, unexpected or mis-shaped tensor.
 */
export async function readWeights(options: ReadWeightsOptions): Promise<Weights> {
  const { paths, shardOf } = await weightFiles(options.folder);
  const files: SafetensorsFile[] = [];
  try {
    for (const path of paths) files.push(await openSafetensors(path));
    if (shardOf !== null) requireIndexFits(files, shardOf);
    const found = matched(files, options);
    const values: Weights["values"] = {};
    for (const { name, file, entry } of found) values[name] = await file.read(entry);
    return { values, sha256: await hashOf(paths) };
  } finally {
    for (const file of files) await file.close();
  }
}

async function weightFiles(folder: string): Promise<WeightFiles> {
  const single = join(folder, singleFile), index = join(folder, indexFile);
  if (existsSync(single)) return { paths: [single], shardOf: null };
  if (existsSync(index)) return shards(folder, index);
  const pickled = existsSync(join(folder, "pytorch_model.bin"))
    ? " It has pytorch_model.bin; convert that in Python: AutoModel.from_pretrained(folder).save_pretrained(folder)." : "";
  throw new UsageError(`${folder} has neither ${singleFile} nor ${indexFile}.${pickled}`);
}

const indexSchema = z.object({ weight_map: z.record(z.string(), z.string()) });

/** The names of the shards in an index. @throws {UsageError} if it is none, or names a file outside its folder. */
export function shardNames(json: unknown, index: string): { names: string[]; shardOf: Record<string, string> } {
  const parsed = indexSchema.safeParse(json);
  if (!parsed.success) throw new UsageError(`${index}: weight_map must map tensors to files, got ${shown(json)}.`);
  const shardOf = parsed.data.weight_map;
  const names = [...new Set(Object.values(shardOf))].sort();
  const outside = names.find((name) => name !== basename(name) || name.includes("\\") || !name.endsWith(".safetensors"));
  if (outside === undefined) return { names, shardOf };
  throw new UsageError(`${index}: weight_map must name .safetensors files in its own folder, got ${shown(outside)}.`);
}

async function shards(folder: string, index: string): Promise<WeightFiles> {
  const { names, shardOf } = shardNames(await readJson(index), index);
  const absent = names.find((name) => !existsSync(join(folder, name)));
  if (absent !== undefined) throw new UsageError(`${join(folder, absent)} does not exist, but ${indexFile} names it; the model is incomplete.`);
  return { paths: names.map((name) => join(folder, name)), shardOf };
}

function requireIndexFits(files: SafetensorsFile[], shardOf: Record<string, string>): void {
  const held = new Map(files.map((file) => [basename(file.path), new Set(file.entries.map(({ name }) => name))]));
  for (const [name, shard] of Object.entries(shardOf)) {
    if (!held.get(shard)?.has(name)) throw new UsageError(`${shard} lacks ${shown(name)}, which ${indexFile} says it has.`);
  }
  for (const { path, entries } of files) {
    const stray = entries.find(({ name }) => shardOf[name] !== basename(path));
    if (stray !== undefined) throw new UsageError(`${path} holds ${shown(stray.name)}, which ${indexFile} does not place there.`);
  }
}

interface Found { name: string; file: SafetensorsFile; entry: TensorEntry }

/** The tensors to read, in the order of their bytes. */
function matched(files: SafetensorsFile[], options: ReadWeightsOptions): Found[] {
  const { architecture, shapes, optional, head, freshHead, folder } = options;
  const found = new Map<string, Found>();
  for (const file of files) {
    for (const entry of file.entries) {
      const name = architecture.canonicalName(entry.name);
      if (name === null || (freshHead && head.has(name))) continue;
      requireExpected(file.path, entry, name, options);
      if (found.has(name)) throw new SafetensorsError(file.path, `tensor ${shown(entry.name)} stands for ${name}, as another one does.`);
      found.set(name, { name, file, entry });
    }
  }
  const missing = Object.keys(shapes).filter((name) => !found.has(name) && !optional.has(name));
  if (missing.length === 0) return [...found.values()];
  throw new UsageError(`${folder}: its weights lack ${listed(missing)}; they are not of a ${architecture.modelType} of config.json's size.`);
}

function requireExpected(path: string, entry: TensorEntry, name: string, { shapes, head }: ReadWeightsOptions): void {
  const shape = Object.hasOwn(shapes, name) ? shapes[name]! : null;
  const refuse = (problem: string): never => { throw new SafetensorsError(path, `tensor ${shown(entry.name)} ${problem}`); };
  if (shape === null) return refuse("is unexpected: config.json describes no such parameter.");
  if (shown(entry.shape) === shown(shape)) return;
  const remedy = head.has(name) ? " Ask for a fresh head to replace it." : "";
  refuse(`must be ${shown(shape)} by config.json and labels, got ${shown(entry.shape)}.${remedy}`);
}

const listed = (names: string[]): string => names.slice(0, 3).join(", ") + (names.length > 3 ? ` and ${names.length - 3} more` : "");

async function hashOf([first = "", ...others]: string[]): Promise<string> {
  const hashes: Record<string, string> = { [basename(first)]: await sha256OfFile(first) };
  for (const path of others) hashes[basename(path)] = await sha256OfFile(path);
  return others.length === 0 ? hashes[basename(first)]! : sha256(canonicalJson(hashes));
}
