/**
 * Rows for BERT's next-sentence task (Devlin et al. 2018, arXiv 1810.04805, section 3.1 and appendix A.2): sentences of one document,
 * cut between two of them into a first and a second segment. Which rows get another document's second segment is drawn when a batch is read.
 */
import { randomIndices, splitSeed } from "../support/random.js";
import type { Line } from "./corpus.js";
import { parts, type PackedRow } from "./pack.js";
import { sentencesOf } from "./sentences.js";
import type { Vocabulary } from "./vocabulary.js";

/** Numbers before a row's tokens: its document, and the tokens of its first segment. */
export const pairHeader = 2;

export type PairVocabulary = Pick<Vocabulary, "tokenizer" | "unknown" | "clsId" | "sepId">;

/** Special tokens of a pair. */
export const pairMarks = 3;

/**
 * Rows of [document, n, tokens ...], the tokens [CLS] first [SEP] second [SEP], at most `length`, n of them the first segment's without its marks.
 * A row holds sentences of one document; where it has one and the next no longer fits, that one's beginning fills it. A sentence longer than a
 * row counts as several of half a row. What has no second sentence, as a document's last may not, is [CLS] first [SEP].
 */
export async function* packPairs(lines: AsyncIterable<Line>, vocabulary: PairVocabulary, length: number): AsyncGenerator<PackedRow> {
  const { tokenizer, unknown, clsId, sepId } = vocabulary, room = length - pairMarks;
  let document = -1, count = 0, sentences: number[][] = [];
  const filled = (): number => sentences.reduce((sum, sentence) => sum + sentence.length, 0);
  function* row(): Generator<PackedRow> {
    if (sentences.length === 0) return;
    const tokens = sentences.flat(), first = firstSegment(sentences, count++), second = tokens.slice(first);
    yield [document, first, clsId, ...tokens.slice(0, first), sepId, ...second, ...(second.length > 0 ? [sepId] : [])];
    sentences = [];
  }

  for await (const { text, begins } of lines) {
    if (begins || document < 0) {
      yield* row();
      document++;
    }
    for (const sentence of sentencesOf(text)) {
      const ids = tokenizer.encode(sentence.replaceAll("[UNK]", unknown)).inputIds.slice(1, -1);
      for (const part of parts(ids, ids.length > room ? Math.ceil(room / 2) : room)) {
        const left = room - filled(), fits = part.length <= left, some = fits ? part.length : sentences.length === 1 ? left : 0;
        if (some > 0) sentences.push(part.slice(0, some));
        if (!fits) yield* row();
        if (some < part.length) sentences.push(part.slice(some));
      }
    }
  }
  yield* row();
}

/** Tokens of the first segment: the cut is between two sentences, drawn from the row's number alone. */
function firstSegment(sentences: readonly (readonly number[])[], row: number): number {
  const first = sentences.length === 1 ? 1 : 1 + randomIndices(splitSeed(row, "first segment"))(sentences.length - 1);
  return sentences.slice(0, first).reduce((sum, sentence) => sum + sentence.length, 0);
}
