/** tokenizer.json of vocabularies that were learned. */
import type { BytePairs } from "./bytePairs.js";

/** The first ids of word pieces, as BERT's; and of byte pairs, as RoBERTa's. */
export const wordPieceSpecial = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"] as const;
export const bytePairSpecial = ["<s>", "<pad>", "</s>", "<unk>", "<mask>"] as const;

const added = (content: string, id: number) => ({ id, content, single_word: false, lstrip: content === "<mask>", rstrip: false, normalized: false, special: true });
const idsOf = (pieces: readonly string[]) => Object.fromEntries(pieces.map((piece, id) => [piece, id]));

/** tokenizer.json of an uncased BERT with these pieces, the special tokens first. */
export function wordPieceJson(pieces: readonly string[]): Record<string, unknown> {
  const mark = (id: string, type_id: number) => ({ SpecialToken: { id, type_id } });
  const sequence = (id: string, type_id: number) => ({ Sequence: { id, type_id } });
  const first = [mark("[CLS]", 0), sequence("A", 0), mark("[SEP]", 0)];
  const template = (token: string) => [token, { id: token, ids: [pieces.indexOf(token)], tokens: [token] }];
  return {
    version: "1.0", truncation: null, padding: null,
    added_tokens: wordPieceSpecial.map(added),
    normalizer: { type: "BertNormalizer", clean_text: true, handle_chinese_chars: true, strip_accents: null, lowercase: true },
    pre_tokenizer: { type: "BertPreTokenizer" },
    post_processor: {
      type: "TemplateProcessing", single: first, pair: [...first, sequence("B", 1), mark("[SEP]", 1)],
      special_tokens: Object.fromEntries(["[CLS]", "[SEP]"].map(template)),
    },
    decoder: { type: "WordPiece", prefix: "##", cleanup: true },
    model: {
      type: "WordPiece", unk_token: "[UNK]", continuing_subword_prefix: "##", max_input_chars_per_word: 100,
      vocab: idsOf(pieces),
    },
  };
}

/**
 * tokenizer.json of byte-level byte-pair encoding: GPT-2's splitter, RoBERTa's marks. A space is put before a text, so that a word is
 * the same tokens wherever it stands: rows are packed sentence by sentence.
 */
export function bytePairJson({ pieces, merges }: BytePairs): Record<string, unknown> {
  const level = { type: "ByteLevel", add_prefix_space: true, trim_offsets: true, use_regex: true };
  return {
    version: "1.0", truncation: null, padding: null, added_tokens: bytePairSpecial.map(added), normalizer: null, pre_tokenizer: level,
    post_processor: { type: "RobertaProcessing", sep: ["</s>", pieces.indexOf("</s>")], cls: ["<s>", pieces.indexOf("<s>")], trim_offsets: true, add_prefix_space: true },
    decoder: level,
    model: {
      type: "BPE", dropout: null, unk_token: null, continuing_subword_prefix: null, end_of_word_suffix: null, fuse_unk: false, byte_fallback: false, ignore_merges: false,
      vocab: idsOf(pieces), merges,
    },
  };
}
