/** A sweep as a person writes it: models x tasks x methods x d x rates x seeds, or searches for d90; checked, with defaults. */
import { z } from "zod";
import { presets, type Settings } from "../search/settings.js";
import { UsageError } from "../support/checks.js";
import { describeIssue, type KnownKeys } from "./planErrors.js";

const positive = z.int().min(1);
const rate = z.number().positive();
const seed = z.int().min(0).max(2 ** 32 - 1);

/** At least one, and none twice: a trial asked for twice is a slip. */
const list = <T extends z.ZodType>(item: T) => z.array(item).min(1).superRefine((values, context) => {
  const seen = new Set<string>();
  values.forEach((value, index) => {
    const text = JSON.stringify(value);
    if (seen.has(text)) context.addIssue({ code: "custom", path: [index], message: "must not come twice" });
    seen.add(text);
  });
});

/** Settings that a plan may change; the others are the preset's. d, rates and seeds of trials have keys of their own. */
const settingsShape = {
  projection: z.enum(["dense", "sparse", "fastfood", "fastfood-blocked", "srht", "srht-blocked", "one-hot", "kronecker"]),
  head: z.enum(["projected", "free", "frozen"]),
  optimizer: z.enum(["adamw", "adam", "sgd"]),
  epochs: positive, batchSize: positive, accumulation: positive, maxLength: z.int().min(8), trainRows: positive, devRows: positive,
  dropout: z.boolean(), warmup: z.number().min(0).max(1), weightDecay: z.number().min(0), clipNorm: z.number().min(0),
  lambdaRate: z.number().min(0), ratesPerD: positive, rateMultiplier: rate, firstD: positive, lowest: positive, highest: positive,
  maxTrials: positive, maxSeconds: rate, chanceCorrected: z.enum(["report", "search"]),
  /** One for each class. "balanced" needs the rows, which a plan has not. */
  classWeights: z.array(rate).min(2),
} satisfies Partial<Record<keyof Settings, z.ZodType>>;

const taskShape = { task: z.string().min(1), data: z.string().min(1).optional() };
const gridShape = { from: positive, to: positive };
const engineShape = { bf16: z.boolean().optional(), backend: z.enum(["auto", "tensorflow", "wasm", "cpu"]).optional() };
const halvingShape = {
  /** eta: of every eta trials that reach a rung, one goes on. */
  reduction: z.int().min(2).default(3),
  /** Epochs of the first rung; the next ones are `reduction` times as many. */
  minEpochs: positive.default(1),
};
const presetNames = Object.keys(presets) as [string, ...string[]];

const planShape = {
  /** What the sweep is called where it is shown; default: the file's name. */
  name: z.string().min(1).optional(),
  /** Folders in Hugging Face layout or hub ids; default: the default model alone. */
  models: list(z.string().min(1)).optional(),
  /** Names of tasks, or with a folder of data: { "task": "mrpc", "data": "./pairs" }; default: what the preset runs on. */
  tasks: list(z.union([z.string().min(1), z.strictObject(taskShape)])).optional(),
  /** Those of the paper; the others are for d90 train and d90 compare. */
  methods: list(z.enum(["full", "did", "said"])),
  /** Intrinsic dimensions of trials, or all values of the paper's grid between two. */
  d: z.union([list(positive), z.strictObject(gridShape)]).optional(),
  /** true: a search for d90 by each method, instead of trials at given d. */
  search: z.literal(true).optional(),
  /** Learning rates in subspaces; default: the rule's for each d (lib/search/rates.ts). */
  rates: list(rate).optional(),
  /** Instead of rates: steps of a factor 3 from the rule's; default [0]. */
  rungs: list(z.int().min(-6).max(6)).optional(),
  /** Learning rates of full fine-tuning; default: the preset's. */
  fullRates: list(rate).optional(),
  /** Default: the preset's. */
  seeds: list(seed).optional(),
  preset: z.enum(presetNames).default("quick"),
  settings: z.strictObject(settingsShape).partial().default({}),
  engine: z.strictObject(engineShape).default({}),
  /** Asynchronous successive halving over the rates of a trial; default: every trial runs to its end. */
  earlyStopping: z.strictObject(halvingShape).optional(),
  /** Runs of a trial that fails, at most, with growing pauses between them. */
  attempts: z.int().min(1).max(20).default(3),
  /** Minutes after which a trial's attempt is given up; default: none. */
  timeoutMinutes: rate.optional(),
  /** 1 comes first; sweeps on one queue share its workers by it. */
  priority: z.int().min(1).max(1000).default(10),
};

export const planSchema = z.strictObject(planShape);

/** A plan with its defaults. */
export type SweepPlan = z.infer<typeof planSchema>;
/** A plan as it is written. */
export type SweepPlanInput = z.input<typeof planSchema>;

const knownKeys: KnownKeys = (path) => {
  if (path.length === 0) return Object.keys(planShape);
  const inner: Record<string, object> = {
    settings: settingsShape, engine: engineShape, earlyStopping: halvingShape, d: gridShape, tasks: taskShape,
  };
  return Object.keys(inner[String(path[0])] ?? {});
};

/**
 * Checks a plan and fills in its defaults.
 * @param where names the file in messages.
 * @throws {UsageError} with a line for every mistake: its place, what was expected, what came, and what was probably meant.
 */
export function parsePlan(value: unknown, where = "plan"): SweepPlan {
  const parsed = planSchema.safeParse(value);
  const mistakes = parsed.success ? contradictions(parsed.data) : parsed.error.issues.flatMap((issue) => describeIssue(issue, value, knownKeys));
  if (parsed.success && mistakes.length === 0) return parsed.data;
  throw new UsageError(mistakes.length === 1 ? `${where}: ${mistakes[0]}` : [`${where}:`, ...mistakes.map((text) => `  ${text}`)].join("\n"));
}

/** What each key allows alone, and no two together. */
function contradictions({ methods, d, search, rates, rungs, fullRates, seeds, earlyStopping }: SweepPlan): string[] {
  const subspaces = methods.filter((method) => method !== "full");
  const rules: [boolean, string][] = [
    [search === true && d !== undefined, "d: must be left out of a plan with search: true, whose trials choose d themselves."],
    [search === true && methods.includes("full"), 'methods: must not have "full" in a plan with search: true: every search measures it first.'],
    [search === true && (rates !== undefined || rungs !== undefined), "rates: must be left out with search: true; a search chooses them (settings.ratesPerD)."],
    [search === true && earlyStopping !== undefined, "earlyStopping: must be left out with search: true: a search needs the end of every trial."],
    [search !== true && d === undefined && subspaces.length > 0, `d: must be given for ${subspaces.join(", ")}, e.g. [200, 1000], or search: true instead.`],
    [rates !== undefined && rungs !== undefined, "rungs: must be left out where rates are given."],
    [d !== undefined && subspaces.length === 0, 'd: must be left out where "full" is the only method.'],
    [d !== undefined && !Array.isArray(d) && d.from > d.to, "d.from: must be at most d.to."],
    [seeds?.length === 0 || fullRates?.length === 0, "seeds: must have at least one."],
  ];
  return rules.flatMap(([broken, message]) => (broken ? [message] : []));
}
