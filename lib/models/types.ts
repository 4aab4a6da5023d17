/** What a model is: pure functions over named tensors, their configuration, and where they came from. */
import type * as tf from "@tensorflow/tfjs-core";
import type { NamedShapes, NamedTensors } from "../support/tensors.js";
import type { Tokenizer } from "./tokenizer.js";

/** Non-linearities by the names of Hugging Face's configurations. */
export type Activation = "gelu" | "gelu_10" | "gelu_new" | "hardswish" | "laplace" | "leaky_relu" | "linear" | "mish" | "quick_gelu" | "relu" | "relu2"
  | "relu6" | "sigmoid" | "silu" | "sqrtsoftplus" | "tanh";

/** An encoder's configuration: config.json in our words. */
export interface ModelConfig {
  modelType: string;
  vocabSize: number;
  hiddenSize: number;
  layers: number;
  heads: number;
  intermediateSize: number;
  activation: Activation;
  /** Longest input, in tokens. */
  maxPositions: number;
  typeVocabSize: number;
  layerNormEps: number;
  /** Dropout rates in [0, 1): after embeddings and sublayers, on attention weights, before the classifier. */
  hiddenDropout: number;
  attentionDropout: number;
  classifierDropout: number;
  /** Standard deviation of new weights. */
  initializerRange: number;
  padTokenId: number;
  /** Rows of the position table before the first token's; defaults to 0. */
  positionOffset?: number;
  /** Width of the embeddings where it is not hiddenSize: ELECTRA, ALBERT. */
  embeddingSize?: number;
  /** ALBERT: layers share the parameters of `groups` x `inner` of them. */
  sharing?: { groups: number; inner: number };
  /** Dropout after the embeddings where it is not hiddenDropout: GPT-2. */
  embeddingDropout?: number;
  /** GPT-2: whether scores are divided by the root of a head's width, and by the layer's number. */
  scores?: { bySize: boolean; byLayer: boolean };
  /** Llama's attention and feed-forward part. */
  llama?: LlamaConfig;
}

/** What a Llama has beside other decoders. */
export interface LlamaConfig {
  /** Heads of keys and values; queries share them in groups. */
  keyValueHeads: number;
  /** Width of a head. */
  headSize: number;
  /** Which linear layers have a bias: queries, keys and values; attention's output; the feed-forward part. */
  biases: { heads: boolean; attended: boolean; feed: boolean };
  rope: Rope;
}

/** Rotary positions: the angle of pair i at position p is p frequencies[i], headSize / 2 of them; cos and sin are multiplied by `scale`. */
export interface Rope { frequencies: readonly number[]; scale: number }

/** Token ids of B texts, padded to L; int32 [B, L] each. */
export interface TokenBatch {
  inputIds: tf.Tensor2D;
  /** 1 for a token, 0 for padding. */
  attentionMask: tf.Tensor2D;
  /** 0 for the first text, 1 for the second. */
  tokenTypeIds: tf.Tensor2D;
}

/** Dropout while training; left out, there is none. */
export interface Dropout {
  /** int32 [2]; the same seed gives the same masks. Each place in the network derives a seed of its own from it. */
  seed: tf.Tensor;
  /** One rate for every place; defaults to the rates of the configuration. */
  rate?: number;
}

/** A family of models: names and shapes of parameters, and logits as a pure function of them. */
export interface Architecture {
  /** `model_type` in config.json. */
  modelType: string;
  /** Its head in words, for the table of what is supported. */
  head: string;
  /** config.json as a ModelConfig. @throws {UsageError} if it asks for something that is not supported. */
  configure(json: unknown, path: string): ModelConfig;
  /** Shapes by Hugging Face's names, in the order of theta (that of Hugging Face's named_parameters, the head last). */
  shapes(config: ModelConfig, labels: number): NamedShapes;
  /** Names of the task's head, random at the start of fine-tuning: what the head policy (projected, free, frozen) is about. */
  headNames(config: ModelConfig): string[];
  /** Names that a checkpoint may lack: they are initialised then. Includes the head. */
  optionalNames(config: ModelConfig): string[];
  /** The table that inputIds are looked up in; it serves for nothing else, so that a step may be given the batch's rows alone. */
  wordTable: string;
  /** The layer of a parameter, for SAID's groups: "embeddings", "layer.0", ..., "head" (with the pooler). */
  layerOf(name: string): string;
  /** The name here of a checkpoint's tensor; null for what belongs to no classifier (buffers, heads of other tasks). */
  canonicalName(name: string): string | null;
  /**
   * Logits [B, labels]. Owned by the caller; parameters and batch are borrowed. Reads no tensor on the host, so that it can
   * be recorded, and takes shapes from the tensors alone: the word embeddings may be the rows of one batch.
   */
  logits(parameters: NamedTensors, config: ModelConfig, batch: TokenBatch, dropout?: Dropout): tf.Tensor2D;
}

/** A model with its weights. */
export interface Model {
  /** What it was asked for by: package name, hub id or folder. */
  id: string;
  folder: string;
  /** Of the weights: of the file, or for several shards of their hashes. */
  sha256: string;
  config: ModelConfig;
  architecture: Architecture;
  tokenizer: Tokenizer;
  /** theta0 in the order of theta, float32. Do not dispose singly. */
  parameters: NamedTensors;
  /** Parameters that were not in the checkpoint and were drawn from the head's seed. */
  initialised: string[];
  /** Frees the parameters. */
  dispose(): void;
}
