import assert from "node:assert/strict";
import { join } from "node:path";
import { test } from "node:test";
import { startEngine } from "../../lib/engine/index.js";
import { batchReader, validationBatches } from "../../lib/pretraining/batches.js";
import { drawPair } from "../../lib/pretraining/nextSentence.js";
import { pairHeader } from "../../lib/pretraining/packPairs.js";
import { openRows, type Rows, writeRows } from "../../lib/pretraining/rows.js";
import { disposeAll } from "../../lib/support/tensors.js";
import { withFolder } from "../models/folders.js";

const marks = { clsId: 2, sepId: 3 }, padId = 0, LENGTH = 10;
const vocabulary = { maskId: 4, padId, special: new Set([0, 2, 3, 4]), size: 5000 };

/** Twenty rows of ten documents: document k has the tokens 100 k + 1, 2, 3 | 11, 12, and (its second row) 21 | 31, 32, 33, 34, 35, 36. */
async function* stored(): AsyncGenerator<number[]> {
  for (let k = 1; k <= 10; k++) {
    const of = (...tokens: number[]): number[] => tokens.map((token) => 100 * k + token);
    yield [k, 3, 2, ...of(1, 2, 3), 3, ...of(11, 12), 3];
    yield [k, 1, 2, ...of(21), 3, ...of(31, 32, 33, 34, 35, 36), 3];
  }
}

const withRows = (use: (rows: Rows) => Promise<void>, rows: AsyncIterable<number[]> = stored()): Promise<void> => withFolder(async (folder) => {
  const path = join(folder, "a.rows");
  const open = openRows(path, await writeRows(path, rows, { key: "k", length: LENGTH + pairHeader, padId, header: pairHeader }));
  try {
    await use(open);
  } finally {
    open.close();
  }
});

/** The segments of a row as it was drawn. */
function segmentsOf({ ids, types }: { ids: Int32Array; types: Int32Array }): [number[], number[]] {
  const tokens = [...ids].filter((id) => id !== padId), seconds = [...types].filter((type) => type === 1).length;
  const cut = tokens.length - seconds;
  assert.deepEqual([tokens[0], tokens[cut - 1], tokens.at(-1)], [2, 3, 3]);
  assert.deepEqual([...types], [...ids].map((id, column) => (id !== padId && column >= cut ? 1 : 0)), "types: the second segment and its mark");
  return [tokens.slice(1, cut - 1), tokens.slice(cut, -1)];
}

test("in half of the rows the second segment follows, in the others it is another document's", () => withRows(async (rows) => {
  let strangers = 0;
  for (let seed = 0; seed < 400; seed++) {
    const drawn = drawPair({ rows, padId, ...marks }, 0, seed), [first, second] = segmentsOf(drawn);
    assert.deepEqual(drawn, drawPair({ rows, padId, ...marks }, 0, seed));
    assert.ok(first.length + second.length <= LENGTH - 3);
    if (drawn.label === 0) assert.deepEqual([first, second], [[101, 102, 103], [111, 112]]);
    else assert.ok(second.every((token) => token > 200), `${second}`);
    strangers += drawn.label;
  }
  assert.ok(strangers > 150 && strangers < 250, `${strangers} of 400`);
}));

test("a pair that is too long loses tokens of its longer segment at either end, no more than it must", () => withRows(async (rows) => {
  const seconds = new Set<string>();
  for (let seed = 0; seed < 300; seed++) {
    const drawn = drawPair({ rows, padId, ...marks }, 0, seed), [first, second] = segmentsOf(drawn);
    if (drawn.label === 0 || second.length < 4) continue;
    assert.deepEqual([first.length, second.length], [3, 4]);
    seconds.add(second.map((token) => token % 100).join());
  }
  assert.deepEqual([...seconds].sort(), ["31,32,33,34", "32,33,34,35", "33,34,35,36"]);
}));

test("a row of one sentence always gets a stranger; a corpus of one document gives another of its rows", () => withRows(async (rows) => {
  for (let seed = 0; seed < 50; seed++) {
    const drawn = drawPair({ rows, padId, ...marks }, 0, seed);
    assert.deepEqual([drawn.label, segmentsOf(drawn)], [1, [[11, 12], [21]]]);
  }
}, (async function* () { yield [0, 2, 2, 11, 12, 3]; yield [0, 1, 2, 21, 3]; })()));

test("batches carry types and what is asked about each pair; validation asks each row once, always with the same partner", () => withRows(async (rows) => {
  await startEngine();
  const options = { batchSize: 8, seed: 1, asked: 1, masking: "dynamic" as const, vocabulary, pairs: marks };
  const { tensors, pairs } = batchReader(rows, options)(0);
  assert.deepEqual([tensors["inputIds"]!.shape, tensors["tokenTypeIds"]!.shape, tensors["nextSentence"]!.shape, pairs], [[8, LENGTH], [8, LENGTH], [8], 8]);
  assert.ok([...tensors["tokenTypeIds"]!.dataSync()].includes(1));
  disposeAll(tensors);
  const labels = (): number[] => [...validationBatches(rows, { ...options, limit: 20 })].flatMap((batch) => {
    const values = [...batch.tensors["nextSentence"]!.dataSync()];
    disposeAll(batch.tensors);
    return values;
  });
  assert.deepEqual(labels(), labels());
  assert.deepEqual([labels().length, labels().filter((label) => label < 0).length], [24, 4]);
}));
