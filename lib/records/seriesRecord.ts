/** d90 of several models: along the checkpoints of one pre-training, or of models of several sizes. */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { UsageError } from "../support/checks.js";
import { canonicalJson, sha256, writeFileAtomic } from "../support/files.js";
import { environmentSchema, modelSchema, taskSchema } from "./configuration.js";
import { estimateSchema } from "./searchRecord.js";

const count = z.int().min(0);

/** What one search found, and the pre-training that its model had. */
export const seriesPointSchema = z.strictObject({
  /** How the model was asked for: a folder, a hub id. */
  name: z.string().min(1),
  model: modelSchema,
  task: taskSchema,
  /** Updates and tokens of its pre-training, and validation perplexity; null where its folder does not say. */
  update: count.nullable(),
  tokens: count.nullable(),
  perplexity: z.number().nullable(),
  /** Id of the search, in the same store. */
  search: z.string(),
  /** The plain estimate; its outcome "baseline-not-above-majority" is the paper's "unable to compute". */
  d90: estimateSchema,
  chanceCorrected: estimateSchema,
  /** Full fine-tuning's metric; null where there is none. */
  full: z.number().nullable(),
  seconds: z.number().min(0),
});

export const seriesRecordSchema = z.strictObject({
  record: z.literal("series"),
  version: z.literal(1),
  id: z.string(),
  /** checkpoints: one pre-training, Figure 2; models: sizes, Figure 3. */
  kind: z.enum(["checkpoints", "models"]),
  /** What was asked: names of models and tasks, whatever their order; method, preset, and settings other than the preset's. */
  question: z.strictObject({
    models: z.array(z.string()).min(1), tasks: z.array(z.string()).min(1), method: z.enum(["did", "said"]), preset: z.string(),
    settings: z.record(z.string(), z.json()), seeds: z.array(count).min(1),
  }),
  environment: environmentSchema,
  outcome: z.enum(["running", "completed", "interrupted"]),
  points: z.array(seriesPointSchema),
  startedAt: z.iso.datetime(),
  finishedAt: z.iso.datetime(),
  /** The command or call that makes it again. */
  command: z.string(),
});

export type SeriesPoint = z.infer<typeof seriesPointSchema>;
export type SeriesRecord = z.infer<typeof seriesRecordSchema>;
export type SeriesQuestion = SeriesRecord["question"];

/** Begins the names of the folders of series among the runs. */
export const seriesPrefix = "series-";

/** The identity of a series: 12 hex digits; the order of models, tasks and seeds makes no difference. */
export function seriesId(kind: SeriesRecord["kind"], question: SeriesQuestion): string {
  const { models, tasks, seeds, preset: _preset, ...rest } = question;
  return sha256(canonicalJson({ ...rest, kind, models: [...models].sort(), tasks: [...tasks].sort(), seeds: [...seeds].sort((a, b) => a - b) })).slice(0, 12);
}

/** Path of a series' record below the folder of the runs. */
export const seriesPath = (out: string, id: string): string => join(out, `${seriesPrefix}${id}`, "series.json");

/** Writes the record atomically. @returns its path. */
export async function writeSeries(out: string, record: SeriesRecord): Promise<string> {
  const path = seriesPath(out, record.id);
  await writeFileAtomic(path, `${JSON.stringify(seriesRecordSchema.parse(JSON.parse(JSON.stringify(record))), null, 1)}\n`);
  return path;
}

/** Reads a series' record. @throws {UsageError} naming the file where it is missing or none. */
export async function readSeries(path: string): Promise<SeriesRecord> {
  const text = await readFile(path, "utf8").catch((error: NodeJS.ErrnoException) => {
    throw new UsageError(`series: ${path} cannot be read (${error.code ?? error.message}).`);
  });
  const parsed = seriesRecordSchema.safeParse(jsonOf(text, path));
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  throw new UsageError(`series: ${path} is no record of a series: ${issue?.path.join(".")}: ${issue?.message}.`);
}

function jsonOf(text: string, path: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new UsageError(`series: ${path} is not JSON, so half-written or not a record.`, { cause: error });
  }
}
