/** Whether both sides did the same work: the same losses on the same batches from the same weights. */
import { cast, isMasked, type Role } from "./participants.js";
import { toRow, type Row } from "./row.js";
import type { Measurements } from "./rows.js";

/** Largest difference of two mean cross-entropies, in nats. */
const FP32 = 1e-3;
/** bfloat16 keeps 8 bits of a number. */
const BF16 = 3e-2;
/** Updates of all parameters that are compared: the second and third loss depend on gradients and AdamW. */
const UPDATES = 3;

/**
 * A row for each participant: how far its first losses (of z = 0 the first alone, since P differs) and its evaluation's are
 * from those of PyTorch's plain step, in pre-training from those of Transformers' masked language model as it is.
 */
export function agreementRows({ traces, passes }: Measurements): Row[] {
  const lossesOf = (role: Role): number[] => {
    const { warmUps = [], steps = [] } = traces.get(role) ?? {};
    return [...warmUps, ...steps].map(({ loss }) => loss ?? NaN);
  };
  const plain = (role: Role): Role => (isMasked(role) ? "torchMaskedLm" : "torch"), expectedPass = passes.get("torch")?.[0]?.loss;
  return [...traces.keys()].filter((role) => role !== plain(role)).map((role) => {
    const { name, kind, precision } = cast[role];
    const expected = lossesOf(plain(role)), compared = lossesOf(role).slice(0, kind === "full" || isMasked(role) ? UPDATES : 1);
    const pass = passes.get(role)?.[0]?.loss;
    const differences = compared.map((loss, i) => Math.abs(loss - expected[i]!));
    if (pass !== undefined && expectedPass !== undefined) differences.push(Math.abs(pass - expectedPass));
    return toRow({
      name: `losses of ${name}`, unit: "nats", ours: Math.max(...differences), peer: null, against: null, ratio: null,
    }, { target: precision === "bf16" ? BF16 : FP32 });
  });
}
