import { codeCharges, type BoundDefinition } from "./define.js";

/**
 * PAC-Bayes with a point mass on the decoded classifier and the prior 2^-C':
 * R <= R_hat + sqrt((KL + ln(m/delta)) / (2m - 1)), KL = C' ln 2. McAllester 1999; as Lotfi et al. 2022 (arXiv 2211.13609) use it.
 */
export const mcallester: BoundDefinition = {
  name: "mcallester",
  title: "PAC-Bayes compression, McAllester",
  source: "McAllester 1999; Lotfi et al. 2022",
  theorem: ({ rows, error, delta, codeBits }) => ({
    rows, error, confidenceNats: Math.log(rows / delta), description: codeCharges(codeBits),
    at: (nats) => error + Math.sqrt(nats / (2 * rows - 1)),
  }),
};
