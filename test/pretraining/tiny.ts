/** A pre-training of seconds, on the sentences of the embedded paraphrases. */
import { cpSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { pretrain, type PretrainOptions } from "../../lib/pretraining/index.js";
import { withFolder } from "../models/folders.js";
import { oraclePath } from "../models/golden.js";
import { paraphraseLines } from "./corpora.js";

/** Sixteen numbers wide, 150 word pieces. */
export const tinySettings: NonNullable<PretrainOptions["settings"]> = {
  hiddenSize: 16, layers: 2, heads: 2, vocabulary: 150, length: 16, positions: 24, updates: 8, every: 3, batchSize: 4, learningRate: 0.01, trainRows: 100, validationRows: 10,
  dropout: 0.1,
};

/** Writes the corpus to `folder`/text. */
export function writeText(folder: string): string {
  const text = join(folder, "text");
  mkdirSync(text, { recursive: true });
  writeFileSync(join(text, "a.train.txt"), paraphraseLines().slice(0, 300).join("\n"));
  writeFileSync(join(text, "a.valid.txt"), paraphraseLines().slice(300, 340).join("\n"));
  return text;
}

/** The options of a tiny pre-training of the corpus that `writeText` wrote. */
export const tinyOptions = (folder: string, out: string, settings: PretrainOptions["settings"] = {}): PretrainOptions =>
  ({ corpus: join(folder, "text"), out: join(folder, out), rows: join(folder, "rows"), settings: { ...tinySettings, ...settings } });

/** Writes test/oracles/pretrained, which pretrained.py then loads in Transformers. */
export const writeOracle = (): Promise<void> => write("pretrained");

/** Writes test/oracles/pretrained-pairs, for next_sentence.py. */
export const writePairsOracle = (): Promise<void> => write("pretrained-pairs", { nextSentence: true });

const write = (name: string, settings: PretrainOptions["settings"] = {}): Promise<void> => withFolder(async (folder) => {
  writeText(folder);
  await pretrain(tinyOptions(folder, "model", settings));
  mkdirSync(oraclePath(name), { recursive: true });
  for (const file of ["config.json", "model.safetensors", "tokenizer.json", "tokenizer_config.json"]) cpSync(join(folder, "model", file), join(oraclePath(name), file));
});
