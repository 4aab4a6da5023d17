import { codeCharges, type BoundDefinition } from "./define.js";
import { klInverse } from "./kl.js";

/**
 * A prior that depends on data: a first part of the rows trains a z0 for free, and only the code of the difference is charged,
 * against the rows that z0 has not seen. Occam's razor on those. Ambroladze, Parrado-Hernandez, Shawe-Taylor 2006; Dziugaite et
 * al. 2021 (arXiv 2006.10929). How many rows the prior took is charged where it was searched. With a difference of nothing it is
 * a test-set bound: it explains less than it certifies.
 */
export const splitPrior: BoundDefinition = {
  name: "split-prior",
  title: "Prior trained on other rows, difference charged",
  source: "Ambroladze et al. 2006; Dziugaite et al. 2021",
  theorem: ({ delta, split }) => split === undefined ? null : {
    rows: split.rows, error: split.error, confidenceNats: Math.log(1 / delta), description: codeCharges(split.codeBits),
    at: (nats) => klInverse(split.error, nats / split.rows),
  },
};
