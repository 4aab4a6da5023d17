import assert from "node:assert/strict";
import { test } from "node:test";
import { fillWords, philox } from "../../lib/support/philox.js";

/** Known answers of philox4x32 with 10 rounds, from the generator's authors (Random123, kat_vectors). */
const KNOWN = [
  { counter: [0, 0, 0, 0], key: [0, 0], words: "6627e8d5 e169c58d bc57ac4c 9b00dbd8" },
  { counter: [0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff], key: [0xffffffff, 0xffffffff], words: "408f276d 41c83b0e a20bc7c6 6d5451fd" },
  { counter: [0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344], key: [0xa4093822, 0x299f31d0], words: "d16cfe09 94fdcceb 5001e420 24126ea1" },
] as const;

const hex = (words: Uint32Array): string => [...words].map((word) => word.toString(16).padStart(8, "0")).join(" ");

test("Philox gives the known answers of its authors", () => {
  for (const { counter, key, words } of KNOWN) {
    const block = Uint32Array.from(counter);
    philox(block, 0, key[0], key[1]);
    assert.equal(hex(block), words);
  }
});

test("words do not depend on where a fill starts or ends", () => {
  const all = new Uint32Array(64);
  fillWords(all, [1, 2]);
  for (let start = 0; start < 9; start++) {
    for (let length = 0; length < 14; length++) {
      const part = new Uint32Array(length);
      fillWords(part, [1, 2], start);
      assert.deepEqual(part, all.subarray(start, start + length), `start ${start}, length ${length}`);
    }
  }
});

test("counters beyond 2^32 reach other words than their low halves", () => {
  const low = new Uint32Array(4), high = new Uint32Array(4), again = new Uint32Array(1);
  fillWords(low, [1, 2], 0);
  fillWords(high, [1, 2], 2 ** 40);
  fillWords(again, [1, 2], 2 ** 40 + 3);
  assert.notDeepEqual(low, high);
  assert.equal(again[0], high[3]);
});
