/** From a model.d90 and its base model to all parameters. */
import type { FileHeader, ModelFile } from "../../bounds/codec/index.js";
import { initialiseHead } from "../../models/load.js";
import type { Model } from "../../models/types.js";
import { isProjectionName } from "../../projections/index.js";
import { makeReparameterisation, type Reparameterisation } from "../../reparameterisations/index.js";
import { UsageError } from "../../support/checks.js";
import { disposeAll, type NamedTensors } from "../../support/tensors.js";
import { trainableOf } from "./parts.js";

/** @throws {UsageError} unless `model` is the one that the file was made with. */
export function requireBase({ baseSha256, architecture }: FileHeader, model: Model, where: string): void {
  if (model.sha256 !== baseSha256) {
    throw new UsageError(`${where}: made for a base model with SHA-256 ${baseSha256.slice(0, 12)}, got ${model.id} with ${model.sha256.slice(0, 12)}. `
      + "Name the base model with --model.");
  }
  if (model.architecture.modelType !== architecture) {
    throw new UsageError(`${where}: its architecture must be ${model.architecture.modelType}, as ${model.id}'s, got ${architecture}.`);
  }
}

/** theta0 with the file's own head, and the map from what was trained to theta. `head` is owned by the caller. */
function spaceOf({ header, parts }: ModelFile, model: Model, where: string): { space: Reparameterisation; head: NamedTensors } {
  const { method, projection, seeds, head: headPolicy } = header;
  if (!isProjectionName(projection)) throw new UsageError(`${where}: its projection ${JSON.stringify(projection)} is not known to this d90.`);
  const head = initialiseHead(model, seeds.head);
  const { architecture, config } = model;
  try {
    const lambdas = method === "said" ? parts[1]?.indices.length ?? 0 : 0;
    const space = makeReparameterisation({
      method, projection, headPolicy, seed: seeds.projection, d: parts[0].indices.length + lambdas, parameters: { ...model.parameters, ...head },
      headNames: architecture.headNames(config), groupOf: architecture.layerOf,
    });
    return { space, head };
  } catch (error) {
    disposeAll(head);
    throw error;
  }
}

/**
 * All parameters of the fine-tuned model, by name; owned by the caller.
 * @param model the base, borrowed, loaded with as many labels as the file has. @param where names the file in errors.
 * @throws {UsageError} for another base model, or parts that are not of its shape.
 */
export function restoreParameters(file: ModelFile, model: Model, where = "model.d90"): NamedTensors {
  requireBase(file.header, model, where);
  const { space, head } = spaceOf(file, model, where);
  const start = space.init();
  try {
    const trainable = trainableOf(file.parts, start);
    const theta = space.parameters(trainable);
    disposeAll(trainable);
    return theta;
  } finally {
    space.dispose();
    disposeAll(start);
    disposeAll(head);
  }
}
