import type { BoundDefinition } from "./define.js";

/**
 * For contrast, a bound by norms: R <= R_hat_gamma + 2 B (sqrt(2 L ln 2) + 1) prod ||W_l||_F / (gamma sqrt(m)) + 3 sqrt(ln(2/delta) / 2m),
 * gamma fixed beforehand. Golowich, Rakhlin, Shamir 2018 (arXiv 1712.06541), theorem 1, for feed-forward networks with 1-Lipschitz
 * activations and two classes. A Transformer multiplies further factors in (attention, layer norms); already without them it is vacuous.
 */
export const norm: BoundDefinition = {
  name: "norm",
  title: "Product of Frobenius norms",
  source: "Golowich et al. 2018, theorem 1",
  theorem: ({ rows, delta, norms }) => {
    if (norms === undefined) return null;
    const { logProduct, layers, inputNorm, margin, marginError } = norms;
    const depth = Math.sqrt(2 * layers * Math.LN2) + 1;
    const complexity = 2 * Math.exp(logProduct + Math.log((inputNorm * depth) / (margin * Math.sqrt(rows))));
    return {
      rows, error: marginError, confidenceNats: Math.log(2 / delta), description: [],
      at: (nats) => marginError + 3 * Math.sqrt(nats / (2 * rows)), extra: [{ name: "norms", value: complexity }],
    };
  },
};
