/** Where adapters act: the matrices of a transformer block by their role, whatever a family of models calls them. */
import { UsageError, shown } from "../support/checks.js";
import { didYouMean } from "../support/suggest.js";
import type { NamedShapes } from "../support/tensors.js";

/** The roles: query, key, value and output of attention, up and down of the feed-forward part. */
export const ROLES = ["query", "key", "value", "output", "up", "down"] as const;
export type Role = (typeof ROLES)[number];

/** Ends of modules' names in BERT, RoBERTa and ELECTRA, ALBERT, DistilBERT, MPNet, GPT-2 and Llama; the first that fits counts. */
const PLACES: readonly (readonly [RegExp, readonly Role[]])[] = [
  [/\.(query|q_lin|attn\.q|q_proj)$/, ["query"]],
  [/\.(key|k_lin|attn\.k|k_proj)$/, ["key"]],
  [/\.(value|v_lin|attn\.v|v_proj)$/, ["value"]],
  [/\.c_attn$/, ["query", "key", "value"]],
  [/\.(attention\.output\.dense|attention\.dense|out_lin|attn\.o|o_proj|attn\.c_proj)$/, ["output"]],
  [/\.(intermediate\.dense|ffn\.lin1|ffn|mlp\.c_fc|up_proj|gate_proj)$/, ["up"]],
  [/\.(output\.dense|ffn\.lin2|ffn_output|mlp\.c_proj|down_proj)$/, ["down"]],
];

/** A matrix that is changed. */
export interface Target {
  /** Its parameter, "<module>.weight". */
  name: string;
  /** The module's name. */
  module: string;
  roles: readonly Role[];
  /** Sizes of what goes in and comes out. */
  inputs: number;
  outputs: number;
  /** Stored as [in, out], as GPT-2's Conv1D does, and not as [out, in]. */
  flipped: boolean;
}

const CONV1D = /\.(c_attn|c_proj|c_fc)$/;

/** All matrices of `shapes` that may be targets: those of modules with two axes, but for embeddings and the head. */
function candidates(shapes: NamedShapes, headNames: readonly string[]): Target[] {
  return Object.entries(shapes).flatMap(([name, shape]) => {
    const [rows, columns] = shape;
    if (shape.length !== 2 || rows === undefined || columns === undefined || !name.endsWith(".weight")) return [];
    if (headNames.includes(name) || /embed|relative_attention|\.w[tp]e\.weight$/.test(name)) return [];
    const module = name.slice(0, -".weight".length), flipped = CONV1D.test(module);
    const roles = PLACES.find(([pattern]) => pattern.test(`.${module}`))?.[1] ?? [];
    return [{ name, module, roles, flipped, inputs: flipped ? rows : columns, outputs: flipped ? columns : rows }];
  });
}

/**
 * The matrices that `targets` name, in the order of theta. A target is a role (query, key, value, output, up, down), "all" of
 * them, or the end of modules' names after a dot, such as "pooler.dense".
 * @throws {UsageError} for a target that names nothing.
 */
export function targetsOf(shapes: NamedShapes, headNames: readonly string[], targets: readonly string[]): Target[] {
  const known = candidates(shapes, headNames);
  const matches = (target: string) => ({ module, roles }: Target): boolean => target === "all" ? roles.length > 0
    : roles.includes(target as Role) || `.${module}`.endsWith(`.${target}`);
  const lost = targets.find((target) => !known.some(matches(target)));
  if (targets.length === 0 || lost !== undefined) throw unknownTarget(lost, known);
  return known.filter((candidate) => targets.some((target) => matches(target)(candidate)));
}

function unknownTarget(target: string | undefined, known: readonly Target[]): UsageError {
  const ends = [...new Set(known.map(({ module }) => module.split(".").at(-1)!))];
  const hint = target === undefined ? "" : didYouMean(target, ["all", ...ROLES, ...ends]);
  const has = ends.length === 0 ? "This model has none." : `This model's modules end in ${ends.slice(0, 12).join(", ")}.`;
  return new UsageError(`targets must be among all, ${ROLES.join(", ")}, or ends of modules' names, got ${shown(target)}.${hint} ${has}`);
}
