/** model.d90 as a shareable fine-tune: out of a run, and into a folder that Transformers loads. */
import { existsSync } from "node:fs";
import { copyFile, mkdir, readdir, readFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { decodeModel, type FileHeader } from "../../bounds/codec/index.js";
import { startEngine } from "../../engine/index.js";
import { readJson } from "../../models/json.js";
import { loadModel } from "../../models/load.js";
import { writeSafetensors } from "../../models/safetensors.js";
import type { Model } from "../../models/types.js";
import { openStore } from "../../records/store.js";
import { UsageError } from "../../support/checks.js";
import { writeFileAtomic } from "../../support/files.js";
import { cellSignal } from "../../support/notebook.js";
import { disposeAll } from "../../support/tensors.js";
import { tasks } from "../../tasks/index.js";
import { hostTensors } from "../../training/checkpoint.js";
import { sessionOf, trialOf } from "../once.js";
import type { RunOptions } from "../within.js";
import { compressRun, type CompressOptions } from "./compress.js";
import { restoreParameters } from "./restore.js";

export interface ExportOptions extends Omit<RunOptions, "preset" | "settings">, Omit<CompressOptions, "signal"> {
  /** Id of a run of `d90 train`, its first digits, or "latest". */
  run: string;
  /** Path of the file; default model.d90 in the run's folder. */
  file?: string;
}

/** Writes a run as model.d90. @returns where it is and how long. @throws {UsageError} for a run that a file cannot hold. */
export async function exportRun(options: ExportOptions): Promise<{ path: string; bytes: number; numbers: number; run: string }> {
  const store = openStore(options.out), record = await trialOf(store, options.run);
  const path = options.file ?? join(store.folderOf(record.id), "model.d90");
  const session = await sessionOf(record.configuration, { ...options, engine: { ...options.engine, bf16: false } });
  try {
    const { bytes, file } = await compressRun(session, record, { ...options, store, signal: options.signal ?? cellSignal() });
    await writeFileAtomic(path, bytes);
    return { path, bytes: bytes.length, numbers: file.parts.reduce((sum, { indices }) => sum + indices.length, 0), run: record.id };
  } finally {
    session.dispose();
  }
}

export interface ApplyOptions {
  /** The model.d90. */
  file: string;
  /** Folder to be made: must not exist, or be empty. */
  folder: string;
  /** The base model, as for loadModel. */
  model?: string;
  offline?: boolean;
  /** Stops a download; default in a notebook: the cell's stop button. */
  signal?: AbortSignal;
}

/** Files of a tokenizer that Transformers looks for. */
const tokenizerFiles = ["tokenizer.json", "vocab.txt", "vocab.json", "merges.txt", "special_tokens_map.json", "sentencepiece.bpe.model", "spiece.model"];

/** Transformers' class for a classifier, by model_type. */
const classNames: Readonly<Record<string, string>> = {
  bert: "BertForSequenceClassification", roberta: "RobertaForSequenceClassification", "xlm-roberta": "XLMRobertaForSequenceClassification",
  camembert: "CamembertForSequenceClassification", electra: "ElectraForSequenceClassification", albert: "AlbertForSequenceClassification",
  distilbert: "DistilBertForSequenceClassification", mpnet: "MPNetForSequenceClassification",
};

/**
 * Makes the fine-tuned model from a model.d90 and its base: a folder in Hugging Face's layout with merged weights.
 * @throws {CodecError} for a file that is none, was cut or altered; {UsageError} for another base model, or a folder that is in use.
 */
export async function applyFile({ file: path, folder, model: base, offline, signal = cellSignal() }: ApplyOptions): Promise<{ folder: string; header: FileHeader }> {
  const bytes = await readFile(path).catch((error: NodeJS.ErrnoException) => {
    throw new UsageError(`apply: ${path} cannot be read (${error.code ?? error.message}). Name a model.d90 that d90 export wrote.`);
  });
  const file = decodeModel(bytes, path);
  if (existsSync(folder) && (await readdir(folder)).length > 0) throw new UsageError(`apply: ${folder} is not empty. Name a new folder.`);
  await startEngine({ bf16: false });
  const model = await loadModel({ model: base, labels: file.header.labels, headSeed: file.header.seeds.head, freshHead: true, offline, signal });
  try {
    const parameters = restoreParameters(file, model, path);
    try {
      await mkdir(folder, { recursive: true });
      await writeTokenizer(model, folder, file.header);
      await writeFileAtomic(join(folder, "config.json"), await configFor(model, file.header));
      await writeSafetensors(join(folder, "model.safetensors"), hostTensors(parameters), { format: "pt" });
    } finally {
      disposeAll(parameters);
    }
    return { folder: resolve(folder), header: file.header };
  } finally {
    model.dispose();
  }
}

/** A JSON object's fields; none for anything else. */
const fieldsOf = (json: unknown): Record<string, unknown> => (typeof json === "object" && json !== null ? { ...json } : {});
const pretty = (value: object): string => `${JSON.stringify(value, null, 2)}\n`;

/** The base's config.json as a classifier's, with the task's labels. */
async function configFor({ folder, architecture }: Model, { labels, task }: FileHeader): Promise<string> {
  const known = tasks.find(({ name, labels: names }) => name === task && names.length === labels)?.labels;
  const names = Array.from({ length: labels }, (_unused, i) => known?.[i] ?? `LABEL_${i}`);
  const { torch_dtype: _torchDtype, ...config } = fieldsOf(await readJson(join(folder, "config.json")));
  return pretty({
    ...config, architectures: [classNames[architecture.modelType]], num_labels: labels, problem_type: "single_label_classification", dtype: "float32",
    id2label: Object.fromEntries(names.map((name, i) => [String(i), name])), label2id: Object.fromEntries(names.map((name, i) => [name, i])),
  });
}

/** The base's tokenizer, which cuts texts to the tokens that the model was trained with. */
async function writeTokenizer(model: Model, folder: string, { maxLength }: FileHeader): Promise<void> {
  for (const name of tokenizerFiles) if (existsSync(join(model.folder, name))) await copyFile(join(model.folder, name), join(folder, name));
  const path = join(model.folder, "tokenizer_config.json");
  // A tokenizer without settings of its own would not say which text of a pair a token belongs to.
  const types = model.config.typeVocabSize > 1 ? ["token_type_ids"] : [];
  const settings = existsSync(path) ? fieldsOf(await readJson(path))
    : { tokenizer_class: "PreTrainedTokenizerFast", model_input_names: ["input_ids", ...types, "attention_mask"] };
  await writeFileAtomic(join(folder, "tokenizer_config.json"), pretty({ ...settings, model_max_length: maxLength }));
}
