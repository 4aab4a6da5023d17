/** Named parameters <-> what is trained. */
import type { TableRows } from "../projections/index.js";
import type { HeadPolicy, Method } from "../records/methods.js";
import type { NamedTensors } from "../support/tensors.js";

export type { HeadPolicy, Method };

/** How many numbers are trained. */
export interface Budget {
  /** The d of d90 where there is one (SAID's lambdas included); else all that is trained but a free head. */
  counted: number;
  /** The head's parameters if it is free, else 0. */
  free: number;
  /** counted + free. */
  total: number;
  /** Numbers that a learned basis of directions holds, d D; absent where a seed makes the basis again. */
  basis?: number;
}

/**
 * The reparameterisation divided where a compiled step begins and ends, so that nothing of theta's size crosses: all of one `key`
 * over one model have the same inside. Tensor arguments are borrowed, results the caller's; to be called within tf.tidy.
 */
export interface InStep {
  readonly key: string;
  /** What the inside needs and no step changes: theta0, and P's own. Not the caller's. */
  readonly constants: NamedTensors;
  /** Outside, before a step: what the inside needs of what is trained. */
  before(trainable: NamedTensors): NamedTensors;
  /** Inside: theta, all parameters by name in theta0's order; of `table` the rows `ids` alone. */
  parameters(inputs: NamedTensors, table?: TableRows): NamedTensors;
  /** Inside: what of the parameters' gradients is left for `after`. */
  fold(inputs: NamedTensors, parameterGradients: NamedTensors, table?: TableRows): NamedTensors;
  /** Outside, after it: the loss's gradients of what is trained. */
  after(trainable: NamedTensors, folded: NamedTensors): NamedTensors;
}

/** Tensor arguments are borrowed, results are the caller's. Nothing is differentiated through it: gradients are explicit. */
export interface Reparameterisation {
  readonly method: Method;
  /** Whether `parameters` and `gradients` are tensor operations alone, which a compiled step can hold. */
  readonly inGraph: boolean;
  readonly budget: Budget;
  /** SAID's groups, in the order of lambda; empty otherwise. */
  readonly groups: readonly string[];
  /** Names of the parameters whose gradients `gradients` needs: those that `parameters` moves. */
  readonly gradientNames: readonly string[];
  /** What is trained, at its start, where `parameters` gives theta0: z [d]; z [d - m] and lambda [m]; or tensors by name. */
  init(): NamedTensors;
  /** theta, all parameters by name in theta0's order, built from theta0 anew: nothing drifts. */
  parameters(trainable: NamedTensors): NamedTensors;
  /** The loss's gradients of what is trained, from those of the parameters at `parameters(trainable)`. */
  gradients(trainable: NamedTensors, parameterGradients: NamedTensors): NamedTensors;
  /** The same in two parts; absent where P has none, and where theta is what is trained. */
  readonly inStep?: InStep;
  /** Frees what it made for itself; theta0 stays. */
  dispose(): void;
}

export interface ReparameterisationOptions {
  method: Method;
  /** theta0 by name, in the order of theta. Borrowed until dispose(). */
  parameters: NamedTensors;
  /** How many numbers are trained, SAID's lambdas included; needed for did, said, uni-lora and learned. */
  d?: number;
  /** A projection's name (projectionNames), as a record holds it; defaults to "srht-blocked". */
  projection?: string;
  /** Seed of P and of LoRA's A, an integer in [0, 2^32); needed for did, said, lora and uni-lora. */
  seed?: number;
  /** Names of the head's parameters; defaults to none. */
  headNames?: readonly string[];
  /** Defaults to the method's first of headPoliciesOf. */
  headPolicy?: HeadPolicy;
  /** SAID's group of a parameter, such as its layer; by default each parameter is a group. */
  groupOf?: (name: string) => string;
  /** Rank of LoRA's B A; default 8. */
  rank?: number;
  /** LoRA's alpha: the move is alpha / rank B A; default 16. */
  alpha?: number;
  /** Matrices that lora, uni-lora and ia3 change: see targets.ts; default query and value (ia3: key, value, down). */
  targets?: readonly string[];
  /** Learned directions by parameter, [K, ...shape] each, orthonormal over all of theta; borrowed until dispose(). */
  directions?: NamedTensors;
}
