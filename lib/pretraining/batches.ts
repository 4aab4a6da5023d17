/** Which rows an update sees, and how they are masked: a function of settings, seeds and the update's number alone. */
import { permutation, splitSeed } from "../support/random.js";
import { maskedBatch, maskRow, type MaskedBatch, type MaskedRow, type MaskIds } from "./mask.js";
import { drawPair, type PairMarks } from "./nextSentence.js";
import type { Rows } from "./rows.js";

export interface BatchOptions {
  /** Rows a batch. */
  batchSize: number;
  seed: number;
  /** Tokens that a row is asked for. */
  asked: number;
  /** New masks in every update (dynamic), or the same for a row whenever it comes (static). */
  masking: "dynamic" | "static";
  vocabulary: MaskIds;
  /** The marks of rows that are pairs for the next-sentence task; default: they are none. */
  pairs?: PairMarks | undefined;
}

/** A row, its partner drawn where it is a pair, masked: a function of (rows, row, seed) alone. */
function readRow(rows: Rows, row: number, seed: number, { asked, vocabulary, pairs }: BatchOptions): MaskedRow {
  if (pairs === undefined) return maskRow(rows.read(row), seed, { asked, vocabulary });
  const { ids, types, label } = drawPair({ rows, padId: vocabulary.padId, ...pairs }, row, seed);
  return { ...maskRow(ids, seed, { asked, vocabulary }), pair: { types, label } };
}

const batchOf = (masked: readonly MaskedRow[], { vocabulary: { padId } }: BatchOptions): MaskedBatch => maskedBatch(masked, masked[0]?.ids.length ?? 0, padId);

/** Asks for nothing: what fills a batch up. */
const silent = (row: MaskedRow): MaskedRow =>
  ({ ...row, labels: row.labels.map(() => -1), ...(row.pair === undefined ? {} : { pair: { ...row.pair, label: -1 } }) });

/** Batch number `index` of the endless sequence of shuffled epochs. */
export function batchReader(rows: Rows, options: BatchOptions): (index: number) => MaskedBatch {
  const { batchSize, seed, masking } = options;
  let order: { epoch: number; rows: Uint32Array } = { epoch: -1, rows: new Uint32Array(0) };
  const rowAt = (place: number): number => {
    const epoch = Math.floor(place / rows.rows);
    if (order.epoch !== epoch) order = { epoch, rows: permutation(rows.rows, splitSeed(seed, `rows of epoch ${epoch}`)) };
    return order.rows[place % rows.rows]!;
  };
  return (index) => {
    const masked = Array.from({ length: batchSize }, (_unused, i) => {
      const place = index * batchSize + i, row = rowAt(place);
      return readRow(rows, row, splitSeed(seed, masking === "dynamic" ? `masks of ${place}` : `masks of row ${row}`), options);
    });
    return batchOf(masked, options);
  };
}

/** The batches of a validation pass over the first `limit` rows, with masks of the seed's own: the same at every checkpoint. */
export function* validationBatches(rows: Rows, options: BatchOptions & { limit: number }): Generator<MaskedBatch> {
  const { batchSize, seed } = options;
  const count = Math.min(options.limit, rows.rows);
  for (let start = 0; start < count; start += batchSize) {
    const masked = Array.from({ length: batchSize }, (_unused, i) => {
      const row = Math.min(start + i, count - 1);
      const one = readRow(rows, row, splitSeed(seed, `validation masks of row ${row}`), options);
      return start + i < count ? one : silent(one);
    });
    yield batchOf(masked, options);
  }
}
