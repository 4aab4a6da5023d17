import type { BoundDefinition } from "./define.js";
import { klInverse } from "./kl.js";

/**
 * Occam's razor: a classifier whose prefix-free code has C bits has prior weight 2^-C, and Kraft's sum of those is at most 1, so with
 * probability 1 - delta all of them have m kl(R_hat || R) <= C ln 2 + ln(1/delta). Blumer et al. 1987; Langford 2005, JMLR 6, the Occam's razor bound, with Chernoff's
 * inequality in its relative-entropy form for the binomial tail. C is the real length of the file's data-dependent part, which must say
 * itself where it ends, as codec/part.ts does: then nothing more is charged for its length.
 * This is the bound that a certificate quotes: it was named before any data was seen.
 */
export const occam: BoundDefinition = {
  name: "occam",
  title: "Occam's razor, real code length",
  source: "Langford 2005, Occam's razor bound (relative-entropy Chernoff)",
  theorem: ({ rows, error, delta, codeBits }) => ({
    rows, error, confidenceNats: Math.log(1 / delta), description: [{ what: "z and codebook", bits: codeBits }], at: (nats) => klInverse(error, nats / rows),
  }),
};
