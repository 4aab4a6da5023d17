/** A bound's record with made-up measurements and real bounds of them. */
import { bounds } from "../../lib/bounds/index.js";
import { parseBoundRecord, type BoundRecord } from "../../lib/records/boundRecord.js";
import { trialRecord } from "./records.js";

export function boundRecord({ rows = 67_349, error = 0.15, chance = 0.442, d = 300, candidates = [] }:
  { rows?: number; error?: number; chance?: number; d?: number; candidates?: BoundRecord["candidates"] } = {}): BoundRecord {
  const { id, configuration, environment, startedAt } = trialRecord({ d });
  const choices = [{ name: "d", candidates: 4 }, { name: "levels", candidates: 3 }], delta = 0.05, codeBits = 128 + 3 * d;
  const norms = { logProduct: 60, layers: 38, inputNorm: 10, margin: 1, marginError: 0.5 };
  return parseBoundRecord({
    record: "bound", version: 1, trial: id, configuration, quantiser: "codebook", levels: 8, tuneSteps: 0, rows, dataSource: "made-up rows", delta, choices,
    file: { bytes: 90 + Math.ceil(codeBits / 8), sha256: "ab", chargedBits: codeBits, codebookBits: 128 },
    errors: { train: error, dev: error + 0.03, devBefore: error + 0.02, devRows: 872 }, chance, candidates,
    bounds: bounds({ rows, error, delta, dimension: d, levels: 8, codebookBits: 128, codeBits, choices, chance, parameters: 22_714_370, norms }),
    environment, startedAt, seconds: 12,
  });
}
