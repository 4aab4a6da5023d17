/**
 * Which tokens a model must guess: 15 % of a row, of which 80 % become [MASK], 10 % another token and 10 % stay as they are
 * (Devlin et al. 2018, arXiv 1810.04805, section 3.1). Drawn anew for every update (dynamic masking, Liu et al. 2019).
 */
import * as tf from "@tensorflow/tfjs-core";
import { randomIndices } from "../support/random.js";
import type { NamedTensors } from "../support/tensors.js";
import type { Vocabulary } from "./vocabulary.js";

export const maskedShare = 0.15;

/** Tokens that a row of `length` is asked for: 15 % of what is between its marks, one at least. */
export const askedPerRow = (length: number): number => Math.max(1, Math.round(maskedShare * (length - 2)));

/** One row, masked. */
export interface MaskedRow {
  /** Token ids as the model sees them. */
  ids: Int32Array;
  /** `asked` columns, and the ids that stood there; where a row is too short, column 0 with label -1. */
  columns: Int32Array;
  labels: Int32Array;
  /** Of a pair of segments: each token's, and whether the second is another text's (1) or follows (0); -1 counts for nothing. */
  pair?: { types: Int32Array; label: number };
}

/** What masking needs of a vocabulary. */
export type MaskIds = Pick<Vocabulary, "maskId" | "padId" | "special" | "size">;

/** Masks one row: a function of (row, seed) alone. Special tokens are never asked for, nor put in a token's place. */
export function maskRow(row: Int32Array, seed: number, { asked, vocabulary }: { asked: number; vocabulary: MaskIds }): MaskedRow {
  const { special, maskId, size } = vocabulary;
  const draw = randomIndices(seed, "masks");
  const candidates: number[] = [];
  row.forEach((id, column) => { if (!special.has(id)) candidates.push(column); });
  const count = Math.min(asked, Math.max(1, Math.round(maskedShare * candidates.length)), candidates.length);
  const ids = row.slice(), columns = new Int32Array(asked), labels = new Int32Array(asked).fill(-1);
  for (let i = 0; i < count; i++) {
    const j = i + draw(candidates.length - i), column = candidates[j]!;
    candidates[j] = candidates[i]!;
    columns[i] = column;
    labels[i] = row[column]!;
    const fate = draw(10);
    if (fate < 8) ids[column] = maskId;
    else if (fate === 8) ids[column] = ordinary(draw, special, size);
  }
  return { ids, columns, labels };
}

/** A token drawn from all that are not special. */
function ordinary(draw: (bound: number) => number, special: ReadonlySet<number>, size: number): number {
  for (;;) {
    const id = draw(size);
    if (!special.has(id)) return id;
  }
}

/** A batch as a step takes it, and how many tokens it is asked for. */
export interface MaskedBatch {
  /** inputIds, attentionMask, tokenTypeIds int32 [rows, length]; positions and labels int32 [rows * asked]; of pairs nextSentence int32 [rows]. Owned by the caller. */
  tensors: NamedTensors;
  asked: number;
  /** Rows whose next sentence is asked for. */
  pairs: number;
}

/** The tensors of masked rows; positions count through the batch, row by row. */
export function maskedBatch(rows: readonly MaskedRow[], length: number, padId: number): MaskedBatch {
  const asked = rows[0]?.columns.length ?? 0;
  const ids = new Int32Array(rows.length * length), mask = new Int32Array(ids.length);
  const positions = new Int32Array(rows.length * asked), labels = new Int32Array(positions.length), types = new Int32Array(ids.length);
  rows.forEach((row, r) => {
    ids.set(row.ids, r * length);
    row.ids.forEach((id, column) => { mask[r * length + column] = id === padId ? 0 : 1; });
    positions.set(row.columns.map((column) => r * length + column), r * asked);
    labels.set(row.labels, r * asked);
    if (row.pair !== undefined) types.set(row.pair.types, r * length);
  });
  const next = rows.flatMap(({ pair }) => (pair === undefined ? [] : [pair.label]));
  const matrix = (values: Int32Array): tf.Tensor2D => tf.tensor2d(values, [rows.length, length], "int32");
  return {
    tensors: {
      inputIds: matrix(ids), attentionMask: matrix(mask), tokenTypeIds: matrix(types),
      positions: tf.tensor1d(positions, "int32"), labels: tf.tensor1d(labels, "int32"),
      ...(next.length > 0 ? { nextSentence: tf.tensor1d(next, "int32") } : {}),
    },
    asked: countLabels(labels),
    pairs: countLabels(next),
  };
}

const countLabels = (labels: Iterable<number>): number => Array.from(labels).filter((label) => label >= 0).length;
