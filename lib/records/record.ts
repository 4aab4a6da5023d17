/** A run is its record: the types, a record's identity, and the one place where untrusted JSON becomes a record. */
import { z } from "zod";
import { canonicalJson, sha256 } from "../support/files.js";
import { shown } from "../support/checks.js";
import { type SearchConfiguration, type SearchRecord, searchRecordSchema } from "./searchRecord.js";
import { type LossPoint, type TrialConfiguration, type TrialRecord, trialRecordSchema } from "./trialRecord.js";
import type { TrialSummary } from "./searchRecord.js";

export * from "./configuration.js";
export * from "./methods.js";
export * from "./metrics.js";
export * from "./pretrainingRecord.js";
export * from "./searchRecord.js";
export * from "./seriesRecord.js";
export * from "./trialRecord.js";

/** Anything that `runs/` holds. */
export type RunRecord = TrialRecord | SearchRecord;

/** The versions of the format that this d90 reads; it writes the last. */
export const RECORD_VERSIONS: readonly number[] = [1];

const schemas = { trial: trialRecordSchema, search: searchRecordSchema };

/** A record that cannot be read: not JSON, not a record, of an unknown version, or not what its id says. */
export class RecordError extends Error {
  override name = "RecordError";
  /** Whether another version of d90 wrote it: then it must not be overwritten. */
  unknownVersion = false;
}

/**
 * The identity of a configuration: 12 hex digits of the SHA-256 of its canonical JSON, names and paths left out
 * (`model.id`, `task.dataSource`, `task.file`, `preset`, `changed`): the same weights and rows give the same id wherever they lie.
 */
export function idOf(configuration: TrialConfiguration | SearchConfiguration): string {
  const { preset: _preset, changed: _changed, model, task, ...rest } = configuration;
  const { id: _id, ...weights } = model;
  const { dataSource: _dataSource, file: _file, ...data } = task;
  return sha256(canonicalJson({ ...rest, model: weights, task: data })).slice(0, 12);
}

/**
 * Checks that `value` (parsed JSON) is a record.
 * @param where names the file in messages.
 * @throws {RecordError} naming the field, for another format, an unknown version, or an id that is not the configuration's.
 */
export function parseRecord(value: unknown, where = "parseRecord"): RunRecord {
  const { record, version } = headerOf(value, where);
  if (!RECORD_VERSIONS.includes(version)) {
    const error = new RecordError(`${where}: version must be ${RECORD_VERSIONS.join(" or ")}, got ${version}. ` +
      `A ${version > Math.max(...RECORD_VERSIONS) ? "newer" : "different"} d90 wrote this record: read it with that one.`);
    error.unknownVersion = true;
    throw error;
  }
  const parsed = schemas[record].safeParse(value);
  if (!parsed.success) throw new RecordError(`${where}: ${firstIssue(parsed.error)}`);
  const expected = idOf(parsed.data.configuration);
  if (parsed.data.id !== expected) {
    throw new RecordError(`${where}: id must be ${expected}, the hash of the configuration, got ${shown(parsed.data.id)}. ` +
      "The record was changed after it was written.");
  }
  return parsed.data;
}

function headerOf(value: unknown, where: string): { record: keyof typeof schemas; version: number } {
  const header = z.object({ record: z.enum(["trial", "search"]), version: z.number() }).safeParse(value);
  if (!header.success) throw new RecordError(`${where}: not a record of d90: ${firstIssue(header.error)}`);
  return header.data;
}

function firstIssue(error: z.ZodError): string {
  const issue = error.issues[0];
  if (issue === undefined) return "does not match the schema.";
  return `${issue.path.length > 0 ? issue.path.join(".") : "record"}: ${issue.message}.`;
}

/** What a search keeps of a trial. */
export function summaryOf({ id, configuration, outcome, final, seconds }: TrialRecord): TrialSummary {
  const { kind, d, learningRate, seeds } = configuration;
  return { id, kind: kind === "full" ? kind : "subspace", d, learningRate, seed: seeds.run, outcome, metric: final?.metric ?? null, seconds };
}

/** At most `limit` of `points`, evenly spaced, the first and the last among them: curves in records stay small. */
export function thinned(points: readonly LossPoint[], limit = 200): LossPoint[] {
  if (points.length <= limit) return [...points];
  const stride = (points.length - 1) / (limit - 1);
  return Array.from({ length: limit }, (_, index) => points[Math.round(index * stride)]!);
}

/** What `d90 find --json` prints: the result in one flat object. */
export function findSummary(record: SearchRecord) {
  const { configuration, result } = record;
  const { chanceCorrectedD90: chance } = result;
  return {
    id: record.id,
    ...result,
    chanceCorrectedD90: chance.d90,
    chanceCorrected: chance,
    trials: [...record.baseline, ...record.trials],
    task: configuration.task.name,
    metric: configuration.task.metric,
    dataSource: configuration.task.dataSource,
    model: configuration.model.id,
    modelSha256: configuration.model.sha256,
    method: configuration.method,
    projection: configuration.projection,
    preset: configuration.preset,
    changed: configuration.changed ?? [],
    seeds: configuration.search.seeds,
    seconds: record.seconds,
  };
}
