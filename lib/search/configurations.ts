/** From settings and a session to the configurations whose hashes are the runs' ids. */
import { PROTOCOL, type BudgetRecord, type SearchConfiguration, type SearchOptionsRecord, type SeedsRecord, type TrialConfiguration } from "../records/record.js";
import { shown, UsageError } from "../support/checks.js";
import { splitSeed } from "../support/random.js";
import { sizeOf } from "../support/tensors.js";
import { balancedWeights } from "../tasks/index.js";
import type { Model } from "../models/types.js";
import type { Session } from "../training/session.js";
import type { Settings, SubspaceMethod } from "./settings.js";

/** What a configuration is made from: a session is one; a sweep's coordinator has it without the weights. */
export interface SessionFacts {
  model: Pick<Model, "architecture" | "config"> & { parameters: Record<string, { shape: readonly number[] }> };
  /** The training rows matter for balanced class weights alone. */
  data: Pick<Session["data"], "labels" | "train">;
  records: Session["records"];
}

/** One trial to be run. */
export interface TrialPlan {
  method: "full" | SubspaceMethod;
  /** d; null for full fine-tuning. */
  d: number | null;
  learningRate: number;
  seed: number;
}

/** One seed for each purpose. */
export function seedsOf(run: number): SeedsRecord {
  const of = (purpose: string) => splitSeed(run, purpose);
  return { run, projection: of("projection"), head: of("head"), batch: of("batch"), dropout: of("dropout") };
}

/** m: the groups that SAID gives a lambda each. */
export const groupsOf = ({ model }: SessionFacts): number => new Set(Object.keys(model.parameters).map(model.architecture.layerOf)).size;

function budgetOf({ model }: SessionFacts, { head }: Settings, d: number | null): BudgetRecord {
  const sizes = (names: string[]): number => names.reduce((sum, name) => sum + sizeOf(model.parameters[name].shape), 0);
  const headSize = sizes(model.architecture.headNames(model.config));
  if (d === null) {
    const counted = sizes(Object.keys(model.parameters));
    return { counted, free: 0, total: counted };
  }
  const free = head === "free" ? headSize : 0;
  return { counted: d, free, total: d + free };
}

/** Nothing where all classes weigh the same, so that such runs keep their ids. */
function classWeightsOf({ data }: SessionFacts, { classWeights }: Settings): { classWeights?: number[] } {
  if (classWeights === undefined) return {};
  if (classWeights === "balanced") return { classWeights: balancedWeights(data.train, data.labels.length) };
  const { length } = data.labels;
  if (classWeights.length === length && classWeights.every((weight) => weight > 0 && Number.isFinite(weight))) return { classWeights };
  const labels = length === 0 ? "task with classes, and this one's labels are numbers" : `positive number for each of ${data.labels.join(", ")}`;
  throw new UsageError(`classWeights (--class-weights) must be "balanced" or a ${labels}, got ${shown(classWeights)}.`);
}

const setupOf = (session: SessionFacts, settings: Settings, { method, preset }: { method: "full" | SubspaceMethod; preset: string | null }) => ({
  protocol: PROTOCOL,
  model: session.records.model,
  task: session.records.task,
  optimizer: {
    name: settings.optimizer, schedule: "linear" as const, warmup: settings.warmup, weightDecay: settings.weightDecay,
    clipNorm: settings.clipNorm || null, lambdaRate: method === "said" ? settings.lambdaRate : null,
  },
  batchSize: settings.batchSize,
  accumulation: settings.accumulation,
  maxLength: settings.maxLength,
  dropout: settings.dropout ? session.model.config.hiddenDropout : 0,
  ...classWeightsOf(session, settings),
  bf16: session.records.environment.engine.bf16,
  epochs: settings.epochs,
  preset,
});

/** Full fine-tuning trains every parameter: neither P nor the head's policy is part of its identity, so searches share it. */
export function trialConfiguration(session: SessionFacts, settings: Settings, plan: TrialPlan, preset: string | null): TrialConfiguration {
  const { method, d, learningRate, seed } = plan;
  const subspace = method !== "full";
  return {
    ...setupOf(session, settings, { method, preset }), kind: subspace ? "subspace" : "full", method, d, learningRate, seeds: seedsOf(seed),
    projection: subspace ? settings.projection : null, groups: method === "said" ? groupsOf(session) : 0,
    head: subspace ? settings.head : "projected", budget: budgetOf(session, settings, d),
  };
}

/** What identifies a search. */
export function searchConfiguration(session: SessionFacts, settings: Settings, { method, preset, search }:
  { method: SubspaceMethod; preset: string | null; search: SearchOptionsRecord }): SearchConfiguration {
  return {
    ...setupOf(session, settings, { method, preset }), fullEpochs: settings.epochs, method, projection: settings.projection, head: settings.head, search,
    groups: method === "said" ? groupsOf(session) : 0,
  };
}
