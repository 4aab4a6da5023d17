import { codeCharges, type BoundDefinition } from "./define.js";

/**
 * For so large an m that measuring on all of it costs too much: with n rows drawn from the m with replacement, after the classifier was
 * fixed, R <= R_n + sqrt((C' ln 2 + ln(1/delta_1)) / 2m) + sqrt(ln(1/delta_2) / 2n), delta_1 + delta_2 = delta (Hoeffding twice).
 * Lotfi et al. 2023 (arXiv 2312.17173), the subsampled bound; half of delta for each here.
 */
export const subsampled: BoundDefinition = {
  name: "subsampled",
  title: "Occam's razor, measured on a subsample",
  source: "Lotfi et al. 2023, subsampled bound",
  theorem: ({ rows, delta, codeBits, subsample }) => subsample === undefined ? null : {
    rows, error: subsample.error, confidenceNats: Math.log(2 / delta), description: codeCharges(codeBits),
    at: (nats) => subsample.error + Math.sqrt(nats / (2 * rows)),
    extra: [{ name: "subsample", value: Math.sqrt(Math.log(2 / delta) / (2 * subsample.rows)) }],
  },
};
