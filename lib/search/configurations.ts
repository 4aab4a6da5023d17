/** From settings and a session to the configurations whose hashes are the runs' ids. */
import {
  type AdapterRecord, hasProjection, hasRank, hasTargets, type HeadPolicy, headPoliciesOf, kindOf, type LearnedRecord, type Method, PROTOCOL,
  type SearchConfiguration, type SearchOptionsRecord, type SeedsRecord, type TrialConfiguration,
} from "../records/record.js";
import {
  budgetFor, IA3_TARGETS, LORA_TARGETS, requireHeadPolicy, spaceDimension, type Budget, type BudgetQuestion,
} from "../reparameterisations/index.js";
import { shown, UsageError } from "../support/checks.js";
import { splitSeed } from "../support/random.js";
import type { NamedShapes } from "../support/tensors.js";
import { balancedWeights } from "../tasks/index.js";
import type { Model } from "../models/types.js";
import type { Session } from "../training/session.js";
import { changedFrom, type Settings, type SubspaceMethod } from "./settings.js";

/** What a configuration is made from: a session is one; a sweep's coordinator has it without the weights. */
export interface SessionFacts {
  model: Pick<Model, "architecture" | "config"> & { parameters: Record<string, { shape: readonly number[] }> };
  /** The training rows matter for balanced class weights alone. */
  data: Pick<Session["data"], "labels" | "train">;
  records: Session["records"];
}

/** One trial to be run. */
export interface TrialPlan {
  method: Method;
  /** d; null for methods without one. */
  d: number | null;
  learningRate: number;
  seed: number;
  /** Where a learned subspace comes from. */
  learned?: LearnedRecord;
}

/** One seed for each purpose. */
export function seedsOf(run: number): SeedsRecord {
  const of = (purpose: string) => splitSeed(run, purpose);
  return { run, projection: of("projection"), head: of("head"), batch: of("batch"), dropout: of("dropout") };
}

/** m: the groups that SAID gives a lambda each. */
export const groupsOf = ({ model }: SessionFacts): number => new Set(Object.keys(model.parameters).map(model.architecture.layerOf)).size;

/** What becomes of the head: as the settings say, or the method's default. @throws {UsageError} for what the method does not have. */
const headOf = (method: Method, { head }: Settings): HeadPolicy => requireHeadPolicy(method, head ?? headPoliciesOf(method)[0]!);

/** What the budget and the space of a method follow from. */
function questionOf({ model }: SessionFacts, settings: Settings, { method, d }: Pick<TrialPlan, "method" | "d">): BudgetQuestion {
  const headPolicy = method === "full" ? "projected" : headOf(method, settings), { rank, targets } = settings;
  return { method, d, headPolicy, rank, targets, shapes: shapesIn(model.parameters), headNames: model.architecture.headNames(model.config) };
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

const shapesIn = (parameters: SessionFacts["model"]["parameters"]): NamedShapes =>
  Object.fromEntries(Object.entries(parameters).map(([name, { shape }]) => [name, shape]));

const budgetOf = (session: SessionFacts, settings: Settings, plan: Pick<TrialPlan, "method" | "d">): Budget =>
  budgetFor(questionOf(session, settings, plan));

/** The dimension of the space that a method's z moves in: D, or that of LoRA's space. */
export const spaceOf = (session: SessionFacts, settings: Settings, method: Method): number =>
  spaceDimension(questionOf(session, settings, { method, d: null }));

/** What a method adds to the setting: nothing for those of the paper, whose records have no such field. */
function partsOf(method: Method, { rank, alpha, targets }: Settings, learned?: LearnedRecord): { adapter?: AdapterRecord; learned?: LearnedRecord } {
  const own = method === "ia3" ? IA3_TARGETS : LORA_TARGETS, ranked = hasRank(method);
  const adapter = { targets: [...(targets ?? own)], rank: ranked ? rank : null, alpha: ranked ? alpha : null };
  return { ...(hasTargets(method) ? { adapter } : {}), ...(learned === undefined ? {} : { learned }) };
}

/** The preset's name, and which settings are not its own: nothing where all are. */
function labelsOf(preset: string | null, settings: Settings, what: "trial" | "search"): { preset: string | null; changed?: string[] } {
  const changed = changedFrom(preset, settings, what);
  return changed.length === 0 ? { preset } : { preset, changed };
}

const setupOf = (session: SessionFacts, settings: Settings, method: Method) => ({
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
});

/** Full fine-tuning trains every parameter: neither P nor the head's policy is part of its identity, so searches share it. */
export function trialConfiguration(session: SessionFacts, settings: Settings, plan: TrialPlan, preset: string | null): TrialConfiguration {
  const { method, d, learningRate, seed, learned } = plan;
  return {
    ...setupOf(session, settings, method), ...labelsOf(preset, settings, "trial"), ...partsOf(method, settings, learned), kind: kindOf(method), method, d, learningRate,
    seeds: seedsOf(seed), projection: hasProjection(method) ? settings.projection : null, groups: method === "said" ? groupsOf(session) : 0,
    head: method === "full" ? "projected" : headOf(method, settings), budget: budgetOf(session, settings, plan),
  };
}

/** What identifies a search. */
export function searchConfiguration(session: SessionFacts, settings: Settings, { method, preset, search, learned }:
  { method: SubspaceMethod; preset: string | null; search: SearchOptionsRecord; learned?: LearnedRecord }): SearchConfiguration {
  return {
    ...setupOf(session, settings, method), ...labelsOf(preset, settings, "search"), ...partsOf(method, settings, learned), fullEpochs: settings.epochs, method,
    projection: hasProjection(method) ? settings.projection : null, head: headOf(method, settings), search,
    groups: method === "said" ? groupsOf(session) : 0,
  };
}
