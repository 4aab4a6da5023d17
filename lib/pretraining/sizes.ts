/** Sizes of models to pre-train: five of BERT's shape from 0.2 to 8 million parameters, and any other. */
import { shown, UsageError } from "../support/checks.js";
import { didYouMean } from "../support/suggest.js";

/** Width and depth of an encoder. */
export interface ModelSize {
  /** Hidden size, layers and heads; the inner size is four times the hidden one. */
  hiddenSize: number;
  layers: number;
  heads: number;
  /** Peak learning rate where that of the presets is too large for the depth. */
  learningRate?: number;
}

/** Parameters are those of the encoder with 4,000 word pieces and 128 positions. */
export const sizes = {
  /** 0.2 million. */
  xs: { hiddenSize: 32, layers: 2, heads: 2 },
  /** 0.4 million. */
  s: { hiddenSize: 64, layers: 3, heads: 2 },
  /** 1.3 million. */
  m: { hiddenSize: 128, layers: 4, heads: 4 },
  /** 2.6 million. */
  l: { hiddenSize: 192, layers: 4, heads: 6 },
  /** 7.4 million. */
  xl: { hiddenSize: 256, layers: 8, heads: 8, learningRate: 3e-4 },
} as const satisfies Record<string, ModelSize>;

export type SizeName = keyof typeof sizes;
export const sizeNames = Object.keys(sizes) as SizeName[];

/** The size of that name. @throws {UsageError} for another name. */
export function sizeNamed(name: string): ModelSize {
  if (Object.hasOwn(sizes, name)) return sizes[name as SizeName];
  throw new UsageError(`size must be one of ${sizeNames.join(", ")}, got ${shown(name)}.${didYouMean(name, sizeNames)}`);
}

interface ConfigOptions {
  vocabSize: number;
  positions: number;
  padId: number;
  dropout: number;
  /** Whether the model has the next-sentence task's head, too. */
  nextSentence?: boolean;
}

/** config.json of BertForMaskedLM or BertForPreTraining, as Transformers reads it. */
export function configJson(size: ModelSize, { vocabSize, positions, padId, dropout, nextSentence = false }: ConfigOptions): Record<string, unknown> {
  return {
    architectures: [nextSentence ? "BertForPreTraining" : "BertForMaskedLM"], model_type: "bert", vocab_size: vocabSize, hidden_size: size.hiddenSize, num_hidden_layers: size.layers,
    num_attention_heads: size.heads, intermediate_size: 4 * size.hiddenSize, hidden_act: "gelu", hidden_dropout_prob: dropout,
    attention_probs_dropout_prob: dropout, max_position_embeddings: positions, type_vocab_size: 2, initializer_range: 0.02,
    layer_norm_eps: 1e-12, pad_token_id: padId, tie_word_embeddings: true,
  };
}
