/** The architectures, by `model_type` in config.json: a new one is added here and nowhere else. */
import { join } from "node:path";
import { shown, UsageError } from "../support/checks.js";
import { didYouMean } from "../support/suggest.js";
import { albert } from "./albert.js";
import { bert } from "./bert.js";
import { distilbert } from "./distilbert.js";
import { electra } from "./electra.js";
import { gpt2 } from "./gpt2.js";
import { readJson } from "./json.js";
import { llama, mistral, qwen2 } from "./llama.js";
import { mpnet } from "./mpnet.js";
import { camembert, roberta, xlmRoberta } from "./roberta.js";
import type { Architecture, ModelConfig } from "./types.js";

/** The architectures, in the order of the documentation. */
export const architectures: readonly Architecture[] = [bert, roberta, xlmRoberta, camembert, electra, albert, distilbert, mpnet, gpt2, llama, mistral, qwen2];

/** `model_type`s that can be loaded. */
export const modelTypes: readonly string[] = architectures.map(({ modelType }) => modelType);

/** The architecture of a `model_type`. @throws {UsageError} for an unknown one, naming those that are supported. */
export function architectureOf(modelType: unknown, path: string): Architecture {
  const found = architectures.find((architecture) => architecture.modelType === modelType);
  if (found !== undefined) return found;
  const hint = typeof modelType === "string" ? didYouMean(modelType, modelTypes) : "";
  throw new UsageError(`${path}: model_type must be one of ${modelTypes.map(shown).join(", ")}, got ${shown(modelType)}.${hint}`);
}

/** Reads config.json in `folder`. @throws {UsageError} naming the file and the field. */
export async function readConfig(folder: string): Promise<{ architecture: Architecture; config: ModelConfig }> {
  const path = join(folder, "config.json");
  const json = await readJson(path);
  const modelType = typeof json === "object" && json !== null && "model_type" in json ? json.model_type : undefined;
  const architecture = architectureOf(modelType, path);
  return { architecture, config: architecture.configure(json, path) };
}
