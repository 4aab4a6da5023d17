import type { BoundDefinition } from "./define.js";

/**
 * For contrast: all D parameters as float32 numbers name one of 2^(32 D) networks. The same theorem as the finite class of z, without
 * the subspace: R <= R_hat + sqrt((32 D ln 2 + ln(1/delta)) / 2m). Vacuous for every language model.
 */
export const parameterCount: BoundDefinition = {
  name: "parameter-count",
  title: "Parameter count, 32 bits each",
  source: "Hoeffding and a union over all float32 networks",
  theorem: ({ rows, error, delta, parameters }) => ({
    rows, error, confidenceNats: Math.log(1 / delta), description: [{ what: "all parameters, 32 bits each", bits: 32 * parameters }],
    at: (nats) => error + Math.sqrt(nats / (2 * rows)),
  }),
};
