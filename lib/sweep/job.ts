/** What a worker is given and what it gives back: plain JSON, so that it travels through a pipe or a queue alike. */
import { z } from "zod";
import { PROTOCOL, RECORD_VERSIONS, type RunRecord } from "../records/record.js";
import { searchConfigurationSchema } from "../records/searchRecord.js";
import { trialConfigurationSchema } from "../records/trialRecord.js";
import { UsageError } from "../support/checks.js";
import { d90Version } from "../support/root.js";

/** Where model and data are looked for; absent parts are the defaults. */
export const sourceSchema = z.strictObject({
  model: z.string().min(1).optional(),
  task: z.string().min(1).optional(),
  data: z.string().min(1).optional(),
});

/** Asynchronous successive halving: trials of one group compete at rungs. */
export const halvingSchema = z.strictObject({
  /** What the competitors have in common. */
  group: z.string(),
  reduction: z.int().min(2),
  minEpochs: z.int().min(1),
});

const commonFields = {
  /** Of the record that the job makes: the hash of its configuration. */
  id: z.string().regex(/^[0-9a-f]{12}$/),
  source: sourceSchema,
  backend: z.enum(["auto", "tensorflow", "wasm", "cpu"]),
  /** Minutes for one attempt; null for no limit. */
  timeoutMinutes: z.number().positive().nullable(),
  attempts: z.int().min(1),
  priority: z.int().min(1),
  /** Jobs that must have ended before: the full fine-tuning that a search begins with. */
  after: z.array(z.string()),
};

export const jobSchema = z.discriminatedUnion("kind", [
  z.strictObject({ kind: z.literal("trial"), ...commonFields, configuration: trialConfigurationSchema, halving: halvingSchema.nullable() }),
  z.strictObject({
    kind: z.literal("search"), ...commonFields, configuration: searchConfigurationSchema, preset: z.string(),
    /** Settings other than the preset's, as the search was asked for. */
    settings: z.record(z.string(), z.unknown()),
  }),
]);

export type Job = z.infer<typeof jobSchema>;
export type TrialJob = Extract<Job, { kind: "trial" }>;
export type SearchJob = Extract<Job, { kind: "search" }>;
export type Source = z.infer<typeof sourceSchema>;
export type Halving = z.infer<typeof halvingSchema>;

/** What ended: the records that it made, the job's own last. `handed-back`: stopped, to be taken up by whoever comes next. */
export type JobResult = { outcome: "done" | "handed-back"; records: RunRecord[] };

/** Who computes: both must agree, or the same configuration might train to other numbers. */
export interface Identity {
  version: string;
  /** See PROTOCOL in lib/records/configuration.ts. */
  protocol: number;
  records: number;
}

/** This d90. */
export const identity: Identity = { version: d90Version, protocol: PROTOCOL, records: Math.max(...RECORD_VERSIONS) };

export const sameIdentity = (a: Identity, b: Identity): boolean =>
  a.version === b.version && a.protocol === b.protocol && a.records === b.records;

/** "d90 0.1.0 (protocol 1, records 1)". */
export const identityText = ({ version, protocol, records }: Identity): string =>
  `d90 ${version} (protocol ${protocol}, records ${records})`;

/** A job from a message. @throws {UsageError} naming the field that another version must have written. */
export function parseJob(value: unknown): Job {
  const parsed = jobSchema.safeParse(value);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  throw new UsageError(`worker: the job is not one of ${identityText(identity)}: ${issue?.path.join(".") ?? ""}: ${issue?.message ?? "unreadable"}.`);
}
