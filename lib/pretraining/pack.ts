/**
 * Full sentences packed into rows of one length, across the ends of documents (RoBERTa's FULL-SENTENCES, Liu et al. 2019,
 * arXiv 1907.11692, section 4.2): [CLS] sentence sentence ... [SEP], with a [SEP] between two documents.
 */
import { sentencesOf } from "./sentences.js";
import type { Line } from "./corpus.js";
import type { Vocabulary } from "./vocabulary.js";

/** A row: token ids without padding, behind a header where the rows have one. */
export type PackedRow = readonly number[];

/**
 * Rows of at most `length` tokens. A row ends before the sentence that would not fit; a sentence longer than a whole row is cut.
 * @param lines the corpus, in its order.
 */
export async function* packRows(lines: AsyncIterable<Line>, vocabulary: Vocabulary, length: number): AsyncGenerator<PackedRow> {
  const { tokenizer, clsId, sepId, unknown } = vocabulary;
  const room = length - 2;
  let tokens: number[] = [];
  const row = (): PackedRow => [clsId, ...tokens, sepId];

  for await (const { text, begins } of lines) {
    let separate = begins;
    for (const sentence of sentencesOf(text)) {
      for (const part of parts(tokenizer.encode(sentence.replaceAll("[UNK]", unknown)).inputIds.slice(1, -1), room)) {
        const between = separate && tokens.length > 0 ? 1 : 0;
        if (tokens.length + between + part.length > room) {
          yield row();
          tokens = [];
        } else if (between === 1) tokens.push(sepId);
        tokens.push(...part);
        separate = false;
      }
    }
  }
  if (tokens.length > 0) yield row();
}

/** `ids` in parts of at most `room`; none where there are none. */
export function parts(ids: readonly number[], room: number): number[][] {
  return Array.from({ length: Math.ceil(ids.length / room) }, (_unused, i) => ids.slice(i * room, (i + 1) * room));
}
