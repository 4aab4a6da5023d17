/** How many numbers a method trains, from shapes alone: before anything is drawn or allocated. */
import { type HeadPolicy, isDimensioned, type Method } from "../records/methods.js";
import { totalSize, type NamedShapes } from "../support/tensors.js";
import { IA3_TARGETS, ia3Shapes } from "./ia3.js";
import { LORA_RANK, LORA_TARGETS, lowRankShapes } from "./low-rank.js";
import { selection } from "./selective.js";
import { targetsOf } from "./targets.js";
import type { Budget } from "./types.js";

export interface BudgetQuestion {
  method: Method;
  /** Shapes of theta. */
  shapes: NamedShapes;
  headNames: readonly string[];
  headPolicy: HeadPolicy;
  /** Needed where the method has one. */
  d?: number | null;
  rank?: number;
  targets?: readonly string[];
}

/** The budget of the reparameterisation of these options. @throws {UsageError} for targets that the model lacks. */
export function budgetFor(question: BudgetQuestion): Budget {
  const { method, shapes, headNames, headPolicy, d } = question;
  const head = sizeOfNamed(shapes, headNames), free = headPolicy === "free" ? head : 0;
  if (method === "bitfit" || method === "head") return selection(method, shapes, headNames, headPolicy).budget;
  const counted = isDimensioned(method) ? d ?? 0 : countedOf(method, question);
  const basis = method === "learned" ? { basis: counted * (totalSize(shapes) - (headPolicy === "projected" ? 0 : head)) } : {};
  return { counted, free, total: counted + free, ...basis };
}

function countedOf(method: "full" | "lora" | "ia3", question: BudgetQuestion): number {
  const { shapes, headNames, headPolicy, rank = LORA_RANK, targets } = question;
  if (method === "full") return totalSize(shapes) - (headPolicy === "projected" ? 0 : sizeOfNamed(shapes, headNames));
  if (method === "ia3") return totalSize(ia3Shapes(targetsOf(shapes, headNames, targets ?? IA3_TARGETS)));
  return totalSize(lowRankShapes(targetsOf(shapes, headNames, targets ?? LORA_TARGETS), rank));
}

/** The dimension of the space that a method's z moves in, or of what it trains where it has no z: D but for LoRA's space. */
export function spaceDimension(question: BudgetQuestion): number {
  const { method, shapes, headNames, headPolicy } = question;
  const head = sizeOfNamed(shapes, headNames);
  if (method === "uni-lora") return countedOf("lora", question) + (headPolicy === "projected" ? head : 0);
  if (isDimensioned(method)) return totalSize(shapes) - (headPolicy === "projected" ? 0 : head);
  return budgetFor(question).counted;
}

const sizeOfNamed = (shapes: NamedShapes, names: readonly string[]): number =>
  totalSize(Object.fromEntries(names.map((name) => [name, shapes[name]!])));
