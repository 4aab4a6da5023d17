/** Methods that train some of the parameters as they are, and leave the others. */
import * as tf from "@tensorflow/tfjs-core";
import { UsageError } from "../support/checks.js";
import { shapesOf, totalSize, type NamedShapes } from "../support/tensors.js";
import { handles, partsOf } from "./parts.js";
import type { Budget, HeadPolicy, Reparameterisation, ReparameterisationOptions } from "./types.js";

/**
 * BitFit: biases alone are trained, those of layer norms among them. Ben Zaken, Ravfogel, Goldberg 2021 (arXiv 2106.10199),
 * which trains the head too: that is the free head here.
 * @throws {UsageError} if the model has no biases.
 */
export const bitfitReparameterisation = (options: ReparameterisationOptions): Reparameterisation => selective("bitfit", options);

/** The head alone, on the features of theta0. @throws {UsageError} if no head is named. */
export const headReparameterisation = (options: ReparameterisationOptions): Reparameterisation => selective("head", options);

/** What is trained outside the head: the biases, or nothing. */
export const selectedBody = (method: "bitfit" | "head", shapes: NamedShapes, headNames: readonly string[]): string[] =>
  method === "head" ? [] : Object.entries(shapes)
    .filter(([name, shape]) => shape.length === 1 && /\.bias$|_bias$/.test(name) && !headNames.includes(name)).map(([name]) => name);

function selective(method: "bitfit" | "head", options: ReparameterisationOptions): Reparameterisation {
  const { parameters: theta0, headNames = [], headPolicy = "free" } = options;
  const shapes = shapesOf(theta0);
  partsOf(theta0, headNames, headPolicy);
  const { trained, budget } = selection(method, shapes, headNames, headPolicy);
  if (trained.length === 0) {
    throw new UsageError(`${method}: the model has ${method === "head" ? "no head" : "no biases"} to train, got ${Object.keys(theta0).length} other parameters.`);
  }
  return {
    method, inGraph: true, budget, groups: [], gradientNames: trained,
    init: () => handles(theta0, trained),
    parameters: (trainable) => handles({ ...theta0, ...trainable }, Object.keys(theta0)),
    gradients: (_trainable, gradients) => {
      const missing = trained.find((name) => gradients[name] === undefined);
      if (missing !== undefined) throw new RangeError(`${method}: gradients must hold ${missing}, got ${Object.keys(gradients).length} others.`);
      return tf.tidy(() => handles(gradients, trained));
    },
    dispose() {},
  };
}

/** Names of what is trained, in theta's order, and how many numbers that is. */
export function selection(method: "bitfit" | "head", shapes: NamedShapes, headNames: readonly string[], headPolicy: HeadPolicy):
  { trained: string[]; budget: Budget } {
  const body = selectedBody(method, shapes, headNames), free = headPolicy === "free" ? headNames : [];
  const sizeOf = (names: readonly string[]): number => totalSize(Object.fromEntries(names.map((name) => [name, shapes[name]!])));
  const trained = Object.keys(shapes).filter((name) => body.includes(name) || free.includes(name));
  return { trained, budget: { counted: sizeOf(body), free: sizeOf(free), total: sizeOf(trained) } };
}
