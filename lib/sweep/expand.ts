/** From a plan to its jobs: lazily, so that a hundred thousand of them need no memory before they are wanted. */
import { idOf, type TrialConfiguration } from "../records/record.js";
import { groupsOf, trialConfiguration, type SessionFacts } from "../search/configurations.js";
import { gridBetween } from "../search/grid.js";
import { searchPlan } from "../search/measure.js";
import { rateAt } from "../search/rates.js";
import { resolveSettings, type Settings, type SubspaceMethod } from "../search/settings.js";
import { defaultTask } from "../search/within.js";
import { shown, UsageError } from "../support/checks.js";
import { canonicalJson, sha256 } from "../support/files.js";
import type { Halving, Job, SearchJob, Source, TrialJob } from "./job.js";
import type { SweepPlan } from "./plan.js";

/** One model on one task, and what is known of them without the weights. */
export interface Place {
  source: Source;
  facts: SessionFacts;
}

/** The models and tasks of a plan, every pair once. */
export function sourcesOf({ models, tasks, preset }: SweepPlan): Source[] {
  return (models ?? [undefined]).flatMap((model) => (tasks ?? [undefined]).map((task) => {
    const { task: name, data } = typeof task === "string" || task === undefined ? { task, data: undefined } : task;
    const chosen = name ?? defaultTask(preset, data);
    return { ...(model === undefined ? {} : { model }), ...(chosen === undefined ? {} : { task: chosen }), ...(data === undefined ? {} : { data }) };
  }));
}

/** The settings of every trial of the plan. @throws {RangeError} for numbers that make no sense together. */
export function settingsOf({ preset, settings, seeds, fullRates }: SweepPlan): Settings {
  return resolveSettings(preset, { ...settings, ...(seeds === undefined ? {} : { seeds }), ...(fullRates === undefined ? {} : { fullRates }) });
}

/** All jobs of the plan: place by place, full fine-tuning first, then by method, d and seed; the rates of one d side by side. */
export function* jobsOf(plan: SweepPlan, places: readonly Place[]): Generator<Job> {
  requireDifferent(places);
  for (const place of places) yield* plan.search === true ? searchJobs(plan, place) : trialJobs(plan, place);
}

/** How many jobs `jobsOf` gives. */
export function countJobs(plan: SweepPlan, places: readonly Place[]): number {
  const { fullRates, seeds } = settingsOf(plan);
  const subspaces = plan.methods.filter((method) => method !== "full");
  if (plan.search === true) return places.length * (fullRates.length + subspaces.length);
  const rates = (plan.rates ?? plan.rungs ?? [0]).length;
  const ofFull = plan.methods.includes("full") ? fullRates.length * seeds.length : 0;
  const dimensions = places.flatMap((place) => subspaces.map((method) => dimensionsOf(plan, place, method).length));
  return places.length * ofFull + dimensions.reduce((sum, count) => sum + count * rates * seeds.length, 0);
}

/** Twice the same weights and rows would be the same trials. */
function requireDifferent(places: readonly Place[]): void {
  const seen = new Map<string, Source>();
  for (const { source, facts: { records: { model, task } } } of places) {
    const key = `${model.sha256}/${task.sha256}`, before = seen.get(key);
    if (before !== undefined) throw new UsageError(`plan: ${shown(source)} and ${shown(before)} are the same weights and rows: name one of them.`);
    seen.set(key, source);
  }
}

function* trialJobs(plan: SweepPlan, place: Place): Generator<TrialJob> {
  const settings = settingsOf(plan);
  for (const method of plan.methods) {
    const dimensions = method === "full" ? [null] : dimensionsOf(plan, place, method);
    for (const d of dimensions) {
      for (const seed of settings.seeds) {
        for (const learningRate of ratesOf(plan, place, settings, d)) yield trialJob(plan, place, { method, d, learningRate, seed });
      }
    }
  }
}

/** Full fine-tuning as jobs of its own, which all searches of the place take up; then the searches. */
function* searchJobs(plan: SweepPlan, place: Place): Generator<Job> {
  const settings = settingsOf(plan);
  const baseline = settings.fullRates.map((learningRate) =>
    trialJob(plan, place, { method: "full", d: null, learningRate, seed: settings.seeds[0]! }));
  yield* baseline;
  for (const method of plan.methods) if (method !== "full") yield searchJob(plan, place, method, baseline.map(({ id }) => id));
}

type Cell = Parameters<typeof trialConfiguration>[2];

const common = (plan: SweepPlan, { source }: Place) => ({
  source, backend: plan.engine.backend ?? "auto" as const, timeoutMinutes: plan.timeoutMinutes ?? null, attempts: plan.attempts, priority: plan.priority,
});

function trialJob(plan: SweepPlan, place: Place, cell: Cell): TrialJob {
  const configuration = trialConfiguration(place.facts, settingsOf(plan), cell, plan.preset);
  return { kind: "trial", id: idOf(configuration), ...common(plan, place), after: [], configuration, halving: halvingOf(plan, configuration) };
}

function searchJob(plan: SweepPlan, place: Place, method: SubspaceMethod, after: string[]): SearchJob {
  const settings = settingsOf(plan), { preset } = plan;
  const { configuration } = searchPlan(place.facts, settings, { method, preset });
  return { kind: "search", id: idOf(configuration), ...common(plan, place), after, configuration, preset, settings: { ...settings } };
}

/** Trials that differ in their rate alone compete. */
function halvingOf({ earlyStopping }: SweepPlan, { learningRate: _rate, ...rest }: TrialConfiguration): Halving | null {
  return earlyStopping === undefined ? null : { group: sha256(canonicalJson(rest)).slice(0, 12), ...earlyStopping };
}

/** The rates of a trial: given ones, or steps of a factor 3 from the rule's. */
function ratesOf(plan: SweepPlan, { facts }: Place, settings: Settings, d: number | null): readonly number[] {
  if (d === null) return settings.fullRates;
  const rule = { fullRate: settings.fullRates[0]!, rateMultiplier: settings.rateMultiplier, ambientDimension: facts.records.model.parameters };
  return plan.rates ?? (plan.rungs ?? [0]).map((rung) => rateAt(rule, d, rung));
}

/** The plan's d for one model: a given one must fit, of a range what fits is taken. @throws {UsageError} naming model and d. */
function dimensionsOf({ d = [] }: SweepPlan, { facts }: Place, method: SubspaceMethod): number[] {
  const { id, parameters } = facts.records.model;
  const groups = method === "said" ? groupsOf(facts) : 0;
  const fits = (value: number): boolean => value > groups && value <= parameters;
  if (!Array.isArray(d)) return gridBetween(d.from, d.to).filter(fits);
  const unfit = d.find((value) => !fits(value));
  if (unfit === undefined) return d;
  const least = groups === 0 ? "1" : `${groups + 1} (SAID spends ${groups} on its scalers)`;
  throw new UsageError(`plan: d must be from ${least} to ${parameters} for ${method} of ${id}, got ${unfit}.`);
}
