import type { BoundDefinition } from "./define.js";

/**
 * The paper's bound with its constants: z of d numbers of r values each names one of r^d classifiers, so by Hoeffding's inequality
 * and a union over them R <= R_hat + sqrt((d ln r + ln(1/delta)) / 2m). O(sqrt(d/m)) in Aghajanyan et al. 2020 (arXiv 2012.13255);
 * after Arora, Ge, Neyshabur, Zhang 2018 (arXiv 1802.05296), theorem 2.1, with the quantised classifier itself measured, so
 * without a margin. The codebook depends on the data and is charged too.
 */
export const finiteClass: BoundDefinition = {
  name: "finite-class",
  title: "Finite class of z, the paper's bound",
  source: "Arora et al. 2018, theorem 2.1; Aghajanyan et al. 2020",
  theorem: ({ rows, error, delta, dimension, levels, codebookBits }) => ({
    rows, error, confidenceNats: Math.log(1 / delta),
    description: [
      { what: "z, d log2(levels)", bits: dimension * Math.log2(levels) }, { what: "codebook", bits: codebookBits },
      { what: "codebook, its length", bits: lengthBits(codebookBits) },
    ],
    at: (nats) => error + Math.sqrt(nats / (2 * rows)),
  }),
};

/** A prefix-free code's bits for the length of a codebook. */
const lengthBits = (bits: number): number => 2 * Math.log2(Math.max(1, bits)) + 1;
