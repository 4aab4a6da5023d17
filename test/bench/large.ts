/**
 * `node dist/test/bench/large.js`: the memory of one training step of a random RoBERTa-large (355 million parameters), from its files
 * on: DID with d = 1,000, 8 rows of 64 tokens, in a process of its own. Exit status 1 when the peak is above 12 GB.
 */
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { engineInfo, startEngine } from "../../lib/engine/index.js";
import { loadModel } from "../../lib/models/load.js";
import { makeReparameterisation } from "../../lib/reparameterisations/index.js";
import { shapesOf, totalSize } from "../../lib/support/tensors.js";
import { encodeExamples } from "../../lib/training/batches.js";
import { makeSteps } from "../../lib/training/steps.js";
import { train } from "../../lib/training/train.js";
import { writeRandomModel } from "../models/random-model.js";
import { peakBytes } from "./answering.js";

/** config.json of roberta-large. */
const config = {
  model_type: "roberta", vocab_size: 50265, hidden_size: 1024, num_hidden_layers: 24, num_attention_heads: 16, intermediate_size: 4096,
  max_position_embeddings: 514, type_vocab_size: 1, layer_norm_eps: 1e-5,
};
const limitGB = 12, rows = 8, maxLength = 64;
const inGB = (bytes: number): string => `${(bytes / 1e9).toFixed(2)} GB`;
const say = (line: string): void => void process.stdout.write(`${line}\n`);

/** Loads the model in `folder` and trains one update of its rows. */
async function step(folder: string): Promise<void> {
  await startEngine();
  const start = performance.now(), since = (): string => `${((performance.now() - start) / 1000).toFixed(1)} s`;
  const model = await loadModel({ model: folder, labels: 2, headSeed: 0 });
  const { architecture, parameters } = model;
  say(`loaded ${(totalSize(shapesOf(parameters)) / 1e6).toFixed(1)} million parameters after ${since()}, peak ${inGB(peakBytes() ?? 0)}`);
  const examples = Array.from({ length: rows }, (_, i) => ({ text: "storm ".repeat(40 + i), text2: "harbour ".repeat(30), label: i % 2 }));
  const set = await encodeExamples(model.tokenizer, examples, { maxLength, name: "texts" });
  const reparameterisation = makeReparameterisation({ method: "did", d: 1000, seed: 1, parameters, headNames: architecture.headNames(model.config), groupOf: architecture.layerOf });
  const { outcome, losses } = await train({ model, steps: makeSteps(model), reparameterisation, train: set, dev: set, classes: 2,
    learningRate: 1e-3, epochs: 1, batchSize: rows, seeds: { batch: 1, dropout: 2 } });
  const peak = peakBytes() ?? 0, { backend, bf16, mode } = engineInfo();
  say(`${outcome}: loss ${losses.join(", ")} after one update and an evaluation of ${rows} rows x ${maxLength} tokens, ${since()} in all (${backend}, ${bf16 ? "bf16" : "fp32"}, ${mode})`);
  say(`peak memory ${inGB(peak)} (at most ${limitGB})`);
  process.exitCode = peak > limitGB * 1e9 || outcome !== "completed" ? 1 : 0;
}

async function main(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), "d90-large-"));
  try {
    await writeRandomModel(folder, { config, tokenizer: "roberta" });
    execFileSync(process.execPath, [fileURLToPath(import.meta.url), folder], { stdio: "inherit" });
  } catch {
    process.exitCode = 1; // the child has said why
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

const [folder] = process.argv.slice(2);
await (folder === undefined ? main() : step(folder));
