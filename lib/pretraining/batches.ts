/** Which rows an update sees, and how they are masked: a function of settings, seeds and the update's number alone. */
import { permutation, splitSeed } from "../support/random.js";
import { maskedBatch, maskRow, type MaskedBatch, type MaskIds } from "./mask.js";
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
}

/** Batch number `index` of the endless sequence of shuffled epochs. */
export function batchReader(rows: Rows, options: BatchOptions): (index: number) => MaskedBatch {
  const { batchSize, seed, asked, masking, vocabulary } = options;
  let order: { epoch: number; rows: Uint32Array } = { epoch: -1, rows: new Uint32Array(0) };
  const rowAt = (place: number): number => {
    const epoch = Math.floor(place / rows.rows);
    if (order.epoch !== epoch) order = { epoch, rows: permutation(rows.rows, splitSeed(seed, `rows of epoch ${epoch}`)) };
    return order.rows[place % rows.rows]!;
  };
  return (index) => {
    const masked = Array.from({ length: batchSize }, (_unused, i) => {
      const place = index * batchSize + i, row = rowAt(place);
      return maskRow(rows.read(row), splitSeed(seed, masking === "dynamic" ? `masks of ${place}` : `masks of row ${row}`), { asked, vocabulary });
    });
    return maskedBatch(masked, rows.length, vocabulary.padId);
  };
}

/** The batches of a validation pass over the first `limit` rows, with masks of the seed's own: the same at every checkpoint. */
export function* validationBatches(rows: Rows, options: BatchOptions & { limit: number }): Generator<MaskedBatch> {
  const { batchSize, seed, asked, vocabulary } = options;
  const count = Math.min(options.limit, rows.rows);
  for (let start = 0; start < count; start += batchSize) {
    const masked = Array.from({ length: batchSize }, (_unused, i) => {
      const row = Math.min(start + i, count - 1);
      const one = maskRow(rows.read(row), splitSeed(seed, `validation masks of row ${row}`), { asked, vocabulary });
      return start + i < count ? one : { ...one, labels: one.labels.map(() => -1) };
    });
    yield maskedBatch(masked, rows.length, vocabulary.padId);
  }
}
