/** Random models in Hugging Face's layout, of any architecture and size, without network. */
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { architectureOf } from "../../lib/models/registry.js";
import { writeSafetensors, type HostTensor } from "../../lib/models/safetensors.js";
import { sizeOf } from "../../lib/support/tensors.js";
import { uniform } from "./architectures.js";
import { oraclePath } from "./golden.js";

export interface RandomModel {
  /** config.json; vocab_size is the tokenizer's unless it is given. */
  config: Record<string, unknown> & { model_type: string };
  /** A kind of test/oracles/tokenizers. */
  tokenizer: string;
}

/** Writes the encoder or decoder, without a head, its tokenizer and its configuration to `folder`; returns it. */
export async function writeRandomModel(folder: string, { config, tokenizer }: RandomModel): Promise<string> {
  mkdirSync(folder, { recursive: true });
  const { tokenizer: json } = JSON.parse(readFileSync(oraclePath(`tokenizers/${tokenizer}.json`), "utf8")) as { tokenizer: { model: { vocab: object } } };
  const { vocab } = json.model, entries = Array.isArray(vocab) ? vocab.length : Object.keys(vocab).length;
  const whole = { vocab_size: entries + 8, ...config }; // room for added tokens
  writeFileSync(join(folder, "config.json"), `${JSON.stringify(whole, null, 1)}\n`);
  writeFileSync(join(folder, "tokenizer.json"), JSON.stringify(json));
  const architecture = architectureOf(config.model_type, folder);
  const settings = architecture.configure(whole, folder), optional = architecture.optionalNames(settings);
  const shapes = Object.entries(architecture.shapes(settings, 2)).filter(([name]) => !optional.includes(name));
  const spread = settings.initializerRange * Math.sqrt(3); // uniform numbers of that standard deviation
  await writeSafetensors(join(folder, "model.safetensors"), Object.fromEntries(shapes.map(([name, shape], i): [string, HostTensor] => {
    const isNorm = shape.length === 1 && name.endsWith(".weight"), isBias = name.endsWith(".bias");
    const values = isNorm ? new Float32Array(sizeOf(shape)).fill(1) : isBias ? new Float32Array(sizeOf(shape)) : uniform(sizeOf(shape), i);
    if (!isNorm && !isBias) values.forEach((value, at) => { values[at] = value * spread; });
    return [name, { shape, values }];
  })));
  return folder;
}
