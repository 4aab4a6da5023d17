/** The tightest bound: trainings over d, rate, epochs and seed, each certified; what was chosen among is charged. */
import type { BoundRecord } from "../../records/boundRecord.js";
import type { TrialRecord } from "../../records/record.js";
import { UsageError } from "../../support/checks.js";
import { loadTask } from "../../tasks/index.js";
import { trainOnce, type TrainOnceOptions } from "../once.js";
import { defaultTask } from "../within.js";
import { certifyRun, type CertifyOptions } from "./certify.js";

export interface SearchBoundOptions extends Omit<TrainOnceOptions, "d" | "learningRate" | "seed" | "method">,
  Pick<CertifyOptions, "quantiser" | "levels" | "tuneSteps" | "delta" | "rows" | "subsample" | "prior" | "tried"> {
  /** Default "did". */
  method?: "did" | "said";
  ds: readonly number[];
  /** Peak rates; default the rule's for each d, which is no choice. */
  rates?: readonly number[];
  epochs?: readonly number[];
  /** Default the preset's first. */
  seeds?: readonly number[];
}

/** Every combination, and how many values each setting has: d changes slowest. */
function* plans({ ds, rates, epochs, seeds }: SearchBoundOptions) {
  for (const d of ds) {
    for (const learningRate of rates ?? [undefined]) {
      for (const passes of epochs ?? [undefined]) for (const seed of seeds ?? [undefined]) yield { d, learningRate, epochs: passes, seed };
    }
  }
}

/**
 * Trains and certifies every combination, and returns the records, the tightest first. Finished trainings are taken up.
 * @param options.tried what was chosen beside the lists: charged with them.
 * @throws {UsageError} for settings that make no sense, or a task without classes; the signal's reason when stopped.
 */
export async function searchBound(options: SearchBoundOptions): Promise<BoundRecord[]> {
  await requireClasses(options);
  const { ds, rates, epochs, seeds, method = "did", tried: before = [] } = options;
  const searched = [["d", ds], ["learning rate", rates], ["epochs", epochs], ["seed", seeds]] as const;
  const tried = [...searched.map(([name, values]) => ({ name, candidates: values?.length ?? 1 })), ...before];
  const { quantiser, levels, tuneSteps, delta, rows, subsample, prior, out, data, offline, signal, onNote, onProgress } = options;
  const found: BoundRecord[] = [];
  for (const { epochs: passes, ...plan } of plans(options)) {
    const settings = passes === undefined ? options.settings : { ...options.settings, epochs: passes };
    const record: TrialRecord = await trainOnce({ ...options, ...plan, method, settings });
    options.signal?.throwIfAborted();
    onNote?.(`d ${plan.d}: trained, run ${record.id}`);
    found.push(await certifyRun({ run: record.id, tried, quantiser, levels, tuneSteps, delta, rows, subsample, prior, out, data, offline, signal, onNote, onProgress }));
  }
  return found.sort((a, b) => a.bounds[0].value - b.bounds[0].value);
}

/** Before hours are spent: a bound is about the share of wrong classes. */
async function requireClasses(options: SearchBoundOptions): Promise<void> {
  const { task, labels } = await loadTask({ ...options, task: options.task ?? defaultTask(options.preset ?? "quick", options.data) });
  if (labels.length >= 2) return;
  throw new UsageError(`bound: task ${task} predicts numbers, and these bounds are about the share of wrong classes. Name a task with classes: --task sst2.`);
}
