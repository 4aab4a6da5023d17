/**
 * BERT's next-sentence task (Devlin et al. 2018, arXiv 1810.04805, section 3.1): in half of the rows the second segment follows the first,
 * in the others it is another document's. Drawn from a seed, so that with dynamic masking a row's partner changes from pass to pass.
 */
import { randomIndices } from "../support/random.js";
import { pairHeader, pairMarks } from "./packPairs.js";
import type { Rows } from "./rows.js";
import type { Vocabulary } from "./vocabulary.js";

/** A row as the model reads it, before masking. */
export interface DrawnRow {
  /** Padded to the rows' length. */
  ids: Int32Array;
  /** 0 up to the first segment's mark, 1 for the second, 0 for padding. */
  types: Int32Array;
  /** As Transformers counts: 0, the second segment follows; 1, it is another's. */
  label: 0 | 1;
}

/** [CLS] and [SEP]. */
export type PairMarks = Pick<Vocabulary, "clsId" | "sepId">;

/** What is drawn from. */
export interface PairSource extends PairMarks {
  /** Rows as packPairs makes them, at least two. */
  rows: Rows;
  padId: number;
}

/** Rows that are looked at for one of another document, as BERT's own code does: a corpus of one document has none. */
const TRIES = 10;

/** Row number `row` with the partner that the seed draws: a function of (rows, row, seed) alone. */
export function drawPair({ rows, clsId, sepId, padId }: PairSource, row: number, seed: number): DrawnRow {
  const draw = randomIndices(seed, "next sentence"), own = segmentsOf(rows, row, padId);
  const label = own.second.length === 0 || draw(2) === 1 ? 1 : 0;
  const second = label === 0 ? own.second : strangers(rows, row, { document: own.document, draw, padId });
  const [a, b] = cut(own.first, second, { room: rows.length - pairHeader - pairMarks, draw });
  const ids = new Int32Array(rows.length - pairHeader).fill(padId), types = new Int32Array(ids.length);
  ids.set([clsId, ...a, sepId, ...b, sepId]);
  types.fill(1, a.length + 2, a.length + b.length + 3);
  return { ids, types, label };
}

interface Segments {
  document: number;
  first: number[];
  /** Empty where the row is one sentence. */
  second: number[];
}

function segmentsOf(rows: Rows, row: number, padId: number): Segments {
  const [document = 0, first = 0, ...padded] = rows.read(row);
  const end = padded.lastIndexOf(padId) === padded.length - 1 ? padded.indexOf(padId) : padded.length;
  return { document, first: padded.slice(1, first + 1), second: padded.slice(first + 2, Math.max(first + 2, end - 1)) };
}

/** The second segment of another document's row, or all of one that has a single sentence. */
function strangers(rows: Rows, row: number, { document, draw, padId }: { document: number; draw: (bound: number) => number; padId: number }): number[] {
  const another = (): Segments => segmentsOf(rows, (row + 1 + draw(rows.rows - 1)) % rows.rows, padId);
  let found = another();
  for (let tries = 1; tries < TRIES && found.document === document; tries++) found = another();
  return found.second.length > 0 ? found.second : found.first;
}

/** Both segments in `room` tokens: as BERT's, the longer one loses tokens at its front or its end. */
function cut(first: readonly number[], second: readonly number[], { room, draw }: { room: number; draw: (bound: number) => number }): [number[], number[]] {
  const a = [...first], b = [...second];
  while (a.length + b.length > room) {
    const longer = a.length > b.length ? a : b;
    if (draw(2) === 0) longer.shift();
    else longer.pop();
  }
  return [a, b];
}
