/** A BERT of any size with random weights, in a folder that both sides of the benchmark load. */
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { encoderConfig } from "../../lib/models/config.js";
import { initialValues } from "../../lib/models/initialise.js";
import type { ModelConfig } from "../../lib/models/types.js";
import { writeSafetensors } from "../../lib/models/safetensors.js";
import { configJson, type ModelSize } from "../../lib/pretraining/sizes.js";
import type { Vocabulary } from "../../lib/pretraining/vocabulary.js";
import { writeFileAtomic } from "../../lib/support/files.js";
import type { NamedShapes } from "../../lib/support/tensors.js";

/**
 * Writes config.json, tokenizer.json, and model.safetensors as Transformers loads it, without dropout.
 * @param shapesOf the parameters' names and shapes, of the model with whatever head.
 */
export async function writeRandomBert(folder: string, size: ModelSize, { vocabulary, positions, seed, shapesOf }: {
  vocabulary: Vocabulary; positions: number; seed: number; shapesOf: (config: ModelConfig) => NamedShapes;
}): Promise<void> {
  const json = configJson(size, { vocabSize: vocabulary.size, positions, padId: vocabulary.padId, dropout: 0 });
  const config = encoderConfig(json, "config.json"), shapes = shapesOf(config);
  const drawn = initialValues(shapes, { seed, range: config.initializerRange });
  const tensors = Object.fromEntries(Object.entries(shapes).map(([name, shape]) =>
    [name, { shape: [...shape], values: name.endsWith("LayerNorm.weight") ? drawn[name]!.fill(1) : drawn[name]! }]));
  await mkdir(folder, { recursive: true });
  await writeFileAtomic(join(folder, "config.json"), JSON.stringify(json));
  await writeFileAtomic(join(folder, "tokenizer.json"), vocabulary.text);
  await writeSafetensors(join(folder, "model.safetensors"), tensors, { format: "pt" });
}
