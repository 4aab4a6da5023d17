/** Named parameters <-> what is trained. */
import type { NamedTensors } from "../support/tensors.js";

/** full: all parameters; did: z, theta = theta0 + P z; said: z and a lambda for each group (Aghajanyan et al. 2020). */
export type Method = "full" | "did" | "said";

/** What happens to the head, which is random at the start: it moves with P z, is trained directly, or stays as it is. */
export type HeadPolicy = "projected" | "free" | "frozen";

/** How many numbers are trained. */
export interface Budget {
  /** The d of d90: z's coordinates and SAID's lambdas; for full fine-tuning, all parameters but a free head. */
  counted: number;
  /** The head's parameters if it is free, else 0. */
  free: number;
  /** counted + free. */
  total: number;
}

/** Tensor arguments are borrowed, results are the caller's. Nothing is differentiated through it: gradients are explicit. */
export interface Reparameterisation {
  readonly method: Method;
  /** Whether `parameters` and `gradients` are tensor operations alone, which a compiled step can hold. */
  readonly inGraph: boolean;
  readonly budget: Budget;
  /** SAID's groups, in the order of lambda; empty otherwise. */
  readonly groups: readonly string[];
  /** Names of the parameters whose gradients `gradients` needs: all but those of a frozen head. */
  readonly gradientNames: readonly string[];
  /** What is trained, at its start, where `parameters` gives theta0: z [d]; z [d - m] and lambda [m]; or parameters by name. */
  init(): NamedTensors;
  /** theta, all parameters by name in theta0's order, built from theta0 anew: nothing drifts. */
  parameters(trainable: NamedTensors): NamedTensors;
  /** The loss's gradients of what is trained, from those of the parameters at `parameters(trainable)`. */
  gradients(trainable: NamedTensors, parameterGradients: NamedTensors): NamedTensors;
  /** Frees what it made for itself; theta0 stays. */
  dispose(): void;
}

export interface ReparameterisationOptions {
  method: Method;
  /** theta0 by name, in the order of theta. Borrowed until dispose(). */
  parameters: NamedTensors;
  /** How many numbers are trained, SAID's lambdas included; needed for did and said. */
  d?: number;
  /** A projection's name (projectionNames), as a record holds it; defaults to "srht-blocked". */
  projection?: string;
  /** Seed of P, an integer in [0, 2^32); needed for did and said. */
  seed?: number;
  /** Names of the head's parameters; defaults to none. */
  headNames?: readonly string[];
  /** Defaults to "projected". */
  headPolicy?: HeadPolicy;
  /** SAID's group of a parameter, such as its layer; by default each parameter is a group. */
  groupOf?: (name: string) => string;
}
