/** What every bound is given: what was measured, and what was written down to name the classifier. */

/** A setting that was searched: its value is named by its number among the candidates, which were fixed before the data. */
export interface Choice {
  /** "d", "learning rate", "levels", "epoch", "seed", ... */
  name: string;
  /** How many values it was chosen from; 1 costs nothing. */
  candidates: number;
}

/** A classifier that a file describes, and what it does on m labelled rows drawn independently from one distribution. */
export interface Situation {
  /** m: the rows that `error` was measured on. All of those that the classifier was chosen with. */
  rows: number;
  /** Share of the m rows that the decoded classifier gets wrong, in [0, 1]. */
  error: number;
  /** The bound may fail with this probability over the draw of the rows; default 0.05. */
  delta?: number;
  /** d: numbers in the file, lambdas and a free head included. */
  dimension: number;
  /** r: values that a number in the file can have; the largest where parts of the file differ. */
  levels: number;
  /** Bits of the codebooks in the file. */
  codebookBits: number;
  /** Bits of the part of the file that depends on the data, codebooks included; a code that says where it ends (see codec/file.ts). */
  codeBits: number;
  /** Every searched setting. */
  choices: readonly Choice[];
  /** Error of always predicting the most frequent class: a bound that is not below says nothing. */
  chance: number;
  /** D: parameters of the whole model. */
  parameters: number;
  /** A second measurement of the same classifier on rows drawn from the m with replacement, after it was fixed. */
  subsample?: { rows: number; error: number };
  /** The rows beside those that a prior was trained on: measured there, and with the code of the difference to the prior. */
  split?: { rows: number; error: number; codeBits: number };
  /** Of the whole network, for the bound by norms. */
  norms?: Norms;
}

/** What a bound by norms reads off a network. */
export interface Norms {
  /** Natural logarithm of the product of the layers' Frobenius norms. */
  logProduct: number;
  /** Matrices in the product. */
  layers: number;
  /** Largest Euclidean norm of an input. */
  inputNorm: number;
  /** gamma: rows with a smaller difference between the right logit and the largest other one count as errors. */
  margin: number;
  /** Share of the m rows whose margin is below gamma. */
  marginError: number;
}

/** What one description costs. */
export interface Charge {
  what: string;
  bits: number;
}

/** A summand of a bound. */
export interface Term {
  name: "training error" | "confidence" | "searched choices" | "description" | "subsample" | "norms";
  /** Share of errors. */
  value: number;
}

/** A bound's verdict: with probability at least `confidence` over the m rows, the true error is at most `value`. */
export interface Bound {
  /** Name of the bound, as in `boundNames`. */
  name: string;
  title: string;
  /** The theorem. */
  source: string;
  /** Upper bound of the true error; may exceed 1. */
  value: number;
  /** Whether it is no smaller than the error of always predicting the most frequent class. */
  vacuous: boolean;
  /** 1 - delta. */
  confidence: number;
  /** Rows that it rests on. */
  rows: number;
  /** Their sum is `value`: each term is what it adds to those before it. */
  terms: Term[];
  /** What was charged, in bits; empty where nothing is (a norm). */
  charged: Charge[];
  /** Sum of what was charged. */
  chargedBits: number;
}
