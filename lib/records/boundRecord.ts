/** The bounds of one trained model as a file: what was measured, what was charged, and every bound with its terms. */
import { existsSync } from "node:fs";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { environmentSchema } from "./configuration.js";
import { RecordError } from "./record.js";
import { recordedRuns } from "./recorded.js";
import { trialConfigurationSchema } from "./trialRecord.js";

const share = z.number().min(0).max(1);
const count = z.int().min(0);

/** One bound: see lib/bounds/situation.ts. */
export const boundSchema = z.strictObject({
  name: z.string(),
  title: z.string(),
  source: z.string(),
  value: z.number(),
  vacuous: z.boolean(),
  confidence: share,
  rows: z.int().min(1),
  terms: z.array(z.strictObject({ name: z.string(), value: z.number() })),
  charged: z.array(z.strictObject({ what: z.string(), bits: z.number().min(0) })),
  chargedBits: z.number().min(0),
});

/** One candidate of the search over levels, measured on the rows that the choice was made with. */
export const boundCandidateSchema = z.strictObject({
  levels: z.int().min(2), chargedBits: count, rows: z.int().min(1), error: share, value: z.number(),
});

export const boundRecordSchema = z.strictObject({
  record: z.literal("bound"),
  version: z.literal(1),
  /** Id and configuration of the training. */
  trial: z.string(),
  configuration: trialConfigurationSchema,
  /** How z was quantised, and updates through the quantiser. */
  quantiser: z.enum(["uniform", "codebook"]),
  levels: z.int().min(2),
  tuneSteps: count,
  /** m, the rows that the bound rests on, and their origin. */
  rows: z.int().min(1),
  dataSource: z.string(),
  delta: share,
  choices: z.array(z.strictObject({ name: z.string(), candidates: z.int().min(1) })),
  /** model.d90. */
  file: z.strictObject({ bytes: count, sha256: z.string(), chargedBits: count, codebookBits: count }),
  /** Share of errors of the decoded model on the m rows and on the dev rows; of the unquantised one on the dev rows. */
  errors: z.strictObject({ train: share, dev: share, devBefore: share.nullable(), devRows: z.int().min(1) }),
  /** Of rows drawn from the m with replacement, after the model was fixed. */
  subsample: z.strictObject({ rows: z.int().min(1), error: share }).optional(),
  /** Of the rows that the run has not seen: the run, moved by a difference of `codeBits` bits that `updates` on them made. */
  split: z.strictObject({ rows: z.int().min(1), error: share, codeBits: count, updates: count }).optional(),
  /** Error of always predicting the most frequent class of the m rows. */
  chance: share,
  candidates: z.array(boundCandidateSchema),
  /** The certificate's first. */
  bounds: z.array(boundSchema).min(1),
  environment: environmentSchema,
  startedAt: z.iso.datetime(),
  seconds: z.number().min(0),
});

export type BoundRecord = z.infer<typeof boundRecordSchema>;

/** Name of the record in its training's folder. */
export const boundFile = "bound.json";

/** Checks that `value` (parsed JSON) is a bound's record. @param where names the file. @throws {RecordError} naming the field. */
export function parseBoundRecord(value: unknown, where = "parseBoundRecord"): BoundRecord {
  const parsed = boundRecordSchema.safeParse(value);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw new RecordError(`${where}: not a bound's record of this d90: ${issue?.path.join(".") || "record"}: ${issue?.message ?? "does not match"}.`);
}

/** Reads a record. @throws {RecordError} naming the file. */
export async function readBoundRecord(path: string): Promise<BoundRecord> {
  const text = await readFile(path, "utf8").catch((error: NodeJS.ErrnoException) => {
    throw new RecordError(`${path}: ${error.code === "ENOENT" ? "missing: make it with d90 bound" : error.message}.`);
  });
  try {
    return parseBoundRecord(JSON.parse(text), path);
  } catch (error) {
    if (error instanceof SyntaxError) throw new RecordError(`${path}: not JSON, so half-written or not a record.`, { cause: error });
    throw error;
  }
}

/** The bounds that come with d90 in data/records, by the id of their training; none where none was recorded. */
export async function recordedBounds(folder = recordedRuns().folder): Promise<BoundRecord[]> {
  const runs = (await readdir(folder)).filter((name) => /^[0-9a-f]{12}$/.test(name)).sort();
  const paths = runs.map((name) => join(folder, name, boundFile)).filter((path) => existsSync(path));
  return Promise.all(paths.map(readBoundRecord));
}
