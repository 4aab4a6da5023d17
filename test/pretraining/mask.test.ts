import assert from "node:assert/strict";
import { test } from "node:test";
import { askedPerRow, maskedBatch, maskRow } from "../../lib/pretraining/mask.js";
import { startEngine } from "../../lib/engine/index.js";
import { disposeAll } from "../../lib/support/tensors.js";

const vocabulary = { maskId: 4, padId: 0, special: new Set([0, 1, 2, 3, 4]), size: 1000 };
/** [CLS] 98 words [SEP], then padding to 110. */
const row = Int32Array.from({ length: 110 }, (_unused, i) => (i === 0 ? 2 : i < 99 ? 100 + i : i === 99 ? 3 : 0));

test("15 % of the words are asked for, no special token, each once", () => {
  const { ids, columns, labels } = maskRow(row, 7, { asked: askedPerRow(110), vocabulary });
  assert.equal(askedPerRow(110), 16);
  assert.equal(labels.filter((label) => label >= 0).length, 15); // 15 % of 98
  assert.equal(labels.at(-1), -1);
  const chosen = [...columns.slice(0, 15)];
  assert.equal(new Set(chosen).size, 15);
  chosen.forEach((column, i) => assert.equal(labels[i], row[column]));
  ids.forEach((id, column) => { if (!chosen.includes(column)) assert.equal(id, row[column]); });
});

test("of those asked for 80 % become [MASK], 10 % another word, 10 % stay, over many seeds", () => {
  let masked = 0, kept = 0, other = 0;
  for (let seed = 0; seed < 400; seed++) {
    const { ids, columns } = maskRow(row, seed, { asked: 15, vocabulary });
    for (const column of columns) {
      if (ids[column] === 4) masked++;
      else if (ids[column] === row[column]) kept++;
      else { other++; assert.ok(ids[column]! > 4); }
    }
  }
  const share = (count: number, expected: number): void => assert.ok(Math.abs(count / 6000 - expected) < 0.02, `${count} of 6000`);
  share(masked, 0.8); share(kept, 0.1); share(other, 0.1);
});

test("every word is as likely to be asked for as another", () => {
  const counts = new Array<number>(110).fill(0);
  for (let seed = 0; seed < 2000; seed++) for (const column of maskRow(row, seed, { asked: 15, vocabulary }).columns) counts[column]!++;
  for (const count of counts.slice(1, 99)) assert.ok(Math.abs(count / 2000 - 15 / 98) < 0.045, String(count)); // five standard deviations
});

test("masks depend on the seed alone; a row of special tokens asks for nothing", () => {
  const mask = (seed: number) => maskRow(row, seed, { asked: 15, vocabulary });
  assert.deepEqual(mask(1), mask(1));
  assert.notDeepEqual(mask(1), mask(2));
  assert.deepEqual([...maskRow(Int32Array.of(2, 1, 3, 0), 1, { asked: 1, vocabulary }).labels], [-1]);
});

test("a batch counts positions through its rows and marks padding", async () => {
  await startEngine();
  const rows = [0, 1].map((seed) => maskRow(row, seed, { asked: 16, vocabulary }));
  const { tensors, asked } = maskedBatch(rows, 110, 0);
  assert.equal(asked, 30);
  assert.deepEqual([...tensors["positions"]!.dataSync()], [...rows[0]!.columns, ...rows[1]!.columns.map((column) => column + 110)]);
  assert.equal([...tensors["attentionMask"]!.dataSync()].filter((bit) => bit === 1).length, 200);
  disposeAll(tensors);
});
