import { budgetOf, countOf, handles, partsOf } from "./parts.js";
import type { Reparameterisation, ReparameterisationOptions } from "./types.js";

/** Full fine-tuning: what is trained is theta itself, by name, without the head if that is frozen. */
export function fullReparameterisation(options: ReparameterisationOptions): Reparameterisation {
  const { parameters: theta0, headNames = [], headPolicy = "projected" } = options;
  const parts = partsOf(theta0, headNames, headPolicy);
  const trained = Object.keys(theta0).filter((name) => !Object.hasOwn(parts.frozen, name));
  return {
    method: "full", inGraph: true, budget: budgetOf(countOf(parts.moved), parts), groups: [], gradientNames: trained,
    init: () => handles(theta0, trained),
    parameters: (trainable) => handles({ ...theta0, ...trainable }, Object.keys(theta0)),
    gradients: (_trainable, gradients) => handles(gradients, trained),
    dispose() {},
  };
}
