/** The tightest bound: trainings over d, rate, epochs and seed, each certified; what was chosen among is charged. */
import type { BoundRecord } from "../../records/boundRecord.js";
import type { TrialRecord } from "../../records/record.js";
import { trainOnce, type TrainOnceOptions } from "../once.js";
import { certifyRun, type CertifyOptions } from "./certify.js";

export interface SearchBoundOptions extends Omit<TrainOnceOptions, "d" | "learningRate" | "seed" | "method">,
  Pick<CertifyOptions, "quantiser" | "levels" | "tuneSteps" | "delta" | "rows"> {
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
 * @throws {UsageError} for settings that make no sense; the signal's reason when stopped.
 */
export async function searchBound(options: SearchBoundOptions): Promise<BoundRecord[]> {
  const { ds, rates, epochs, seeds, method = "did" } = options;
  const tried = [["d", ds], ["learning rate", rates], ["epochs", epochs], ["seed", seeds]] as const;
  const choices = tried.map(([name, values]) => ({ name, candidates: values?.length ?? 1 }));
  const found: BoundRecord[] = [];
  for (const { epochs: passes, ...plan } of plans(options)) {
    const settings = passes === undefined ? options.settings : { ...options.settings, epochs: passes };
    const record: TrialRecord = await trainOnce({ ...options, ...plan, method, settings });
    options.signal?.throwIfAborted();
    options.onNote?.(`d ${plan.d}: trained, run ${record.id}`);
    const { quantiser, levels, tuneSteps, delta, rows, out, data, offline, signal, onNote, onProgress } = options;
    found.push(await certifyRun({ run: record.id, tried: choices, quantiser, levels, tuneSteps, delta, rows, out, data, offline, signal, onNote, onProgress }));
  }
  return found.sort((a, b) => a.bounds[0].value - b.bounds[0].value);
}
